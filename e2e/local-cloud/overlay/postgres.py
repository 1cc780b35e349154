"""Databases: instances, clusters and proxies of RDS lead to a real PostgreSQL, and to a stand-in for RDS Proxy before it.

Both are run by whoever started the local cloud (`databases/`): this module tells it what a template has, by LOCAL_CLOUD_DATABASES, and it
answers where each endpoint's door is. Templates see host names as those of AWS. A function that was let in by `grantConnect()` is told the
door instead, when its process starts: JOBWORKS_DATABASE_HOST, _PORT and _CA, by which its token is signed and the certificate verified.
"""

import json
import os
import urllib.error
import urllib.parse
import urllib.request

from ministack import app as gateway
from ministack.core import iam_evaluator, lambda_runtime
from ministack.core.responses import get_account_id, get_region
from ministack.services import rds
from ministack.services.cloudformation import provisioners, stacks

from . import control, ledger
from .patching import around, expect, present

HANDLERS = present(provisioners, "_RESOURCE_HANDLERS")
physical_name = present(provisioners, "_physical_name")
CONTROL = os.environ.get("LOCAL_CLOUD_DATABASES", "")
START_LIMIT_SECONDS = 90
PROXY_TYPES = ("AWS::RDS::DBProxy", "AWS::RDS::DBProxyEndpoint", "AWS::RDS::DBProxyTargetGroup")
TYPES = ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster", *PROXY_TYPES)
HOST, PORT, CA = "JOBWORKS_DATABASE_HOST", "JOBWORKS_DATABASE_PORT", "JOBWORKS_DATABASE_CA"


def install() -> None:
    _vpc()
    _server("AWS::RDS::DBInstance", _instance)
    _server("AWS::RDS::DBCluster", _cluster)
    _proxy()
    _proxy_endpoint()
    _target_group()
    _environment()
    _login()
    for resource_type in TYPES:
        ledger.declare(resource_type, ledger.OVERLAY)

    @around(stacks, "_runs_on_worker_thread", "resource_type")
    def runs_on_worker_thread(original, resource_type):
        return resource_type in TYPES or original(resource_type)


def _vpc() -> None:
    """The range of a new VPC, which the CDK asks for and the emulator does not tell."""
    handler = HANDLERS["AWS::EC2::VPC"]
    create = handler["create"]

    def created(logical_id, props, stack_name):
        physical_id, attributes = create(logical_id, props, stack_name)
        return physical_id, {"CidrBlock": props.get("CidrBlock", ""), **(attributes or {})}

    handler["create"] = created


def _server(resource_type: str, describe) -> None:
    expect(resource_type in HANDLERS, f"it has no handler of {resource_type}")
    handler = HANDLERS[resource_type]
    create, update, delete = handler["create"], handler["update"], handler["delete"]

    def created(logical_id, props, stack_name):
        physical_id, attributes = create(logical_id, props, stack_name)
        _ask("PUT", "servers", physical_id, describe(physical_id, props))
        return physical_id, attributes

    def updated(physical_id, old_props, new_props, stack_name, logical_id=None):
        new_id, attributes = update(physical_id, old_props, new_props, stack_name, logical_id)
        _ask("PUT", "servers", new_id, describe(new_id, new_props))
        return new_id, attributes

    def deleted(physical_id, props):
        if physical_id in rds._instances or physical_id in rds._clusters:
            _ask("DELETE", "servers", physical_id, describe(physical_id, props))
        return delete(physical_id, props)

    handler.update(create=created, update=updated, delete=deleted)


def _instance(name: str, props: dict) -> dict:
    instance = rds._instances[name]
    cluster, source = instance.get("DBClusterIdentifier"), props.get("SourceDBInstanceIdentifier")
    _postgres_only(name, "postgres" if source else instance["Engine"])
    return {
        "endpoints": [{"host": instance["Endpoint"]["Address"], "resource_id": instance["DbiResourceId"], "read_only": bool(source)}],
        "of": cluster or (source and source.rpartition(":")[2]) or None,
        "user": instance["MasterUsername"],
        "password": instance["_MasterUserPassword"],
        "database": props.get("DBName"),
    }


def _cluster(name: str, props: dict) -> dict:
    cluster = rds._clusters[name]
    _postgres_only(name, props.get("Engine", ""))
    resource_id = cluster["DbClusterResourceId"]
    return {
        "endpoints": [
            {"host": cluster["Endpoint"], "resource_id": resource_id},
            {"host": cluster["ReaderEndpoint"], "resource_id": resource_id, "read_only": True},
        ],
        "user": cluster["MasterUsername"],
        "password": props.get("MasterUserPassword"),
        "database": props.get("DatabaseName"),
    }


def _postgres_only(name: str, engine: str) -> None:
    if "postgres" not in engine:
        raise ValueError(f"{name} is {engine}; the local cloud has PostgreSQL and no other database")


