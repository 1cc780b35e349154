"""What a test may ask of the local cloud itself, beside AWS's own calls: paths below `/_local-cloud/`.

    GET  ledger      what became of each resource                  (ledger.py)
    GET  faults      which faults were injected, and how often     (faults.py)
    PUT  faults      from now on these faults                      (faults.py)
    GET  processes   the processes that run handlers               (processes.py)
    POST schedules   a scheduled rule fires now                    (schedules.py)
    GET  metrics     every value of every metric                   (metrics.py)
    GET  alarms      every alarm, with its state                   (alarms.py)
    POST database-login   whose an access key is, for a door of a database (postgres.py)
"""

import json
from typing import Any, Callable

from ministack import app as gateway

from .patching import around, expect

PREFIX = "/_local-cloud/"

Answer = Callable[[Any], Any]
_answers: dict[tuple[str, str], Answer] = {}


class Refused(ValueError):
    """What was asked for makes no sense; the message says why."""


def answers(method: str, name: str) -> Callable[[Answer], Answer]:
    """Decorator: this function gets the JSON of the request's body (None without one) and returns that of the answer."""
    def register(function: Answer) -> Answer:
        expect((method, name) not in _answers, f"{method} {name} is answered twice")
        _answers[method, name] = function
        return function
    return register


def install() -> None:
    @around(gateway, "app", "scope receive send")
    async def app(original, scope, receive, send):
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            return await original(scope, receive, send)
        body = await read_body(receive)
        answer = _answers.get((scope["method"], scope["path"].removeprefix(PREFIX)))
        try:
            status, value = (404, {"message": f"nothing is at {scope['path']}"}) if answer is None else (200, answer(json.loads(body) if body else None))
        except Refused as error:
            status, value = 400, {"message": str(error)}
        await respond(send, status, {"content-type": "application/json"}, json.dumps(value).encode())


async def read_body(receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def respond(send, status: int, headers: dict[str, str], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(name.encode(), value.encode()) for name, value in headers.items()]})
    await send({"type": "http.response.body", "body": body})
