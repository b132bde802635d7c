"""What cannot be taken: each field that is wrong is named, all at once, and nothing of it is kept."""

import json
import re
from datetime import timedelta

import pytest
from jsonschema_rs import Draft202012Validator

from console.api import fields
from console.web.problems import KINDS
from console.web.security import LARGEST
from tests.console.sender import PATH, Senders, application, pointers
from tests.support import clock

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

INCIDENT = application()["incidents"][0]
TOMORROW = (clock.now() + timedelta(days=2)).date().isoformat()


@pytest.mark.parametrize(
    ("changed", "pointer", "words"),
    [
        ({"channel": "pigeon"}, "#/channel", "must be one of web, phone, post, email, in_person"),
        ({"nope": 1}, "#/nope", "there is no such field"),
        ({"a/b~c d": 1}, "#/a~1b~0c%20d", "there is no such field"),
        ({"incidents": []}, "#/incidents", "needs at least one"),
        ({"incidents": [INCIDENT] * 201}, "#/incidents", "may have at most 200"),
        ({"incidents": [{**INCIDENT, "reported": "2026-02-30"}]}, "#/incidents/0/reported", "must be a date"),
        ({"incidents": [{**INCIDENT, "reported": "20260230"}]}, "#/incidents/0/reported", "must be a date"),
        ({"incidents": [{**INCIDENT, "reported": 1e300}]}, "#/incidents/0/reported", "must be a date"),
        ({"incidents": [{**INCIDENT, "reported": 10**4000}]}, "#/incidents/0/reported", "must be a date"),
        ({"incidents": [{**INCIDENT, "reported": "2001-01-01"}]}, "#/incidents/0", "is before what happened"),
        ({"incidents": [{**INCIDENT, "reported": TOMORROW}]}, "#/incidents/0/reported", "is after"),
        ({"incidents": [{**INCIDENT, "occurred": "9999-12-31", "reported": "9999-12-31"}]}, "#/incidents/0/reported",
         "is after"),
        ({"made_at": "0001-01-01T00:00:00+01:00"}, "#/made_at", "is no day of ours"),
        ({"made_at": "9999-12-31T23:59:59-01:00"}, "#/made_at", "is no day of ours"),
        ({"made_at": "1913-05-06T10:00"}, "#/made_at", "cannot be counted"),
        ({"made_at": "1763700000"}, "#/made_at", "must be a date and time"),
        ({"made_at": 1763700000}, "#/made_at", "must be a date and time"),
        ({"same_problem": "yes"}, "#/same_problem", "must be true or false"),
        ({"impact": "a\0b"}, "#/impact", "U+0000"),
        ({"impact": "a" * 20_001}, "#/impact", "at most 20000 characters"),
        ({"applicant": {"name": "Two\nlines"}}, "#/applicant/name", "must be one line"),
        ({"applicant": {"name": "A", "email": "a\0@example.org"}}, "#/applicant/email", "must be one line"),
        ({"applicant": {"name": "A", "email": "nobody"}}, "#/applicant/email", "such as jo@example.org"),
        ({"applicant": {"name": "A", "unsafe": ["phome"]}}, "#/applicant/unsafe", "may have only email, post"),
        ({"representative": {"name": "B"}}, "#/representative/relation", "is missing"),
    ],
)  # fmt: skip
async def test_a_field_that_is_wrong_is_pointed_at(
    senders: Senders, changed: dict[str, object], pointer: str, words: str
) -> None:
    sent = await senders.dover.send(application(**changed))
    assert sent.status_code == 422
    assert words in pointers(sent)[pointer]


async def test_every_fault_is_told_at_once(senders: Senders) -> None:
    wrong = {**INCIDENT, "reported": "soon", "reported_to": None}
    sent = await senders.dover.send(application(incidents=[INCIDENT, wrong], applicant={}, tenure=3))
    assert set(pointers(sent)) == {
        "#/applicant/name", "#/tenure", "#/incidents/1/reported", "#/incidents/1/reported_to",
    }  # fmt: skip
    assert "4 things are wrong" in sent.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"channel=web", b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -1e', b'{"impact": "\xff\xfe"}',
        b"\xff\xfe{\x00}\x00", b'{"impact": "\\ud800"}', b"[" * 100_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    ],
)  # fmt: skip
async def test_what_is_not_json_is_told_as_that(senders: Senders, body: bytes) -> None:
    sent = await senders.dover.send(body)
    assert (sent.status_code, sent.json()["type"]) == (400, "/api#unreadable")


