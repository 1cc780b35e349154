"""Rotation of a secret: the CDK declares it as an application of the serverless repository, behind the SAM transform.

The emulator would expand the transform and fail on the application. The transform is dropped when it is the only one,
and the application stays a recorded resource.
"""

from ministack.services.cloudformation import changesets, engine, handlers

from .patching import around, present


def install() -> None:
    sam = present(engine, "_SAM_TRANSFORM")

    @around(engine, "_apply_transforms", "template provided_params previous_params", also=(handlers, changesets))
    def without_sam(original, template, *args, **kwargs):
        if template.get("Transform") in (sam, [sam]):
            template = {key: value for key, value in template.items() if key != "Transform"}
        return original(template, *args, **kwargs)
