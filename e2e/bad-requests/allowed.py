"""Answers that are right although the document cannot say so: a predicate each, with its reason. Nothing else is let pass."""

import schemathesis

POSITIVE_REFUSED = "ST202"
NEGATIVE_ACCEPTED = "ST201"
METHOD_NOT_REFUSED = "ST204"


def token_of_nobody(code, case, response):
    """The token of a page is what an earlier answer gave; a schema knows no such texts, and a token promises none."""
    return (
        code == POSITIVE_REFUSED
        and case.operation.label == "GET /jobs"
        and response.status_code == 400
        and response.json()["error"]["message"] == '"next_token" is the one of an earlier answer'
    )


def each_job_of_a_batch(code, case, response):
    """A batch is answered for each of its jobs: what is wrong in one is said in its place."""
    return (
        code == NEGATIVE_ACCEPTED
        and case.operation.label == "POST /jobs/batch"
        and response.status_code == 202
        and any("error" in job for job in response.json()["jobs"])
    )


def no_405(code, case, response):
    """API Gateway has no 405: for a method that a resource has not it answers as for an unknown route, which is mapped to 404."""
    return code == METHOD_NOT_REFUSED and response.status_code == 404


ALLOWED = (token_of_nobody, each_job_of_a_batch, no_405)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    return not any(allowed(failure.code, case, response) for allowed in ALLOWED)
