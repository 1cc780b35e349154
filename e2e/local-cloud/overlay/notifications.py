"""Topics tell HTTPS endpoints: a subscription of a template is confirmed first, as one of the API is.

The emulator asks nobody to confirm a subscription that a template makes, and so never tells it anything. Certificates are
checked; `SSL_CERT_FILE` names those that are trusted beside the usual ones, see `LocalCloudOptions.trustedCertificates`.
"""

import asyncio
import threading
import uuid

from ministack.services import sns
from ministack.services.cloudformation import provisioners

from .patching import around, present

HANDLERS = present(provisioners, "_RESOURCE_HANDLERS")
TYPE = "AWS::SNS::Subscription"


def install() -> None:
    confirm = present(sns, "_send_subscription_confirmation")

    @around(provisioners, "_sns_sub_create", "logical_id props stack_name")
    def create(original, logical_id, props, stack_name):
        arn, attributes = original(logical_id, props, stack_name)
        subscription = sns._find_subscription(props.get("TopicArn", ""), arn)
        if subscription and subscription["protocol"] in ("http", "https"):
            subscription["token"] = uuid.uuid4().hex
            threading.Thread(target=asyncio.run, args=(confirm(props["TopicArn"], subscription),), daemon=True).start()
        return arn, attributes

    HANDLERS[TYPE]["create"] = provisioners._sns_sub_create
