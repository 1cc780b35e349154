"""HTTP APIs: which pages may call them.

Routes, stages, integrations and authorizers (tokens, and functions with their cache) work in the emulator as they are. Its CORS does, too, but its
templates leave the settings in the spelling of CloudFormation, in which it does not find them.
"""

from ministack.services.cloudformation import provisioners

from .patching import around


def install() -> None:

    @around(provisioners, "_apigw_v2_api_create", "logical_id props stack_name")
    def create(original, logical_id, props, stack_name):
        return original(logical_id, _spelt(props), stack_name)

    @around(provisioners, "_apigw_v2_api_update", "physical_id old_props new_props stack_name logical_id")
    def update(original, physical_id, old_props, new_props, stack_name, logical_id=None):
        return original(physical_id, _spelt(old_props), _spelt(new_props), stack_name, logical_id)

    handler = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
    handler.update(create=provisioners._apigw_v2_api_create, update=provisioners._apigw_v2_api_update)


def _spelt(props: dict) -> dict:
    """`AllowOrigins` as the service has it: `allowOrigins`."""
    cors = props.get("CorsConfiguration")
    return {**props, "CorsConfiguration": {name[0].lower() + name[1:]: value for name, value in cors.items()}} if cors else props
