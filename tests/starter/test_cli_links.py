"""``casereview link``: who holds one, end it; ``letter show`` keeps what makes one work to itself."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connection.settings import Settings
from domain.messages import LetterOrder, Party, Recipient
from post.link_desk import LinkDesk
from register import letter_rows, taking_in
from register.database import Database
from register.entries import record
from register.links import LinkPurpose
from starter.cli import run
from starter.up import _placed
from tests.register import examples
from tests.register.fresh import with_tables
from tests.support import clock

REFERENCE, ADDRESS = "DOV-2026-0001", "https://asb.example.gov.uk"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register with one case, an applicant's link and the letter that printed it."""
    monkeypatch.setenv("CASEREVIEW_HOME", str(tmp_path))
    monkeypatch.setenv("CASEREVIEW_PUBLIC_URL", ADDRESS)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


async def filled(home: Path) -> str:
    Settings.load().key_ring().make()
    async with Database(with_tables(f"sqlite:///{home}/register.db")) as database:
        start = await taking_in.take_in(
            database, examples.form(), examples.policy(), examples.CALENDAR, by=examples.APPLICANT,
            now=clock.now() - timedelta(days=2), demo=True,
        )  # fmt: skip
        await record(database, examples.opening(start).turn())
        desk = LinkDesk.of(database, Settings.load())
        url = await desk.printed(REFERENCE, LinkPurpose.PROGRESS, start.application.applicant)
        assert url is not None
        order = LetterOrder(
            key=f"{REFERENCE}/e1/L-01/applicant", letter="L-01", to=Recipient(party=Party.APPLICANT), event="e1", upto=1
        )
        draft = replace(examples.DRAFT, text=f"See {url}", html=f'<a href="{url}">{url}</a>')
        await letter_rows.reserve(database, REFERENCE, order, draft, now=clock.now())
        return url


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_link_is_listed_and_ended(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = asyncio.run(filled(home))
    (one,) = printed(capsys, "link", "list", REFERENCE)
    assert (one["who"], one["for"], one["state"]) == ("Ann Reed", "progress", "live")
    assert url[-19:] not in json.dumps(one)
    assert run(["link", "list", REFERENCE]) == 0
    assert "Ann Reed" in capsys.readouterr().out
    ended = printed(capsys, "link", "revoke", REFERENCE, url[len(ADDRESS) + 3 :][:9].lower())
    assert (ended["state"], ended["revoked_by"]) == ("revoked", "casereview link")
    assert [one["state"] for one in printed(capsys, "link", "list", REFERENCE)] == ["revoked"]


def test_a_letter_is_shown_without_what_makes_its_link_work(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = asyncio.run(filled(home))
    for form in ((), ("--html",)):
        assert run(["letter", "show", REFERENCE, "1", *form]) == 0
        shown = capsys.readouterr().out
        assert f"{url[:-20]}-…" in shown
        assert url not in shown


@pytest.mark.parametrize("command", ["revoke", "new"])
def test_a_link_that_is_not_there_is_told_in_one_sentence(
    home: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    asyncio.run(filled(home))
    assert run(["link", command, REFERENCE, "ABCDEFGH"]) == 2
    assert "has no link ABCDEFGH; `casereview link list" in capsys.readouterr().err


def test_without_an_address_no_link_is_made(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(filled(home))
    monkeypatch.delenv("CASEREVIEW_PUBLIC_URL")
    (one,) = printed(capsys, "link", "list", REFERENCE)
    assert run(["link", "new", REFERENCE, one["link"]]) == 2
    assert "set CASEREVIEW_PUBLIC_URL" in capsys.readouterr().err


def test_the_embedded_service_prints_links_to_its_own_console(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ports = dict.fromkeys(
        ("temporal_port", "ui_port", "codec_port", "inbox_port", "inbox_smtp_port", "console_port"), 0
    )
    monkeypatch.delenv("CASEREVIEW_PUBLIC_URL")
    placed = _placed(Settings.load(**ports))
    assert placed.public_address == f"http://127.0.0.1:{placed.console_port}"
    assert _placed(Settings.load(public_url=ADDRESS, **ports)).public_address == ADDRESS
