"""What a handler writes belongs to the invocation that wrote it, to its last line.

The emulator takes the lines that come until none has come for 5 ms. On a loaded machine the last ones come later; they wait
for the next invocation of the same process, and are lost when there is none or the process has ended by then, and with them
the embedded metrics of a job. Here a process marks in its output where its answer is complete, and the emulator reads up to
that mark, or up to the end of a process that ended without an answer. What a process writes after its answer comes with the
next invocation, as from a process that Lambda froze and thawed.
"""

import json
import logging
import queue
import time

from ministack.core import lambda_runtime

from .patching import around, expect, present

ANSWERED = "\x1elocal-cloud: answered\x1e"
# Only something that the handler started and that outlives it, or output that it closed, makes anybody wait so long.
LIMIT_SECONDS = 5
NODE_WRITE = "const _realStdoutWrite = process.stdout.write.bind(process.stdout);"
NODE_MARKED_WRITE = """const _answerWrite = process.stdout.write.bind(process.stdout);
const _realStdoutWrite = (line) => {
  if (lineNum > 1) _stderrWrite(__ANSWERED__ + "\\n"); // the first line is answered when the handler was loaded
  return _answerWrite(line);
};"""
PYTHON_ANSWERED = "        _real_stdout.flush()\n\nrun()\n"
PYTHON_MARKED_ANSWER = "        _real_stdout.flush()\n        print(__ANSWERED__, file=sys.__stderr__, flush=True)\n\nrun()\n"
log = logging.getLogger("local-cloud.handler-logs")


def install() -> None:
    _mark_answers()
    _keep_every_line()
    _read_to_the_mark()


def _mark_answers() -> None:
    node, python = present(lambda_runtime, "_NODEJS_WORKER_SCRIPT"), present(lambda_runtime, "_PYTHON_WORKER_SCRIPT")
    expect(node.count(NODE_WRITE) == 1 and "const _stderrWrite =" in node and "let lineNum = 0;" in node, "the Node worker script answers in another way")
    expect(python.endswith(PYTHON_ANSWERED), "the Python worker script answers in another way")
    mark = json.dumps(ANSWERED)
    lambda_runtime._NODEJS_WORKER_SCRIPT = node.replace(NODE_WRITE, NODE_MARKED_WRITE.replace("__ANSWERED__", mark))
    lambda_runtime._PYTHON_WORKER_SCRIPT = python.removesuffix(PYTHON_ANSWERED) + PYTHON_MARKED_ANSWER.replace("__ANSWERED__", mark)


def _keep_every_line() -> None:
    """One queue for all processes that a worker has one after another: pairs of a process and a line, or None where an answer or the process ends."""

    @around(lambda_runtime.Worker, "__init__", "self func_name config code_zip")
    def created(original, worker, *args, **kwargs):
        original(worker, *args, **kwargs)
        worker.written, worker.writer = queue.SimpleQueue(), None

    @around(lambda_runtime.Worker, "_read_stderr", "self")
    def read(_, worker):
        process = worker.writer = worker._proc
        try:
            for raw in process.stderr.buffer:
                line = raw.decode(errors="replace").rstrip("\r\n")
                text = line.removesuffix(ANSWERED)  # stands behind a line that the handler did not end
                if text or text == line:
                    worker.written.put((process, text))
                if text != line:
                    worker.written.put((process, None))
        finally:
            worker.written.put((process, None))


def _read_to_the_mark() -> None:
    @around(lambda_runtime.Worker, "_drain_stderr_bounded", "self first_line_wait idle_confirm hard_cap")
    def answered(original, worker, *args, **kwargs):
        return original(worker, *args, **kwargs) if _is_other_runtime(worker) else _written(worker, LIMIT_SECONDS)

    @around(lambda_runtime.Worker, "_drain_stderr", "self")
    def timed_out(original, worker):
        if _is_other_runtime(worker):
            return original(worker)
        is_frozen = worker.writer is not None and worker.writer.poll() is None  # it was not ended, and may go on
        return _written(worker, 0 if is_frozen else LIMIT_SECONDS)


def _is_other_runtime(worker) -> bool:
    return isinstance(worker, present(lambda_runtime, "ProvidedWorker"))  # has pipes and a protocol of its own


def _written(worker, limit_seconds: float) -> str:
    lines, deadline = [], time.monotonic() + limit_seconds
    while True:
        try:
            process, line = worker.written.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            if limit_seconds:
                log.warning("%s: the end of its output did not come within %s s", worker.func_name, limit_seconds)
            break
        if line is not None:
            lines.append(line)
        elif process is worker.writer:  # and not the end of the process before it
            break
    return "\n".join(lines)
