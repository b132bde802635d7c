"""What stands against an act of the review."""

from datetime import date, timedelta

import pytest

from domain import events as e
from domain.case import Stage
from domain.policy import Decision
from tests.domain.history import OFFICER, council
from tests.domain.service import Service
from tests.domain.stages import (
    CHAIR,
    MEMBERS,
    MET,
    OUTCOME,
    all_answer,
    answer,
    appeal,
    at,
    decision,
    done,
    held,
    panel,
    working_days,
)

FRIDAY = date(2026, 4, 10)  # Fri
POLICE = e.Actor(role=e.Role.AGENCY, name="police")


def seat(name: str = "Lee Hart", **changed: object) -> e.Seat:
    return e.Seat.model_validate({"name": name, "organisation": "Community Safety Partnership", **changed})


# Arranging the panel


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            panel(date(2026, 4, 1)),  # Wed
            "the panel's date Wednesday 1 April 2026 has passed; give a day from Thursday 2 April 2026 on",
        ),
        (
            panel(FRIDAY, chair=seat(conflict="My cousin\nlives next door.")),
            "the chair declared a conflict (My cousin lives next door.); name another chair",
        ),
        (
            panel(FRIDAY, members=MEMBERS[:1]),
            "a panel needs 3 services without a conflict and this one has 2; "
            "add members from other bodies and give each one's organisation or agency",
        ),
        (
            panel(FRIDAY, members=(*MEMBERS, e.Seat(name="X", agency="fire"))),
            "no body fire is in the directory; a seat's agency is one of council, police, icb, landlord",
        ),
    ],
)
def test_a_panel_that_may_not_be_arranged(body: e.PanelArranged, sentence: str) -> None:
    assert at(Stage.ARRANGING).refusal(body) == sentence


@pytest.mark.parametrize(
    "members",
    [
        (e.Seat(name="Bo Day", agency="police"), e.Seat(name="Di Fox", organisation="kent  POLICE")),
        (e.Seat(name="Bo Day", organisation="Police"), e.Seat(name="Di Fox", agency="police")),
        (e.Seat(name="Bo Day", agency="police"), e.Seat(name="Di Fox")),
        (
            e.Seat(name="Bo Day", agency="police"),
            e.Seat(name="Di Fox", agency="council", conflict="I wrote the letter."),
        ),
    ],
)
def test_a_service_counts_once_by_whatever_name_and_only_without_a_conflict(members: tuple[e.Seat, ...]) -> None:
    assert "this one has 2" in str(at(Stage.ARRANGING).refusal(panel(FRIDAY, members=members)))


def test_a_council_that_promises_an_independent_chair_has_one() -> None:
    known = council("dover")
    independent = known.model_copy(update={"panel": known.panel.model_copy(update={"independent_chair": True})})
    service = all_answer(all_answer(Service(independent)).must(MET))
    body = panel(working_days(service, 3), chair=seat(independent=False))
    assert service.refusal(body) == (
        "this council's panel has an independent chair; name one who had no part in the case"
    )
    assert at(Stage.ARRANGING).refusal(body) is None


@pytest.mark.parametrize("name", ["Ann Poe", "ANN  POE", "Ben Low"])
def test_nobody_who_was_the_cases_officer_chairs_its_panel(name: str) -> None:
    service = at(Stage.ARRANGING).must(e.OfficerAssigned(officer="Ann Poe"), e.OfficerAssigned(officer="Ben Low"))
    assert service.refusal(panel(FRIDAY, chair=seat(name))) == (
        f"{name} has handled this case and may not chair its panel; name another chair"
    )


@pytest.mark.parametrize("name", ["Jo Ward", "Kit Lane"])
def test_nobody_who_refused_a_review_chairs_the_one_an_appeal_brought(name: str) -> None:
    service = at(Stage.NOT_MET)
    service.must(appeal(service))
    service.must(decision(service.today).model_copy(update={"decision": Decision.UPHELD}))
    assert service.stage is Stage.GATHERING
    assert "may not chair" in str(service.refusal(panel(FRIDAY, chair=seat(name))))


def test_a_panel_is_re_arranged_with_a_reason() -> None:
    assert at(Stage.PANEL).refusal(panel(FRIDAY)) == (
        "the panel is arranged already; give the reason for re-arranging it, the applicant will be told"
    )
    assert at(Stage.PANEL).refusal(panel(FRIDAY, reason="A larger room.")) is None


def test_invariant_4_a_panel_after_the_promised_day_waits_for_the_extension_that_explains_it() -> None:
    service = at(Stage.ARRANGING, "kent-district")
    late = service.due("panel").due + timedelta(days=1)
    assert service.refusal(panel(late)) == (
        "Tuesday 21 April 2026 is after Monday 20 April 2026, promised for “Panel meets”; choose an earlier day, "
        "or give reason (why it is later), approved_by (the name of the Head of Community Safety, who agrees), "
        "so that the applicant is told at once"
    )
    service.must(e.Extended(step="panel", working_days=3, reason="Nobody is free.", approved_by="Sam Reeve"))
    assert service.refusal(panel(late)) is None


