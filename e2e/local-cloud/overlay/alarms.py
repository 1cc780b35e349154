"""Alarms as CloudWatch judges them: metric math, exact dimensions, M out of N periods, missing data, composites.

The emulator refuses metric math, mixes the metrics of every queue or function that share a name, compares one value
over the whole window, and leaves an alarm as it is when data stops. Here each period is a datapoint of its own.

`LOCAL_CLOUD_ALARM_SPEED` compresses the time of alarms: with 60, a period of five minutes lasts five seconds, and a message
that waited for a second is a minute old for those who judge it. Nothing else is any faster.

`GET /_local-cloud/alarms` answers with every alarm as it was made, and its state.
"""

import time

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from . import clock
from . import composites
from . import control
from . import ledger
from . import metric_math
from .patching import around, expect, present

HANDLERS = present(provisioners, "_RESOURCE_HANDLERS")
COMPARISONS = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}
TYPE = "AWS::CloudWatch::Alarm"


def install() -> None:
    _accept_metric_math()
    _judge_by_period()
    _composite_alarms()
    _answer_with_all()


def _accept_metric_math() -> None:
    @around(provisioners, "_cw_metric_alarm_record", "name props")
    def record(original, name, props):
        queries = props.get("Metrics")
        if not queries:
            return original(name, props)
        # the emulator wants one metric: it gets a placeholder, replaced by the queries before anybody evaluates it
        plain = {key: value for key, value in props.items() if key != "Metrics"}
        alarm = original(name, {**plain, "Namespace": "MetricMath", "MetricName": "MetricMath"})
        alarm.update(Namespace="", MetricName="", Metrics=queries)
        ledger.note(TYPE, name, _unsupported(queries))
        return alarm


def _unsupported(queries: list[dict]) -> str | None:
    for query in queries:
        if query.get("Expression"):
            try:
                metric_math.check(query["Expression"])
            except metric_math.Unsupported as error:
                return f"stored, not evaluated: {error}"
    return None


def _judge_by_period() -> None:
    for name in ("_calc_stats", "_stat_value", "_dims_key", "_metrics", "_record_history", "_dispatch_alarm_actions", "_evaluate_parent_alarms"):
        present(cloudwatch, name)

    @around(cloudwatch, "_evaluate_alarm", "alarm")
    def evaluate(_, alarm):
        try:
            state = _state(alarm)
        except metric_math.Unsupported:
            return
        if state is None or state == alarm["StateValue"]:
            return
        before, reason = alarm["StateValue"], f"Threshold Crossed: now {state}"
        alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
        cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
        cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
        cloudwatch._evaluate_parent_alarms(alarm)


def _state(alarm: dict) -> str | None:
    """The state an alarm should be in, or None to leave it as it is.

    Periods end now, not at the full minute: an alarm here answers within seconds of its cause.
    """
    compare = COMPARISONS.get(alarm.get("ComparisonOperator", ""))
    if compare is None:
        return None  # anomaly bands
    period = _period(alarm) / clock.SPEED
    now = time.time()
    ages = reversed(range(int(alarm.get("EvaluationPeriods", 1)) + MORE_PERIODS))
    values = [_datapoint(alarm, now - period * (age + 1), now - period * age) for age in ages]
    return judged([None if value is None else compare(value, alarm["Threshold"]) for value in values], alarm)


"""How many periods more are looked at for datapoints than are judged; see `metric-math/alarm-state.ts`, of which this is a twin."""
MORE_PERIODS = 2


def judged(datapoints: list[bool | None], alarm: dict) -> str | None:
    """The state by which datapoints are beyond the threshold, the newest last, or None to leave the alarm as it is."""
    periods = int(alarm.get("EvaluationPeriods", 1))
    needed = int(alarm.get("DatapointsToAlarm") or periods)
    treatment = "ignore" if _is_of_dynamodb(alarm) else alarm.get("TreatMissingData") or "missing"
    real = [datapoint for datapoint in datapoints if datapoint is not None][-periods:]
    filled = periods - len(real) if treatment == "breaching" else 0
    if sum(real) + filled >= needed:
        return "ALARM"
    if len(real) == periods or treatment in ("breaching", "notBreaching") or False in real:
        return "OK"
    if treatment == "ignore":
        return None
    oldest_age = next((len(datapoints) - n for n, datapoint in enumerate(datapoints) if datapoint is not None), 0)
    return "ALARM" if real and oldest_age >= needed else "INSUFFICIENT_DATA"


