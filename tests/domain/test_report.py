"""What is one report and what are several, and days that nobody knows."""

from datetime import date

import pytest

import policies
from domain.application import Incident
from domain.report import body_of, folded, reference
from domain.threshold import Assessment, assess
from tests.domain.history import council

DOVER = council("dover").model_copy(deep=True)
MADE = date(2026, 10, 12)  # Mon


def report(id: str, reported: date, to: str = "police", what: str = "Shouting at night", **more: object) -> Incident:
    given = {"id": id, "occurred": reported, "reported": reported, "reported_to": to, "what": what, **more}
    return Incident.model_validate(given)


def held(*reports: Incident, **known: object) -> Assessment:
    return assess(DOVER, reports, MADE, **known)  # type: ignore[arg-type]


def counted(found: Assessment) -> list[str]:
    return [complaint.incident for complaint in found.complaints if complaint.counted]


MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)


def test_one_report_typed_three_times_is_one_report() -> None:
    found = held(
        report("I1", MONDAY, "police", reference="KP-1"),
        report("I2", MONDAY, "Kent Police", "Shouting at night.", reference="kp 1"),
        report("I3", MONDAY, "101", "SHOUTING at night!", reference="KP/1"),
    )
    assert not found.met
    assert counted(found) == ["I1"]
    assert [complaint.same_as for complaint in found.complaints] == ["", "I1", "I1"]
    assert "under the same reference" in found.complaints[1].why
    assert len(found.notes) == 2


def test_without_references_the_same_words_on_one_day_to_one_body_are_one_report() -> None:
    found = held(*(report(f"I{n}", MONDAY, to) for n, to in enumerate(("police", "The police", "KENT POLICE"), 1)))
    assert counted(found) == ["I1"]


def test_the_same_reference_on_different_days_is_several_reports() -> None:
    days = (date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21))  # Mon
    found = held(*(report(f"I{n}", day, reference="KP-1") for n, day in enumerate(days, 1)))
    assert found.statutory
    assert found.notes == ()


@pytest.mark.parametrize(
    ("more", "many"),
    [
        ({"reference": "KP-2"}, True),
        ({"reference": ""}, False),
        ({"reference": "n/a"}, False),
        ({"reference": "KP-1", "what": "A brick through the window"}, False),
        ({"reference": "", "what": "A brick through the window"}, True),
        ({"reference": "KP-1", "reported_to": "council"}, True),
        ({"reference": "KP-1", "reporter": "Mrs Lane at 12"}, True),
    ],
    ids=str,
)
def test_what_makes_it_a_report_of_its_own(more: dict[str, object], many: bool) -> None:
    first = report("I1", MONDAY, reference="KP-1")
    second = Incident.model_validate({**first.model_dump(), "id": "I2", **more})
    assert len(counted(held(first, second))) == (2 if many else 1)


def test_no_reference_in_whatever_word_is_no_reference() -> None:
    for said in ("", "n/a", "None", "-", "not known", "Unknown."):
        assert reference(report("I1", MONDAY, reference=said)) == ""
    assert reference(report("I1", MONDAY, reference=" KP/0101-26 ")) == "kp010126"


@pytest.mark.parametrize("name", ["police", "Kent Police", "KENT-POLICE", "the police", "101", "Police."])
def test_a_body_is_known_by_each_of_its_names(name: str) -> None:
    assert body_of(DOVER, name) == "police"
    assert body_of(DOVER, "Transport Police") == "transportpolice"


def test_in_every_council_that_is_shipped_101_is_the_police() -> None:
    for id in policies.ids():
        assert body_of(policies.load(id), "101") == "police"


def test_what_has_no_letters_is_still_told_apart() -> None:
    assert folded("!!") != folded("??")


# Days that nobody knows

SEPTEMBER = {"occurred": date(2026, 9, 1), "occurred_until": date(2026, 9, 30)}  # Tue, Wed
LATE = date(2026, 10, 5)  # Mon


def test_some_night_in_september_reported_on_5_october_counts_and_says_why() -> None:
    (complaint,) = held(report("I1", LATE, occurred_unsure=True, **SEPTEMBER)).complaints
    assert complaint.counted
    assert complaint.why == (
        "Counted: you reported it on Monday 5 October 2026. It happened between 1 and 30 September 2026. Read in your "
        "favour, that can be within one month."
    )
    (exact,) = held(report("I1", LATE, occurred=date(2026, 9, 1))).complaints  # Tue
    assert not exact.counted


