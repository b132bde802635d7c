"""What can happen to a case: its shapes, its registries, and its page in the documentation."""

import importlib
import pkgutil
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from domain import events as e
from domain import happenings
from domain.case import Stage
from domain.letters import CATALOGUE
from tests.domain.stages import at

DOCS = (Path(__file__).parents[2] / "docs" / "events.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### `([\w.]+)`\n(.*?)(?=^##|\Z)", DOCS, re.DOTALL | re.MULTILINE))
ROOMS = [
    importlib.import_module(f"domain.happenings.{room.name}") for room in pkgutil.iter_modules(happenings.__path__)
]
KINDS = pytest.mark.parametrize("kind", e.bodies())
NOW = datetime(2026, 4, 2, 9, tzinfo=UTC)  # Thu
BLANK = ["", " ", "\n\t "]


# The documentation


def test_every_kind_of_event_is_documented_once_and_nothing_else_is() -> None:
    assert sorted(re.findall(r"^### (.*)$", DOCS, re.MULTILINE)) == sorted(f"`{kind}`" for kind in e.bodies())


@KINDS
def test_every_field_of_an_event_is_documented_in_order(kind: str) -> None:
    documented = re.findall(r"^  - `(\w+)`: [`\w]", SECTIONS[kind], re.MULTILINE)
    assert documented == [name for name in e.bodies()[kind].model_fields if name != "kind"]
    assert ("- **Fields**: none" in SECTIONS[kind]) is not bool(documented)


@KINDS
def test_every_act_is_documented_with_who_may_do_it_and_when(kind: str) -> None:
    act, section = e.bodies()[kind].act, SECTIONS[kind]
    lines = dict(re.findall(r"^- \*\*(\w[\w ]*)\*\*: (.*)$", section, re.MULTILINE))
    assert lines["Leads to"].endswith(".")
    assert section.strip()[0].isupper()
    if act is None:
        assert lines["Act"] == "none"
        assert "At" not in lines
        return
    assert lines["Act"] == f"`{act}`"
    assert lines["Who"] == ", ".join(role.value.replace("_", " ") for role in e.Role if role in e.kinds()[act].may)
    assert lines["At"] == stages(e.kinds()[act].turn)


def stages(turn: frozenset[Stage]) -> str:
    if turn == frozenset(Stage):
        return "any stage"
    if turn == frozenset(stage for stage in Stage if not stage.over):
        return "any stage until the case is over"
    return ", ".join(stage.value for stage in Stage if stage in turn)


def test_the_documentation_names_letters_that_there_are() -> None:
    named = set(re.findall(r"\b[LAR]-\d+[a-z]?\b", DOCS))
    assert named <= set(CATALOGUE)
    assert len(named) > 20


# The registries


def test_every_body_is_an_event_and_every_act_has_one_body() -> None:
    written = {
        thing
        for module in ROOMS
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, e.Body) and thing is not e.Body
    }
    assert set(e.bodies().values()) == written
    assert len(e.acts()) == sum(1 for one in written if one.act)


@KINDS
def test_a_kind_is_two_words_joined_by_a_dot_and_an_act_is_words_joined_by_hyphens(kind: str) -> None:
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", kind)
    act = e.bodies()[kind].act
    assert act is None or re.fullmatch(r"[a-z]+(-[a-z]+)*", act)


def test_everything_that_makes_up_an_event_can_be_had_from_one_module() -> None:
    for module in ROOMS:
        for name, thing in vars(module).items():
            if isinstance(thing, type) and thing.__module__ == module.__name__:
                assert getattr(e, name) is thing


# The wire


@pytest.mark.parametrize("stage", Stage, ids=str)
def test_every_event_of_a_case_comes_back_from_json_as_it_was(stage: Stage) -> None:
    for event in at(stage).case.events:
        again = e.Event.model_validate_json(event.model_dump_json())
        assert again == event
        assert type(again.what) is type(event.what)
        assert again.kind == event.kind


