"""What stands against undoing an extension, and what it restores."""

from datetime import timedelta

from domain import events as e
from domain.calendar import Unit, count
from domain.case import Stage
from tests.domain.service import Service
from tests.domain.stages import at, panel

MORE = e.Extended(step="response", working_days=10, reason="An account is late.", approved_by="Sam Reeve")
UNDONE = e.ExtensionUndone(step="response", reason="The account came.")


def extended(stage: Stage = Stage.ARRANGING) -> Service:
    return at(stage).must(MORE)


def test_the_first_promise_stands_again_and_the_applicant_is_told() -> None:
    service = at(Stage.ARRANGING)
    first = service.due("response").due
    service.must(MORE)
    assert service.due("response").due > first
    service.wait(2).must(UNDONE)
    after = service.due("response")
    assert (after.due, after.promised, after.extended) == (first, first, 0)
    assert [letter.posted.letter for letter in service.case.letters.values()][-1] == "L-08u"


def test_a_date_that_was_told_with_the_extension_binds_nobody_any_more() -> None:
    service = extended().must(UNDONE)
    assert service.due("response").due == service.due("response").promised
    service.must(MORE)
    after = service.due("response")
    assert after.due == count(service.case.calendar, after.promised, 10, Unit.WORKING_DAYS).due


def test_it_is_refused_once_the_first_promise_has_passed() -> None:
    service = extended()
    service.wait_until(service.due("response").promised + timedelta(days=1))
    sentence = str(service.refusal(UNDONE))
    assert sentence.startswith("the date first promised, ")
    assert "has passed, so it cannot be kept any more" in sentence


def test_it_is_refused_where_the_meeting_is_arranged_after_the_first_promise() -> None:
    service = at(Stage.ARRANGING)
    first = service.due("panel").due
    service.must(MORE.model_copy(update={"step": "panel"}))
    service.must(panel(first + timedelta(days=1)))
    undone = UNDONE.model_copy(update={"step": "panel"})
    assert str(service.refusal(undone)).startswith("the meeting is arranged for ")


def test_it_names_what_was_extended_where_the_key_is_another() -> None:
    sentence = str(extended().refusal(UNDONE.model_copy(update={"step": "panel"})))
    assert sentence.startswith("panel has no extension to undo; what has: “")
