"""A web application served inside this process, on a port that is bound before anything else starts."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp

from connection.ports import LOOPBACK, PortTaken
from console.web.promptness import PromptProtocol


def bound(port: int, what: str, variable: str, host: str = LOOPBACK) -> socket.socket:
    """A listening socket; port 0 takes any free one. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, proto=socket.IPPROTO_TCP)  # asyncio then sends each reply at once (TCP_NODELAY)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError:
        listening.close()
        raise PortTaken(port, what, variable) from None
    return listening


@contextlib.asynccontextmanager
async def served(
    app: ASGIApp, listening: socket.socket, what: str, protocol: type[PromptProtocol] = PromptProtocol
) -> AsyncIterator[None]:
    """The application at work until the block ends; it neither logs requests nor takes the process's signals."""
    config = uvicorn.Config(
        app, http=protocol, log_config=None, access_log=False, lifespan="off", server_header=False, proxy_headers=False
    )
    server = _Quiet(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        if serving.done():
            raise RuntimeError(f"{what} stopped while it was starting.")
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await serving


class _Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
