"""A real PostgreSQL beside the emulator takes the place of RDS: instances and proxies answer with its address.

Set LOCAL_CLOUD_POSTGRES_HOST and LOCAL_CLOUD_POSTGRES_PORT. A proxy has no attribute for its port: templates pass the
port of the instance. Without these variables both keep made-up addresses.
"""

import os

from ministack.services.cloudformation import provisioners

from .patching import expect, present

HANDLERS = present(provisioners, "_RESOURCE_HANDLERS")


def install() -> None:
    _attributes("AWS::EC2::VPC", lambda props: {"CidrBlock": props.get("CidrBlock", "")})
    host, port = os.environ.get("LOCAL_CLOUD_POSTGRES_HOST"), os.environ.get("LOCAL_CLOUD_POSTGRES_PORT", "5432")
    if host:
        _attributes("AWS::RDS::DBInstance", lambda _: {"Endpoint.Address": host, "Endpoint.Port": port})
        _attributes("AWS::RDS::DBCluster", lambda _: {"Endpoint.Address": host, "Endpoint.Port": port})
        _attributes("AWS::RDS::DBProxy", lambda _: {"Endpoint": host})


def _attributes(resource_type: str, extra) -> None:
    """Add or replace what Fn::GetAtt gives for a type."""
    expect(resource_type in HANDLERS, f"it has no handler of {resource_type}")
    handler = HANDLERS[resource_type]

    def wrap(function, position: int):
        def run(*args):
            physical_id, attributes = function(*args)
            return physical_id, {**(attributes or {}), **extra(args[position])}
        return run

    handler["create"] = wrap(handler["create"], 1)
    if "update" in handler:
        handler["update"] = wrap(handler["update"], 2)
