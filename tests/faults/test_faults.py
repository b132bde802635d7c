"""A short run of ``make test-faults``: parts fall in the middle of cases' lives, and everything is there afterwards."""

from __future__ import annotations

import base64
import random
from pathlib import Path

import pytest

from tests.faults.kinds import Kind, drawn
from tests.faults.letterbox import WAYS, Letterbox
from tests.faults.run import run
from tests.faults.words import Planted
from tests.register.postgres import binaries


def quiet(sentence: str) -> None: ...


@pytest.mark.temporal
@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("register", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def test_nothing_is_lost_or_doubled_and_no_word_goes_astray_when_parts_are_killed(
    register: str, tmp_path: Path
) -> None:
    programs = binaries() if register == "postgresql" else None
    if register == "postgresql" and programs is None:
        pytest.skip("left out: killing PostgreSQL; install its server (the package postgresql), initdb on the PATH")
    seed = random.SystemRandom().randrange(1_000_000)
    report = await run(tmp_path / "run", kills=6, seed=seed, at_once=3, postgres=programs, say=quiet)
    assert report.troubles == [], report.lines()
    assert report.kills.total() == 6
    assert report.acts > 10
    assert report.letters.total() > 20


def test_every_kind_of_fault_comes_about_as_often() -> None:
    kinds = list(drawn(11, (Kind.WORKER, Kind.TEMPORAL, Kind.MAIL), random.Random(1)))
    assert {kind: kinds.count(kind) for kind in kinds} == {Kind.WORKER: 4, Kind.TEMPORAL: 4, Kind.MAIL: 3}
    assert kinds != sorted(kinds)


def test_the_mail_server_can_misbehave_in_22_ways() -> None:
    assert len(set(WAYS)) == 22


def test_a_word_that_went_astray_is_found_as_it_is_and_in_base64(tmp_path: Path) -> None:
    words = Planted(1)
    word = words.word("application.name")
    (tmp_path / "register.db").write_text(word)
    assert list(words.found(tmp_path, but=("register.db",))) == []
    for before in ("", "x", "xy"):
        (tmp_path / "log").write_bytes(base64.b64encode(f"{before}{word} and more".encode()))
        assert list(words.found(tmp_path, but=("register.db",))) == ["application.name stands in log"]
    (tmp_path / "log").write_text(f"it failed for {word.upper()}")
    assert list(words.found(tmp_path, but=("register.db",))) == ["application.name stands in log"]


def test_what_the_mail_server_took_is_told_by_its_message_id(tmp_path: Path) -> None:
    box = Letterbox(tmp_path / "letters")
    for id in ("<1@a>", "<2@a>", "<1@a>"):
        box.take(f"Message-ID: {id}\r\n\r\nDear Asha".encode())
    assert box.taken() == {"<1@a>": 2, "<2@a>": 1}
