"""A small council and reports made up for it, for the tests of the threshold."""

from datetime import date, time

from domain.application import Incident
from domain.calendar import Unit
from domain.policy import (
    Agency,
    CalendarRules,
    Chasing,
    Definitions,
    Discretion,
    Effect,
    Exclusion,
    Extensions,
    Identity,
    Limit,
    PanelRules,
    Participation,
    Policy,
    Publication,
    Route,
    Senior,
    Service,
    Source,
)
from domain.threshold import Assessment, Complaint

SOURCE = Source(choice="written for a test")
A_MONTH = Limit(limit=1, unit=Unit.MONTHS)
THREE_MONTHS = Limit(limit=3, unit=Unit.MONTHS)
SIX_MONTHS = Limit(limit=6, unit=Unit.MONTHS)
MADE = date(2026, 5, 1)  # Fri


def route(minimum: int = 3, **changes: object) -> Route:
    shape = {
        "id": "three",
        "title": "Three reports",
        "minimum": minimum,
        "report_within": A_MONTH,
        "apply_within": SIX_MONTHS,
        "source": SOURCE,
    }
    return Route.model_validate(shape | changes)


FLOOR = route(statutory=True)


def exclusion(id: str = "crime", effect: Effect = Effect.REFUSE, **changes: object) -> Exclusion:
    shape = {"id": id, "title": f"Caveat {id}", "effect": effect, "paragraph": "No.", "source": SOURCE}
    return Exclusion.model_validate(shape | changes)


def policy(*routes: Route, exclusions: tuple[Exclusion, ...] = (), crimes_may_count: bool = True) -> Policy:
    return Policy(
        id="testshire",
        version="1",
        effective_from=date(2026, 1, 1),
        identity=Identity(
            council="Testshire District Council",
            area="Testshire",
            lead_body="Testshire District Council",
            partnership="Testshire Community Safety Partnership",
            url="https://testshire.example.org/review",
            source=SOURCE,
        ),
        calendar=CalendarRules(cut_off=time(17), source=SOURCE),
        service=Service(source=SOURCE),
        definitions=Definitions(
            asb="harassment, alarm or distress",
            reports_to="any agency",
            crimes_may_count=crimes_may_count,
            source=SOURCE,
        ),
        routes=routes or (FLOOR,),
        discretion=Discretion(exercised_by="the community safety manager", guidance="", source=SOURCE),
        exclusions=exclusions,
        agencies=(
            Agency(
                id="police",
                role="police",
                name="Testshire Police",
                email="asb@police.example.org",
                senior=Senior(title="Chief Inspector", email="chief@police.example.org"),
                source=SOURCE,
            ),
        ),
        steps=(),
        extensions=Extensions(steps=(), at_most=10, times=1, approver="manager", source=SOURCE),
        chasing=Chasing(minimum_gap=2, ladder=(), source=SOURCE),
        participation=Participation(modes=("in person",), minutes=20, source=SOURCE),
        panel=PanelRules(quorum=3, chair="head of service", members=("police",), source=SOURCE),
        publication=Publication(period="financial year", measures=(), source=SOURCE),
    )


def incident(id: str, occurred: date, reported: date | None = None, **changes: object) -> Incident:
    shape = {
        "id": id,
        "occurred": occurred,
        "reported": reported or occurred,
        "reported_to": "police",
        "what": "Shouting and banging until three in the morning",
    }
    return Incident.model_validate(shape | changes)


def only(assessment: Assessment) -> Complaint:
    assert len(assessment.complaints) == 1
    return assessment.complaints[0]


def by_id(assessment: Assessment, route: str | None = None) -> dict[str, Complaint]:
    tried = next(tried for tried in assessment.routes if route in (None, tried.route))
    return {complaint.incident: complaint for complaint in tried.complaints}


MARCH = (
    incident("I1", date(2026, 3, 2)),  # Mon
    incident("I2", date(2026, 3, 10), date(2026, 3, 11)),  # Tue, Wed
    incident("I3", date(2026, 4, 16)),  # Thu
)
