"""What stands against an act before and at the threshold."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policies
from domain import events as e
from domain import rules
from domain.application import Category, Incident
from domain.case import Stage
from domain.policy import Scope
from tests.domain.history import OFFICER, council
from tests.domain.service import Service
from tests.domain.stages import MET, REFUSED, all_answer, at

POLICIES = pytest.mark.parametrize("policy", policies.ids())
AGENCY = e.Actor(role=e.Role.AGENCY, name="police")


def refused(**changed: object) -> e.ThresholdDecided:
    return REFUSED.model_copy(update=changed)


# Details


def test_details_are_asked_for_by_name() -> None:
    sentence = "say what is missing, so that the letter can ask for it"
    assert at(Stage.THRESHOLD).refusal(e.DetailsRequested()) == sentence
    assert at(Stage.THRESHOLD).refusal(e.DetailsRequested(missing=("", "  "))) == sentence
    assert at(Stage.THRESHOLD).refusal(e.DetailsRequested(missing=("your tenancy agreement",))) is None


def test_supplying_nothing_is_refused() -> None:
    sentence = at(Stage.AWAITING_DETAILS).refusal(e.DetailsReceived(text="  "))
    assert sentence == "say what was supplied: consent to share, the victim's consent, or the details themselves"


def test_a_consent_that_never_came_can_be_given_after_the_decision() -> None:
    service = Service(consent=False)
    service.wait_until(service.due("completion").due + timedelta(days=1)).must(MET)
    assert service.stage is Stage.GATHERING
    assert "supply-details" in rules.possible(service.case)
    service.must(e.DetailsReceived(consent_to_share=True))
    assert service.case.application.consent_to_share
    assert "supply-details" not in rules.possible(service.case)


# Enquiries


def test_an_unknown_enquiry_is_refused_with_those_that_wait() -> None:
    sentence = at(Stage.VERIFYING).refusal(e.EnquiryAnswered(enquiry="verification:fire"))
    assert sentence == (
        "there is no enquiry verification:fire; enquiries still to answer: verification:council, verification:police"
    )
    none = at(Stage.THRESHOLD).refusal(e.EnquiryAnswered(enquiry="verification:fire"))
    assert none == "there is no enquiry verification:fire; enquiries still to answer: none"


def test_an_agency_answers_its_own_enquiry_only() -> None:
    body = e.EnquiryAnswered(enquiry="verification:council")
    assert at(Stage.VERIFYING).refusal(body, AGENCY) == (
        "this enquiry was put to Dover District Council, Environmental Protection, not to Kent Police; "
        "answer your own enquiry"
    )
    nobody = e.Actor(role=e.Role.AGENCY)
    assert "not to you" in str(at(Stage.VERIFYING).refusal(body, nobody))
    assert at(Stage.VERIFYING).refusal(body, OFFICER) is None


def test_an_enquiry_is_answered_once() -> None:
    sentence = at(Stage.THRESHOLD).refusal(e.EnquiryAnswered(enquiry="verification:police"), AGENCY)
    assert sentence == "Kent Police answered this on Thursday 2 April 2026; add-note keeps what is new"


def test_an_agency_that_was_gone_on_without_may_still_answer() -> None:
    service = at(Stage.VERIFYING)
    service.wait_until(service.due("verification:police").due + timedelta(days=7))
    assert service.case.enquiries["verification:police"].proceeded_on is not None
    service.must(e.EnquiryAnswered(enquiry="verification:police", account="Sorry."), actor=AGENCY)


def test_an_unknown_incident_cannot_be_confirmed() -> None:
    body = e.EnquiryAnswered(
        enquiry="verification:police", confirmations=(e.Confirmation(incident="I9", confirmed=True),)
    )
    sentence = at(Stage.VERIFYING).refusal(body, AGENCY)
    assert sentence == "there is no incident I9 in this case; its incidents are I1, I2, I3"


# The threshold


@POLICIES
@pytest.mark.parametrize(
    "field", ["persistence", "harm", "adequacy", "alternative_action", "decided_by", "approved_by"]
)
def test_invariant_3_a_refusal_without_each_reason_is_refused(policy: str, field: str) -> None:
    service = all_answer(Service(policy, complaints=2))
    for blank in ("", "  "):
        sentence = service.refusal(refused(**{field: blank}))
        assert sentence is not None
        assert sentence.endswith(f"give it in {field}")
    assert service.refusal(REFUSED) is None


def test_invariant_3_the_gaps_make_one_sentence() -> None:
    service = all_answer(Service(complaints=2))
    assert service.refusal(
        e.ThresholdDecided(met=False, decided_by="Jo Ward", approved_by="Kit Lane", harm="Slight.")
    ) == (
        "the refusal does not say how persistent the behaviour is (s.104(5)(a)): give it in persistence; "
        "the refusal does not say how adequate the response to the reports was (s.104(5)(c)): give it in adequacy; "
        "the refusal does not say what will be done instead (DOV-23): give it in alternative_action"
    )


@pytest.mark.parametrize("same", ["Jo Ward", "jo ward", "  Jo   Ward "])
def test_invariant_3_nobody_agrees_with_their_own_refusal(same: str) -> None:
    service = all_answer(Service(complaints=2))
    sentence = service.refusal(refused(approved_by=same))
    assert sentence == "the officer who decided the refusal also approved it: name another in approved_by"


@POLICIES
@pytest.mark.parametrize("role", sorted(e.kinds()["decide-threshold"].may))
def test_invariant_1_nobody_refuses_three_qualifying_complaints(policy: str, role: e.Role) -> None:
    service = all_answer(Service(policy, complaints=3))
    sentence = service.refusal(REFUSED, e.Actor(role=role, name="Whoever"))
    assert sentence is not None
    assert sentence.startswith("three reports count and three are needed: section 104(4) is met")
    assert sentence.endswith("cannot be recorded as not met; record that the threshold is met")


@given(
    policy=st.sampled_from(policies.ids()),
    minimum=st.integers(3, 12),
    scope=st.sampled_from(Scope),
    category=st.sampled_from((None, *Category)),
    crimes=st.booleans(),
    bodies=st.lists(st.sampled_from(("police", "council", "icb", "my MP")), min_size=3, max_size=3),
    kinds=st.lists(st.sampled_from(Category), min_size=3, max_size=3),
    added=st.integers(0, 3),
)
@settings(max_examples=30, deadline=None)
def test_invariant_1_no_route_rule_or_exclusion_refuses_three_qualifying_complaints(
    policy: str,
    minimum: int,
    scope: Scope,
    category: Category | None,
    crimes: bool,
    bodies: list[str],
    kinds: list[Category],
    added: int,
) -> None:
    known = council(policy)
    routes = tuple(
        route.model_copy(update={"minimum": minimum, "scope": scope, "category": category, "statutory": False})
        for route in known.routes
    )
    definitions = known.definitions.model_copy(update={"crimes_may_count": crimes})
    service = all_answer(Service(known.model_copy(update={"routes": routes, "definitions": definitions}), complaints=0))
    days = [service.today - timedelta(days=days) for days in (5, 40, 90)]
    for day, body, kind in zip(days, bodies, kinds, strict=True):
        incident = Incident(occurred=day, reported=day, reported_to=body, what="Shouting.", category=kind)
        service.happened(e.IncidentAdded(incident=incident))
    for _ in range(added):
        service.happened(e.NoteAdded(text="The council thinks otherwise."))
    assert "cannot be recorded as not met" in str(service.refusal(REFUSED))


def test_invariant_1_what_agencies_deny_still_counts() -> None:
    service = at(Stage.VERIFYING)
    for agency in ("police", "council"):
        denials = tuple(e.Confirmation(incident=f"I{n}", confirmed=False, note="no record") for n in (1, 2, 3))
        service.must(e.EnquiryAnswered(enquiry=f"verification:{agency}", confirmations=denials))
    assert "section 104(4) is met" in str(service.refusal(REFUSED))


@POLICIES
def test_fewer_complaints_are_never_an_automatic_refusal(policy: str) -> None:
    service = all_answer(Service(policy, complaints=1))
    assert service.wait(60).stage is Stage.THRESHOLD
    service.must(MET.model_copy(update={"discretion": "She is eighty and lives alone."}))
    assert service.stage is Stage.GATHERING


def test_a_review_below_the_number_says_why() -> None:
    service = all_answer(Service(complaints=2))
    assert service.refusal(MET) == (
        "no route of the policy is met (two reports count and three are needed); "
        "to accept the case under s.104(5) say why in discretion"
    )


def test_a_decision_names_only_a_route_that_is_met() -> None:
    service = at(Stage.THRESHOLD, "kent-district")
    assert service.refusal(MET.model_copy(update={"route": "five-properties"})) == (
        "the route five-properties is not met; leave route empty, or name one that is: three-in-six-months"
    )
    assert service.refusal(MET.model_copy(update={"route": "three-in-six-months"})) is None


def test_invariant_2_no_decision_before_the_bodies_have_the_application() -> None:
    sentence = at(Stage.AWAITING_DETAILS).refusal(MET)
    assert sentence == (
        "decide-threshold is not possible while the case is at 'awaiting details'; "
        "what is possible now: request-details, supply-details, choose-attendance"
    )


def test_a_refusal_waits_for_the_agencies_and_a_review_does_not() -> None:
    service = Service(complaints=2)
    assert service.refusal(REFUSED) == (
        "a refusal waits until the agencies were heard: Dover District Council, Environmental Protection; Kent Police; "
        "answer-enquiry is possible now"
    )
    assert at(Stage.VERIFYING).refusal(MET) is None


def test_invariant_5_silence_does_not_hold_up_a_refusal_for_ever() -> None:
    service = Service(complaints=2)
    service.wait_until(service.due("verification:police").due + timedelta(days=7))
    assert service.stage is Stage.THRESHOLD
    assert service.refusal(REFUSED) is None


def test_a_refusal_waits_for_details_that_were_asked_for_until_their_time_is_over() -> None:
    service = all_answer(Service(complaints=2)).must(e.DetailsRequested(missing=("your diary",)))
    assert service.refusal(REFUSED) == (
        "a refusal waits until the applicant's time to supply what is missing has passed, on Monday 20 April 2026"
    )
    service.wait_until(date(2026, 4, 21))  # Tue
    assert service.refusal(REFUSED) is None


def test_a_refusal_can_be_replaced_by_a_review_and_by_nothing_else() -> None:
    service = at(Stage.NOT_MET)
    assert service.refusal(REFUSED) == (
        "the threshold was decided as not met already; only a decision that it is met can replace that one"
    )
    forgotten = Incident(
        occurred=date(2026, 3, 30),  # Mon
        reported=date(2026, 3, 31),  # Tue
        reported_to="police",
        what="The window was broken.",
    )
    service.must(e.IncidentAdded(incident=forgotten))
    assert service.waiting.words.startswith("threshold refused, and what was added since meets it")
    service.must(MET)
    assert service.stage is Stage.GATHERING
    assert [letter.posted.letter for letter in service.case.letters.values()].count("L-03") == 1


def test_after_the_window_a_refusal_is_for_an_appeal() -> None:
    service = at(Stage.NOT_MET)
    service.wait_until(service.due("appeal_window").due + timedelta(days=1))
    service.must(e.ClosureObjected(reason="It goes on."))
    assert service.stage is Stage.NOT_MET
    assert service.refusal(MET) == (
        "the threshold was decided as not met and the time to appeal has ended; lodge-appeal with good cause helps"
    )


# Incidents and representatives


@pytest.mark.parametrize(
    ("incident", "sentence"),
    [
        (
            {"reported": date(2026, 4, 3)},  # Fri
            "the report of Friday 3 April 2026 lies in the future; give the day it happened",
        ),
        (
            {"occurred_until": date(2026, 4, 9)},  # Thu
            "the behaviour's last day Thursday 9 April 2026 lies in the future; give the day it happened",
        ),
        ({"id": "I2"}, "there is an incident I2 already; leave id empty and it gets the next number"),
    ],
)
def test_a_further_incident_lies_in_the_past_and_has_its_own_number(incident: dict[str, object], sentence: str) -> None:
    given = {"occurred": date(2026, 4, 1), "reported": date(2026, 4, 1), "reported_to": "police", "what": "Again."}
    body = e.IncidentAdded(incident=Incident.model_validate(given | incident))
    assert at(Stage.THRESHOLD).refusal(body) == sentence


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            e.RepresentativeChanged(),
            "nobody acts for the victim; give the person id of who does from now on in representative",
        ),
        (e.RepresentativeChanged(representative="P2"), None),
    ],
)
def test_a_representative_changes_to_somebody_else(body: e.RepresentativeChanged, sentence: str | None) -> None:
    assert at(Stage.GATHERING).refusal(body) == sentence


def test_the_same_representative_is_no_change_but_their_consent_is() -> None:
    service = at(Stage.GATHERING).must(e.RepresentativeChanged(representative="P2"))
    assert service.refusal(e.RepresentativeChanged(representative="P2")) == (
        "P2 acts for the victim already; name somebody else, or nobody"
    )
    assert service.refusal(e.RepresentativeChanged(representative="P2", victim_consents=True)) is None
    assert service.refusal(e.RepresentativeChanged()) is None
