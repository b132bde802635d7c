"""TCP ports on loopback: whether one is free, or any that is."""

import random
import socket
import sys

LOOPBACK = "127.0.0.1"
_QUIET = range(20_000, 32_000)
"""No system gives these to outgoing connections by itself, so none of them takes one before its server does."""


class PortTaken(OSError):
    """A port that another program holds."""

    def __init__(self, port: int, what: str, variable: str) -> None:
        self.port = port
        self.what = what
        self.variable = variable
        super().__init__(
            f"Port {port} for {what} is taken by another program; stop that program or set {variable} to a free port."
        )


def free_port() -> int:
    """A port nothing listens on now, chosen by chance so that two who ask at once have two."""
    return next(port for port in random.sample(_QUIET, len(_QUIET)) if _binds(port))


def claim(port: int | None, what: str, variable: str) -> int:
    """`port` if nothing listens there, or any free one for 0 and None.

    Raises `PortTaken`; its text names `what` the port is for and the `variable` that moves it.
    """
    if not port:
        return free_port()
    if _answers(port) or not _binds(port):
        raise PortTaken(port, what, variable)
    return port


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("localhost", port), timeout=0.5).close()
    except OSError:
        return False
    return True


def _binds(port: int) -> bool:
    with socket.socket() as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
