"""Rules of EventBridge with a schedule: the emulator fires them on time. A test does not wait for minutes: it has one fire now."""

import threading

from ministack.services import eventbridge

from . import control
from .patching import present


def install() -> None:
    for name in ("_rules", "_rule_last_fired", "_tick_scheduled_rules", "_parse_rate_seconds"):
        present(eventbridge, name)

    @control.answers("POST", "schedules")
    def fire(wanted):
        """`{"rule": name}`: the rule is overdue, and the emulator finds that out."""
        found = [key for key, rule in eventbridge._rules._data.items() if rule.get("Name") == wanted["rule"]]
        if len(found) != 1:
            raise control.Refused(f"there are {len(found)} rules called {wanted['rule']}")
        rule = eventbridge._rules._data[found[0]]
        if eventbridge._parse_rate_seconds(rule.get("ScheduleExpression", "")) is None or rule.get("State") != "ENABLED":
            raise control.Refused(f"{wanted['rule']} has no rate, or is disabled")
        eventbridge._rule_last_fired[found[0]] = 0
        # in a thread, as the emulator's own scheduler does it: targets are called and waited for
        threading.Thread(target=eventbridge._tick_scheduled_rules, daemon=True, name="local-cloud-schedule").start()
        return {"rule": wanted["rule"]}