@KINDS
def test_a_newer_versions_field_is_ignored(kind: str) -> None:
    assert e.bodies()[kind].model_config["extra"] == "ignore"
    assert e.bodies()[kind].model_config["frozen"]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValidationError, match="does not match any of the expected tags"):
        TypeAdapter[e.Body](e.What).validate_python({"kind": "case.lost"})


def test_an_event_cannot_be_changed() -> None:
    event = e.Event(id="001", at=NOW, by=e.CLOCK, what=e.Acknowledged())
    with pytest.raises(ValidationError, match="frozen"):
        event.id = "002"  # type: ignore[misc]


# Words that must be there


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, one in e.bodies().items() for name, field in one.model_fields.items()
     if field.annotation is str and any(getattr(m, "strip_whitespace", None) for m in field.metadata)],
)  # fmt: skip
def test_reasons_are_not_blank(kind: str, name: str, blank: str) -> None:
    with pytest.raises(ValidationError, match=name):
        e.bodies()[kind].model_validate({name: blank})


def test_which_words_must_be_there() -> None:
    needed = {
        f"{kind}.{name}"
        for kind, one in e.bodies().items()
        for name, field in one.model_fields.items()
        if any(getattr(m, "strip_whitespace", None) for m in field.metadata)
    }
    assert needed == {
        "panel.adjourned.reason",
        "appeal.hearing_adjourned.reason",
        "panel.held.findings",
        "outcome.decided.reasons",
        "chronology.sent.chronology",
        "chronology.corrected.corrections",
        "explanation.asked.question",
        "explanation.given.explanation",
        "action.done.evidence",
        "appeal.lodged.grounds",
        "appeal.refused.reasons",
        "appeal.decided.reasons",
        "follow_up.held.findings",
        "closure.objected.reason",
        "deadline.extended.reason",
        "hold.started.reason",
        "call.requested.when",
        "extension.undone.reason",
        "case.restored.reason",
        "note.added.text",
        "case.linked.reason",
        "case.parted.reason",
        "consent.asked.why",
        "person.left.reason",
        "safety.referred.danger",
        "risk.assessed.reasons",
        "apology.made.wrong",
        "apology.made.remedy",
        "apology.made.learning",
        "disclosure.made.what",
        "disclosure.made.basis",
        "threshold.deferred.reason",
        "date.corrected.reason",
        "report.corrected.reason",
        "calendar.changed.reason",
        "letter.settled.how",
        "contact.corrected.how",
        "agency.corrected.reason",
        "body.added.reason",
    }


@pytest.mark.parametrize("blank", BLANK)
def test_an_officer_and_a_recommendation_have_words(blank: str) -> None:
    with pytest.raises(ValidationError, match="officer"):
        e.OfficerAssigned(officer=blank)
    with pytest.raises(ValidationError, match="text"):
        e.Recommendation(to="police", text=blank)


@pytest.mark.parametrize("working_days", [0, -1, 801])
def test_an_extension_is_one_working_day_at_least_and_eight_hundred_at_most(working_days: int) -> None:
    with pytest.raises(ValidationError, match="working_days"):
        e.Extended(step="response", working_days=working_days, reason="Late.")


def test_a_name_in_an_event_is_one_line() -> None:
    with pytest.raises(ValidationError, match="must be one line without control characters"):
        e.Seat(name="Lee Hart\nChair")


def test_the_clock_is_the_service_itself() -> None:
    assert e.CLOCK.role is e.Role.CLOCK
    assert {one.who for one in e.acts().values()} == set(e.Role) - {e.Role.CLOCK}


def test_the_union_holds_each_body_once() -> None:
    bodies = get_args(get_args(e.What)[0])
    assert len(bodies) == len(set(bodies)) == len(e.bodies())
    assert e.bodies()["panel.held"] is e.PanelHeld
    assert e.PanelHeld(on=date(2026, 4, 9), findings=" Found. ").findings == "Found."  # Thu
