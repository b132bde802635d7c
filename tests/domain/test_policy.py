"""The policy models, and their page in the documentation."""

import inspect
import re
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest
from pydantic import ValidationError

import policies
from domain import appeal_route, application, calendar, definitions, limit, policy, roster, source
from domain.application import Written
from domain.calendar import ClosedDay, Unit
from domain.findings import RULES
from domain.policy import Agency, CalendarRules, Limit, Milestone, Source, StepId, Subject

DOCS = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
PARTS = (appeal_route, definitions, limit, roster)
MODELS = [
    model
    for _, model in inspect.getmembers(policy, inspect.isclass)
    if issubclass(model, Written) and model.__module__ in {own.__name__ for own in (policy, source, *PARTS)}
]
VALUES: list[type[StrEnum]] = [
    enum for _, enum in inspect.getmembers(policy, inspect.isclass) if issubclass(enum, StrEnum) and enum is not StrEnum
] + [application.Tenure, calendar.ClosedDayRule]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_of_every_model_is_documented(model: type[Written]) -> None:
    section = re.search(rf"^### `{model.__name__}`$(.*?)(?=^##|\Z)", DOCS, re.DOTALL | re.MULTILINE)
    assert section, model.__name__
    documented = re.findall(r"^\| `(\w+)` \|", section[1], re.MULTILINE)
    assert documented == list(model.model_fields)


@pytest.mark.parametrize("enum", VALUES, ids=lambda enum: enum.__name__)
def test_every_value_is_documented(enum: type[StrEnum]) -> None:
    (row,) = re.findall(rf"^\| `{enum.__name__}` \|.*$", DOCS, re.MULTILINE)
    assert {value.value for value in enum} <= set(re.findall(r"`(\w+)`", row))


def test_every_rule_of_the_linter_is_documented() -> None:
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (error|finding) \|", DOCS, re.MULTILINE))
    assert rows == {code: rule.severity.value for code, rule in RULES.items()}


def test_a_source_needs_what_the_page_says_or_the_choice_that_was_made() -> None:
    with pytest.raises(ValidationError, match="a source needs what the page `says`"):
        Source(promise=("K04-25",))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Source(promise=("SDB-13",), says="within five working days"), "“within five working days” (SDB-13)"),
        (Source(choice="The page is silent."), "The page is silent."),
        (Source(promise=("K04-25", "K04-26"), choice="By then."), "By then. (K04-25, K04-26)"),
    ],
)
def test_a_source_in_words_quotes_the_page_or_gives_the_choice(source: Source, words: str) -> None:
    assert source.words == words


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Limit(limit=1), "1 working day"),
        (Limit(limit=25), "25 working days"),
        (Limit(limit=1, unit=Unit.MONTHS), "1 month"),
        (Limit(limit=8, unit=Unit.WEEKS), "8 weeks"),
        (Limit(limit=28, unit=Unit.DAYS), "28 days"),
        (Limit(limit=5, unit=Unit.MEETING), "next meeting at least 5 working days on"),
    ],
)
def test_a_limit_in_words(limit: Limit, words: str) -> None:
    assert limit.words == words


@pytest.mark.parametrize("limit", [-1, 401])
def test_a_limit_has_bounds(limit: int) -> None:
    with pytest.raises(ValidationError):
        Limit(limit=limit)


def test_an_unknown_field_is_an_error() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Limit.model_validate({"limit": 5, "units": "days"})


def test_an_agency_s_id_is_a_plain_word() -> None:
    police = policies.load("dover").agency("police")
    assert police
    with pytest.raises(ValidationError, match="id"):
        Agency.model_validate({**police.model_dump(), "id": "Kent Police"})


def test_a_policy_is_never_changed_in_place() -> None:
    dover = policies.load("dover")
    with pytest.raises(ValidationError, match="frozen"):
        setattr(dover, "version", "2")  # noqa: B010


def test_agencies_and_steps_are_found_by_id() -> None:
    dover = policies.load("dover")
    police, response = dover.agency("police"), dover.step(StepId.RESPONSE)
    assert police
    assert response
    assert (police.name, response.done_by) == ("Kent Police", Milestone.OUTCOME_SENT)
    assert dover.agency("fire") is None
    assert policies.load("kent-district").step(StepId.VERIFICATION) is None


def test_a_service_of_the_council_is_no_relevant_body_of_its_own() -> None:
    kent = policies.load("kent-district")
    assert [body.id for body in kent.relevant_bodies] == ["council", "police", "icb", "landlord"]


def test_the_first_open_layer_for_a_subject_hears_the_appeal() -> None:
    kent = policies.load("kent-district")
    day = date(2026, 6, 1)  # Mon
    assert [route.id for route in kent.appeals_on(day, (Subject.OUTCOME,))] == ["neighbouring-council"]
    assert [route.id for route in kent.appeals_on(day, (Subject.THRESHOLD,))] == ["statutory-minimum"]
    assert len(kent.appeals_on(day)) == 2


def test_a_route_is_open_from_its_first_day_to_its_last() -> None:
    kent = policies.load("kent-district")
    route = kent.appeals[0].model_copy(update={"since": date(2026, 6, 1), "until": date(2026, 6, 30)})  # Mon, Tue
    dated = kent.model_copy(update={"appeals": (route,)})
    days = (date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1))  # Sun, Mon, Tue, Wed
    assert [bool(dated.appeals_on(day)) for day in days] == [False, True, True, False]


def test_closure_days_are_left_out_only_where_the_page_says_so() -> None:
    closed = (ClosedDay(date=date(2026, 12, 29), name="Christmas closure"),)  # Tue
    source = Source(choice="As published.")
    assert CalendarRules(closures=closed, source=source).closed == ()
    assert CalendarRules(closures=closed, closures_count_as_working=False, source=source).closed == closed


@pytest.mark.parametrize("id", policies.ids())
def test_a_policy_survives_the_journey_through_json(id: str) -> None:
    loaded = policies.load(id)
    assert type(loaded).model_validate_json(loaded.model_dump_json()) == loaded
