"""The questions after a case by their link: answered once, with no name asked, counted on the management page."""

import pytest

from console.staff.survey_figures import survey_tables
from post.link_desk import LinkDesk, masked, prints_a_link
from register import surveys, tables
from register.figures import FigureScope
from tests.console.office import House, Visitor
from tests.support import clock


def said(**answer: str) -> tables.SurveyAnswer:
    blank = dict.fromkeys((*surveys.QUESTIONS, "words"), "")
    return tables.SurveyAnswer(id="x", council="dover", refused=False, demo=False, **(blank | answer))


def test_each_question_is_counted_and_words_stand_apart() -> None:
    counts, words = survey_tables([said(told="yes", result="worse"), said(told="no", words="Ring me.")])
    assert [[cell.words for cell in row] for row in counts.rows] == [
        ["Did we tell you what was happening, and when?", "1", "0", "1"],
        ["Is the behaviour you reported better, the same or worse?", "0", "0", "1"],
    ]
    assert [[cell.words for cell in row] for row in words.rows] == [["Ring me."]]


def test_a_link_to_the_questions_is_masked_for_staff_like_every_other() -> None:
    letter = "Answer here: https://x.example.org/survey/abcdefghij_klmnop-qrst."
    assert prints_a_link(letter)
    assert "abcdefghij" not in masked(letter)


@pytest.mark.temporal
@pytest.mark.asyncio(loop_scope="session")
async def test_a_link_takes_one_answer_from_a_browser_that_has_no_visit(house: House) -> None:
    desk = LinkDesk.of(house.office.database, house.office.settings)
    address = (await desk.survey("dover", refused=False, demo=False)).removeprefix(house.address)
    guest = Visitor(house.address)
    page = await guest.get(address)
    assert page.status_code == 200
    assert "How did we do?" in page.text
    assert "behaviour you reported better" in page.text
    for text in (house.reference, "Asha Example"):
        assert text not in page.text
    nothing = await guest.post(address, words="")
    assert nothing.status_code == 422
    done = await guest.post(address, told="yes", result="better", words="Thank you.")
    assert "Thank you" in done.text
    again = await guest.get(address)
    assert again.status_code == 404
    assert "is used, or is not one of ours" in again.text
    answers = await surveys.answers(house.office.database, FigureScope("dover", clock.today()))
    assert [(one.told, one.words) for one in answers] == [("yes", "Thank you.")]
    manager = await house.visitor("manager")
    assert "What applicants say" in (await manager.get("/management")).text
