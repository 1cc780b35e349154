"""The emulator ends when whoever started it ends, however that happens.

The launcher keeps a pipe open on standard input. When it closes, the run's folder is removed and the whole process
group is killed, and with it every process that runs a handler. Nothing is saved, so there is nothing to wait for.
"""

import os
import shutil
import signal
import sys
import threading


def install() -> None:
    if os.environ.get("LOCAL_CLOUD_WATCHDOG") == "stdin":
        threading.Thread(target=_wait_for_end, daemon=True, name="local-cloud-watchdog").start()


def _wait_for_end() -> None:
    while sys.stdin.buffer.read(1):
        pass
    shutil.rmtree(os.environ["LOCAL_CLOUD_RUN_DIRECTORY"], ignore_errors=True)
    if os.getpgrp() == os.getpid():  # else the group is somebody else's
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