@pytest.mark.parametrize("body", [b"null", b"[]", b"1", b'"text"', b"1" * 5_000])
async def test_json_that_is_no_application_is_told_as_that(senders: Senders, body: bytes) -> None:
    sent = await senders.dover.send(body)
    assert sent.status_code in (400, 422)
    assert sent.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "given", [None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", "json"]
)
async def test_another_content_type_is_refused(senders: Senders, given: str | None) -> None:
    sent = await senders.dover.send(application(), Content_Type=given)
    assert (sent.status_code, sent.json()["type"]) == (415, "/api#not-json")


async def test_a_compressed_body_is_refused(senders: Senders) -> None:
    assert (await senders.dover.send(application(), Content_Encoding="gzip")).status_code == 415


async def test_utf_8_may_be_said(senders: Senders) -> None:
    body = json.dumps(application(impact="Łódź, 🦊"), ensure_ascii=False).encode()
    assert (await senders.dover.send(body, Content_Type='application/json;charset="UTF-8"')).status_code == 201


@pytest.mark.parametrize("key", ["", '""', "a b", "x" * 256])
async def test_an_idempotency_key_is_needed(senders: Senders, key: str) -> None:
    sent = await senders.dover.send(application(), Idempotency_Key=key)
    assert (sent.status_code, sent.json()["type"]) == (400, "/api#no-idempotency-key")


async def test_too_large_a_body_is_refused_with_and_without_its_length(senders: Senders) -> None:
    whole = await senders.dover.send(b" " * (LARGEST + 1))
    assert (whole.status_code, whole.json()["type"]) == (413, "/api#too-large")
    parts = await senders.dover.client.post(
        PATH, content=_parts(), headers={"Authorization": f"Bearer {senders.dover.key}",
                                         "Content-Type": "application/json", "Idempotency-Key": "parts"},
    )  # fmt: skip
    assert (parts.status_code, parts.json()["type"]) == (413, "/api#too-large")


async def _parts():  # type: ignore[no-untyped-def]
    for _ in range(30):
        yield b" " * 100_000


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("DELETE", PATH, 405), ("GET", PATH, 405), ("PUT", f"{PATH}/DOV-2026-0001", 405),
        ("GET", "/api/nothing", 404), ("POST", "/api/nothing", 404),
    ],
)  # fmt: skip
async def test_another_method_or_address_is_a_problem_too(
    senders: Senders, method: str, path: str, status: int
) -> None:
    sent = await senders.dover.client.request(method, path, headers={"Authorization": f"Bearer {senders.dover.key}"})
    assert sent.status_code == status
    assert sent.headers["content-type"] == "application/problem+json"
    assert sent.json()["status"] == status
    assert ("allow" in sent.headers) == (status == 405)


async def test_the_guard_answers_the_api_in_its_own_way(senders: Senders) -> None:
    sent = await senders.dover.send(application(), Host="evil.example")
    assert (sent.status_code, sent.headers["content-type"]) == (400, "application/problem+json")
    assert "default-src 'none'" in sent.headers["content-security-policy"]


async def test_the_page_has_every_field_and_every_problem_without_a_script(senders: Senders) -> None:
    page = await senders.dover.client.get("/api")
    assert page.status_code == 200
    for row in fields.rows():
        assert row.path in page.text
        assert row.meaning.split(":")[0] in page.text
    for kind in KINDS:
        assert f'id="{kind.slug}"' in page.text
    assert "<script" not in page.text
    assert not re.search(r'(?:src|href)="https?:', page.text)


async def test_the_openapi_document_is_one_and_its_example_fits(senders: Senders) -> None:
    document = (await senders.dover.client.get("/api/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    operation = document["paths"][PATH]["post"]
    example = operation["requestBody"]["content"]["application/json"]["example"]
    schema = {"$ref": "#/components/schemas/ApplicationForm", "components": document["components"]}
    assert Draft202012Validator(schema).is_valid(example)
    assert (await senders.dover.send(example)).status_code == 201
    assert {kind.status for kind in KINDS} - {405, 404} <= {int(status) for status in operation["responses"]}
