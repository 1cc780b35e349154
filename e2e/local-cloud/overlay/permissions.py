"""Permissions, which the emulator enforces with AUTH=true, where it judges otherwise than AWS."""

import re

from ministack.core import iam_actions, iam_evaluator

from .patching import around

# "…also grants permissions for the corresponding batch versions of those actions": batches have no permission of their own
BATCHES = {f"sqs:{action}Batch": f"sqs:{action}" for action in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility")}


# the emulator takes GET for a list and lets PUT and DELETE pass unchecked
MAPPING_ACTIONS = {"GET": "GetEventSourceMapping", "PUT": "UpdateEventSourceMapping", "DELETE": "DeleteEventSourceMapping"}
MAPPING = re.compile(r"/event-source-mappings/[^/]+$")


def install() -> None:
    _secure_transport()
    _batches()
    _event_source_mappings()


def _secure_transport() -> None:
    """Over plain HTTP "deny unless aws:SecureTransport" denies everything, so queues and buckets that enforce TLS (as they
    should) would be unusable. The condition is taken as met."""

    @around(iam_evaluator, "_resolve_condition_key", "key ctx")
    def resolve(original, key, ctx):
        return "true" if key.lower() == "aws:securetransport" else original(key, ctx)


def _batches() -> None:
    @around(iam_actions, "extract_iam_action", "service method path headers body query_params")
    def extract(original, *args, **kwargs):
        action = original(*args, **kwargs)
        return BATCHES.get(action, action)


def _event_source_mappings() -> None:
    @around(iam_actions, "_lambda_action", "method path")
    def action(original, method, path):
        return MAPPING_ACTIONS[method] if MAPPING.search(path) and method in MAPPING_ACTIONS else original(method, path)
