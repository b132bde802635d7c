"""Delivery receipts of GOV.UK Notify: with the token the case hears at once and once; without it nothing happens."""

import json
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2 as httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from connection.settings import Settings
from console.api import receipts
from console.app import application
from office.connected import Office
from register import queries
from register.letter_rows import LetterProgress, LetterRow
from tests.console.office import House
from tests.console.test_access import routes
from tests.workflows.life import Life, form

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

TOKEN = "a-token-of-Notify_0123456789"
BOTH_WAYS = {"name": "Asha Example", "email": "asha@example.org", "address": ("1 High Street", "Dover", "CT16 1AA")}


@pytest.fixture(scope="module")
def door(house: House) -> FastAPI:
    """The console over the same office, with a token for receipts."""
    return application(with_token(house))


def with_token(house: House) -> Office:
    settings = Settings.model_validate({**house.office.settings.model_dump(), "notify_callback_token": TOKEN})
    return Office(settings, house.office.client, house.office.database)


def knocking(door: FastAPI, authorization: str = "") -> httpx.AsyncClient:
    """Notify's own requests: no cookie, no word of where they come from."""
    headers = {"Authorization": authorization.encode("latin-1")} if authorization else {}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=door), base_url="http://localhost", headers=headers)


@pytest_asyncio.fixture(loop_scope="session")
async def notify(door: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with knocking(door, f"Bearer {TOKEN}") as client:
        yield client


def receipt(reference: str | None, status: str = "permanent-failure", **more: Any) -> dict[str, Any]:
    """As Notify documents it."""
    at = "2026-11-21T12:15:30.000000Z"
    return {
        "id": str(uuid.uuid4()), "reference": reference, "to": "asha@example.org", "status": status, "created_at": at,
        "completed_at": at, "sent_at": at, "notification_type": "email", "template_id": str(uuid.uuid4()),
        "template_version": 1, **more,
    }  # fmt: skip


async def mailed(house: House) -> tuple[Life, LetterRow]:
    life = await Life.begin(house.desk, application=form(applicant=BOTH_WAYS))
    await life.settled()
    return life, (await first(house, life))[0]


async def first(house: House, life: Life) -> list[LetterRow]:
    return [one for one in await queries.letters(house.office.database, life.reference) if one.kind == "L-01"]


async def of_the_house(house: House) -> list[LetterRow]:
    """The letters to the applicant of the case that every test shares."""
    found = await queries.letters(house.office.database, house.reference)
    assert found[0].state is LetterProgress.ACCEPTED
    return [one for one in found if one.kind == "L-01"]


def known_as(row: LetterRow) -> str:
    return row.message_id.strip("<>").partition("@")[0]


async def test_a_letter_that_failed_reaches_its_case_once_however_often_notify_says_so(
    house: House, notify: httpx.AsyncClient
) -> None:
    life, row = await mailed(house)
    for _ in range(3):
        found = await notify.post("/notify", json=receipt(known_as(row)))
        assert (found.status_code, found.content) == (204, b"")
        await life.settled()
    bounced, printed = await first(house, life)
    assert (bounced.state, bounced.words) == (LetterProgress.BOUNCED, "there is no such mailbox (permanent-failure)")
    assert printed.state is LetterProgress.IN_TRAY
    assert (await life.kinds()).count("letter.undelivered") == 1


@pytest.mark.parametrize("status", ["delivered", "sending", "returned-letter", "nonsense"])
async def test_what_is_no_failure_of_an_e_mail_changes_nothing(
    house: House, notify: httpx.AsyncClient, status: str
) -> None:
    rows = await of_the_house(house)
    assert (await notify.post("/notify", json=receipt(known_as(rows[0]), status))).status_code == 204
    assert await of_the_house(house) == rows


@pytest.mark.parametrize("reference", [None, "", "of-another-system", "f" * 40, "<x@y>", "\u0000", "a" * 1000])
async def test_what_is_no_letter_of_ours_is_taken_and_forgotten(
    notify: httpx.AsyncClient, reference: str | None
) -> None:
    assert (await notify.post("/notify", json=receipt(reference))).status_code == 204


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("", 403), ("Bearer", 403), (f"Basic {TOKEN}", 403), (TOKEN, 403), ("Bearer x", 401), ("Bearer é", 401),
        (f"Bearer {TOKEN}x", 401), (f"Bearer {TOKEN[:-1]}", 401), (f"Bearer {TOKEN.lower()}", 401),
    ],
)  # fmt: skip
async def test_without_the_token_nothing_is_done(house: House, door: FastAPI, header: str, status: int) -> None:
    rows = await of_the_house(house)
    async with knocking(door, header) as client:
        assert (await client.post("/notify", json=receipt(known_as(rows[0])))).status_code == status
    assert await of_the_house(house) == rows


async def test_where_no_token_is_set_there_is_no_such_page(unserved: FastAPI) -> None:
    for header in (f"Bearer {TOKEN}", "Bearer x", "Bearer None"):
        async with knocking(unserved, header) as client:
            assert (await client.post("/notify", json=receipt("f" * 40))).status_code == 404


async def test_the_token_opens_no_other_page(door: FastAPI, unserved: FastAPI) -> None:
    assert set(routes(door)) - set(routes(unserved)) == {("/notify", "POST")}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"{", 400), (b"[]", 400), (b"null", 400), (b'"x"', 400), (b"{}", 400), (b"\xff\xfe", 400),
        (b'{"reference": 5, "status": "delivered"}', 400), (b'{"reference": "x", "status": null}', 400),
        (b'{"reference": {"x": "y"}, "status": "permanent-failure"}', 400), (b"[" * 9_000, 400),
        (json.dumps(receipt("a" * 1001)).encode(), 400), (json.dumps(receipt("f", "s" * 101)).encode(), 400),
        (json.dumps(receipt("f", more="x" * receipts.LARGEST)).encode(), 413), (b"x" * 2_000_001, 413),
    ],
)  # fmt: skip
async def test_what_is_no_receipt_is_refused(notify: httpx.AsyncClient, body: bytes, status: int) -> None:
    found = await notify.post("/notify", content=body, headers={"Content-Type": "application/json"})
    assert found.status_code == status
    assert b"Traceback" not in found.content


async def test_a_body_without_a_length_is_not_read_for_ever(notify: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 100_000

    assert (await notify.post("/notify", content=endless())).status_code == 413


async def test_a_case_that_does_not_answer_in_time_has_the_receipt_sent_again(
    house: House, notify: httpx.AsyncClient
) -> None:
    life, row = await mailed(house)
    hasty = application(with_token(house), receipts_within=timedelta(0))
    async with knocking(hasty, f"Bearer {TOKEN}") as client:
        assert (await client.post("/notify", json=receipt(known_as(row)))).status_code == 503
    assert (await notify.post("/notify", json=receipt(known_as(row)))).status_code == 204
    await life.settled()
    assert (await first(house, life))[0].state is LetterProgress.BOUNCED


@pytest.mark.parametrize("token", ["short", "x" * 201, "with a space in it, and more"])
async def test_a_token_that_could_be_guessed_or_not_be_sent_is_one_sentence(token: str) -> None:
    with pytest.raises(ValueError, match="must be 20 to 200 letters"):
        Settings.model_validate({"notify_callback_token": token})
    assert Settings.model_validate({"notify_callback_token": ""}).notify_callback_token is None
