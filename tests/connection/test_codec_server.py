import json
from collections.abc import Iterator

import httpx2
import pytest
from google.protobuf.json_format import MessageToJson, Parse
from starlette.testclient import TestClient
from temporalio.api.common.v1 import Payload, Payloads

from connection.codec import EncryptionCodec
from connection.codec_server import MAX_BODY_BYTES, CodecServer, NotLoopback, app
from connection.keys import KeyRing
from connection.ports import PortTaken, free_port

UI = "http://localhost:8233"
JSON = {"content-type": "application/json"}
PLAIN = Payloads(payloads=[Payload(metadata={"encoding": b"json/plain"}, data=b'"HESTERLOW-11"')])


@pytest.fixture
def browser(ring: KeyRing) -> Iterator[TestClient]:
    with TestClient(app(ring, [UI]), base_url="http://localhost:8234") as client:
        yield client


async def sealed(ring: KeyRing) -> str:
    return MessageToJson(Payloads(payloads=await EncryptionCodec(ring).encode(PLAIN.payloads)))


async def test_the_temporal_ui_reads_what_is_encrypted(browser: TestClient, ring: KeyRing) -> None:
    answer = browser.post(
        "/decode", content=await sealed(ring), headers={**JSON, "origin": UI, "x-namespace": "default"}
    )
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == UI
    assert answer.headers["vary"] == "Origin"
    assert Parse(answer.text, Payloads()) == PLAIN


def test_encoding_and_decoding_are_inverse(browser: TestClient) -> None:
    encoded = browser.post("/encode", content=MessageToJson(PLAIN), headers=JSON)
    assert "encryption-key-id" in encoded.text
    decoded = browser.post("/decode", content=encoded.text, headers=JSON)
    assert Parse(decoded.text, Payloads()) == PLAIN


def test_no_payloads_give_no_payloads(browser: TestClient) -> None:
    assert browser.post("/decode", content='{"payloads": []}', headers=JSON).status_code == 200


def test_the_preflight_of_the_temporal_ui_is_allowed(browser: TestClient) -> None:
    answer = browser.options(
        "/decode",
        headers={
            "origin": UI,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type,x-namespace",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == UI
    allowed = {name.strip().lower() for name in answer.headers["access-control-allow-headers"].split(",")}
    assert {"content-type", "x-namespace"} <= allowed


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example.org",
        "http://localhost:82330",
        "https://localhost:8233",
        "http://localhost",
        "null",
    ],
)
async def test_a_page_of_any_other_origin_gets_nothing(browser: TestClient, ring: KeyRing, origin: str) -> None:
    preflight = browser.options("/decode", headers={"origin": origin, "access-control-request-method": "POST"})
    assert preflight.status_code == 400
    assert "access-control-allow-origin" not in preflight.headers
    answer = browser.post("/decode", content=await sealed(ring), headers={**JSON, "origin": origin})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
    assert "HESTERLOW" not in answer.text


async def test_a_name_that_leads_here_from_elsewhere_gets_nothing(browser: TestClient, ring: KeyRing) -> None:
    answer = browser.post("/decode", content=await sealed(ring), headers={**JSON, "host": "evil.example.org"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"payloads": 1}',
        b'{"payloads": [{"data": 7}]}',
        b'{"letters": []}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
@pytest.mark.parametrize("path", ["/decode", "/encode"])
def test_a_body_that_is_no_payloads_gets_one_sentence(browser: TestClient, path: str, body: bytes) -> None:
    answer = browser.post(path, content=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.text == 'The body is not Temporal payloads; send {"payloads": […]} in protobuf JSON.'


def test_a_form_is_not_accepted(browser: TestClient) -> None:
    answer = browser.post("/encode", content=MessageToJson(PLAIN), headers={"content-type": "text/plain"})
    assert (answer.status_code, answer.text) == (400, "Send the payloads as application/json.")


async def test_an_unknown_key_is_named(browser: TestClient) -> None:
    stranger = KeyRing.fresh()
    answer = browser.post("/decode", content=await sealed(stranger), headers={**JSON, "origin": UI})
    assert answer.status_code == 400
    assert answer.text.startswith(f"Key '{stranger.active}' is not in the key ring")
    assert answer.headers["access-control-allow-origin"] == UI


async def test_a_tampered_payload_is_refused(browser: TestClient, ring: KeyRing) -> None:
    document = json.loads(await sealed(ring))
    data = document["payloads"][0]["data"]
    document["payloads"][0]["data"] = ("B" if data[0] == "A" else "A") + data[1:]
    answer = browser.post("/decode", json=document)
    assert answer.status_code == 400
    assert "does not open with it" in answer.text


def test_a_body_too_large_is_refused(browser: TestClient) -> None:
    answer = browser.post("/decode", content=b" " * (MAX_BODY_BYTES + 1), headers=JSON)
    assert answer.status_code == 413
    assert answer.text.startswith("The body is over 16777216 bytes")


def test_only_posting_is_answered(browser: TestClient) -> None:
    assert browser.get("/decode").status_code == 405


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_it_refuses_to_listen_where_other_machines_reach(ring: KeyRing, host: str) -> None:
    with pytest.raises(NotLoopback, match=r"does not listen on .*; use 127\.0\.0\.1\."):
        CodecServer(ring, [UI], host=host)


async def test_it_serves_on_loopback_and_stops(ring: KeyRing) -> None:
    async with CodecServer(ring, [UI]) as codec, httpx2.AsyncClient() as http:
        answer = await http.post(f"{codec.address}/decode", content=await sealed(ring), headers=JSON)
        assert Parse(answer.text, Payloads()) == PLAIN
    async with CodecServer(ring, [UI], port=codec.port) as again:
        assert again.port == codec.port


async def test_a_taken_port_is_said_to_be_taken(ring: KeyRing) -> None:
    async with CodecServer(ring, [UI], port=free_port()) as codec:
        with pytest.raises(PortTaken, match=f"Port {codec.port} for the codec server .* CASEREVIEW_CODEC_PORT"):
            async with CodecServer(ring, [UI], port=codec.port):
                pass
