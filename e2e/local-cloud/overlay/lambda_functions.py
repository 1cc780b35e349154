"""What a template says of a function and the emulator drops or reads otherwise: reserved concurrency, code that is not there, inline code."""

from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

from .patching import around, present

HANDLERS = present(provisioners, "_RESOURCE_HANDLERS")


def install() -> None:
    _inline_code()
    _functions()
    _layers()


def _inline_code() -> None:
    """On AWS it is the file `index`, wherever the handler lies: a layer's handler loads the user's from there."""

    @around(provisioners, "_zip_inline", "source handler runtime")
    def _(zip_inline, source, handler, runtime="python3.12"):
        return zip_inline(source, "index.handler", runtime)


def _functions() -> None:
    handler = HANDLERS["AWS::Lambda::Function"]
    create, update = handler["create"], handler["update"]
    functions = present(lambda_svc, "_functions")

    def apply(physical_id: str, props: dict) -> None:
        reserved = props.get("ReservedConcurrentExecutions")
        functions[physical_id]["concurrency"] = None if reserved is None else int(reserved)
        if props.get("PackageType") != "Image" and not functions[physical_id].get("code_zip"):
            # the emulator would answer every invocation with a made-up 200
            raise ValueError(f"AWS::Lambda::Function {physical_id}: no code at {props.get('Code')}")

    def created(logical_id, props, stack_name):
        physical_id, attributes = create(logical_id, props, stack_name)
        apply(physical_id, props)
        return physical_id, attributes

    def updated(physical_id, old_props, new_props, stack_name, logical_id=None):
        new_id, attributes = update(physical_id, old_props, new_props, stack_name, logical_id)
        apply(new_id, new_props)
        return new_id, attributes

    handler.update(create=created, update=updated)


def _layers() -> None:
    handler = HANDLERS["AWS::Lambda::LayerVersion"]
    create = handler["create"]
    layers = present(lambda_svc, "_layers")

    def created(logical_id, props, stack_name):
        arn, attributes = create(logical_id, props, stack_name)
        name, version = arn.split(":")[-2:]
        published = next(v for v in layers[name]["versions"] if str(v["Version"]) == version)
        if not published.get("_zip_data"):  # functions would run without it
            raise ValueError(f"AWS::Lambda::LayerVersion {logical_id}: no code at {props.get('Content')}")
        return arn, attributes

    handler["create"] = created
