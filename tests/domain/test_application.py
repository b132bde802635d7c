"""What an applicant writes, and what the case carries of it."""

from datetime import date, datetime

import pytest
from pydantic import BaseModel, ValidationError

from domain.application import (
    Application,
    ApplicationForm,
    Email,
    Incident,
    Line,
    Person,
    Representative,
    WrittenIncident,
    carried,
)

INCIDENT = {
    "occurred": date(2026, 3, 9),  # Mon
    "reported": date(2026, 3, 10),  # Tue
    "reported_to": "police",
    "what": "Shouting at night.",
}


class OneLine(BaseModel):
    text: Line
    email: Email = "a@b.example.org"


def form(**changed: object) -> ApplicationForm:
    given = {"applicant": {"name": "Ann Reed"}, "incidents": [INCIDENT, INCIDENT], **changed}
    return ApplicationForm.model_validate(given)


@pytest.mark.parametrize("text", ["two\nlines", "tab\there", "bell\a", "next\x85line", "line\u2028separator", "\x7f"])
def test_a_line_has_no_control_characters(text: str) -> None:
    with pytest.raises(ValidationError, match="must be one line without control characters"):
        OneLine(text=text)


def test_a_line_is_stripped_and_keeps_its_letters() -> None:
    assert OneLine(text="  Zoë O\u2019Neill-Łuczak 🙂 ").text == "Zoë O\u2019Neill-Łuczak 🙂"


@pytest.mark.parametrize("email", ["ann", "ann@home", "a b@example.org", "a@example.org,b@example.org", "<a@b.org>"])
def test_an_email_is_one_address(email: str) -> None:
    with pytest.raises(ValidationError, match="email"):
        OneLine(text="x", email=email)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"reported": date(2026, 3, 8)},  # Sun
            "the report of Sunday 8 March 2026 is before what happened on Monday 9 March 2026",
        ),
        (
            {"occurred_until": date(2026, 3, 8)},  # Sun
            "the last day, Sunday 8 March 2026, is before the first, Monday 9 March 2026",
        ),
    ],
)
def test_an_incident_is_reported_after_it_began(changed: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Incident.model_validate(INCIDENT | changed)


def test_behaviour_may_go_on_after_its_report_and_counts_to_its_last_day() -> None:
    went_on = Incident.model_validate(INCIDENT | {"occurred_until": date(2026, 3, 20)})  # Fri
    assert went_on.last_day == date(2026, 3, 20)  # Fri
    assert Incident.model_validate(INCIDENT).last_day == date(2026, 3, 9)  # Mon


def test_a_slip_of_the_pen_in_a_file_is_an_error() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        WrittenIncident.model_validate(INCIDENT | {"reportd_to": "police"})
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        form(concent_to_share=True)


def test_what_a_newer_version_added_is_ignored_by_an_older_one() -> None:
    incident = Incident.model_validate(INCIDENT | {"added_in_2031": True})
    assert incident.reported_to == "police"
    assert Application.model_validate({"applicant": "P1", "added_in_2031": True}).applicant == "P1"


@pytest.mark.parametrize("name", ["", "   "])
def test_a_person_has_a_name(name: str) -> None:
    with pytest.raises(ValidationError, match="name"):
        Person(name=name)


def test_an_application_has_an_incident() -> None:
    with pytest.raises(ValidationError, match="incidents"):
        form(incidents=[])


def test_an_application_is_no_longer_than_can_travel() -> None:
    long = INCIDENT | {"what": "x" * 19_000}
    assert form(incidents=[long] * 10).impact == ""
    with pytest.raises(ValidationError, match="209000 characters together and 200000 is the most; shorten them"):
        form(incidents=[long] * 11)


@pytest.mark.parametrize(
    ("application", "missing"),
    [
        (Application(applicant="P1", consent_to_share=True), ()),
        (
            Application(applicant="P1"),
            ("consent to share your details with the agencies who must take part",),
        ),
        (
            Application(applicant="P1", representative="P2", victim_consents=False, consent_to_share=True),
            ("the victim's consent that their representative may act for them",),
        ),
        (
            Application(applicant="P1", representative="P2", victim_consents=False),
            (
                "consent to share your details with the agencies who must take part",
                "the victim's consent that their representative may act for them",
            ),
        ),
        (Application(applicant="P1", victim_consents=False, consent_to_share=True), ()),
    ],
)
def test_what_is_missing_is_named(application: Application, missing: tuple[str, ...]) -> None:
    assert application.missing == missing


def test_a_case_carries_the_form_without_its_people() -> None:
    whole = form(
        made_at=datetime(2026, 4, 1, 10, 30),  # Wed  # noqa: DTZ001
        applicant={"name": "Ann Reed", "email": "ann.reed@example.org", "address": ["1 Castle Street"]},
        representative={"name": "Sam Cole", "relation": "support worker", "victim_consents": True},
        consent_to_share=True,
        impact="We cannot sleep.",
        landlord="Harbour Homes",
        attendance="by telephone",
    )
    application = carried(whole, "P1", "P2")
    said = application.model_dump_json()
    assert all(private not in said for private in ("Ann", "Reed", "Castle", "Sam", "Cole"))
    assert (application.applicant, application.representative) == ("P1", "P2")
    assert [incident.id for incident in application.incidents] == ["I1", "I2"]
    for name in set(Application.model_fields) & set(ApplicationForm.model_fields) - {
        "applicant",
        "representative",
        "incidents",
    }:
        assert getattr(application, name) == getattr(whole, name), name


def test_a_case_carries_the_victims_consent_of_whoever_acts() -> None:
    asks = Representative(name="Sam Cole", relation="neighbour")
    assert not carried(form(representative=asks), "P1", "P2").victim_consents
    assert carried(form(), "P1").victim_consents
