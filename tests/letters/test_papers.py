"""Papers as a PDF: the same bytes each time, a bookmark for each paper, and words that are never anything but words."""

import io
from datetime import date

import pikepdf
import pytest
from pdfminer.high_level import extract_text

from letters.letterhead import Letterhead
from letters.papers import Bundle, Facts, Paper, PaperTable, Words, pdf
from letters.rendering import Renderer
from letters.sources import COUNCILS, TEMPLATES

HEAD = Letterhead(council="Dover District Council", team="Community Safety Unit")
MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(TEMPLATES, COUNCILS)


def bundle(*parts: Words | Facts | PaperTable) -> Bundle:
    lead = (Facts((("Applicant", "Asha Example"), ("Officer", " "))),)
    return Bundle("Papers of the appeal", "DOV-2026-0001", MONDAY, lead, (Paper("First", parts), Paper("Last", parts)))


def text(made: bytes) -> str:
    return " ".join(extract_text(io.BytesIO(made)).split())


def test_the_same_papers_are_the_same_bytes_tagged_bookmarked_and_numbered(renderer: Renderer) -> None:
    papers = bundle(
        Words("One.\n\nTwo,\nstill two.", "What they said"), PaperTable(("No.", "What"), (("I1", "Shouting"),))
    )
    made = pdf(papers, HEAD, renderer)
    assert pdf(papers, HEAD, renderer) == made
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert len(opened.pages) == 3
        with opened.open_outline() as outline:
            assert [one.title for one in outline.root] == ["Papers of the appeal"]
            assert [one.title for one in outline.root[0].children if one.title in ("First", "Last")] == [
                "First",
                "Last",
            ]
    said = text(made)
    for words in ("Page 1 of 3", "Page 3 of 3", "Two, still two.", "Applicant: Asha Example", "Shouting"):
        assert words in said, words
    assert "Officer" not in said


@pytest.mark.parametrize("hostile", ['#read("/etc/passwd")', "= Heading *bold* $x$", "@here <there> \\ ~", "😀 𓀀"])
def test_what_people_wrote_is_never_the_layout_s_own_code(renderer: Renderer, hostile: str) -> None:
    parts = (Words(hostile, hostile), Facts(((hostile, hostile),)), PaperTable(("A", "B"), ((hostile, hostile),)))
    said = text(pdf(bundle(*parts), HEAD, renderer))
    assert hostile.split()[0].replace("😀", "") in said
    assert "root:" not in said


def test_a_word_longer_than_its_line_and_many_rows_are_set(renderer: Renderer) -> None:
    rows = tuple((f"I{number}", "x" * 300) for number in range(40))
    with pikepdf.open(
        io.BytesIO(pdf(bundle(PaperTable(("No.", "What"), rows), Words("y" * 4000)), HEAD, renderer))
    ) as made:
        assert len(made.pages) > 3
