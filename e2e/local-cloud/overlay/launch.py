"""Starts ministack with everything that this overlay changes. Run as `python -m overlay.launch` in `e2e/local-cloud`.

Settings are environment variables: ministack's own (GATEWAY_PORT, BIND_HOST, AUTH, …) and those that begin with
LOCAL_CLOUD_, each described in the module that reads it. `local-cloud.ts` sets them all.
"""

from ministack import app

from . import (
    access_log,
    alarms,
    api_gateway,
    composites,
    control,
    faults,
    handler_logs,
    http_api,
    lambda_functions,
    lambda_runtime,
    ledger,
    metadata_types,
    metric_filters,
    metrics,
    notifications,
    permissions,
    postgres,
    processes,
    rotation,
    schedules,
    sqs,
    watchdog,
)


def main() -> None:
    watchdog.install()          # ends with the process that started it
    metadata_types.install()    # types that are kept and not executed
    rotation.install()          # the SAM transform of a rotated secret
    postgres.install()          # a real PostgreSQL, and a stand-in for RDS Proxy
    sqs.install()               # locking, limits, message move tasks
    lambda_functions.install()  # reserved concurrency, missing code
    lambda_runtime.install()    # layers, environment, names of errors
    handler_logs.install()      # every line, with the invocation that wrote it
    api_gateway.install()       # validators, API keys, one error format
    http_api.install()          # which pages may call an HTTP API
    access_log.install()        # one line a request, in the template's format
    alarms.install()            # metric math, periods, composites
    composites.install()        # alarms that hold back others
    notifications.install()     # HTTPS endpoints that templates subscribe
    metrics.install()           # embedded metrics, AWS/Lambda, AWS/SQS
    metric_filters.install()    # what filters make of log lines
    permissions.install()       # aws:SecureTransport over plain HTTP, batches of messages
    ledger.install()            # what became of each resource
    processes.install()         # which run handlers, and frozen ones
    schedules.install()         # rules that fire when a test wants it
    faults.install()            # services that fail when a test wants it
    control.install()           # what tests ask of all of these
    app.main()


if __name__ == "__main__":
    main()
