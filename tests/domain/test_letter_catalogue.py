"""The catalogue of letters, their sources and their documentation say the same."""

import re
from datetime import date
from pathlib import Path

from domain.calendar import Calendar
from domain.catalogue import CATALOGUE, Audience, kind_of
from domain.fold import fold
from domain.letters import agency_of, is_public
from policies import load

HERE = Path(__file__).parents[2]


def test_every_kind_has_a_source_and_a_section_in_the_documentation_and_the_other_way_round() -> None:
    files = {path.name.partition(".")[0] for path in (HERE / "templates/letters").glob("[A-Z]*.md.j2")}
    page = (HERE / "docs/letters.md").read_text("utf-8")
    headings = re.findall(r"(?m)^### ([A-Z]-\d+[a-z]?): (.*)$", page)
    assert files == set(CATALOGUE)
    assert headings == [(kind.id, kind.title) for kind in CATALOGUE.values()]


def test_the_key_of_a_later_round_names_the_same_step() -> None:
    calendar = Calendar(source="a test", first=date(2025, 1, 1), horizon=date(2027, 12, 31), holidays=())
    case = fold(load("dover"), calendar, ())
    assert not is_public(case, "nothing")
    assert is_public(case, "response#2")
    assert agency_of(case, "information:police#2") == "police"
    assert agency_of(case, "information:nobody") == ""


def test_what_starts_a_readers_time_is_reached_by_the_letter_itself() -> None:
    for kind in CATALOGUE.values():
        assert kind.starts in (None, kind.milestone, kind.received)
        assert kind.milestone or not kind.received


def test_a_letters_number_says_who_reads_it() -> None:
    first = {Audience.APPLICANT: "L", Audience.ACTING: "R", Audience.OFFICIAL: "A"}
    others = {kind.id for kind in CATALOGUE.values() if not kind.id.startswith(f"{first[kind.reader]}-")}
    assert others == {"L-02a"}, "who is part of the application besides the applicant"


def test_a_kind_that_is_no_longer_written_starts_nothing_and_has_its_number() -> None:
    old = kind_of("L-99")
    assert (old.title, old.milestone, old.starts, old.farewell, old.day) == ("L-99", None, None, False, None)
