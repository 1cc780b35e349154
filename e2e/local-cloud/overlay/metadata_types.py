"""Resource types that the emulator refuses, kept as metadata: a name, the attributes that templates ask for, no effect.

A handler of ministack is `create(logical_id, props, stack_name) -> (physical_id, {attribute: value})`,
`update(physical_id, old_props, new_props, stack_name)` and `delete(physical_id, props)`. The ledger calls these types
"recorded": a template that relies on one deploys, and nothing of it is tried.
"""

import uuid
from typing import Callable

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners

from . import ledger
from .patching import expect, present

HANDLERS = present(provisioners, "_RESOURCE_HANDLERS")
physical_name = present(provisioners, "_physical_name")

Identify = Callable[[str, dict, str], str]
Describe = Callable[[str, dict], dict]


def install() -> None:
    _network()
    _secrets()
    _cost_and_operations()
    _delivery_and_scaling()


def _network() -> None:
    _metadata("AWS::EC2::EIP", _constant("203.0.113.10"), lambda i, _: {"AllocationId": _token("eipalloc-"), "PublicIp": i})
    _metadata("AWS::EC2::NatGateway", _random("nat-"), lambda i, _: {"NatGatewayId": i})
    _metadata("AWS::EC2::FlowLog", _random("fl-"), lambda i, _: {"Id": i})
    _metadata("AWS::EC2::SecurityGroupIngress", _random("sgr-"), lambda i, _: {"Id": i})
    _metadata("AWS::EC2::SecurityGroupEgress", _random("sgr-"), lambda i, _: {"Id": i})
    _metadata("AWS::WAFv2::WebACLAssociation", lambda _, p, __: f"{p['WebACLArn']}|{p['ResourceArn']}")
    _metadata("AWS::WAFv2::LoggingConfiguration", lambda _, p, __: p["ResourceArn"])
    _metadata("AWS::GuardDuty::Detector", lambda *_: uuid.uuid4().hex, lambda i, _: {"Id": i})


def _secrets() -> None:
    _metadata("AWS::SecretsManager::ResourcePolicy", lambda _, p, __: p["SecretId"], lambda i, _: {"Id": i})
    _metadata("AWS::SecretsManager::RotationSchedule", lambda _, p, __: p["SecretId"], lambda i, _: {"Id": i})
    # the application that rotates a secret comes from the serverless repository; see `rotation`
    _metadata("AWS::Serverless::Application", _named(), lambda *_: {"Outputs.RotationLambdaARN": _arn("lambda", "function:rotation")})


def _cost_and_operations() -> None:
    _metadata("AWS::Budgets::Budget", _named())
    _metadata("AWS::CE::AnomalyMonitor", lambda *_: f"arn:aws:ce::{get_account_id()}:anomalymonitor/{uuid.uuid4()}",
              lambda i, _: {"MonitorArn": i})
    _metadata("AWS::CE::AnomalySubscription", lambda *_: f"arn:aws:ce::{get_account_id()}:anomalysubscription/{uuid.uuid4()}",
              lambda i, _: {"SubscriptionArn": i})
    _metadata("AWS::CloudWatch::InsightRule", _named("RuleName"), lambda i, _: {"Arn": _arn("cloudwatch", f"insight-rule/{i}"), "RuleName": i})
    _metadata("AWS::CloudWatch::AnomalyDetector", lambda *_: uuid.uuid4().hex, lambda i, _: {"Id": i})
    _metadata("AWS::Chatbot::SlackChannelConfiguration", _chat("slack-channel"), lambda i, _: {"Arn": i})
    _metadata("AWS::Chatbot::MicrosoftTeamsChannelConfiguration", _chat("microsoft-teams-channel"), lambda i, _: {"Arn": i})
    _metadata("AWS::Logs::QueryDefinition", lambda *_: str(uuid.uuid4()), lambda i, _: {"QueryDefinitionId": i})
    _metadata("AWS::XRay::Group", lambda l, p, _: _arn("xray", f"group/{p.get('GroupName', l)}/local"), lambda i, _: {"GroupARN": i})
    _metadata("AWS::XRay::SamplingRule", lambda l, *_: _arn("xray", f"sampling-rule/{l}"), lambda i, _: {"RuleARN": i})


def _delivery_and_scaling() -> None:
    _metadata("AWS::CodeDeploy::Application", _named("ApplicationName"))
    _metadata("AWS::CodeDeploy::DeploymentGroup", _named("DeploymentGroupName"))
    _metadata("AWS::CodeDeploy::DeploymentConfig", _named("DeploymentConfigName"))
    _metadata("AWS::ApplicationAutoScaling::ScalableTarget",
              lambda _, p, __: "|".join((p["ResourceId"], p["ScalableDimension"], p["ServiceNamespace"])), lambda i, _: {"Id": i})
    _metadata("AWS::ApplicationAutoScaling::ScalingPolicy", lambda *_: _arn("autoscaling", f"scalingPolicy:{uuid.uuid4()}"),
              lambda i, _: {"Arn": i})


def _metadata(resource_type: str, identify: Identify, describe: Describe = lambda *_: {}) -> None:
    """Register a type. An emulator that now implements it must win, so that is an error and not a silent override."""
    expect(resource_type not in HANDLERS, f"it implements {resource_type} itself now: take it out of metadata_types.py")

    def create(logical_id: str, props: dict, stack_name: str):
        physical_id = identify(logical_id, props, stack_name)
        return physical_id, describe(physical_id, props)

    def update(physical_id: str, old_props: dict, new_props: dict, stack_name: str):
        return physical_id, describe(physical_id, new_props)

    HANDLERS[resource_type] = {"create": create, "update": update, "delete": lambda physical_id, props: None}
    ledger.declare(resource_type, ledger.METADATA)


def _named(key: str | None = None) -> Identify:
    return lambda logical_id, props, stack_name: (key and props.get(key)) or physical_name(stack_name, logical_id, max_len=63)


def _chat(kind: str) -> Identify:
    return lambda _, props, __: f"arn:aws:chatbot::{get_account_id()}:chat-configuration/{kind}/{props['ConfigurationName']}"


def _constant(value: str) -> Identify:
    return lambda *_: value


def _random(prefix: str) -> Identify:
    return lambda *_: _token(prefix)


def _token(prefix: str) -> str:
    return prefix + uuid.uuid4().hex[:17]


def _arn(service: str, resource: str) -> str:
    # account and region are known only while a request is being handled
    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{resource}"
