"""Runs a command and ends it when this process's standard input closes.

`python -I guard.py SECONDS COMMAND…`: the parent holds the other end of standard input, so the command ends
with the parent however the parent ends. The command gets SIGTERM, then SIGKILL after SECONDS.
"""

import signal
import subprocess
import sys
import threading


def main(seconds: float, command: list[str]) -> int:
    """The command's exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=_default_signals)
    threading.Thread(target=_end_with_parent, args=(child, seconds), daemon=True).start()
    return child.wait()


def _default_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def _end_with_parent(child: "subprocess.Popen[bytes]", seconds: float) -> None:
    sys.stdin.buffer.read()
    child.terminate()
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
