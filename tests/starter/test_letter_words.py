"""Every letter of every council and of every packaged scenario: its words are kept, and they are plain."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

import policies
from domain.letters import CATALOGUE
from domain.plain_english import proper_names
from domain.policy import Policy
from starter import gallery, plainness, scenario
from starter.stories import StoryLetter
from tests.starter import told

pytestmark = pytest.mark.long

COUNCILS = policies.ids()
KEPT = Path(__file__).parent / "__snapshots__" / "test_letter_words"
IN_FULL = ("dover", "kent-district")
_REFERENCE = re.compile(r"\b[A-Z]{3}-\d{4}-\d{4}\b")
_DAY = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d+ \w+ \d{4}|\d{1,2} (?:January|February|March|April|May|June|July|"
    r"August|September|October|November|December) \d{4}"
)


class AsText(SingleFileSnapshotExtension):
    """Each letter is a file of its own that anybody can read."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        return str(index)


def named(council: str) -> dict[str, StoryLetter]:
    """The letters that the gallery shows of a council, by the name of their file."""
    return {name: letter for name, (_, letter) in gallery.by_name(told.of_council(council)).items()}


def written(letter: StoryLetter) -> str:
    """What is kept of a letter."""
    return f"Subject: {letter.rendered.subject}\nTo: {letter.context.to_name}\n\n{letter.rendered.text}"


def bare(kept: str, policy: Policy) -> str:
    """The words without the council's names and without days, which differ from council to council anyway."""
    head, _, rest = kept.partition("\nTo: ")
    text = _REFERENCE.sub("…", " ".join(f"{head} {rest.partition(chr(10))[2]}".split()))
    contact = policy.contact
    names = {*proper_names(policy), *((contact.phone, contact.email) if contact else ())}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(" ".join(name.split()), "…")
    return re.split(r"Your contact is|-{60}", _DAY.sub("day", text))[0]


@cache
def in_full(council: str, anew: bool) -> frozenset[str]:
    """What the letters of a council say that are all kept: as they are written now, or as they were when kept."""
    policy = policies.load(council)
    texts = [written(letter) for letter in named(council).values()] if anew else []
    texts = texts or [path.read_text("utf-8") for path in KEPT.glob(f"{council}-*.txt")]
    return frozenset(bare(text, policy) for text in texts)


def worth_keeping(council: str, anew: bool) -> dict[str, StoryLetter]:
    """All letters of two councils; of another those that say anything else than the first two do."""
    letters = named(council)
    if council in IN_FULL:
        return letters
    known = frozenset[str]().union(*(in_full(other, anew) for other in IN_FULL))
    policy = policies.load(council)
    return {name: letter for name, letter in letters.items() if bare(written(letter), policy) not in known}


@pytest.mark.parametrize("council", COUNCILS, scope="module")
def test_every_letter_says_what_it_said_when_somebody_last_read_it(
    council: str, snapshot: SnapshotAssertion, pytestconfig: pytest.Config
) -> None:
    kept = snapshot.use_extension(AsText)
    letters = worth_keeping(council, anew=pytestconfig.option.update_snapshots)
    for name, letter in letters.items():
        assert written(letter) == kept(name=f"{council}-{name}"), (
            f"{council}-{name}: pytest --snapshot-update keeps the new words"
        )
    files = {path.stem for path in KEPT.glob(f"{council}-*.txt")}
    assert files == {f"{council}-{name}" for name in letters}, "delete the words that no letter has any more"


@pytest.mark.parametrize("council", COUNCILS, scope="module")
def test_every_kind_of_letter_comes_about_or_there_is_a_reason(council: str) -> None:
    letters = {letter.kind for letter in told.of_council(council)}
    never = gallery.never(policies.load(council)).keys()
    assert letters | never == set(CATALOGUE), "add what is missing to a story in starter/scenarios/gallery"
    assert not letters & never


@pytest.mark.parametrize("council", COUNCILS, scope="module")
def test_every_letter_of_every_kind_is_plain_whole_and_about_nobody_else(council: str) -> None:
    assert remarks(told.of_council(council)) == []


@pytest.mark.parametrize("name", scenario.ids())
def test_every_letter_of_a_packaged_scenario_is_plain_whole_and_about_nobody_else(name: str) -> None:
    letters = told.of_scenario(name)
    assert letters
    assert remarks(letters) == []


@pytest.mark.parametrize("council", COUNCILS, scope="module")
def test_a_letter_speaks_of_a_calendar_file_where_one_goes_with_it_and_nowhere_else(council: str) -> None:
    for letter in told.of_council(council):
        spoken = "A file comes with this e-mail" in " ".join(letter.rendered.text.split())
        assert spoken is bool(letter.context.files), f"{letter.story}, {letter.kind} to {letter.context.to_name}"


def remarks(letters: tuple[StoryLetter, ...]) -> list[str]:
    return [
        f"{letter.story}, {letter.kind} to {letter.context.to_name}: {remark.code}: {remark.words}"
        for letter in letters
        for remark in plainness.of_letter(letter)
    ]
