"""What stands in the letters about actions, appeals turned away or heard, authority to act, and the survey."""

from datetime import date, timedelta

import pytest

import policies
from domain import events as e
from domain.application import Person
from domain.calendar import words
from domain.policy import Decision, Rung, StepId, Subject
from tests.letters.every_story import told
from tests.letters.stories import (
    ACCEPTED,
    COUNCILS,
    PERSONS,
    ROSE,
    Letter,
    Story,
    application,
    begun,
    chased,
    to_outcome,
)

DOVER = policies.load("dover")


def kinds(story: Story, since: int = 0) -> list[str]:
    return [letter.order.letter for letter in story.letters[since:]]


def agreed() -> Story:
    """The outcome is out, and the police accepted R1."""
    story = to_outcome(DOVER)
    return story.tell(date(2026, 7, 6), e.RecommendationAnswered(recommendation="R1", response=ACCEPTED))  # Mon


# L-13


@pytest.mark.parametrize("council", COUNCILS)
def test_an_action_that_is_late_is_told_to_the_applicant_with_the_day_it_was_due(council: str) -> None:
    letter = next(x for x in told(council, "met").letters if x.order.letter == "L-13")
    police = policies.load(council).agency("police")
    assert police
    assert f"We are sorry: {police.name} has not done what it agreed to do." in letter.flat
    assert "The day for it was Monday 28 September 2026." in letter.flat
    assert "Visit every week." in letter.flat
    assert "Fit a quiet door. | Declined" in letter.flat or "Declined: The door is not ours." in letter.flat
    assert "We do not close your case while this is open." in letter.flat
    assert "You can also complain." in letter.flat


def test_an_action_that_is_done_is_told_with_how_it_can_be_seen() -> None:
    letter = told("dover", "met").last("L-13")
    assert "An agreed action is done" in letter.rendered.subject
    assert "It was done on Tuesday 29 September 2026. How this can be seen: Twelve visits logged." in letter.flat
    assert "You can also complain." not in letter.flat


def test_an_action_is_not_told_of_before_the_outcome_is() -> None:
    story = told("dover", "met")
    panel_held = next(n for n, event in enumerate(story.events) if event.kind == "panel.held")
    early = Story(DOVER, PERSONS, list(story.events[: panel_held + 1]))
    early.tell(date(2026, 6, 29), e.RecommendationAnswered(recommendation="R1", response=ACCEPTED))  # Mon
    early.tell(date(2026, 6, 30), e.ActionDone(recommendation="R1", on=date(2026, 6, 30), evidence="Seen."))  # Tue
    early.tell(date(2026, 6, 30), chased(Rung.ESCALATION, StepId.ACTION, "action:R1", date(2026, 6, 29)))  # Tue, Mon
    assert kinds(early) == ["A-09", "A-04e"]


# L-19


def refused_appeal(story: Story, on: date, subject: Subject = Subject.HANDLING) -> Letter:
    body = e.AppealRefused(subject=subject, on=on, reasons="It came too late.", decided_by="Gil Head")
    return story.tell(on + timedelta(days=1), body).last("L-19")


def test_an_appeal_that_came_too_late_is_answered_with_the_last_day_and_the_way_back() -> None:
    story = to_outcome(DOVER)
    last = story.due("appeal_window", date(2026, 7, 6))  # Mon
    letter = refused_appeal(story, last + timedelta(days=1))
    assert "We cannot take your appeal about the way your application or the review was handled." in letter.flat
    assert f"We received it on {words(last + timedelta(days=1))}." in letter.flat
    assert f"The last day to appeal was {words(last)}." in letter.flat
    assert "If you had a good reason for being late, tell us the reason." in letter.flat
    assert "Gil Head decided this." in letter.flat


def test_an_appeal_in_time_that_no_route_takes_is_not_called_late() -> None:
    letter = refused_appeal(to_outcome(DOVER), date(2026, 7, 8), Subject.OUTCOME)  # Wed
    assert "We cannot take your appeal about the outcome of the review." in letter.flat
    assert "late, tell us" not in letter.flat
    assert "The last day to appeal was" not in letter.flat


# L-20, A-10h, A-11


def with_hearing(decision: Decision = Decision.UPHELD) -> Story:
    return told("dover", f"handling {decision}")


