"""A reason that says nothing is none, wherever one is asked for."""

from __future__ import annotations

import pytest

from domain import events as e
from domain.case import Stage
from domain.substance import says_something
from tests.domain.stages import REFUSED, appeal, at, decision, held


@pytest.mark.parametrize("text", ["", " ", ".", "-", "—", "n/a", "N.A.", "None.", "nil", "xxx", "TBC", "0", "?!"])
def test_signs_and_fillers_say_nothing(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize("text", ["Late.", "She is ill.", "£50", "No reports since May.", "Ни один", "9 June"])
def test_a_word_a_sum_or_a_date_says_something(text: str) -> None:
    assert says_something(text)


@pytest.mark.parametrize("nothing", [".", "n/a", "-", "None", "xx"])
@pytest.mark.parametrize("field", ["persistence", "harm", "adequacy", "alternative_action"])
def test_a_refusal_of_the_threshold_needs_words_that_say_something(field: str, nothing: str) -> None:
    service = at(Stage.THRESHOLD)
    few = REFUSED.model_copy(update={field: nothing})
    refused = service.refusal(few)
    assert refused is not None


@pytest.mark.parametrize(
    ("stage", "body"),
    [
        (Stage.OUTCOME, e.OutcomeDecided(reasons="n/a")),
        (Stage.FOLLOW_UP, e.RecommendationAnswered(recommendation="R1", response=e.Response.DECLINED, reasons="-")),
        (Stage.FOLLOW_UP, e.NoteAdded(text="...")),
    ],
)
def test_an_act_whose_words_say_nothing_is_refused_and_its_field_named(stage: Stage, body: e.Body) -> None:
    sentence = at(stage).refusal(body)
    assert sentence is not None
    assert "reason" in sentence or "text" in sentence


def test_findings_grounds_and_decisions_are_held_to_it_in_every_part() -> None:
    panel = at(Stage.PANEL)
    panel.wait_until(panel.case.panel.on if panel.case.panel else panel.today)
    empty = held(panel.today, "police").model_copy(update={"findings": "N/A"})
    assert "findings says nothing" in (panel.refusal(empty) or "")
    asked = e.Recommendation(to="police", text="-")
    assert "text says nothing" in (
        panel.refusal(e.PanelHeld(on=panel.today, findings="Read.", recommendations=(asked,))) or ""
    )
    window = at(Stage.APPEAL_WINDOW)
    assert "grounds says nothing" in (window.refusal(appeal(window, grounds=".")) or "")
    heard = at(Stage.APPEAL)
    nothing = decision(heard.today).model_copy(update={"reasons": "n/a"})
    assert "reasons says nothing" in (heard.refusal(nothing) or "")
