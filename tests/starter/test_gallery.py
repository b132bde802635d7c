"""The gallery: every form of every letter in a folder, with a page that says what is there and what is not."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf
import pytest

import policies
from domain.letters import CATALOGUE
from domain.lint import Severity, lint
from letters.pdf import Postal
from letters.sources import renderer
from starter import gallery
from starter.cli import run
from starter.gallery import Gallery, make, never, pages
from tests.domain.test_lint import put, without
from tests.letters.paper import glyphs
from tests.starter import told

pytestmark = pytest.mark.long

FEW = ("L-02", "L-04", "L-07", "L-08", "L-20", "L-21", "A-02")


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.scopes: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "a":
            self.targets.append(known["href"] or "")
        if tag == "th":
            self.scopes.append(known["scope"] or "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gallery")


@pytest.fixture(scope="module")
def made(folder: Path) -> Gallery:
    """A few kinds of two councils, one of which asks nobody to confirm the reports."""
    (folder / "dover").mkdir()
    (folder / "dover" / "L-99.pdf").write_bytes(b"of an earlier gallery")
    (folder / "dover" / "notes.txt").write_text("mine")
    councils = [(policies.load(one), renderer()) for one in ("dover", "kent-district")]
    return make(folder, councils, FEW, told.NOW)


def test_each_letter_is_there_as_text_html_and_pdf(folder: Path, made: Gallery) -> None:
    assert {one.kind for one in made.shown if one.policy == "dover"} == set(FEW)
    for one in made.shown:
        text = (folder / f"{one.name}.txt").read_text("utf-8")
        assert one.subject in " ".join(text.split())
        assert "</html>" in (folder / f"{one.name}.html").read_text("utf-8")
        with pikepdf.open(folder / f"{one.name}.pdf") as document:
            assert len(document.pages) == one.pages
        assert 50 < one.words < 1000
        assert one.reading_age is None or 5 < one.reading_age < 18
        assert one.remarks == ()


def test_letters_of_one_kind_are_told_apart(made: Gallery) -> None:
    assert {one.what for one in made.shown if (one.policy, one.kind) == ("dover", "L-21")} == {
        "upheld, to the representative",
        "dismissed, to the applicant",
        "remitted, to the applicant",
    }
    assert len({one.name for one in made.shown}) == len(made.shown)


def test_a_kind_that_a_council_cannot_send_is_left_out_with_the_reason(folder: Path, made: Gallery) -> None:
    (left,) = made.left
    assert (left.policy, left.kind) == ("kent-district", "A-02")
    assert left.reason in (folder / "index.html").read_text("utf-8")
    assert set(never(policies.load("dover"))) == {"L-04b"}
    assert set(never(policies.load("kent-district"))) == {"A-02"}


def test_the_page_links_every_file_and_its_table_has_headings_both_ways(folder: Path, made: Gallery) -> None:
    page = Links((folder / "index.html").read_text("utf-8"))
    files = {f"{one.name}.{form}" for one in made.shown for form in ("txt", "html", "pdf")}
    assert set(page.targets) == files | {file for one in made.shown for file in one.files}
    assert page.scopes == ["col"] * 3 + ["row"] * len(FEW)


def test_a_meeting_has_its_calendar_file_beside_the_letter(folder: Path, made: Gallery) -> None:
    arranged, *moved = (one for one in made.shown if (one.policy, one.kind) == ("dover", "L-20"))
    assert arranged.files == ("dover/L-20-appeal-hearing-arranged-hearing-1.ics",)
    entries = [(folder / one.files[0]).read_text("utf-8") for one in (arranged, *moved)]
    assert [re.findall(r"SEQUENCE:(\d)", entry) for entry in entries] == [["0"], ["1"], ["2"]]
    assert {one.kind for one in made.shown if one.files} == {"L-20"}


def test_a_letter_in_welsh_is_told_apart_and_has_no_english_reading_age(folder: Path, made: Gallery) -> None:
    english, welsh = (one for one in made.shown if (one.policy, one.kind) == ("dover", "L-08"))
    assert (english.language, welsh.language, welsh.what) == ("English", "Welsh", "in Welsh")
    assert (welsh.reading_age, welsh.remarks) == (None, ())
    assert f'<a href="{welsh.name}.html" lang="cy">' in (folder / "index.html").read_text("utf-8")
    assert "Annwyl Gwen Prys" in (folder / f"{welsh.name}.txt").read_text("utf-8")


def test_the_page_says_of_each_letter_how_it_goes(folder: Path, made: Gallery) -> None:
    dismissed = next(one for one in made.shown if one.name == "dover/L-21-dismissed-to-the-applicant")
    assert (dismissed.by, dismissed.large_print) == ("by post", True)
    page = (folder / "index.html").read_text("utf-8")
    assert "by post, in large print, " in page
    assert {one.by for one in made.shown if one.kind == "L-20"} == {"by e-mail"}


def test_an_earlier_gallery_goes_and_other_files_stay(folder: Path, made: Gallery) -> None:
    assert not (folder / "dover" / "L-99.pdf").exists()
    assert (folder / "dover" / "notes.txt").exists()


@pytest.mark.parametrize("kind", ["L-02", "L-07"])
def test_a_signature_never_stands_alone_on_a_page(folder: Path, made: Gallery, kind: str) -> None:
    for one in made.shown:
        if one.kind == kind:
            found = glyphs((folder / f"{one.name}.pdf").read_bytes())
            last = "".join(glyph.text for glyph in found if glyph.page == one.pages)
            assert "Yourcontact" in last
            assert "Yourssincerely" in last


def test_a_pdf_that_is_not_ours_has_no_pages_to_tell() -> None:
    other = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(other, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    with pytest.raises(ValueError, match="not one of our letters"):
        pages(other.getvalue())
    letter = told.of_council("dover")[0]
    assert pages(renderer().pdf(letter.rendered, to=Postal("Jo"))) > 0


DOVER = policies.load("dover")
COLLATED = next(clock for step in DOVER.steps for clock in step.clocks if clock.anchor == "collated")
UNLIKE: Mapping[str, Mapping[str, Any]] = {
    "a panel that may come late": {
        "steps[panel].clocks": (COLLATED.model_copy(update={"limit": 60}),),
        "steps[response].clocks[0].limit": 100,
    },
    "one day to appeal": {"appeals[0].window.limit": 1},
    "extensions of one day": {"extensions.at_most": 1},
    "no landlord in its directory": {"agencies": without(DOVER, "agencies", "landlord")},
    "bodies of other names": {
        "agencies": tuple(one.model_copy(update={"id": f"the-{one.id}"}) for one in DOVER.agencies)
    },
}


@pytest.mark.parametrize("changes", [pytest.param(changes, id=name) for name, changes in UNLIKE.items()])
def test_every_kind_is_shown_of_any_policy_that_loads(changes: Mapping[str, Any]) -> None:
    policy = DOVER
    for path, new in changes.items():
        policy = put(policy, path, new)
    assert not [fault for fault in lint(policy) if fault.severity is Severity.ERROR]
    letters, gaps = gallery.told(policy, renderer(), told.NOW)
    assert gaps == ()
    assert {letter.kind for letter in letters} | set(never(policy)) == set(CATALOGUE)


def test_a_story_that_a_policy_has_no_room_for_is_told_and_the_rest_is_shown() -> None:
    letters, gaps = gallery.told(put(DOVER, "extensions.steps", ()), renderer(), told.NOW)
    assert letters
    assert any("extend" in gap for gap in gaps)


def test_the_command_lists_its_files_and_says_how_it_goes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["letter", "gallery", str(tmp_path), "--policy", "medway", "--kind", "l-16", "--json"]) == 0
    said = capsys.readouterr()
    told_of = json.loads(said.out)
    (letter,) = told_of["letters"]
    assert (letter["policy"], letter["kind"], letter["pdf"]) == ("medway", "L-16", "medway/L-16.pdf")
    assert all((tmp_path / letter[form]).is_file() for form in ("text", "html", "pdf"))
    assert told_of["left_out"] == []
    assert "Medway Council: 1 letters." not in said.err
    assert "Medway Council: 1 letter." in said.err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--kind", "L-98"], "There is no letter kind “L-98”"),
        (["--policy", "nowhere"], "There is no policy “nowhere”"),
    ],
)
def test_what_is_not_known_is_said_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], says: str
) -> None:
    assert run(["letter", "gallery", str(tmp_path / "new"), *more]) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("mine")
    assert run(["letter", "gallery", str(tmp_path / "taken"), "--policy", "medway", "--kind", "L-16"]) == 2
    assert "name a folder that may be written" in capsys.readouterr().err
