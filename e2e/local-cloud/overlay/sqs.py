"""Queues: no lost update between threads, the limits of a visibility timeout, message move tasks."""

import functools
import json
import threading
import time
import uuid

from ministack.services import sqs

from .patching import expect, present

MAX_VISIBILITY_SECONDS = 43_200  # 12 hours, SQS's own limit
MAX_DELAY_SECONDS = 900

_tasks: dict[str, list[dict]] = {}


def install() -> None:
    _one_thread_at_a_time()
    _limits()
    _move_tasks()


def _one_thread_at_a_time() -> None:
    """The event source mapping works in threads of its own and holds a lock; the API does not take it.

    A message sent while the mapping was rewriting the list of messages was lost: seldom, but a test that counts
    jobs would blame the library. The lock becomes reentrant, and everybody takes it.
    """
    expect(isinstance(present(sqs, "_queues_lock"), type(threading.Lock())), "the lock of its queues is of another kind")
    lock = sqs._queues_lock = threading.RLock()

    def locked(function):
        @functools.wraps(function)
        def run(*args, **kwargs):
            with lock:
                return function(*args, **kwargs)
        return run

    handlers = present(sqs, "_HANDLERS")
    for action, handler in handlers.items():
        if action != "ReceiveMessage":  # waits, so it locks only the steps between its waits, below
            handlers[action] = locked(handler)
    for name in ("_collect_msgs", "_expire_retained", "_dlq_sweep"):
        setattr(sqs, name, locked(present(sqs, name)))


def _limits() -> None:
    def refuse(parameter: str, value: int, limit: int) -> None:
        if not 0 <= value <= limit:
            raise sqs._Err("InvalidParameterValue",
                           f"Value {value} for parameter {parameter} is invalid. Reason: Must be between 0 and {limit}.")

    def limited(action: str, parameter: str, limit: int) -> None:
        handler = present(sqs, "_HANDLERS")[action]

        def run(data, queue_url):
            for entry in data.get("Entries") or [data]:
                if entry.get(parameter) is not None:
                    refuse(parameter, int(entry[parameter]), limit)
            return handler(data, queue_url)

        sqs._HANDLERS[action] = run

    limited("ChangeMessageVisibility", "VisibilityTimeout", MAX_VISIBILITY_SECONDS)
    limited("ChangeMessageVisibilityBatch", "VisibilityTimeout", MAX_VISIBILITY_SECONDS)
    limited("SendMessage", "DelaySeconds", MAX_DELAY_SECONDS)
    limited("SendMessageBatch", "DelaySeconds", MAX_DELAY_SECONDS)


def _move_tasks() -> None:
    """Redrive from a dead-letter queue. A task is done when the call returns."""
    expect("StartMessageMoveTask" not in sqs._HANDLERS, "it implements StartMessageMoveTask itself now: take it out of sqs.py")
    sqs._HANDLERS.update(StartMessageMoveTask=_start_task, ListMessageMoveTasks=_list_tasks, CancelMessageMoveTask=_cancel_task)


def _start_task(data: dict, _: str) -> dict:
    source_arn, destination_arn = data["SourceArn"], data.get("DestinationArn")
    source = sqs._queue_by_arn(source_arn)
    if source is None:
        raise sqs._Err("ResourceNotFoundException", "The resource that you specified for the SourceArn parameter doesn't exist.", 404)
    if not _is_dead_letter_queue(source_arn):
        raise sqs._Err("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.")
    with sqs._queues_lock:
        moved = _move(source, destination_arn)
    sqs.esm_wake.set()
    task = {
        "TaskHandle": uuid.uuid4().hex, "Status": "COMPLETED", "SourceArn": source_arn, "StartedTimestamp": int(time.time() * 1000),
        "ApproximateNumberOfMessagesMoved": moved, "ApproximateNumberOfMessagesToMove": moved,
    }
    if destination_arn:
        task["DestinationArn"] = destination_arn
    _tasks.setdefault(source_arn, []).insert(0, task)
    return {"TaskHandle": task["TaskHandle"]}


def _move(source: dict, destination_arn: str | None) -> int:
    """Back to where each message came from, or all to one queue, as new messages with new ids."""
    stay, moved, now = [], 0, time.time()
    for message in source["messages"]:
        origin = (message.get("sys") or {}).get("DeadLetterQueueSourceArn")
        destination = sqs._queue_by_arn(destination_arn or origin or "")
        if destination is None or message.get("visible_at", 0) > now:
            stay.append(message)
            continue
        attributes = {key: value for key, value in message.get("sys", {}).items() if key != "DeadLetterQueueSourceArn"}
        destination["messages"].append({
            **message, "id": str(uuid.uuid4()), "receipt_handle": None, "receive_count": 0, "first_receive_at": None,
            "visible_at": now, "sys": attributes,
        })
        moved += 1
    source["messages"] = stay
    return moved


def _is_dead_letter_queue(arn: str) -> bool:
    policies = (queue["attributes"].get("RedrivePolicy") for queue in sqs._queues.values())
    return any(json.loads(policy).get("deadLetterTargetArn") == arn for policy in policies if policy)


def _list_tasks(data: dict, _: str) -> dict:
    return {"Results": _tasks.get(data["SourceArn"], [])[:int(data.get("MaxResults", 1))]}


def _cancel_task(_: dict, __: str) -> dict:
    raise sqs._Err("ResourceNotFoundException", "No running message movement task was found.", 404)
