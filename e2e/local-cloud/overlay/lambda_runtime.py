"""The process that runs a handler: layers at /opt, the environment of Lambda, names of errors, exits and timeouts."""

import os
import subprocess
import threading
import types

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from .patching import around, expect, present, replace

LAYER_ROOT = "/opt/nodejs/"
NODE_ERROR = 'status: "error", error: String(err.message || err), trace: err.stack || ""'
# what steers the emulator and would mean something to a handler, or to a library in it (LOG_LEVEL is Powertools' own)
EMULATOR_VARIABLES = ("LOG_LEVEL", "AUTH", "GATEWAY_PORT", "BIND_HOST", "SFTP_ENABLED", "IOT_MTLS_ENABLED", "LAMBDA_WARM_TTL_SECONDS",
                      "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
EMULATOR_PREFIXES = ("MINISTACK_", "LOCAL_CLOUD_")
KEPT = ("MINISTACK_HOST",)  # the worker script uses it to reach the emulator

_last_response = threading.local()


def install() -> None:
    _function_environment()
    _clean_environment()
    _error_names()
    # A mapping whose function failed pauses for a second altogether; on AWS only its concurrency shrinks for a while.
    replace(lambda_svc, "_ESM_BACKOFF_SECONDS", 0.1)


def _function_environment() -> None:
    """What Lambda sets besides the function's own variables, and a handler that lives in a layer.

    Layers are linked into the code's `node_modules`, so `/opt/nodejs/node_modules/x/y.z` becomes `node_modules/x/y.z`.
    """

    @around(lambda_runtime.Worker, "_spawn", "self")
    def spawn(original, worker):
        config = worker.config
        worker.config = _as_executed(config)
        try:
            original(worker)
        finally:
            worker.config = config


def _as_executed(config: dict) -> dict:
    handler = config.get("Handler", "index.handler")
    logging = config.get("LoggingConfig") or {}
    variables = {
        "_HANDLER": handler,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{config.get('Runtime', '')}",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": logging.get("LogGroup") or f"/aws/lambda/{config.get('FunctionName')}",
        "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat") or "Text",
        # this machine's Node stands in for the function's; the SDK's notice about its age is not the handler's
        "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": "true",
        **(config.get("Environment") or {}).get("Variables", {}),
    }
    if handler.startswith(LAYER_ROOT):
        handler = handler.removeprefix(LAYER_ROOT)
    return {**config, "Handler": handler, "Environment": {"Variables": variables}}


def _clean_environment() -> None:
    """The emulator hands its own environment to every handler. What steers the emulator stays out."""
    expect(lambda_runtime.subprocess is subprocess, "lambda_runtime starts processes in another way")

    def popen(command, *args, env=None, **kwargs):
        return subprocess.Popen(command, *args, env=_without_emulator(env), **kwargs)

    replace(lambda_runtime, "subprocess", types.SimpleNamespace(**{**vars(subprocess), "Popen": popen}))


def _without_emulator(env: dict | None) -> dict:
    """A variable that the function sets itself differs from the emulator's and stays."""
    return {name: value for name, value in (env or os.environ).items()
            if name in KEPT or os.environ.get(name) != value or not (name in EMULATOR_VARIABLES or name.startswith(EMULATOR_PREFIXES))}


def _error_names() -> None:
    """`errorType` is the name of the error that was thrown (Step Functions retries by it), or what ended the process."""
    script = present(lambda_runtime, "_NODEJS_WORKER_SCRIPT")
    expect(script.count(NODE_ERROR) == 1, "the Node worker script reports errors in another way")
    lambda_runtime._NODEJS_WORKER_SCRIPT = script.replace(NODE_ERROR, NODE_ERROR + ', error_type: (err && err.name) || "Error"')

    @around(lambda_runtime.Worker, "invoke", "self event request_id trace_id depth durable invoked_function_arn")
    def invoke(original, worker, *args, **kwargs):
        _last_response.value = original(worker, *args, **kwargs)
        return _last_response.value

    @around(lambda_svc, "_execute_function_warm", "func event request_id")
    def execute(original, func, event, request_id):
        _last_response.value = None
        result = original(func, event, request_id)
        response, body = _last_response.value or {}, result.get("body")
        if not result.get("error") or not isinstance(body, dict) or body.get("errorType") != "Runtime.HandlerError":
            return result
        if body.get("errorMessage") == "Worker process died":
            body.update(errorType="Runtime.ExitError", errorMessage=f"RequestId: {request_id} Error: Runtime exited without providing a reason")
        elif response.get("error_type"):
            body.update(errorType=response["error_type"], trace=(response.get("trace") or "").split("\n"))
        return result
