"""REST APIs: request validators, limits of a method, the caller's API key, one error format, size limit, metrics.

Gateway responses, usage plans, throttling and the map of unknown routes work in the emulator as they are.
"""

import contextvars
import json
import time

from ministack.services import apigateway_v1 as rest
from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from . import access_log
from . import ledger
from .patching import around, expect, present

HANDLERS = present(provisioners, "_RESOURCE_HANDLERS")
BODY_LIMIT_BYTES = 10 * 1024 * 1024  # API Gateway's quota for a payload
VALIDATOR = "AWS::ApiGateway::RequestValidator"


def install() -> None:
    _request_validators()
    _method_limits()
    _body_limit()
    _api_key_in_event()
    _failing_functions()
    _metrics()


def _request_validators() -> None:
    """The emulator validates requests, but its templates make a validator that does nothing and is bound to no method."""
    to_bool = present(provisioners, "_cfn_bool")
    for name in ("_create_request_validator", "_delete_request_validator", "_resources"):
        present(rest, name)
    handler = HANDLERS[VALIDATOR]

    def create(logical_id, props, stack_name):
        status, _, body = rest._create_request_validator(props["RestApiId"], {
            "name": props.get("Name", logical_id),
            "validateRequestBody": to_bool(props.get("ValidateRequestBody")),
            "validateRequestParameters": to_bool(props.get("ValidateRequestParameters")),
        })
        if status >= 400:
            raise ValueError(f"{VALIDATOR} {logical_id}: {body!r}")
        validator_id = json.loads(body)["id"]
        return validator_id, {"RequestValidatorId": validator_id}

    def delete(physical_id, props):
        rest._delete_request_validator(props.get("RestApiId", ""), physical_id)

    # without an update handler a changed validator is replaced, and the methods that refer to it are updated
    expect(set(handler) == {"create", "update", "delete"}, f"its handler of {VALIDATOR} has another shape")
    HANDLERS[VALIDATOR] = {"create": create, "delete": delete}
    ledger.declare(VALIDATOR, ledger.OVERLAY)

    methods = HANDLERS["AWS::ApiGateway::Method"]
    create_method, update_method = methods["create"], methods["update"]

    def bind(props: dict) -> None:
        if props.get("RequestValidatorId"):
            method = rest._resources[props["RestApiId"]][props["ResourceId"]]["resourceMethods"][props["HttpMethod"]]
            method["requestValidatorId"] = props["RequestValidatorId"]

    def method_create(logical_id, props, stack_name):
        result = create_method(logical_id, props, stack_name)
        bind(props)
        return result

    def method_update(physical_id, old_props, new_props, stack_name):
        result = update_method(physical_id, old_props, new_props, stack_name)
        bind(new_props)
        return result

    methods.update(create=method_create, update=method_update)


def _method_limits() -> None:
    """What a usage plan allows for one method: the emulator keeps it in the template's spelling and then does not find it."""
    to_limits = present(provisioners, "_apigw_throttle")

    @around(provisioners, "_apigw_usage_plan_body", "props")
    def body(original, props):
        plan = original(props)
        for stage in plan["apiStages"]:
            stage["throttle"] = {method: to_limits(limits) for method, limits in (stage["throttle"] or {}).items()}
        return plan


def _body_limit() -> None:
    """The gateway refuses a large body itself, with a gateway response of its own."""

    @around(rest, "_check_request_validation", "method_obj api_id request headers body query_params")
    def check(original, method_obj, api_id, request, headers, body, query_params):
        if len(body or b"") > BODY_LIMIT_BYTES:
            return rest._gw_error("REQUEST_TOO_LARGE", "Request Too Long")
        return original(method_obj, api_id, request, headers, body, query_params)


def _api_key_in_event() -> None:
    """The function learns whose key was used (`requestContext.identity.apiKey` and `apiKeyId`) and the id of the request."""
    present(rest, "_api_key_from_request"), present(rest, "_resolve_api_key")

    @around(rest, "_build_lambda_event_v1", "api_id stage_name stage resource request_path method headers body query_params path_params"
            " binary_media_types authorizer_context caller_identity")
    def build(original, api_id, stage_name, stage, resource, request_path, method, headers, *args, **kwargs):
        event = original(api_id, stage_name, stage, resource, request_path, method, headers, *args, **kwargs)
        nobody = {"accessKey": None, "accountId": None, "caller": None, "user": None, "userArn": None}
        identity = {**nobody, **event["requestContext"]["identity"]}
        key = rest._resolve_api_key(rest._api_key_from_request(headers))
        if key is not None:
            identity.update(apiKey=key["value"], apiKeyId=key["id"])
        event["requestContext"].update(identity=identity, requestId=access_log.request_id(), extendedRequestId=access_log.request_id())
        return event


def _failing_functions() -> None:
    """A function that throws or dies is answered with 502 through DEFAULT_5XX; the emulator sends the error's text instead."""
    failed: contextvars.ContextVar[bool] = contextvars.ContextVar("failed", default=False)

    @around(rest, "_lambda_proxy_response", "result")
    def shape(original, result):
        response, error = original(result)
        failed.set(error is not None)
        return response, error

    @around(rest, "_invoke_lambda_proxy_v1", "integration api_id stage_name stage resource request_path method headers body query_params"
            " path_params owner_account_id owner_region binary_media_types authorizer_context caller_identity")
    async def invoke(original, *args, **kwargs):
        failed.set(False)
        response = await original(*args, **kwargs)
        if not failed.get():
            return response
        error = rest._gw_error("DEFAULT_5XX", "Internal server error")
        error.status = 502
        return error

    @around(rest, "_gateway_error_response", "error request")
    def render(original, error, request):
        status, headers, body = original(error, request)
        customized = rest._deployed_gateway_responses.get(request["api_id"], {}).get(request["stage"].get("deploymentId")) or {}
        has_status = "statusCode" in customized.get("DEFAULT_5XX", {})
        return (status if has_status else getattr(error, "status", status)), headers, body


def _metrics() -> None:
    """`AWS/ApiGateway` by API and stage, which the emulator does not publish."""

    @around(rest, "_handle_execute_in_scope", "api_id stage_name method path headers body query_params owner_account_id owner_region")
    async def execute(original, api_id, stage_name, *args, **kwargs):
        started = time.time()
        response = await original(api_id, stage_name, *args, **kwargs)
        api, status = rest._rest_apis.get(api_id), response[0]
        if api:
            dimensions = [{"ApiName": api.get("name", "")}, {"ApiName": api.get("name", ""), "Stage": stage_name}]
            for dimension in dimensions:
                cloudwatch.record_metric("AWS/ApiGateway", "Count", 1, "Count", dimension)
                cloudwatch.record_metric("AWS/ApiGateway", "4XXError", float(400 <= status < 500), "Count", dimension)
                cloudwatch.record_metric("AWS/ApiGateway", "5XXError", float(status >= 500), "Count", dimension)
                cloudwatch.record_metric("AWS/ApiGateway", "Latency", (time.time() - started) * 1000, "Milliseconds", dimension)
        return response
