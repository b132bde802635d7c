"""A report that is corrected: what it was stays known, the threshold is worked out again, and whoever must is told."""

from datetime import date, timedelta

import pytest

from domain import events as e
from domain.case import Stage
from domain.policy import Milestone
from domain.reconsidered import reconsidered
from domain.rules import assessment
from tests.domain.service import MADE, Service
from tests.domain.stages import MET, REFUSED, all_answer, at

OLD = date(2025, 9, 1)  # Mon, more than six months before the application
LONG_AGO = {"occurred": OLD, "reported": OLD}


def corrects(report: str, reason: str = "The log of the police says so.", **wrong: object) -> e.ReportCorrected:
    return e.ReportCorrected.model_validate({"report": report, "reason": reason, **wrong})


def letters(service: Service) -> list[str]:
    """The letters of the last thing that somebody did."""
    last = max(number for number, event in enumerate(service.case.events) if event.kind == "report.corrected")
    caused = service.case.events[last].id
    return sorted(letter.posted.letter for letter in service.case.letters.values() if letter.posted.event == caused)


def two_and_an_old_one() -> Service:
    service = Service("dover", complaints=3).must(corrects("I3", **LONG_AGO))
    all_answer(service)
    return service


def test_the_old_value_is_kept_beside_the_new_with_who_and_why() -> None:
    service = Service("dover")
    before = service.case.incidents[1]
    service.must(corrects("I2", reported=before.reported + timedelta(days=1), how="Their log."))
    (correction,) = service.case.corrections
    assert correction.before == before
    assert correction.after == service.case.incidents[1]
    (change,) = correction.changes
    assert (change.what, change.old) == ("when it was reported", str(before.reported_on))
    assert change.new == str(service.case.incidents[1].reported_on)
    assert (correction.reason, correction.how) == ("The log of the police says so.", "Their log.")
    assert correction.by.role is e.Role.OFFICER


def test_the_day_of_the_application_never_falls_back() -> None:
    service = Service("dover")
    for number in (1, 2, 3):
        service.must(corrects(f"I{number}", **LONG_AGO))
    assert service.case.made_on == MADE.date()
    assert service.case.reached[Milestone.RECEIVED].on == MADE.date()
    assert not assessment(service.case).met
    service.must(corrects("I1", occurred=MADE.date(), reported=MADE.date() + timedelta(days=0)))
    assert assessment(service.case).complaints[-1].counted


def test_a_day_given_in_place_of_days_that_nobody_knew_is_that_day() -> None:
    service = Service("dover")
    known = service.case.incidents[0]
    service.must(corrects("I1", reported_until=known.reported + timedelta(days=5), occurred_unsure=True))
    assert service.case.incidents[0].reported_on.unsure
    service.must(corrects("I1", reported=known.reported, occurred=known.occurred))
    assert service.case.incidents[0] == known


def test_the_last_day_of_behaviour_that_went_on_stays_where_its_first_is_corrected() -> None:
    service = Service("dover")
    first, last = service.case.incidents[0].occurred, service.case.incidents[0].reported
    service.must(corrects("I1", occurred=first - timedelta(days=3), occurred_until=last))
    service.must(corrects("I1", occurred=first - timedelta(days=2)))
    assert service.case.incidents[0].occurred_until == last


def test_a_reference_can_be_taken_away() -> None:
    service = Service("dover").must(corrects("I1", reference="KP/1"), corrects("I1", reference=""))
    assert service.case.incidents[0].reference == ""


# What stands against it


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (corrects("I9"), "there is no report I9 in this case; its reports are I1, I2, I3"),
        (corrects("I1"), "I1 has this already; give what is wrong with it, as it should be"),
        (
            corrects("I1", reported=date(2026, 4, 3)),  # Fri
            "the report of Friday 3 April 2026 lies in the future; give the day it happened",
        ),
        (
            corrects("I1", reported=date(2026, 3, 2)),  # Mon
            "the report of Monday 2 March 2026 is before what happened on Monday 23 March 2026; correct one of the "
            "dates",
        ),
    ],
    ids=lambda value: "" if isinstance(value, str) else value.report,
)
def test_what_cannot_be_is_refused_in_a_sentence(wrong: e.ReportCorrected, sentence: str) -> None:
    assert Service("dover").refusal(wrong) == sentence


# Who is told


def test_nobody_is_told_where_nothing_changes() -> None:
    service = at(Stage.THRESHOLD).must(corrects("I1", reference="KP/1"))
    assert letters(service) == []


