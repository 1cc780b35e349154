"""With AUTH=true the emulator enforces policies, and over plain HTTP "deny unless aws:SecureTransport" denies everything.

Queues and buckets that enforce TLS (as they should) would be unusable, so the condition is taken as met.
"""

from ministack.core import iam_evaluator

from .patching import around


def install() -> None:
    @around(iam_evaluator, "_resolve_condition_key", "key ctx")
    def resolve(original, key, ctx):
        return "true" if key.lower() == "aws:securetransport" else original(key, ctx)
