"""Opens payloads for the Temporal UI and command line, and seals the acts that people write there."""

import asyncio
import contextlib
import ipaddress
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import uvicorn
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from temporalio.api.common.v1 import Payload, Payloads

from connection.codec import Seal, UnreadablePayload
from connection.handwritten import NotAnAct, NotTheirs, sealed
from connection.keys import KeyRing, UnknownKey
from connection.ports import LOOPBACK, claim
from domain.events import Actor

MAX_BODY_BYTES = 16 * 1024 * 1024
_HEADERS = ("content-type", "x-namespace")


class NotLoopback(ValueError):
    """An address that other machines could reach."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"The codec server decrypts for whoever calls, so it does not listen on {host!r}; use 127.0.0.1."
        )


class _TooLarge(ValueError):
    pass


@dataclass(frozen=True)
class Holder:
    """Somebody who may use the codec. ``actor`` is as whom they act on a case; None where nobody is asked, as on one's
    own machine."""

    actor: Actor | None = None


Doorkeeper = Callable[[Request, bool], Awaitable[Holder | None]]
"""Who is at the door, told whether they come to write; None for somebody who may not."""


async def nobody_is_asked(request: Request, writes: bool) -> Holder | None:
    """On one's own machine, at a door on loopback."""
    return Holder()


def routes(
    ring: KeyRing, origins: Sequence[str], namespace: str, doorkeeper: Doorkeeper = nobody_is_asked
) -> list[Route]:
    """`POST /decode` and `/encode`, body and answer `{"payloads": […]}` in protobuf JSON.

    `/decode` opens whatever the ring opens. `/encode` seals acts that name their case (`connection.handwritten`) and
    nothing else. `origins` are the exact origins of the Temporal UI, such as `http://localhost:8233`; a page of any
    other origin gets 403, and so does whoever the doorkeeper does not let in or acts in another's name. Malformed
    bodies, what is no act and unreadable payloads get 400, bodies over 16 MiB 413, each with one sentence.
    """
    seal, allowed = Seal(ring), frozenset(origins)

    def opened(payload: Payload, _: Holder) -> Payload:
        return seal.open(payload)

    def closed(payload: Payload, holder: Holder) -> Payload:
        return sealed(payload, seal, namespace, holder.actor)

    def door(convert: Callable[[Payload, Holder], Payload], writes: bool) -> Callable[..., Awaitable[Response]]:
        return _endpoint(convert, allowed, lambda request: doorkeeper(request, writes), namespace)

    return [
        Route("/decode", door(opened, False), methods=["POST"]),
        Route("/encode", door(closed, True), methods=["POST"]),
    ]


def app(ring: KeyRing, origins: Sequence[str], namespace: str = "default") -> Starlette:
    """The codec server of one machine, where nobody is asked."""
    return Starlette(
        routes=routes(ring, origins, namespace),
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1", "[::1]"]),
            Middleware(CORSMiddleware, allow_origins=list(origins), allow_methods=["POST"], allow_headers=_HEADERS),
        ],
    )


class CodecServer:
    """The codec server as an async context manager, on loopback only.

    `port` 0 or None takes any free port. Raises `PortTaken`, and `NotLoopback` for a host other machines
    could reach.
    """

    def __init__(
        self,
        ring: KeyRing,
        origins: Sequence[str],
        *,
        port: int | None = None,
        host: str = LOOPBACK,
        namespace: str = "default",
    ) -> None:
        if not _is_loopback(host):
            raise NotLoopback(host)
        self._app = app(ring, origins, namespace)
        self._host = host
        self._wanted = port
        self.port = 0

    @property
    def address(self) -> str:
        """Base URL, as `--ui-codec-endpoint` and `--codec-endpoint` take it."""
        return f"http://localhost:{self.port}"

    async def __aenter__(self) -> Self:
        self.port = claim(self._wanted, "the codec server", "CASEREVIEW_CODEC_PORT")
        config = uvicorn.Config(
            self._app, host=self._host, port=self.port, log_level="warning", access_log=False, lifespan="off"
        )
        self._server = _Quiet(config)
        self._task = asyncio.create_task(self._server.serve())
        while not self._server.started:
            if self._task.done():
                await self._task
                raise RuntimeError(f"The codec server stopped while starting on port {self.port}.")
            await asyncio.sleep(0.01)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        await self._task


class _Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _endpoint(
    convert: Callable[[Payload, Holder], Payload],
    allowed: frozenset[str],
    at_the_door: Callable[[Request], Awaitable[Holder | None]],
    namespace: str,
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin is not None and origin not in allowed:
            return PlainTextResponse(f"Pages from {origin} may not use this codec server.", status_code=403)
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            return PlainTextResponse("Send the payloads as application/json.", status_code=400)
        holder = await at_the_door(request)
        if holder is None:
            return PlainTextResponse("You may not do this here; sign in with an account that may.", status_code=403)
        asked_in = request.headers.get("x-namespace", namespace)
        if asked_in != namespace:
            return PlainTextResponse(f"The cases are in namespace {namespace}, not {asked_in}.", status_code=400)
        try:
            payloads = _payloads(await _body(request))
            converted = [convert(payload, holder) for payload in payloads.payloads]
        except NotTheirs as error:
            return PlainTextResponse(str(error), status_code=403)
        except _TooLarge:
            return PlainTextResponse(
                f"The body is over {MAX_BODY_BYTES} bytes; send fewer payloads at a time.", status_code=413
            )
        except (UnknownKey, UnreadablePayload, NotAnAct) as error:
            return PlainTextResponse(str(error), status_code=400)
        except (ParseError, ValueError, RecursionError):
            return PlainTextResponse(
                'The body is not Temporal payloads; send {"payloads": […]} in protobuf JSON.', status_code=400
            )
        return JSONResponse(MessageToDict(Payloads(payloads=converted)))

    return answer


def _payloads(body: bytes) -> Payloads:
    document = json.loads(body)
    if not isinstance(document, dict):
        raise ParseError
    return ParseDict(document, Payloads())


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise _TooLarge
    return bytes(body)
