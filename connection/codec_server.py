"""Opens payloads for the Temporal UI and command line, and seals the acts that people write there."""

import asyncio
import contextlib
import ipaddress
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

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

from connection.codec import Seal, UnreadablePayload, workflow_of
from connection.handwritten import NotAnAct, NotTheirs, read, sealed
from connection.keys import Keys, UnknownKey
from connection.neighbours import OwnAccount
from connection.ports import LOOPBACK, claim
from domain.events import Actor
from domain.messages import Act

MAX_BODY_BYTES = 16 * 1024 * 1024
HEADERS = ("content-type", "x-namespace")


class NotLoopback(ValueError):
    """An address that other machines could reach."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"The codec server decrypts for whoever calls, so it does not listen on {host!r}; use 127.0.0.1."
        )


class _Refused(Exception):
    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


async def _every_case(case: str) -> bool:
    return True


def _nothing_against(act: Act[Any]) -> str | None:
    return None


@dataclass(frozen=True)
class Holder:
    """Somebody who may use the codec: as whom they act, which workflows they see, and why an act is not theirs.

    Where nobody is asked, as on one's own machine, ``actor`` is None and each act says who does it.
    """

    actor: Actor | None = None
    sees: Callable[[str], Awaitable[bool]] = _every_case
    against: Callable[[Act[Any]], str | None] = _nothing_against


class CodecDoors:
    """`/decode` and `/encode`, body and answer `{"payloads": […]}` in protobuf JSON.

    The one opens what the ring opens, the other seals acts that name their case (`connection.handwritten`) and nothing
    else. `origins` are the exact origins of the Temporal UI, such as `http://localhost:8233`; a page of any other
    origin gets 403, and so does whoever acts in another's name or against their own part. A case that its holder does
    not see is 404. Malformed bodies, what is no act and unreadable payloads get 400, bodies over 16 MiB 413, each with
    one sentence.
    """

    def __init__(self, ring: Keys, origins: Sequence[str], namespace: str) -> None:
        self._seal = Seal(ring)
        self._origins = frozenset(origins)
        self._namespace = namespace

    async def decode(self, request: Request, holder: Holder) -> Response:
        """What was sealed, in words."""

        async def opened(payload: Payload) -> Payload:
            await _seen(holder, workflow_of(payload))
            return self._seal.open(payload)

        return await self._answer(request, opened)

    async def encode(self, request: Request, holder: Holder) -> Response:
        """What somebody wrote, sealed."""

        async def closed(payload: Payload) -> Payload:
            case, act = read(payload, holder.actor)
            await _seen(holder, case)
            if sentence := holder.against(act):
                raise _Refused(403, sentence)
            return sealed(self._seal, self._namespace, case, act)

        return await self._answer(request, closed)

    async def _answer(self, request: Request, convert: Callable[[Payload], Awaitable[Payload]]) -> Response:
        try:
            self._admit(request)
            payloads = _payloads(await _body(request))
            return JSONResponse(
                MessageToDict(Payloads(payloads=[await convert(payload) for payload in payloads.payloads]))
            )
        except _Refused as error:
            return PlainTextResponse(str(error), status_code=error.status)
        except NotTheirs as error:
            return PlainTextResponse(str(error), status_code=403)
        except (UnknownKey, UnreadablePayload, NotAnAct) as error:
            return PlainTextResponse(str(error), status_code=400)
        except (ParseError, ValueError, RecursionError):
            return PlainTextResponse(
                'The body is not Temporal payloads; send {"payloads": […]} in protobuf JSON.', status_code=400
            )

    def _admit(self, request: Request) -> None:
        origin = request.headers.get("origin")
        if origin is not None and origin not in self._origins:
            raise _Refused(403, f"Pages from {origin} may not use this codec server.")
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            raise _Refused(400, "Send the payloads as application/json.")
        asked = request.headers.get("x-namespace", self._namespace)
        if asked != self._namespace:
            raise _Refused(400, f"The cases are in namespace {self._namespace}, not {asked}.")


def app(ring: Keys, origins: Sequence[str], namespace: str = "default") -> Starlette:
    """The codec server of one machine, where nobody is asked."""
    doors, anybody = CodecDoors(ring, origins, namespace), Holder()

    async def decode(request: Request) -> Response:
        return await doors.decode(request, anybody)

    async def encode(request: Request) -> Response:
        return await doors.encode(request, anybody)

    return Starlette(
        routes=[Route("/decode", decode, methods=["POST"]), Route("/encode", encode, methods=["POST"])],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1", "[::1]"]),
            Middleware(CORSMiddleware, allow_origins=list(origins), allow_methods=["POST"], allow_headers=HEADERS),
        ],
    )


class CodecServer:
    """The codec server as an async context manager, on loopback only.

    `port` 0 or None takes any free port. Raises `PortTaken`, and `NotLoopback` for a host other machines
    could reach. Other accounts of this machine are let in only where the system cannot tell them apart.
    """

    def __init__(
        self,
        ring: Keys,
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
            OwnAccount(self._app),
            host=self._host,
            port=self.port,
            log_level="warning",
            access_log=False,
            lifespan="off",
            proxy_headers=False,
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


async def _seen(holder: Holder, case: str) -> None:
    if not await holder.sees(case):
        raise _Refused(404, f"There is no case {case}.")


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
            raise _Refused(413, f"The body is over {MAX_BODY_BYTES} bytes; send fewer payloads at a time.")
    return bytes(body)