def _proxy() -> None:
    def describe(name: str, props: dict) -> dict:
        resource_id = f"prx-{name.lower()}"
        host = f"{name.lower()}.proxy-local.{get_region()}.rds.amazonaws.com"
        _ask("PUT", "proxies", name, {"endpoints": [{"host": host, "resource_id": resource_id}]})
        arn = f"arn:aws:rds:{get_region()}:{get_account_id()}:db-proxy:{resource_id}"
        return {"DBProxyArn": arn, "Endpoint": host, "VpcId": ""}

    _register("AWS::RDS::DBProxy", lambda logical_id, props, stack_name: props.get("DBProxyName") or physical_name(stack_name, logical_id, max_len=60),
              describe, lambda name, props: _ask("DELETE", "proxies", name))


def _proxy_endpoint() -> None:
    def describe(name: str, props: dict) -> dict:
        host = f"{name.lower()}.endpoint.proxy-local.{get_region()}.rds.amazonaws.com"
        proxy, read_only = props["DBProxyName"], props.get("TargetRole") == "READ_ONLY"
        _ask("PUT", "proxies", proxy, {"endpoints": [{"host": host, "resource_id": f"prx-{proxy.lower()}", "read_only": read_only}]})
        return {"Endpoint": host, "DBProxyEndpointArn": f"arn:aws:rds:{get_region()}:{get_account_id()}:db-proxy-endpoint:{name}", "IsDefault": False}

    _register("AWS::RDS::DBProxyEndpoint", lambda _, props, __: props["DBProxyEndpointName"], describe)


def _target_group() -> None:
    def describe(arn: str, props: dict) -> dict:
        pool = props.get("ConnectionPoolConfigurationInfo") or {}
        servers = [*(props.get("DBClusterIdentifiers") or []), *(props.get("DBInstanceIdentifiers") or [])]
        _ask("PUT", "targets", props["DBProxyName"], {
            "server": servers[0],
            "max_connections_percent": _number(pool.get("MaxConnectionsPercent")),
            "borrow_timeout_seconds": _number(pool.get("ConnectionBorrowTimeout")),
        })
        return {"TargetGroupArn": arn}

    _register("AWS::RDS::DBProxyTargetGroup",
              lambda _, props, __: f"arn:aws:rds:{get_region()}:{get_account_id()}:target-group:prx-tg-{props['DBProxyName'].lower()}", describe)


def _register(resource_type: str, identify, describe, delete=lambda name, props: None) -> None:
    """A type that the emulator refuses. One that it now implements is an error and not a silent override."""
    expect(resource_type not in HANDLERS, f"it implements {resource_type} itself now: take it out of postgres.py")

    def create(logical_id, props, stack_name):
        physical_id = identify(logical_id, props, stack_name)
        return physical_id, describe(physical_id, props)

    def update(physical_id, old_props, new_props, stack_name, logical_id=None):
        return physical_id, describe(physical_id, new_props)

    HANDLERS[resource_type] = {"create": create, "update": update, "delete": delete}


def _environment() -> None:
    @around(lambda_runtime.Worker, "_spawn", "self")
    def spawn(original, worker):
        config = worker.config
        variables = (config.get("Environment") or {}).get("Variables", {})
        if HOST in variables and CONTROL:
            worker.config = {**config, "Environment": {"Variables": {**variables, **_door(variables[HOST])}}}
        try:
            original(worker)
        finally:
            worker.config = config


def _door(host: str) -> dict:
    known = _ask("GET", "doors")
    door = known["doors"].get(host)
    return {HOST: door["host"], PORT: str(door["port"]), CA: known["ca"]} if door else {CA: known["ca"]}


def _login() -> None:
    """Answers whose an access key is, and whether they may connect: what RDS asks IAM."""

    @control.answers("POST", "database-login")
    def login(question):
        account, access_key = get_account_id(), question["access_key"]
        credential = iam_evaluator.resolve_credential(access_key, account)
        if isinstance(credential, iam_evaluator.CredentialResolutionError):
            return {"allowed": False}
        resource = f"arn:aws:rds-db:{get_region()}:{account}:dbuser:{question['resource_id']}/{question['user']}"
        return {
            "secret": credential.secret_access_key,
            "session_token": credential.session_token,
            "allowed": not gateway.AUTH or _may(access_key, account, resource),
        }


def _may(access_key: str, account: str, resource: str) -> bool:
    principal = iam_evaluator.resolve_principal(access_key, account)
    if isinstance(principal, iam_evaluator.AuthError):
        return False
    if principal.policies is None:  # whoever owns the account
        return True
    context = iam_evaluator.EvalContext(
        principal_arn=principal.arn, principal_type=principal.type, principal_account=account, action="rds-db:connect",
        resource_arn=resource, region=get_region(), principal_keys=principal.keys)
    return iam_evaluator.evaluate(context, principal.policies, *principal.limits).decision == "Allow"


def _number(value) -> float | None:
    return None if value is None else float(value)


def _ask(method: str, kind: str, name: str = "", body: dict | None = None) -> dict:
    expect(CONTROL, "there is nobody who runs databases: LOCAL_CLOUD_DATABASES is not set")
    url = f"{CONTROL}/{kind}/{urllib.parse.quote(name, safe='')}"
    request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request, timeout=START_LIMIT_SECONDS) as response:
            return json.loads(response.read())
    except urllib.error.HTTPError as error:
        raise ValueError(json.loads(error.read())["message"]) from None
