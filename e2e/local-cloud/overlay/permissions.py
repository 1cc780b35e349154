"""Permissions, which the emulator enforces with AUTH=true, where it judges otherwise than AWS."""

from ministack.core import iam_actions, iam_evaluator

from .patching import around

# "…also grants permissions for the corresponding batch versions of those actions": batches have no permission of their own
BATCHES = {f"sqs:{action}Batch": f"sqs:{action}" for action in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility")}


def install() -> None:
    _secure_transport()
    _batches()


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
