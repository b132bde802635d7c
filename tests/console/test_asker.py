"""Whose request it is: behind a proxy that appends, whatever the client says of itself."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import httpx2 as httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from connection.settings import Settings, SettingsError
from console.app import application
from console.web.asker import Asker, asked_by
from console.web.serving import bound, served
from console.web.throttle import ADDRESS, Throttle
from tests.console.office import NO_CERTIFICATES, OWN, House

CLIENT, OTHER = "127.0.0.9", "127.0.0.10"
LAN = Settings(forwarded_allow_ips="10.1.2.0/24, 192.0.2.7").proxies
ANY = Settings(forwarded_allow_ips="*").proxies


@pytest.mark.parametrize(
    ("peer", "lines", "asker"),
    [
        ("198.51.100.1", [], "198.51.100.1"),
        ("10.1.2.3", [], "10.1.2.3"),
        ("10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["203.0.113.66, 198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["203.0.113.66", "198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["203.0.113.66, 198.51.100.1, 192.0.2.7"], "198.51.100.1"),
        ("10.1.2.3", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.1.2.3", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("10.1.2.3", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["203.0.113.66, unknown"], "10.1.2.3"),
        ("10.1.2.3", ["203.0.113.66, unknown, 192.0.2.7"], "192.0.2.7"),
        ("10.1.2.3", [""], "10.1.2.3"),
        ("10.1.2.3", ["10.1.2.9"], "10.1.2.9"),
    ],
)
def test_the_last_address_that_no_proxy_of_ours_has_is_the_asker(peer: str, lines: Sequence[str], asker: str) -> None:
    if peer == "198.51.100.1":
        assert asked_by(peer, lines, ()) == asker
    assert asked_by(peer, lines, LAN) == asker


@pytest.mark.parametrize(
    ("lines", "asker"),
    [
        (["203.0.113.66, 198.51.100.1"], "198.51.100.1"), (["10.0.0.1"], "10.0.0.1"), (["x"], "172.18.0.1"),
        ([], "172.18.0.1"),
    ],
)  # fmt: skip
def test_with_any_proxy_trusted_there_is_one_and_its_own_word_is_the_last(lines: Sequence[str], asker: str) -> None:
    assert asked_by("172.18.0.1", lines, ANY) == asker


def test_a_proxy_on_this_machine_is_believed_where_the_console_stands_behind_one_and_else_nobody() -> None:
    assert Settings().proxies == ()
    behind = Settings(console_url="https://asb.example.gov.uk").proxies
    assert asked_by("127.0.0.1", ["203.0.113.66, 198.51.100.1"], behind) == "198.51.100.1"
    assert [str(network) for network in behind] == ["127.0.0.0/8", "::1/128"]


def test_a_proxy_that_is_no_address_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "proxy.example.org")
    with pytest.raises(SettingsError, match="FORWARDED_ALLOW_IPS cannot be used: must be addresses or networks"):
        Settings.load()


@pytest.mark.parametrize(("forwarded", "scheme"), [("https", "https"), ("http, https", "https"), ("gopher", "http")])
async def test_the_browser_s_scheme_is_the_proxy_s_word_too(forwarded: str, scheme: str) -> None:
    async def tell(request: Request) -> Response:
        return PlainTextResponse(f"{request.url.scheme} {request.client.host if request.client else ''}")

    for proxies, wanted in ((LAN, f"{scheme} 198.51.100.1"), ((), "http 10.1.2.3")):
        app = Asker(Starlette(routes=[Route("/", tell)]), proxies)
        transport = httpx.ASGITransport(app, client=("10.1.2.3", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            said = {"X-Forwarded-Proto": forwarded, "X-Forwarded-For": "198.51.100.1"}
            assert (await client.get("/", headers=said)).text == wanted


@contextlib.asynccontextmanager
async def proxy(to: str, own_line: bool) -> AsyncIterator[str]:
    """A proxy that appends whom it was asked by, on a line of its own as HAProxy does or to the client's as nginx."""

    async def forward(request: Request) -> Response:
        assert request.client is not None
        kept = [(name, value) for name, value in request.headers.raw if name not in (b"host", b"x-forwarded-for")]
        said = request.headers.getlist("x-forwarded-for")
        lines = [*said, request.client.host] if own_line else [", ".join([*said, request.client.host])]
        kept += [(b"host", b"localhost"), *((b"x-forwarded-for", line.encode()) for line in lines)]
        async with httpx.AsyncClient(verify=NO_CERTIFICATES, timeout=60) as client:
            found = await client.request(
                request.method, f"{to}{request.url.path}", headers=kept, content=await request.body()
            )
        return Response(found.content, found.status_code)

    app = Starlette(routes=[Route("/{path:path}", forward, methods=["GET", "POST"])])
    with bound(0, "a proxy", "") as listening:
        async with served(app, listening, "A proxy"):
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.temporal
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("trusted", "own_line"), [("*", False), ("*", True), ("127.0.0.0/30", False)])
async def test_a_forged_address_gets_no_more_tries_through_a_proxy_that_appends(
    house: House, trusted: str, own_line: bool
) -> None:
    settings = house.office.settings.model_copy(update={"forwarded_allow_ips": trusted})
    throttle = Throttle(clock=lambda: 0.0, sleep=_at_once)
    app = application(replace(house.office, settings=settings), throttle=throttle)
    with bound(0, "the console", "") as listening:
        async with (
            served(app, listening, "The console"),
            proxy(f"http://127.0.0.1:{listening.getsockname()[1]}", own_line) as address,
        ):
            tries = (_sign_in(address, CLIENT, number) for number in range(45))
            found = Counter(await asyncio.gather(*tries))
            assert found == {422: ADDRESS.burst + 1, 429: 45 - ADDRESS.burst - 1}
            assert await _sign_in(address, OTHER, 99) == 422


async def _sign_in(address: str, source: str, number: int) -> int:
    """A wrong try that says it comes from an address of its own each time."""
    transport = httpx.AsyncHTTPTransport(local_address=source, verify=NO_CERTIFICATES)
    async with httpx.AsyncClient(transport=transport, headers=OWN, timeout=60) as client:
        typed = {"email": f"{number}@example.org", "password": "wrong", "next": ""}
        forged = {"X-Forwarded-For": f"203.0.113.{number}"}
        return (await client.post(f"{address}/sign-in", data=typed, headers=forged)).status_code


async def _at_once(seconds: float) -> None:
    return None
