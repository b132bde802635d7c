"""Forms are made from the models of the acts: every field has its place, and what was typed comes back as typed."""

from datetime import date

import pytest

from console.questions.fields import Choice, Field, FieldKind, answers, content, fields, filled, unfilled
from console.questions.labels import ACTS, plainly
from console.staff.act_forms import _LEFT_OUT
from console.staff.application_form import fields_of
from console.web.posted_forms import Posted
from domain import events as e
from domain.application import ApplicationForm
from office.wording import Caption, wording
from tests.register import examples
from tests.workflows.life import panel

EXPLAINED = (
    *("optional", "Only if", "Only after", "Needed", "If ", "Today", "missing", "Who decided", "time"),
    *("applicant say", "letter", "kind"),
)


def of(act: str) -> tuple[Field, ...]:
    return fields(e.acts()[act], lambda path: wording(act, path), lambda path: (), _LEFT_OUT.get(act, frozenset()))


def flat(made: tuple[Field, ...], at: str = "") -> list[tuple[str, Field]]:
    return [
        pair for field in made for pair in ((f"{at}{field.name}", field), *flat(field.inside, f"{at}{field.name}."))
    ]


@pytest.mark.parametrize("act", e.acts())
def test_every_act_has_words_of_its_own(act: str) -> None:
    words = ACTS[act]
    assert words.title
    assert words.done
    assert not words.title.endswith(".")
    assert len({one.title for one in ACTS.values()}) == len(ACTS)


OF_ANOTHER_MODEL = ("change-calendar", "change-representative", "correct-contact")


@pytest.mark.parametrize("act", [act for act in e.acts() if act not in OF_ANOTHER_MODEL])
def test_every_field_of_an_act_is_asked_for_in_words(act: str) -> None:
    for path, field in flat(of(act)):
        plain = path.rpartition(".")[2].replace("_", " ").capitalize()
        assert field.label != plain or " " not in plain, f"{act}.{path} has no words of its own"
        if not field.needed and field.kind not in (FieldKind.TICK, FieldKind.GROUP, FieldKind.MANY):
            said = f"{field.label} {field.hint}"
            assert any(word in said for word in EXPLAINED), f"{act}.{path}: {said}"


def test_a_panel_comes_back_as_it_was_typed() -> None:
    arranged = panel(date(2027, 1, 14), time="10:00")  # Thu
    made = of("arrange-panel")
    again, faults = filled(e.PanelArranged, made, Posted(unfilled(arranged, made)))
    assert faults == []
    assert again == arranged


def test_an_application_comes_back_as_it_was_typed() -> None:
    made = fields_of(examples.policy())
    form = examples.form(representative=examples.representative()).model_copy(update={"made_at": None})
    again, faults = filled(ApplicationForm, made, Posted(unfilled(form, made)))
    assert faults == []
    assert again == form


def test_rows_nobody_typed_into_are_left_out_and_faults_still_find_their_place() -> None:
    made = of("record-panel-decision")
    form = Posted({
        "on.day": "14", "on.month": "1", "on.year": "2027", "findings": "Heard.",
        "recommendations.0.new": "yes", "recommendations.3.to": "police",
    })  # fmt: skip
    _, faults = filled(e.PanelHeld, made, form)
    assert [(one.field, one.words) for one in faults] == [("recommendations.3.text", "Enter what is recommended")]


def test_a_tick_that_stands_unless_taken_away_can_be_taken_away() -> None:
    made = of("arrange-panel")
    typed = unfilled(panel(date(2027, 1, 14)), made)  # Thu
    del typed["chair.independent"]
    found, _ = content(made, Posted(typed))
    assert found["chair"]["independent"] is False


@pytest.mark.parametrize(
    ("day", "month", "year", "words"),
    [
        ("31", "4", "2027", "The day must be a real date, such as 27 3 2026"),
        ("x", "4", "2027", "The day must be a real date, such as 27 3 2026"),
        ("14", "11", "26", "The year of the day must have four numbers, such as 2026"),
        ("14", "11", "1026", "The day must have a year from 1900 to 2199"),
        ("1", "1", "99999999999999", "The day must be a real date, such as 27 3 2026"),
        ("", "4", "2027", "The day must include a day"),
        ("1", "", "", "The day must include a month and year"),
    ],
)
def test_a_date_that_cannot_be_read_says_why(day: str, month: str, year: str, words: str) -> None:
    field = Field("on", FieldKind.DATE, "On which day?", called="the day")
    _, faults = content((field,), Posted({"on.day": day, "on.month": month, "on.year": year}))
    assert [one.words for one in faults] == [words]


def test_answers_are_what_was_typed_in_the_form_s_own_words() -> None:
    made = (
        Field("on", FieldKind.DATE, "On which day?"),
        Field("met", FieldKind.YES_NO, "Is it met?", choices=(Choice("yes", "Yes, indeed"),)),
        Field("why", FieldKind.TEXT, "Why? (optional)"),
    )
    form = Posted({"on.day": "14", "on.month": "1", "on.year": "2027", "met": "yes", "why": ""})
    assert answers(made, form) == [("On which day?", "Thursday 14 January 2027"), ("Is it met?", "Yes, indeed")]


def test_a_rule_s_sentence_names_acts_as_the_console_calls_them() -> None:
    said = plainly("the quorum is missing; adjourn-panel is possible now")
    assert said == "The quorum is missing; “Adjourn the panel” is possible now"


def test_a_rule_s_sentence_names_fields_as_the_form_asks_for_them() -> None:
    said = plainly("say in heard_instead how a victim who is not invited is heard")
    assert (
        said == "Say in “If they are not invited: how are they heard instead?” how a victim who is not invited is heard"
    )
    assert plainly("say who decided, in decided_by") == "Say who decided, in “Who decided it?”"


def test_a_field_nobody_worded_is_its_own_name() -> None:
    assert wording("extend", "nothing_known") == Caption("Nothing known")
