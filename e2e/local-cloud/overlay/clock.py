"""How much faster time passes for alarms than for everything else; see `alarms`."""

import os

SPEED = float(os.environ.get("LOCAL_CLOUD_ALARM_SPEED", "1"))