def test_the_hearing_is_announced_with_everything_one_needs_to_come() -> None:
    first, second = (x for x in with_hearing().letters if x.order.letter == "L-20")
    assert "Your appeal is heard on Friday 17 July 2026. You are invited." in first.flat
    assert "Place or link: we will tell you before the day" in first.flat
    assert "The hearing of your appeal is now on Thursday 16 July 2026. It was to be on Friday 17 July" in second.flat
    assert "What has changed, and why: The room is free." in second.flat
    assert "Time: 2pm" in second.flat
    assert "You can bring somebody to support you." in second.flat
    assert "not invited and will not be there" in second.flat


def test_the_hearing_day_is_not_promised_twice_over_in_its_own_letter() -> None:
    for letter in with_hearing().letters:
        if letter.order.letter == "L-20":
            assert "appeal_hearing" not in letter.rendered.told
            assert "The hearing of your appeal: by" not in letter.flat


def test_letters_to_officials_speak_of_the_applicant_and_not_to_them() -> None:
    for kind in ("A-10", "A-10h", "A-11"):
        assert "your application" not in with_hearing().last(kind).flat
    assert "about the way the application or the review was handled" in with_hearing().last("A-10").flat
    refusal = told("dover", "threshold upheld").last("A-11")
    assert "the appeal about the decision not to hold a review: upheld." in refusal.flat


def test_the_council_reads_what_it_is_to_do_and_that_the_dates_begin_again() -> None:
    letter = with_hearing(Decision.REMITTED).last("A-11")
    assert "Look at May again." in letter.flat
    assert "The review starts again once it has gone, and so do its dates" in letter.flat
    assert letter.context.to_email == (DOVER.contact.email if DOVER.contact else "")
    assert "starts again" not in with_hearing(Decision.DISMISSED).last("A-11").flat


#


def test_somebody_who_may_not_act_yet_is_asked_for_proof_and_told_nothing() -> None:
    letter = told("dover", "changes").last("R-01")
    assert letter.context.to_name == "Sam Friend"
    assert "Rose" not in letter.rendered.html
    assert "We need that person's agreement first." in letter.flat
    assert letter.rendered.told == {}


def test_the_one_who_applied_for_somebody_is_asked_together_with_the_applicant() -> None:
    applied = application(representative="P2", victim_consents=False)
    story = begun(DOVER, applied)
    before = len(story.letters)
    story.tell(date(2026, 6, 2), e.DetailsRequested(missing=applied.missing))  # Tue
    assert kinds(story, before) == ["L-02", "R-01"]
    assert (story.last("L-02").context.to_name, story.last("R-01").context.to_name) == ("Rose Applicant", "Sam Friend")


# L-24


def test_the_survey_goes_with_the_closing_letter_and_says_that_it_is_free() -> None:
    story = told("dover", "met")
    assert kinds(story)[-2:] == ["L-15c", "L-24"]
    assert len({letter.order.event for letter in story.letters[-2:]}) == 1
    letter = story.last("L-24").flat
    assert "You do not have to answer, and there is no last day." in letter
    assert "Is the behaviour you reported better, the same or worse?" in letter


def test_the_survey_after_a_refusal_asks_whether_it_was_understood() -> None:
    story = Story(DOVER, {"P1": Person(name="Rose Applicant", email=ROSE.email)})
    refused = told("dover", "refused")
    story.events = list(refused.events)
    letter = story.tell(date(2026, 9, 1), e.Closed()).last("L-24").flat  # Tue
    assert "Did you understand why we did not hold a review?" in letter


#


def test_an_officer_is_asked_to_look_at_a_notice_that_could_not_be_read() -> None:
    story = agreed()
    letter = next(x for x in story.letters if x.order.letter == "L-11")
    story.tell(date(2026, 7, 7), e.LetterUndelivered(key=letter.order.key, how=e.Failure.UNCLEAR))  # Tue
    told_of = story.last("A-18")
    assert told_of.rendered.subject.startswith("A mail server wrote about letter L-11")
    assert "we could not read what it says" in told_of.flat


def test_an_added_body_reads_why_it_has_the_application_and_a_recommendation_goes_again_to_a_new_address() -> None:
    story = to_outcome(DOVER)
    added = e.BodyAdded(name="Moat Homes", part="landlord", email="asb@moat.example", reason="Its tenant.")
    story.tell(date(2026, 7, 6), added)  # Mon
    letter = story.last("A-01")
    assert (letter.context.to_name, letter.context.to_email) == ("Moat Homes", "asb@moat.example")
    assert "You take part in this case beside the bodies that always do" in letter.flat
    assert "every relevant body" not in letter.flat
    moved = e.AgencyCorrected(agency="police", email="new@police.example", reason="The mailbox is closed.")
    story.tell(date(2026, 7, 7), moved)  # Tue
    assert story.last("A-08").context.to_email == "new@police.example"
