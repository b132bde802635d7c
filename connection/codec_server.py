"""Decodes payloads for the Temporal UI and command line of this machine, and for nobody else."""

import asyncio
import contextlib
import ipaddress
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
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

from connection.codec import EncryptionCodec, UnreadablePayload
from connection.keys import KeyRing, UnknownKey
from connection.neighbours import OwnAccount
from connection.ports import LOOPBACK, claim

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


def app(ring: KeyRing, origins: Sequence[str]) -> Starlette:
    """`POST /decode` and `/encode`, body and answer `{"payloads": […]}` in protobuf JSON.

    `origins` are the exact origins of the Temporal UI, such as `http://localhost:8233`; a page of any other
    origin gets 403. Malformed bodies and unreadable payloads get 400, bodies over 16 MiB 413, each with one
    sentence.
    """
    codec = EncryptionCodec(ring)
    allowed = frozenset(origins)
    return Starlette(
        routes=[
            Route("/decode", _endpoint(codec.decode, allowed), methods=["POST"]),
            Route("/encode", _endpoint(codec.encode, allowed), methods=["POST"]),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1", "[::1]"]),
            Middleware(CORSMiddleware, allow_origins=list(origins), allow_methods=["POST"], allow_headers=_HEADERS),
        ],
    )


class CodecServer:
    """The codec server as an async context manager, on loopback only.

    `port` 0 or None takes any free port. Raises `PortTaken`, and `NotLoopback` for a host other machines
    could reach. Other accounts of this machine are let in only where the system cannot tell them apart.
    """

    def __init__(self, ring: KeyRing, origins: Sequence[str], *, port: int | None = None, host: str = LOOPBACK) -> None:
        if not _is_loopback(host):
            raise NotLoopback(host)
        self._app = app(ring, origins)
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


def _endpoint(
    convert: Callable[[Sequence[Payload]], Awaitable[list[Payload]]], allowed: frozenset[str]
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin is not None and origin not in allowed:
            return PlainTextResponse(f"Pages from {origin} may not use this codec server.", status_code=403)
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            return PlainTextResponse("Send the payloads as application/json.", status_code=400)
        try:
            payloads = _payloads(await _body(request))
            converted = await convert(payloads.payloads)
        except _TooLarge:
            return PlainTextResponse(
                f"The body is over {MAX_BODY_BYTES} bytes; send fewer payloads at a time.", status_code=413
            )
        except (UnknownKey, UnreadablePayload) as error:
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
