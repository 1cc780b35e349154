"""What becomes of each resource of a template here, said by the emulator itself.

How a type is provisioned is read from the handler that provisions it, never from a list kept by hand:

- `service`   the handler calls one of the emulator's services (found in its code, through every helper it calls)
- `overlay`   a handler of this overlay that puts the resource to work
- `metadata`  registered by this overlay to be kept, and nothing else
- `stub`      the emulator's handler only makes up an id
- `custom`    a custom resource: its function is invoked

A resource can add a note of its own ("this alarm is stored, not evaluated"). `GET /_local-cloud/ledger` answers with
every resource that stands; `ledger.ts` judges it against the committed allow-list.
"""

import types
from typing import Iterator

from ministack import app as gateway
from ministack.services import cloudformation
from ministack.services.cloudformation import provisioners

from . import control
from .patching import VERSION, present

SERVICE, OVERLAY, METADATA, STUB, CUSTOM = "service", "overlay", "metadata", "stub", "custom"

_declared: dict[str, str] = {}
_notes: dict[tuple[str, str], str] = {}


def declare(resource_type: str, kind: str) -> None:
    """Say how a type is provisioned whose handler belongs to the overlay."""
    _declared[resource_type] = kind


def note(resource_type: str, physical_id: str, text: str | None) -> None:
    """What is not done of one resource although its type is executed; `None` takes the note back."""
    if text is None:
        _notes.pop((resource_type, physical_id), None)
    else:
        _notes[resource_type, physical_id] = text


def install() -> None:
    """Answer `GET /_local-cloud/ledger`."""
    handlers = present(provisioners, "_RESOURCE_HANDLERS")
    stacks = present(cloudformation, "_stacks")

    @control.answers("GET", "ledger")
    def ledger(_):
        return {"emulator": f"ministack {VERSION}", "auth": gateway.AUTH, "resources": list(_resources(stacks, handlers))}


def _resources(stacks, handlers: dict) -> Iterator[dict]:
    for _, stack in stacks.all_items():
        if stack.get("StackStatus") == "DELETE_COMPLETE":
            continue
        for logical_id, resource in stack.get("_resources", {}).items():
            resource_type, physical_id = resource.get("ResourceType", ""), resource.get("PhysicalResourceId", "")
            yield {
                "stack": stack.get("StackName"),
                "logical_id": logical_id,
                "physical_id": physical_id,
                "type": resource_type,
                "status": resource.get("ResourceStatus"),
                "provisioner": _provisioner(resource_type, handlers),
                "note": _notes.get((resource_type, physical_id)),
            }


def _provisioner(resource_type: str, handlers: dict) -> str:
    if resource_type in _declared:
        return _declared[resource_type]
    if resource_type.startswith("Custom::") or resource_type == "AWS::CloudFormation::CustomResource":
        return CUSTOM
    create = handlers.get(resource_type, {}).get("create")
    return SERVICE if _reaches_a_service(create, set()) else STUB


def _reaches_a_service(function, seen: set) -> bool:
    """Whether a handler's code mentions one of the emulator's services, directly or in a helper it calls.

    Read from the compiled code: the names it uses, what they stand for in its module, and what it imports itself.
    """
    function = getattr(function, "__wrapped__", function)
    if not isinstance(function, types.FunctionType) or function in seen:
        return False
    seen.add(function)
    names = _names(function.__code__)
    if any(name == "ministack.services" or name.startswith("ministack.services.") for name in names):
        return True
    values = [function.__globals__.get(name) for name in names] + [cell.cell_contents for cell in function.__closure__ or ()]
    return any(_is_service(value) or _reaches_a_service(value, seen) for value in values)


def _names(code: types.CodeType) -> set[str]:
    nested = (constant for constant in code.co_consts if isinstance(constant, types.CodeType))
    return set(code.co_names).union(*(_names(constant) for constant in nested))


def _is_service(value) -> bool:
    name = value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", None) or ""
    return name.startswith("ministack.services.") and not name.startswith("ministack.services.cloudformation")
