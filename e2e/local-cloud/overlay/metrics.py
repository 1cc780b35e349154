"""Metrics that alarms and dashboards read: embedded metrics of handlers, AWS/Lambda for every invocation, AWS/SQS by sampling and for what is sent,
received by functions and deleted.

`GET /_local-cloud/metrics` answers with every value of every metric that there is, as `metric-math/` reads them.
"""

import json
import logging
import os
import threading
import time

from ministack.core.responses import _request_account_id, _request_region
from ministack.services import cloudwatch, lambda_svc, sqs

from . import clock
from . import composites
from . import control
from .patching import around, present

SAMPLE_SECONDS = float(os.environ.get("LOCAL_CLOUD_SAMPLE_SECONDS", "2"))
log = logging.getLogger("local-cloud.metrics")


def install() -> None:
    _one_thread_at_a_time()
    _embedded_metrics()
    _every_invocation()
    _every_message()
    _answer_with_all()
    threading.Thread(target=_sample_for_ever, daemon=True, name="local-cloud-metrics").start()


def _one_thread_at_a_time() -> None:
    """Each call of CloudWatch's API replaces the values of every metric by those that are recent; what a function's thread
    recorded meanwhile was lost, and the first value of a metric was when two threads recorded it.
    """
    lock = threading.RLock()

    @around(cloudwatch, "record_metric", "namespace metric_name value unit dimensions")
    def record(original, *args, **kwargs):
        with lock:
            original(*args, **kwargs)

    @around(cloudwatch, "_evict_old_metrics", "")
    def evict(original):
        with lock:
            original()


def _embedded_metrics() -> None:
    """A log line in the embedded metric format becomes metrics."""

    @around(lambda_svc, "_emit_lambda_logs", "func request_id log_text error duration_ms log_source")
    def emit(original, func, request_id, log_text, *args, **kwargs):
        original(func, request_id, log_text, *args, **kwargs)
        for line in (log_text or "").splitlines():
            if '"_aws"' in line:
                try:
                    _publish(json.loads(line[line.index("{"):]))
                except (ValueError, KeyError, TypeError, AttributeError):
                    log.warning("no embedded metric can be read from %s", line)


def _publish(document: dict) -> None:
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for dimension_set in directive.get("Dimensions") or [[]]:
            dimensions = {name: str(document[name]) for name in dimension_set}
            for metric in directive["Metrics"]:
                value = document[metric["Name"]]
                for number in value if isinstance(value, list) else [value]:
                    cloudwatch.record_metric(directive["Namespace"], metric["Name"], number, metric.get("Unit", "None"), dimensions)


def _every_invocation() -> None:
    """The emulator counts invocations by the API only. Count where a function runs, whoever called it, and there alone."""

    @around(lambda_svc, "_emit_lambda_metrics", "function_name duration_ms error throttle")
    def only_throttles(_, function_name, duration_ms, error, throttle):
        if throttle and not duration_ms:  # a refused invocation is not an invocation
            cloudwatch.record_metric("AWS/Lambda", "Throttles", 1, "Count", {"FunctionName": function_name})

    @around(lambda_svc, "_execute_function_dispatch", "func config event request_id started")
    def dispatch(original, func, config, event, request_id, started):
        running = lambda_svc.executions_in_flight()[1].get(lambda_svc._inflight_key(config), 1)
        result = original(func, config, event, request_id, started)
        dimensions = {"FunctionName": config.get("FunctionName", "")}
        for name, value, unit in (("Invocations", 1, "Count"), ("Errors", int(bool(result.get("error"))), "Count"), ("Throttles", 0, "Count"),
                                  ("Duration", (time.time() - started) * 1000, "Milliseconds"), ("ConcurrentExecutions", running, "Count")):
            cloudwatch.record_metric("AWS/Lambda", name, value, unit, dimensions)
        return result

    present(lambda_svc, "executions_in_flight"), present(lambda_svc, "_inflight_key")


def _every_message() -> None:
    """Messages that are sent and deleted, and those that event source mappings receive."""
    handlers = present(sqs, "_HANDLERS")

    def counted(action: str, metric: str, count) -> None:
        handler = handlers[action]

        def run(data, queue_url):
            answer = handler(data, queue_url)
            _count_messages(data.get("QueueUrl", queue_url), metric, count(answer or {}))
            return answer

        handlers[action] = run

    counted("SendMessage", "NumberOfMessagesSent", lambda _: 1)
    counted("SendMessageBatch", "NumberOfMessagesSent", lambda answer: len(answer.get("Successful") or []))
    counted("DeleteMessage", "NumberOfMessagesDeleted", lambda _: 1)
    counted("DeleteMessageBatch", "NumberOfMessagesDeleted", lambda answer: len(answer.get("Successful") or []))

    @around(sqs, "_receive_messages_for_esm", "queue_url max_number")
    def receive(original, queue_url, max_number):
        messages = original(queue_url, max_number)
        _count_messages(queue_url, "NumberOfMessagesReceived", len(messages))
        return messages

    @around(sqs, "_delete_messages_for_esm", "queue_url receipt_handles")
    def delete(original, queue_url, receipt_handles):
        _count_messages(queue_url, "NumberOfMessagesDeleted", len(receipt_handles))
        return original(queue_url, receipt_handles)


def _count_messages(queue_url: str, metric: str, count: int) -> None:
    queue = sqs._queues.get(queue_url)
    if queue and count:
        cloudwatch.record_metric("AWS/SQS", metric, count, "Count", {"QueueName": queue["name"]})


def _sample_for_ever() -> None:
    while True:
        time.sleep(SAMPLE_SECONDS)
        try:
            _sample_queues()
            _judge_alarms()
        except Exception:  # a sample is lost, the next one is not
            log.exception("sampling failed")


def _sample_queues() -> None:
    for (account, region, _), queue in sqs._queues.all_items():
        _request_account_id.set(account), _request_region.set(region)
        now, messages, dimensions = time.time(), list(queue["messages"]), {"QueueName": queue["name"]}
        visible = sum(1 for message in messages if message.get("visible_at", 0) <= now)
        oldest = max((now - message["sent_at"] for message in messages), default=0) * clock.SPEED
        cloudwatch.record_metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", visible, "Count", dimensions)
        cloudwatch.record_metric("AWS/SQS", "ApproximateNumberOfMessagesNotVisible", len(messages) - visible, "Count", dimensions)
        cloudwatch.record_metric("AWS/SQS", "ApproximateAgeOfOldestMessage", oldest, "Seconds", dimensions)


def _judge_alarms() -> None:
    for account, region in {key[:2] for key, _ in cloudwatch._alarms.all_items()}:
        _request_account_id.set(account), _request_region.set(region)
        cloudwatch._evaluate_all_alarms()
    composites.tell_what_waited()


def _answer_with_all() -> None:
    @control.answers("GET", "metrics")
    def metrics(_):
        return {"metrics": [
            {"namespace": namespace, "name": name, "dimensions": points[-1]["Dimensions"], "samples": [_sample(point) for point in points]}
            for (_, _, (namespace, name, _)), points in list(cloudwatch._metrics.all_items()) if points
        ]}


def _sample(point: dict) -> list[float]:
    return [point["Timestamp"], point["Value"]]
