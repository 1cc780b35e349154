"""Services that fail, when a test wants it: calls of handlers are throttled, hang, or are done and their answer is lost.

`PUT /_local-cloud/faults` with `{"seed": 1, "faults": [...]}` replaces all faults; `GET` tells how often each was injected. A fault:

    service      "dynamodb", "sqs", "s3", "lambda" …: as signatures name it
    operations   such as ["PutItem"]; for services without names of operations HTTP methods; all of them when left out
    share        of these calls, from 0 to 1
    error        the code of the answer, such as "ThrottlingException"; none when left out
    status       of the answer, 400 when left out
    done         whether the call is carried out all the same: the answer is lost and not the call
    hang_seconds how long the answer takes

Only handlers meet them: the credentials of tests are known, and what a test asks is answered.
"""

import asyncio
import json
import random
import re

from ministack import app as gateway

from . import control
from .patching import around

TESTS_ACCESS_KEY = "test"
SCOPE = re.compile(r"Credential=([^/]+)/\d+/[\w-]+/([\w-]+)/aws4_request")

_faults: list[dict] = []
_random = random.Random(0)
_injected: dict[str, int] = {}


def install() -> None:
    control.answers("GET", "faults")(lambda _: {"faults": _faults, "injected": _injected})
    control.answers("PUT", "faults")(_replace)

    @around(gateway, "app", "scope receive send")
    async def app(original, scope, receive, send):
        fault = _fault_of(scope) if scope["type"] == "http" and _faults else None
        if fault is None:
            return await original(scope, receive, send)
        await asyncio.sleep(fault.get("hang_seconds", 0))
        if not fault.get("error"):
            return await original(scope, receive, send)
        if fault.get("done"):
            await original(scope, receive, _nowhere)
        else:
            await control.read_body(receive)
        await control.respond(send, fault.get("status", 400), *_answer(fault["service"], fault["error"]))


def _replace(wanted: dict) -> dict:
    known = {"service", "operations", "share", "error", "status", "done", "hang_seconds"}
    for fault in wanted["faults"]:
        if unknown := set(fault) - known:
            raise control.Refused(f"a fault has no {', '.join(sorted(unknown))}")
        if not 0 <= fault.get("share", -1) <= 1 or not fault.get("service"):
            raise control.Refused("a fault has a service and a share from 0 to 1")
        if not fault.get("error") and not fault.get("hang_seconds"):
            raise control.Refused("a fault has an error or hangs")
    _faults[:] = wanted["faults"]
    _random.seed(wanted.get("seed", 0))
    return {"faults": _faults}


def _fault_of(scope: dict) -> dict | None:
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    found = SCOPE.search(headers.get(b"authorization", ""))
    if found is None or found.group(1) == TESTS_ACCESS_KEY:
        return None
    service = found.group(2)
    operation = headers.get(b"x-amz-target", "").rpartition(".")[2] or scope["method"]
    for fault in _faults:
        if fault["service"] == service and operation in fault.get("operations", [operation]) and _random.random() < fault["share"]:
            kind = f"{fault.get('error', 'slow')}{' after it was done' if fault.get('done') else ''}"
            name = f"{service}.{operation}: {kind}"
            _injected[name] = _injected.get(name, 0) + 1
            return fault
    return None


def _answer(service: str, error: str) -> tuple[dict[str, str], bytes]:
    message = "a fault that the test asked for"
    if service == "s3":
        return {"content-type": "application/xml"}, f"<Error><Code>{error}</Code><Message>{message}</Message></Error>".encode()
    headers = {"content-type": "application/x-amz-json-1.0", "x-amzn-errortype": error}
    return headers, json.dumps({"__type": f"com.amazonaws.{service}#{error}", "message": message}).encode()


async def _nowhere(_: dict) -> None:
    """Where an answer goes that is lost."""
