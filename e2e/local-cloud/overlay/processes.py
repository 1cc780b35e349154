"""The processes that run handlers: which there are, and what becomes of one that is stopped when its time is over.

Lambda freezes a process between invocations and may thaw it much later: an attempt can then go on after its lease. The emulator
ends every process at its timeout. One that was stopped (SIGSTOP) by then is left as it is; after SIGCONT it has some seconds to do
what it was about to do, and is ended.
"""

import pathlib
import subprocess
import threading
import time

from ministack.core import lambda_runtime

from . import control
from .patching import around, present

STOPPED_LIMIT_SECONDS = 120
THAWED_LIMIT_SECONDS = 5
PROC = pathlib.Path("/proc")

_frozen: set = set()


def install() -> None:
    workers, lock = present(lambda_runtime, "_workers"), present(lambda_runtime, "_lock")

    @control.answers("GET", "processes")
    def processes(_):
        with lock:
            known = [(worker, worker._proc) for pool in workers.values() for worker in pool]
        return {"processes": [
            {"function": worker.func_name, "pid": process.pid, "busy": worker.in_use}
            for worker, process in known if process is not None and process.poll() is None
        ]}

    @around(lambda_runtime, "_signal", "proc")
    def signal(original, process):
        if process is not None and _is_stopped(process.pid):
            _frozen.add(process)
        else:
            original(process)

    @around(lambda_runtime, "_collect", "proc deadline")
    def collect(original, process, deadline):
        if process not in _frozen:
            return original(process, deadline)
        threading.Thread(target=_let_go_on, args=(process,), daemon=True, name="local-cloud-frozen").start()


def _let_go_on(process) -> None:
    limit = time.monotonic() + STOPPED_LIMIT_SECONDS
    while _is_stopped(process.pid) and time.monotonic() < limit:
        time.sleep(0.1)
    try:
        process.wait(timeout=THAWED_LIMIT_SECONDS)
    except Exception:
        process.kill()
        process.wait()
    _frozen.discard(process)


def _is_stopped(pid: int) -> bool:
    return _state(pid).startswith("T")


def _state(pid: int) -> str:
    """As `ps` writes it; nothing for a process that is gone."""
    if not PROC.exists():  # macOS
        return subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""
