import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from google.protobuf.json_format import MessageToJson, Parse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.converter import WorkflowSerializationContext
from temporalio.exceptions import ApplicationError

from connection.client import data_converter
from connection.codec import Seal, bound_to
from connection.codec_server import MAX_BODY_BYTES, CodecDoors, CodecServer, Holder, NotLoopback, app
from connection.keys import KeyRing
from connection.ports import PortTaken, free_port
from domain import events as e
from domain.events import Actor, Role
from domain.messages import Act, act_of

UI = "http://localhost:8233"
JSON = {"content-type": "application/json"}
CASE, ANOTHER = "DOV-2026-0001", "DOV-2026-0002"
NOTE = {"text": "She rang."}
PLAIN = Payloads(payloads=[Payload(metadata={"encoding": b"json/plain"}, data=b'"HESTERLOW-11"')])


@pytest.fixture
def browser(ring: KeyRing) -> Iterator[TestClient]:
    with TestClient(app(ring, [UI]), base_url="http://localhost:8234") as client:
        yield client


async def sealed(ring: KeyRing) -> str:
    seal = Seal(ring)
    return MessageToJson(Payloads(payloads=[seal.close(one, bound_to("default", CASE)) for one in PLAIN.payloads]))


def written(document: object, **headers: str) -> dict[str, Any]:
    """A request of the Temporal UI, or of the `temporal` command, with what somebody wrote there."""
    payload = Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(document).encode())
    content = MessageToJson(Payloads(payloads=[payload]))
    return {"content": content, "headers": {**JSON, "x-namespace": "default", **headers}}


def note(**changes: object) -> dict[str, object]:
    """A note as an officer writes it by hand; what is None is left out."""
    whole = {"case": CASE, "act": "add-note", "by": {"role": "officer", "name": "Sam Officer"}, "what": NOTE, **changes}
    return {name: value for name, value in whole.items() if value is not None}


async def test_the_temporal_ui_reads_what_is_encrypted(browser: TestClient, ring: KeyRing) -> None:
    answer = browser.post(
        "/decode", content=await sealed(ring), headers={**JSON, "origin": UI, "x-namespace": "default"}
    )
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == UI
    assert answer.headers["vary"] == "Origin"
    assert Parse(answer.text, Payloads()) == PLAIN


async def test_an_act_that_names_its_case_is_sealed_for_it_and_for_nothing_else(
    browser: TestClient, ring: KeyRing
) -> None:
    answer = browser.post("/encode", **written(note(id="note-1")))
    payloads = Parse(answer.text, Payloads()).payloads
    mine, other = (
        data_converter(ring).with_context(WorkflowSerializationContext("default", case)) for case in (CASE, ANOTHER)
    )
    by = Actor(role=Role.OFFICER, name="Sam Officer")
    assert await mine.decode(payloads, [Act[e.NoteAdded]]) == [act_of(by, e.NoteAdded(text="She rang."), "note-1")]
    with pytest.raises(ApplicationError, match="copied from there"):
        await other.decode(payloads, [Act[e.NoteAdded]])
    assert "She rang." in base64.b64decode(
        json.loads(browser.post("/decode", content=answer.text, headers=JSON).text)["payloads"][0]["data"]
    ).decode("utf-8")


def test_an_act_without_an_id_has_one_of_its_own_each_time_it_is_sealed(browser: TestClient, ring: KeyRing) -> None:
    seal = Seal(ring)
    sealed_twice = [Parse(browser.post("/encode", **written(note())).text, Payloads()) for _ in range(2)]
    first, second = (json.loads(seal.open(one.payloads[0]).data)["id"] for one in sealed_twice)
    assert len(first) == len(second) == 32
    assert first != second


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("HESTERLOW-11", "Only an act that names its case is sealed here"),
        ([], "Only an act that names its case"),
        ({"by": {"role": "chair"}, "what": {}}, "Only an act that names its case"),
        ({"case": CASE}, "act: Field required; what: Field required"),
        (note(case=7), "case: Input should be a valid string"),
        (note(act="bribe"), "There is no act 'bribe'; there are"),
        (note(by=None), "Say who acts"),
        (note(by={"role": "king"}), "by.role: Input should be"),
        (note(what={}), "add-note: text: Field required."),
        (note(reference=CASE), "reference: Extra inputs are not permitted"),
    ],
)
def test_what_is_no_act_of_a_case_is_not_sealed_and_one_sentence_says_why(
    browser: TestClient, document: object, words: str
) -> None:
    answer = browser.post("/encode", **written(document))
    assert answer.status_code == 400
    assert words in answer.text
    assert "\n" not in answer.text


def test_cases_of_another_namespace_are_not_this_services(browser: TestClient) -> None:
    answer = browser.post("/encode", **written(note(), **{"x-namespace": "training"}))
    assert (answer.status_code, answer.text) == (400, "The cases are in namespace default, not training.")


SAM = Actor(role=Role.OFFICER, name="Sam Officer")


async def sees(case: str) -> bool:
    return case == CASE


def against(act: Act[Any]) -> str | None:
    return "Another person must agree." if isinstance(act.what, e.ThresholdDecided) else None


@pytest.fixture
def served(ring: KeyRing) -> TestClient:
    """The same doors on a server, where it is known that Sam stands there."""
    doors, holder = CodecDoors(ring, [UI], "default"), Holder(SAM, sees, against)

    async def decode(request: Request) -> Response:
        return await doors.decode(request, holder)

    async def encode(request: Request) -> Response:
        return await doors.encode(request, holder)

    return TestClient(Starlette(routes=[Route(f"/{d.__name__}", d, methods=["POST"]) for d in (decode, encode)]))


async def test_a_case_that_its_holder_does_not_see_is_not_there(served: TestClient, ring: KeyRing) -> None:
    assert served.post("/decode", content=await sealed(ring), headers=JSON).status_code == 200
    of_another = Seal(ring).close(PLAIN.payloads[0], bound_to("default", ANOTHER))
    answers = (
        served.post("/decode", content=MessageToJson(Payloads(payloads=[of_another])), headers=JSON),
        served.post("/encode", **written(note(case=ANOTHER, by=None))),
    )
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, f"There is no case {ANOTHER}.")}


def test_an_act_that_is_not_theirs_to_write_is_not_sealed(served: TestClient) -> None:
    decided = note(by=None, act="decide-threshold", what={"met": True, "decided_by": "Sam Officer"})
    answer = served.post("/encode", **written(decided))
    assert (answer.status_code, answer.text) == (403, "Another person must agree.")


@pytest.mark.parametrize("by", [None, {"role": "officer"}, {"role": "officer", "name": "Sam Officer"}])
def test_where_it_is_known_who_writes_the_act_is_theirs(served: TestClient, ring: KeyRing, by: object) -> None:
    answer = served.post("/encode", **written(note(by=by)))
    act = Seal(ring).open(Parse(answer.text, Payloads()).payloads[0])
    assert json.loads(act.data)["by"] == {"role": "officer", "name": "Sam Officer"}


@pytest.mark.parametrize("by", [{"role": "chair", "name": "Pat Chair"}, {"role": "officer", "name": "Jo Other"}])
def test_nobody_acts_in_the_name_or_the_part_of_another(served: TestClient, by: object) -> None:
    answer = served.post("/encode", **written(note(by=by)))
    assert (answer.status_code, answer.text) == (
        403, "You act here as Sam Officer (officer): leave `by` out, or name yourself and that part.",
    )  # fmt: skip


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