def test_a_panel_does_not_meet_while_the_victim_has_asked_for_a_pause() -> None:
    pause = e.HoldStarted(until=date(2026, 4, 20), reason="In hospital.", at_victims_request=True)  # Mon
    sentence = (
        "the case is on hold at the victim's request until Monday 20 April 2026; choose a day from then on, or resume"
    )
    service = at(Stage.PANEL).must(pause)
    assert service.refusal(panel(FRIDAY, reason="A larger room.")) == sentence
    assert service.refusal(e.PanelAdjourned(until=FRIDAY, reason="The chair is ill.")) == sentence
    assert service.refusal(e.PanelAdjourned(until=date(2026, 4, 20), reason="The chair is ill.")) is None


# The panel


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (
            date(2026, 4, 1),  # Wed
            "the panel cannot go on on Wednesday 1 April 2026, which has passed; give a day to come",
        ),
        (
            date(2026, 4, 9),  # Thu
            "the panel meets on Thursday 9 April 2026 already; give the day to which it is adjourned",
        ),
        (FRIDAY, None),
    ],
)
def test_a_panel_is_adjourned_to_another_day_to_come(until: date, sentence: str | None) -> None:
    assert at(Stage.PANEL).refusal(e.PanelAdjourned(until=until, reason="The chair is ill.")) == sentence


def test_an_adjourned_panel_goes_on_and_decides() -> None:
    service = at(Stage.PANEL).must(e.PanelAdjourned(until=FRIDAY, reason="The chair is ill."))
    service.wait_until(FRIDAY).must(held(FRIDAY, "police"))
    assert service.stage is Stage.PLAN


def test_a_panel_is_not_recorded_before_the_day_the_applicant_was_told() -> None:
    service = at(Stage.PANEL)
    assert service.refusal(held(FRIDAY)) == (
        "the panel's date Friday 10 April 2026 lies in the future; give the day it happened"
    )
    told = "the panel is arranged for Thursday 9 April 2026 and the applicant was told so; "
    assert service.refusal(held(service.today), OFFICER) == f"{told}arrange-panel with a reason moves it"
    assert service.refusal(held(service.today)) == f"{told}adjourn-panel gives another day, and the council can move it"


def test_the_chair_of_another_panel_does_not_decide() -> None:
    service = at(Stage.PANEL).wait_until(date(2026, 4, 9))  # Thu
    stranger, chair = e.Actor(role=e.Role.CHAIR, name="Al Roe"), e.Actor(role=e.Role.CHAIR, name="lee hart")
    body = held(service.today)
    assert service.refusal(body, stranger) == (
        "Al Roe does not chair this panel; Lee Hart does, or arrange-panel names another chair"
    )
    assert service.refusal(body, chair) is None


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"present": ("Lee Hart", "lee hart", "Bo Day")},
            "a panel needs 3 services and 2 took part; adjourn-panel is possible now",
        ),
        (
            {"recommendations": ({"to": "fire", "text": "Visit."}, {"to": "mayor", "text": "Visit."})},
            "no body fire, mayor is in the directory; recommend to one of council, police, icb, landlord",
        ),
        (
            {"recommendations": ({"to": "police", "text": "Visit.", "due": "2026-04-08"},)},  # Wed
            "an action cannot be due on Wednesday 8 April 2026, before it was recommended on Thursday 9 April 2026; "
            "give a later day, or none",
        ),
    ],
)
def test_a_panels_decision_that_cannot_stand(changed: dict[str, object], sentence: str) -> None:
    service = at(Stage.PANEL).wait_until(date(2026, 4, 9))  # Thu
    given = {"on": service.today, "findings": "Nobody joined the reports up."}
    assert service.refusal(e.PanelHeld.model_validate(given | changed)) == sentence


# The outcome


def test_the_outcome_waits_for_the_plan_and_for_its_answer() -> None:
    service = at(Stage.PLAN)
    assert service.refusal(OUTCOME) == (
        "the applicant may comment on the draft plan until Tuesday 14 April 2026; comment-on-plan is possible now"
    )
    assert service.wait_until(date(2026, 4, 15)).refusal(OUTCOME) is None  # Wed


def test_the_outcome_waits_for_a_plan_whose_letter_was_lost() -> None:
    service = at(Stage.PANEL).wait_until(date(2026, 4, 9))  # Thu
    service.post = lambda order: e.LetterState.REFUSED if order.letter == "L-10" else e.LetterState.ACCEPTED
    service.must(held(service.today), e.PlanCommented(comments="I rang you."))
    assert service.refusal(OUTCOME) == (
        "the draft plan must be put to the applicant before the outcome is final; its letter has not gone yet"
    )
    lost = next(key for key, letter in service.case.letters.items() if letter.needs_somebody)
    service.must(e.LetterSettled(key=lost, arrived=True, how="Read out by phone."), OUTCOME)