def test_the_officer_is_told_where_the_threshold_turns() -> None:
    service = at(Stage.THRESHOLD).must(corrects("I1", **LONG_AGO))
    assert letters(service) == ["A-18"]
    service.must(corrects("I1", occurred=date(2026, 3, 23), reported=date(2026, 3, 23)))  # Mon
    assert letters(service) == ["A-18"]


def test_a_refusal_that_was_told_falls_and_the_applicant_hears_so() -> None:
    service = two_and_an_old_one().must(REFUSED)
    assert service.case.has(Milestone.THRESHOLD_TOLD)
    service.must(corrects("I3", occurred=date(2026, 3, 3), reported=date(2026, 3, 3)))  # Tue
    assert letters(service) == ["A-18", "L-22"]
    assert service.refusal(REFUSED) is not None
    service.must(MET)
    assert service.case.threshold
    assert service.case.threshold.met


def test_a_refusal_falls_even_when_the_case_is_about_to_close() -> None:
    service = two_and_an_old_one().must(REFUSED)
    while service.stage is Stage.NOT_MET:
        service.wait(1)
    assert service.stage is Stage.CLOSING
    assert service.refusal(MET) is not None
    service.must(corrects("I3", occurred=date(2026, 3, 3), reported=date(2026, 3, 3)))  # Tue
    assert "decide-threshold replaces the refusal" in service.waiting.words
    service.wait(60)
    assert service.stage is Stage.CLOSING
    service.must(MET)
    assert service.stage is Stage.GATHERING


def test_a_review_that_was_told_goes_on_and_officer_and_applicant_hear_what_it_rests_on() -> None:
    service = at(Stage.GATHERING).must(corrects("I1", **LONG_AGO))
    assert letters(service) == ["A-18", "L-22"]
    found = reconsidered(service.case, service.case.corrections[-1].event)
    assert found
    assert found.turned
    assert found.changes
    assert service.stage is Stage.GATHERING


def test_a_body_that_a_corrected_report_names_for_the_first_time_is_asked() -> None:
    service = at(Stage.VERIFYING).must(corrects("I1", reported_to="landlord"))
    assert "verification:landlord" in service.case.enquiries
    assert service.case.application.incidents[0].reported_to != "landlord"


# What an agency's record says


def test_a_day_that_an_agency_has_goes_with_a_record_and_has_been() -> None:
    service = at(Stage.VERIFYING)

    def answered(**said: object) -> e.EnquiryAnswered:
        confirmation = e.Confirmation.model_validate({"incident": "I1", "confirmed": True, **said})
        return e.EnquiryAnswered(enquiry="verification:police", confirmations=(confirmation,))

    assert service.refusal(answered(reported=date(2026, 3, 20))) is None  # Fri
    assert service.refusal(answered(confirmed=False, reported=date(2026, 3, 20))) == (
        "I1 has a day and no record; say that a record is held, or leave the day empty"
    )
    tomorrow = service.today + timedelta(days=1)
    assert "lies in the future" in str(service.refusal(answered(reported=tomorrow)))


def test_a_day_that_an_agency_has_decides_against_the_applicant_only_once_the_report_is_corrected() -> None:
    service = at(Stage.VERIFYING)
    confirmation = e.Confirmation(incident="I1", confirmed=True, reported=OLD)
    agency = service.case.enquiries["verification:police"].agency
    service.must(e.EnquiryAnswered(enquiry=f"verification:{agency}", confirmations=(confirmation,)))
    assert assessment(service.case).met
    service.must(corrects("I1", occurred=OLD, reported=OLD))
    assert not assessment(service.case).met


# Published grounds


def test_a_published_ground_is_named_by_its_id_and_only_in_a_refusal() -> None:
    service = Service("kent-district", complaints=2)
    service.wait(1)
    named = REFUSED.model_copy(update={"grounds": ("unhappy-with-service",)})
    assert service.refusal(named) == (
        "say in evidence what shows that unhappy-with-service applies; the applicant is told"
    )
    ground = named.model_copy(update={"evidence": "Both reports are about a letter that came late."})
    assert service.refusal(ground) is None
    strange = str(service.refusal(REFUSED.model_copy(update={"grounds": ("noise",)})))
    assert strange.startswith("noise is no published ground of this council; its grounds are: still-open, unhappy")
    assert service.refusal(MET.model_copy(update={"grounds": ("criminal",), "discretion": "The harm is great."})) == (
        "a published ground is one of a refusal: leave grounds empty where a review is held"
    )


def test_no_published_ground_refuses_three_qualifying_complaints() -> None:
    service = Service("kent-district", complaints=3)
    service.wait(1)
    for exclusion in service.policy.exclusions:
        sentence = service.refusal(REFUSED.model_copy(update={"grounds": (exclusion.id,)}))
        assert "cannot be recorded as not met" in str(sentence)
