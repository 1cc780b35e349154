"""Answers that are right although the document cannot say so: a predicate each, with its reason. Nothing else is let pass."""

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData, UnsupportedMethodResponse


def token_of_nobody(failure, case, response):
    """The token of a page is what an earlier answer gave; a schema knows no such texts, and a token promises none."""
    return (
        isinstance(failure, RejectedPositiveData)
        and case.operation.label == "GET /jobs"
        and response.status_code == 400
        and response.json()["error"]["message"] == '"next_token" is the one of an earlier answer'
    )


def each_job_of_a_batch(failure, case, response):
    """A batch is answered for each of its jobs: what is wrong in one is said in its place."""
    return (
        isinstance(failure, AcceptedNegativeData)
        and case.operation.label == "POST /jobs/batch"
        and response.status_code == 202
        and any("error" in job for job in response.json()["jobs"])
    )


def spaces_around_a_header(failure, case, response):
    """Spaces around a header are no part of it (RFC 9110, 5.5): what arrives is a key as it should be."""
    key = case.headers.get("Idempotency-Key")
    return (
        isinstance(failure, AcceptedNegativeData)
        and case.operation.label == "POST /jobs"
        and response.status_code == 202
        and key is not None
        and key != key.strip(" \t")
    )


def no_405(failure, case, response):
    """API Gateway has no 405: for a method that a resource has not it answers as for an unknown route, which is mapped to 404."""
    return isinstance(failure, UnsupportedMethodResponse) and response.status_code == 404


ALLOWED = (token_of_nobody, each_job_of_a_batch, spaces_around_a_header, no_405)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    return not any(allowed(failure, case, response) for allowed in ALLOWED)