def test_the_outcome_is_decided_once() -> None:
    service = at(Stage.OUTCOME)
    service.post = lambda order: e.LetterState.WAITING
    service.must(OUTCOME)
    assert service.stage is Stage.OUTCOME
    assert service.refusal(OUTCOME) == (
        "the outcome was decided already and its letter is on its way; settle-letter helps where it is lost"
    )


# Receipt


@pytest.mark.parametrize(
    ("letter", "on", "sentence"),
    [
        ("outcome", date(2026, 4, 9), None),  # Thu
        (
            "outcome",
            date(2026, 4, 8),  # Wed
            "the outcome letter was sent on Thursday 9 April 2026; it cannot have arrived before that",
        ),
        (
            "outcome",
            FRIDAY,
            "the day of receipt Friday 10 April 2026 lies in the future; give the day it happened",
        ),
        ("threshold", date(2026, 4, 3), None),  # Fri
    ],
)
def test_a_letter_arrives_after_it_was_sent(letter: str, on: date, sentence: str | None) -> None:
    body = e.ReceiptConfirmed.model_validate({"letter": letter, "on": on})
    assert at(Stage.APPEAL_WINDOW).refusal(body) == sentence


def test_no_letter_arrives_before_it_is_sent() -> None:
    body = e.ReceiptConfirmed(letter="outcome", on=date(2026, 4, 2))  # Thu
    assert at(Stage.GATHERING).refusal(body) == "no outcome letter has been sent yet, so none can have arrived"


# Recommendations


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (answer("R9"), "there is no recommendation R9; this case has R1, R2"),
        (answer("R2"), "R2 was made to Dover District Council, Environmental Protection; only they can answer it"),
        (
            e.RecommendationAnswered(recommendation="R1", response=e.Response.DECLINED, reasons=" "),
            "to decline give your reasons",
        ),
        (
            e.RecommendationAnswered(recommendation="R1", response=e.Response.IN_PART),
            "to accept in part give your reasons",
        ),
        (
            e.RecommendationAnswered(recommendation="R1", response=e.Response.ACCEPTED, due=date(2026, 4, 8)),  # Wed
            "the day the action is due, Wednesday 8 April 2026, has passed; give a day to come, or none",
        ),
        (done("R9", FRIDAY), "there is no recommendation R9; this case has R1, R2"),
        (done("R1", FRIDAY), "R1 has not been accepted; answer-recommendation comes first"),
        (
            done("R2", FRIDAY),
            "R2 falls to Dover District Council, Environmental Protection; only they can report it done",
        ),
    ],
)
def test_an_addressee_answers_for_itself_and_with_reasons(body: e.Body, sentence: str) -> None:
    assert at(Stage.APPEAL_WINDOW).refusal(body, POLICE) == sentence


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (
            date(2026, 4, 8),  # Wed
            "R1 was recommended on Thursday 9 April 2026; it cannot have been done before that",
        ),
        (
            FRIDAY,
            "the day it was done, Friday 10 April 2026 lies in the future; give the day it happened",
        ),
        (date(2026, 4, 9), None),  # Thu
    ],
)
def test_an_action_is_done_after_it_was_recommended_and_not_in_the_future(on: date, sentence: str | None) -> None:
    assert at(Stage.APPEAL_WINDOW).must(answer("R1")).refusal(done("R1", on)) == sentence


def test_what_is_done_is_done() -> None:
    service = at(Stage.APPEAL_WINDOW).must(answer("R1"), done("R1", date(2026, 4, 9)))  # Thu
    assert service.refusal(answer("R1", e.Response.DECLINED)) == "R1 is done already; add-note keeps what is new"
    assert service.refusal(done("R1", service.today)) == (
        "R1 was done on Thursday 9 April 2026 already; add-note keeps what is new"
    )


def test_before_a_panel_there_is_nothing_to_answer() -> None:
    assert at(Stage.GATHERING).refusal(answer("R1")) == "there is no recommendation R1; this case has none yet"


def test_an_addressee_may_change_its_mind_until_the_closure_notice() -> None:
    service = at(Stage.FOLLOW_UP).must(answer("R1", e.Response.DECLINED), answer("R1"))
    assert [item.id for item in service.case.open_items] == ["R1", "R2"]


def test_a_chair_and_members_may_be_named_anew() -> None:
    service = at(Stage.PANEL).must(panel(FRIDAY, reason="The chair is ill.", chair=seat("Al Roe")))
    service.wait_until(FRIDAY)
    old = e.Actor(role=e.Role.CHAIR, name=CHAIR.name)
    assert "Al Roe does, or arrange-panel" in str(service.refusal(held(FRIDAY), old))
