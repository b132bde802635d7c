"""What stands against arranging the hearing of an appeal, and against turning an appeal away."""

from datetime import date, timedelta

import pytest

import policies
from domain import events as e
from domain import rules
from domain.calendar import words
from domain.case import Stage
from domain.policy import Decision, Subject
from tests.domain.refusals.test_appeal import under, with_route
from tests.domain.service import Service
from tests.domain.stages import appeal, at, decision, subject, working_days

TURNED_AWAY = e.AppealRefused(subject=Subject.HANDLING, reasons="It came too late.", decided_by="Pat Moss")


def hearing(on: date, reason: str = "") -> e.HearingArranged:
    return e.HearingArranged(on=on, place="Civic Centre", reason=reason)


def turned_away(service: Service, **changed: object) -> e.AppealRefused:
    given = {"subject": subject(service.policy, service.case.refusal), **changed}
    return TURNED_AWAY.model_copy(update=given)


# The hearing


@pytest.mark.parametrize("policy", policies.ids())
def test_a_hearing_is_arranged_and_moved_with_a_reason(policy: str) -> None:
    service = at(Stage.APPEAL, policy)
    service.must(hearing(working_days(service, 2)))
    assert service.refusal(hearing(working_days(service, 3))) == (
        "the hearing is arranged already; give the reason for re-arranging it, the applicant will be told"
    )
    service.must(hearing(working_days(service, 3), "The room is taken."))
    assert service.case.appeal
    assert service.case.appeal.hearing == hearing(working_days(service, 3), "The room is taken.")


def test_a_hearing_is_on_a_day_to_come_and_by_the_promised_one() -> None:
    service = at(Stage.APPEAL)
    assert service.today == date(2026, 4, 11)  # Sat
    assert service.refusal(hearing(date(2026, 4, 10))) == (  # Fri
        "the hearing's date Friday 10 April 2026 has passed; give a day from Saturday 11 April 2026 on"
    )
    promised = service.due("appeal_hearing").due
    assert service.refusal(hearing(promised)) is None
    late = promised + timedelta(days=1)
    assert service.refusal(hearing(late)) == (
        f"{words(late)} is after {words(promised)}, promised for “Hearing by Independent panel of the Dover District "
        "Community Safety Partnership”; choose an earlier day, or ask the council to move it, so that the applicant is "
        "told why"
    )


def test_a_hearing_is_not_in_a_pause() -> None:
    service = at(Stage.APPEAL)
    until = working_days(service, 4)
    service.must(e.HoldStarted(until=until, reason="In hospital.", at_victims_request=True))
    assert service.refusal(hearing(working_days(service, 2))) == (
        f"the case is on hold at the victim's request until {words(until)}; choose a day from then on, or resume"
    )
    assert service.refusal(hearing(until)) is None


def test_what_the_applicant_was_told_of_the_hearing_is_not_overtaken_in_silence() -> None:
    service = at(Stage.APPEAL)
    on = working_days(service, 2)
    service.must(hearing(on)).wait(1)
    sentence = f"the hearing is arranged for {words(on)} and the applicant was told so; arrange-hearing"
    for body in (e.AppealHeard(on=service.today), decision(service.today)):
        assert (service.refusal(body) or "").startswith(sentence)
    service.wait_until(on)
    assert service.refusal(decision(on)) is None
    service.must(e.AppealHeard(on=on))
    assert service.refusal(hearing(working_days(service, 1), "Again.")) == (
        "the appeal was heard already; decide-appeal is possible now"
    )


def test_an_appeal_that_is_decided_has_no_further_hearing() -> None:
    service = at(Stage.APPEAL)
    undelivered = service.copy()
    undelivered.case.appeals[-1].decided = e.AppealDecided(decision=Decision.DISMISSED, reasons="Read.")
    assert undelivered.refusal(hearing(working_days(service, 1))) == (
        "this appeal is decided already and its letter is on its way"
    )


# Turning an appeal away


def test_an_appeal_in_time_is_not_turned_away() -> None:
    service = under(with_route(grounds=()))
    assert service.refusal(turned_away(service)) == (
        "this appeal came in time and a route is open for it; lodge-appeal takes it, and the appeal body decides it"
    )


def test_an_appeal_after_the_last_day_may_be_turned_away_and_still_be_taken_with_good_cause() -> None:
    service = under(with_route(grounds=()))
    service.wait_until(service.due("appeal_window").due + timedelta(days=1))
    service.must(turned_away(service))
    assert service.stage is Stage.FOLLOW_UP
    assert service.refusal(appeal(service, good_cause="I was ill.")) is None
    in_time = turned_away(service, on=service.due("appeal_window").due)
    assert "came in time" in (service.refusal(in_time) or "")


def test_an_appeal_that_no_route_takes_may_be_turned_away() -> None:
    service = under(with_route(grounds=()))
    assert service.refusal(appeal(service, subject=Subject.OUTCOME)) is not None
    assert service.refusal(turned_away(service, subject=Subject.OUTCOME)) is None


def test_an_appeal_outside_the_grounds_the_council_publishes_may_be_turned_away() -> None:
    service = under(with_route(grounds=("The review was not carried out properly.",)))
    assert service.refusal(turned_away(service)) is None