def test_about_a_day_is_read_some_days_either_way() -> None:
    for told, counts in ((date(2026, 10, 1), True), (date(2026, 10, 8), True), (date(2026, 10, 9), False)):  # Thu, Fri
        (complaint,) = held(report("I1", told, occurred=date(2026, 9, 1), occurred_unsure=True)).complaints  # Tue
        assert complaint.counted is counts
    assert (
        "It happened about Tuesday 1 September 2026"
        in held(report("I1", date(2026, 10, 5), occurred=date(2026, 9, 1), occurred_unsure=True)).complaints[0].why
    )


def test_a_report_between_two_days_counts_on_the_best_of_them() -> None:
    april = (date(2026, 4, 1), date(2026, 4, 30))  # Wed, Thu
    (complaint,) = held(report("I1", april[0], reported_until=april[1], occurred=date(2026, 3, 20))).complaints  # Fri
    assert complaint.counted
    assert complaint.on == date(2026, 4, 20)  # Mon: a month after it happened, and inside the six months
    assert complaint.why.startswith("Counted: you reported it between 1 and 30 April 2026.")


def test_a_report_that_may_be_from_after_the_application_counts_up_to_its_day() -> None:
    (complaint,) = held(report("I1", date(2026, 10, 1), reported_until=date(2026, 10, 31))).complaints  # Thu, Sat
    assert complaint.counted
    assert complaint.on == MADE


def test_days_that_nobody_knows_can_stand_for_different_days_where_each_counts_once() -> None:
    route = DOVER.routes[0].model_copy(update={"distinct_days": True, "statutory": False, "id": "days"})
    own = DOVER.model_copy(update={"routes": (*DOVER.routes, route)})
    loose = [report(f"I{n}", LATE, reference=f"KP-{n}", occurred_unsure=True, **SEPTEMBER) for n in (1, 2, 3)]
    assert assess(own, loose, MADE).routes[-1].counted == 3
    exact = [report(f"I{n}", LATE, reference=f"KP-{n}", occurred=LATE) for n in (1, 2, 3)]
    assert assess(own, exact, MADE).routes[-1].counted == 1


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"occurred": MONDAY}, "Monday 7 September 2026"),
        ({"occurred": MONDAY, "occurred_unsure": True}, "about Monday 7 September 2026"),
        ({**SEPTEMBER, "occurred_unsure": True}, "between 1 and 30 September 2026"),
        (SEPTEMBER, "Tuesday 1 September 2026 to Wednesday 30 September 2026"),
        (
            {"occurred": date(2026, 8, 28), "occurred_until": MONDAY, "occurred_unsure": True},  # Fri
            "between 28 August and 7 September 2026",
        ),
        (
            {"occurred": date(2025, 12, 30), "occurred_until": MONDAY, "occurred_unsure": True},  # Tue
            "between 30 December 2025 and 7 September 2026",
        ),
    ],
    ids=str,
)
def test_days_are_said_as_surely_as_they_are_known(days: dict[str, object], said: str) -> None:
    assert str(report("I1", LATE, **days).happened_on) == said


# What a body's own record says


def test_a_day_of_a_bodys_record_decides_only_in_the_applicants_favour() -> None:
    late = report("I1", LATE, occurred=date(2026, 9, 1))  # Mon, Tue
    record = {"recorded": {"I1": [date(2026, 9, 3)]}}  # Thu
    (helped,) = held(late, **record).complaints
    assert helped.counted
    assert helped.on == date(2026, 9, 3)
    assert helped.why.endswith(
        "The body’s own record has Thursday 3 September 2026 and you gave Monday 5 October 2026; "
        "we use the one that counts."
    )
    good = report("I1", date(2026, 9, 3), occurred=date(2026, 9, 1))
    (kept,) = held(good, recorded={"I1": [LATE]}).complaints
    assert kept.counted
    assert kept.on == date(2026, 9, 3)
    assert "own record" not in kept.why


def test_reports_that_are_not_about_one_problem_are_counted_and_who_decides_is_told() -> None:
    days = (date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21))  # Mon
    reports = [report(f"I{n}", day) for n, day in enumerate(days, 1)]
    found = held(*reports, same_problem=False)
    assert found.statutory
    assert "not all about the same problem" in found.notes[0]
    assert held(*reports).notes == ()
