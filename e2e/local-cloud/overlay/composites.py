"""Composite alarms hold back their actions while another alarm rings, as `ActionsSuppressor` says.

A change is kept while the suppressor is in ALARM. With the wait period an alarm that goes off waits for its suppressor,
which may be judged later; with the extension period one that still rings when the suppressor is over waits for what ends
it, too. What is over again before anybody was told is not told.

@see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html
"""

import threading
import time
from typing import NamedTuple

from ministack.services import cloudwatch

from . import clock
from .patching import around, present

SUPPRESSION = ("ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")
_tell = present(cloudwatch, "_dispatch_alarm_actions")
_lock = threading.RLock()


class Change(NamedTuple):
    alarm: dict
    old_state: str
    new_state: str
    reason: str


"""By the name of an alarm: the change that nobody was told yet, and until when it waits; None while its suppressor rings."""
_held: dict[str, tuple[Change, float | None]] = {}


def install() -> None:
    stored = present(cloudwatch, "_composite_alarms")
    present(cloudwatch, "_rule_alarm_state")

    @around(cloudwatch, "_dispatch_alarm_actions", "alarm old_state new_state reason")
    def dispatch(_, alarm, old_state, new_state, reason):
        change = Change(alarm, old_state, new_state, reason)
        if alarm.get("AlarmName") in stored and alarm.get("ActionsSuppressor"):
            _hold_or_tell(change)
        else:
            _tell(*change)


def tell_what_waited() -> None:
    """Called whenever alarms were judged."""
    with _lock:
        for name, (change, until) in list(_held.items()):
            if _rings(change.alarm):
                _held[name] = (change, None)
            elif until is None:
                _held[name] = (change, _after(change.alarm, "ActionsSuppressorExtensionPeriod"))
            elif time.time() >= until:
                del _held[name]
                _tell(*change)


def _hold_or_tell(change: Change) -> None:
    name = change.alarm["AlarmName"]
    with _lock:
        held = _held.pop(name, None)
        if held:
            change = change._replace(old_state=held[0].old_state)  # which was the last that anybody was told of
        if change.old_state == change.new_state:
            return
        if _rings(change.alarm):
            _held[name] = (change, None)
        elif change.new_state == "ALARM":
            _held[name] = (change, _after(change.alarm, "ActionsSuppressorWaitPeriod"))
        else:
            _tell(*change)


def _rings(alarm: dict) -> bool:
    return cloudwatch._rule_alarm_state(alarm["ActionsSuppressor"]) == "ALARM"


def _after(alarm: dict, period: str) -> float:
    return time.time() + float(alarm.get(period) or 0) / clock.SPEED