def _is_of_dynamodb(alarm: dict) -> bool:
    metrics = [query["MetricStat"]["Metric"] for query in alarm.get("Metrics") or [] if query.get("MetricStat")] or [alarm]
    return any(metric.get("Namespace") == "AWS/DynamoDB" for metric in metrics)


def _period(alarm: dict) -> int:
    periods = [query["MetricStat"]["Period"] for query in alarm.get("Metrics") or [] if query.get("MetricStat")]
    return int(max(periods, default=alarm.get("Period") or 60))


def _datapoint(alarm: dict, start: float, end: float) -> float | None:
    queries = alarm.get("Metrics")
    if not queries:
        return _statistic(alarm, alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average", start, end)
    values: dict = {metric_math.PERIOD: float(_period(alarm)), metric_math.METRICS: [q["Id"] for q in queries if q.get("MetricStat")]}
    for query in queries:
        if query.get("MetricStat"):
            values[query["Id"]] = _statistic(query["MetricStat"]["Metric"], query["MetricStat"]["Stat"], start, end)
    expressions = [query for query in queries if query.get("Expression")]
    for query in sorted(expressions, key=lambda q: q.get("ReturnData", True)):  # the one that is returned uses the others
        values[query["Id"]] = metric_math.evaluate(query["Expression"], values)
    returned = [query["Id"] for query in queries if query.get("ReturnData", True)]
    return values[returned[-1]] if returned else None


def _statistic(metric: dict, statistic: str, start: float, end: float) -> float | None:
    dimensions = {d["Name"]: d["Value"] for d in metric.get("Dimensions") or []}
    points = cloudwatch._metrics.get((metric["Namespace"], metric["MetricName"], cloudwatch._dims_key(dimensions))) or []
    inside = [point for point in list(points) if start < point["Timestamp"] <= end]
    if not inside:
        return None
    return cloudwatch._stat_value(cloudwatch._calc_stats(inside), statistic, inside)


def _answer_with_all() -> None:
    @control.answers("GET", "alarms")
    def alarms(_):
        return {"alarms": [*cloudwatch._alarms.values()], "composites": [*cloudwatch._composite_alarms.values()]}


def _composite_alarms() -> None:
    """The emulator has composite alarms in its API, not as a resource of a template."""
    resource_type = "AWS::CloudWatch::CompositeAlarm"
    expect(resource_type not in HANDLERS, f"it implements {resource_type} itself now: take it out of alarms.py")
    put, stored = present(cloudwatch, "_put_composite_alarm"), present(cloudwatch, "_composite_alarms")
    physical_name = present(provisioners, "_physical_name")

    def create(logical_id, props, stack_name):
        name = props.get("AlarmName") or physical_name(stack_name, logical_id, max_len=255)
        status, _, body = put({}, {**props, "AlarmName": name}, False, True)
        if status >= 400:
            raise ValueError(f"{resource_type} {logical_id}: {body!r}")
        put_suppressor(name, props)
        return name, {"Arn": stored[name]["AlarmArn"]}

    def update(physical_id, old_props, new_props, stack_name):
        return create(physical_id, {**new_props, "AlarmName": physical_id}, stack_name)

    def put_suppressor(name: str, props: dict) -> None:
        stored[name].update({key: props[key] for key in composites.SUPPRESSION if key in props})

    HANDLERS[resource_type] = {"create": create, "update": update, "delete": lambda physical_id, _: stored.pop(physical_id, None)}
    ledger.declare(resource_type, ledger.OVERLAY)