def test_an_appeal_that_was_decided_for_good_may_be_turned_away() -> None:
    service = under(with_route(grounds=()))
    service.must(appeal(service), decision(service.today))
    assert service.refusal(turned_away(service)) is None


def test_whoever_refused_the_review_does_not_turn_the_appeal_away() -> None:
    service = at(Stage.NOT_MET)
    service.wait_until(service.due("appeal_window").due)
    lapsed = turned_away(service, subject=Subject.HANDLING)
    assert service.refusal(lapsed) is None
    for who in ("Jo Ward", "kit  lane"):
        assert service.refusal(lapsed.model_copy(update={"decided_by": who})) == (
            f"{who} took part in the decision appealed against; another person must look at the appeal"
        )
    assert service.refusal(lapsed.model_copy(update={"decided_by": " "})) == (
        "say who decided that the appeal cannot be taken, in decided_by; the letter names them"
    )


def test_whoever_decided_on_the_review_or_sat_on_its_panel_does_not_turn_the_appeal_away() -> None:
    service = at(Stage.APPEAL_WINDOW)
    service.wait_until(service.due("appeal_window").due + timedelta(days=1))
    lapsed = turned_away(service, subject=Subject.OUTCOME)
    assert service.refusal(lapsed) is None
    for who in ("Jo Ward", "lee  hart", "Bo Day"):
        assert service.refusal(lapsed.model_copy(update={"decided_by": who})) == (
            f"{who} took part in the decision appealed against; another person must look at the appeal"
        )


def test_an_appeal_cannot_be_turned_away_before_it_came() -> None:
    service = at(Stage.APPEAL_WINDOW)
    tomorrow = service.today + timedelta(days=1)
    assert service.refusal(turned_away(service, on=tomorrow)) == (
        f"the day of the appeal {words(tomorrow)} lies in the future; give the day it happened"
    )


# Putting a hearing off


def put_off(until: date) -> e.HearingAdjourned:
    return e.HearingAdjourned(until=until, reason="A member is ill.")


def test_a_hearing_that_nobody_arranged_is_not_put_off() -> None:
    service = at(Stage.APPEAL)
    assert "adjourn-hearing" not in rules.possible(service.case)
    assert service.refusal(put_off(working_days(service, 3))) == (
        "no hearing is arranged that could be put off; arrange-hearing gives it a day"
    )


def test_a_hearing_is_put_off_to_a_later_day_that_is_in_no_pause() -> None:
    service = at(Stage.APPEAL)
    on, until = working_days(service, 3), working_days(service, 5)
    service.must(hearing(on))
    assert "adjourn-hearing" in rules.possible(service.case)
    for early in (on, working_days(service, 1)):
        assert service.refusal(put_off(early)) == (
            f"the hearing is arranged for {words(on)}, so {words(early)} puts nothing off; "
            "give a later day or use arrange-hearing"
        )
    yesterday = service.today - timedelta(days=1)
    assert service.refusal(put_off(yesterday)) == (
        f"the hearing cannot be put off to {words(yesterday)}, which has passed; give a day to come"
    )
    service.must(e.HoldStarted(until=until, reason="In hospital.", at_victims_request=True))
    assert "on hold" in (service.refusal(put_off(working_days(service, 4))) or "")
    service.must(put_off(until))
    assert service.case.appeal
    assert service.case.appeal.hearing == hearing(until, "A member is ill.")


def test_a_hearing_that_was_held_or_an_appeal_that_is_decided_is_not_put_off() -> None:
    service = at(Stage.APPEAL)
    on = working_days(service, 2)
    service.must(hearing(on)).wait_until(on)
    undelivered = service.copy()
    undelivered.case.appeals[-1].decided = e.AppealDecided(decision=Decision.DISMISSED, reasons="Read.")
    assert undelivered.refusal(put_off(working_days(service, 2))) == (
        "this appeal is decided already and its letter is on its way"
    )
    service.must(e.AppealHeard(on=on))
    assert "adjourn-hearing" not in rules.possible(service.case)
    assert service.refusal(put_off(working_days(service, 2))) == (
        "the appeal was heard already; decide-appeal is possible now"
    )


def test_a_hearing_put_off_past_the_promised_day_is_explained_at_once_and_once() -> None:
    service = at(Stage.APPEAL)
    service.must(hearing(working_days(service, 2)))
    promised = service.due("appeal_hearing")
    until = working_days(service, 15)
    assert until > promised.due
    service.must(put_off(until))
    (late,) = [one.what for one in service.case.events if isinstance(one.what, e.Extended)]
    assert (late.step, late.reason) == (
        "appeal_hearing", "The hearing of your appeal had to be moved: A member is ill."
    )  # fmt: skip
    moved = service.due("appeal_hearing")
    assert (moved.due, moved.promised) == (until, promised.promised)
    service.wait_until(until)
    assert [one.kind for one in service.case.events].count("deadline.extended") == 1


def test_a_hearing_put_off_within_the_promised_days_needs_no_letter_of_delay() -> None:
    service = at(Stage.APPEAL)
    service.must(hearing(working_days(service, 2)))
    service.must(put_off(service.due("appeal_hearing").due))
    assert "deadline.extended" not in service.kinds
