"""The access log of a REST API's stage, one line a request in the template's own format, and one id for each request.

The emulator writes no access log, and gives the gateway, the function and the caller different ids.
"""

import contextvars
import re
import time
import uuid

from ministack.services import apigateway_v1 as rest
from ministack.services import cloudwatch_logs
from ministack.services.cloudformation import provisioners

from .patching import around, present

HANDLERS = present(provisioners, "_RESOURCE_HANDLERS")
VARIABLE = re.compile(r"\$context\.([\w.]+)")

_formats: dict[tuple[str, str], tuple[str, str]] = {}
_streams: dict[str, str] = {}
_request: contextvars.ContextVar[dict] = contextvars.ContextVar("request", default={})
_error: contextvars.ContextVar[str] = contextvars.ContextVar("error", default="-")


def install() -> None:
    _remember_settings()

    @around(rest, "_execute_in_scope", "request api_id stage_name method path headers body query_params owner_account_id owner_region")
    async def execute(original, request, *args, **kwargs):
        _request.set(request)
        response = await original(request, *args, **kwargs)
        _error.set(getattr(response, "response_type", "-"))
        return response

    @around(rest, "_handle_execute_in_scope", "api_id stage_name method path headers body query_params owner_account_id owner_region")
    async def handle(original, api_id, stage_name, method, path, headers, body, query_params, *args, **kwargs):
        started = time.time()
        response = await original(api_id, stage_name, method, path, headers, body, query_params, *args, **kwargs)
        if request_id() and not any(name.lower() == "x-amzn-requestid" for name in response[1]):
            response[1]["x-amzn-requestid"] = request_id()
        if (api_id, stage_name) in _formats:
            group, template = _formats[api_id, stage_name]
            _write(group, _line(template, method, path, headers or {}, response, (time.time() - started) * 1000))
        return response


def request_id() -> str | None:
    """The id of the request that is being handled."""
    return _request.get().get("request_id")


def _remember_settings() -> None:
    handler = HANDLERS["AWS::ApiGateway::Stage"]
    create, update = handler["create"], handler["update"]

    def remember(props: dict) -> None:
        setting = props.get("AccessLogSetting") or {}
        arn, template = setting.get("DestinationArn", ""), setting.get("Format")
        stage = (props.get("RestApiId", ""), props.get("StageName", ""))
        _formats.pop(stage, None)
        if template and ":log-group:" in arn:
            _formats[stage] = (arn.split(":log-group:")[1].removesuffix(":*"), template)

    def created(logical_id, props, stack_name):
        remember(props)
        return create(logical_id, props, stack_name)

    def updated(physical_id, old_props, new_props, stack_name):
        remember(new_props)
        return update(physical_id, old_props, new_props, stack_name)

    handler.update(create=created, update=updated)


def _line(template: str, method: str, path: str, headers: dict, response: tuple, milliseconds: float) -> str:
    request = _request.get()
    key = rest._resolve_api_key(rest._api_key_from_request(headers)) or {}
    known = {
        "requestId": request_id(),
        "extendedRequestId": request_id(),
        "requestTimeEpoch": int(time.time() * 1000),
        "httpMethod": method,
        "path": path,
        "resourcePath": request.get("resource_path"),
        "stage": request.get("stage_name"),
        "status": response[0],
        "responseLength": len(response[2] or b""),
        "responseLatency": int(milliseconds),
        "integrationLatency": int(milliseconds),
        "error.responseType": _error.get(),
        "identity.apiKeyId": key.get("id"),
        "identity.sourceIp": "127.0.0.1",
        "identity.userAgent": rest._header_ci(headers, "user-agent"),
    }
    return VARIABLE.sub(lambda match: str(known.get(match.group(1)) or "-"), template)  # as AWS writes what has no value


def _write(group_name: str, line: str) -> None:
    group = cloudwatch_logs._log_groups.get(group_name)
    if group is None:
        return  # deleted; AWS drops the line, too
    stream_name = _streams.setdefault(group_name, uuid.uuid4().hex)
    now = int(time.time() * 1000)
    stream = group["streams"].setdefault(stream_name, {
        "events": [], "uploadSequenceToken": "1", "creationTime": now,
        "firstEventTimestamp": None, "lastEventTimestamp": None, "lastIngestionTime": None,
    })
    cloudwatch_logs._append_log_events(stream, [{"timestamp": now, "message": line, "ingestionTime": now}])


present(cloudwatch_logs, "_log_groups"), present(cloudwatch_logs, "_append_log_events")
