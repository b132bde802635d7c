"""One engine for every form: what is asked is read and nothing else, and each fault is told once, in order, by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

import pytest
from pydantic import BaseModel

import policies
from console.apply import pages as apply
from console.questions.fields import Choice, Field, FieldKind, emptied, fields
from console.questions.questionnaire import Page, Questionnaire, questions
from console.staff import act_forms, application_form
from console.visitors import appeal_body, applicant_acts, chair, enquiry, recommendations
from console.web.posted_forms import Posted
from domain import events as e
from domain.application import Carried, Means
from office.wording import APPLY, Asked, Caption, in_a_line, wording
from starter.commands.options import parts

POLICY = policies.load("dover")
OWN_MODELS: dict[type[BaseModel], str] = {
    applicant_acts.ToldIncident: "add-incident",
    applicant_acts.Withdrawal: "withdraw",
    applicant_acts.Objection: "object-to-closure",
    applicant_acts.MissingDetails: "supply-details",
    applicant_acts.Grounds: "lodge-appeal",
    applicant_acts.PlanComments: "comment-on-plan",
    e.CallRequested: "ask-for-call",
}
PARTY_MODELS: dict[type[BaseModel], str] = {
    enquiry.AgencyAnswer: "answer-enquiry",
    chair.Record: "record-panel-decision",
    chair.PanelAdjournment: "adjourn-panel",
    appeal_body.Hearing: "arrange-hearing",
    appeal_body.Heard: "record-hearing",
    appeal_body.AppealOutcome: "decide-appeal",
    recommendations.Reply: "answer-recommendation",
    recommendations.ActionReport: "complete-action",
}


class Row(Carried):
    day: date
    words: str = ""


class Told(Carried):
    sure: bool = False
    what: str = ""
    rows: tuple[Row, ...] = ()
    number: int


WORDS = {
    "sure": Caption("I am sure", called="to say that you are sure"),
    "what": Caption("What happened?", called="what happened"),
    "rows": Caption("Days", called="day"),
    "rows.day": Caption("Which day?", called="which day it was"),
    "rows.words": Caption("Why? (optional)"),
    "number": Caption("How many?", called="how many"),
}


def told(*, skip_number: bool = False) -> Questionnaire[Told]:
    asked = questions(Told, WORDS.__getitem__, sure={"needed": True}, what={"needed": True})
    first, second = Page("first", "First", ("what", "rows")), Page("second", "Second", ("sure", "number"))
    return Questionnaire(
        title="A form",
        model=Told,
        fields=asked,
        pages=lambda form: (first, *(() if skip_number and form.value("what") == "Nothing" else (second,))),
        make=lambda given: given,
        extra=lambda form: {"number": 0} if skip_number else {},
    )


def said(form: Posted) -> list[str]:
    return [fault.words for fault in told().read(form)[1]]


def test_every_fault_is_told_at_once_in_the_order_of_the_pages_and_names_its_row() -> None:
    form = Posted({"rows.0.day.day": "3", "rows.4.words": "late", "number": "x"})
    assert said(form) == [
        "Enter what happened",
        "Day 1: which day it was must include a month and year",
        "Day 2: enter which day it was",
        "Tick the box: to say that you are sure",
        "How many must be a whole number, such as 5",
    ]
    sheet = told()
    assert [fault.field for fault in sheet.faults_of(sheet.pages(form)[1], form)] == ["sure", "number"]
    assert sheet.first_wrong(form).slug == "first"


def test_what_no_page_asks_is_not_read_and_nothing_is_said_of_it() -> None:
    form = Posted({"what": "Nothing", "sure": "", "number": "x", "rows.0.new": "yes"})
    made, faults = told(skip_number=True).read(form)
    assert faults == []
    assert made == Told(what="Nothing", number=0)


def test_a_refusal_is_told_at_the_question_that_it_names() -> None:
    sheet, form = told(), Posted()
    assert [place for _, place in (sheet.about("the number is too high", form), sheet.about("it is over", form))] == [
        "number",
        "what",
    ]


def flat(asked: Iterable[Field], under: str = "") -> Iterator[tuple[str, Field]]:
    """The questions outside lists: those within are told apart by their row."""
    for question in asked:
        path = f"{under}{question.name}"
        yield path, question
        if question.kind is not FieldKind.MANY:
            yield from flat(question.inside, f"{path}.")


def of_act(act: str) -> tuple[Field, ...]:
    left_out = act_forms._LEFT_OUT.get(act, frozenset())
    return fields(act_forms._model(act), lambda path: wording(act, path), lambda path: (), left_out)


FORMS = {
    **{act: of_act(act) for act in e.acts()},
    "an officer's application": application_form.fields_of(POLICY),
    "an application of one's own": apply.fields_of(POLICY, False, tuple(Means)),
    "an application for another": apply.fields_of(POLICY, True, tuple(Means)),
}


@pytest.mark.parametrize("form", FORMS)
def test_no_two_questions_of_a_form_are_told_in_the_same_words(form: str) -> None:
    leaves = [(path, question) for path, question in flat(FORMS[form]) if not question.inside]
    counted = Counter(emptied(question) for _, question in leaves)
    assert [path for path, question in leaves if counted[emptied(question)] > 1] == []


@pytest.mark.parametrize("act", e.acts())
def test_whatever_an_act_must_have_is_asked_for_or_put_in(act: str) -> None:
    """Otherwise its form would name a fault of something that is not on the page."""
    known = {question.name for question in of_act(act)} | {"approved_by"}
    needed = {name for name, info in act_forms._model(act).model_fields.items() if info.is_required()}
    assert needed <= known


@pytest.mark.parametrize("model", [*OWN_MODELS, *PARTY_MODELS])
def test_applicants_agencies_chairs_and_appeal_bodies_are_asked_in_words_of_their_own(model: type[BaseModel]) -> None:
    act, reader = (OWN_MODELS | PARTY_MODELS)[model], Asked.OWN if model in OWN_MODELS else Asked.PARTY
    asked = fields(model, lambda path: wording(act, path, reader), lambda path: (), frozenset())
    plain = [path for path, one in _every(asked) if one.label == path.rpartition(".")[2].replace("_", " ").capitalize()]
    assert set(plain) <= {"contact", "recommendations"}


def _every(asked: Iterable[Field], under: str = "") -> Iterator[tuple[str, Field]]:
    for question in asked:
        yield f"{under}{question.name}", question
        yield from _every(question.inside, f"{under}{question.name}.")


@pytest.mark.parametrize("act", e.acts())
def test_the_command_line_explains_each_option_in_the_words_of_the_table(act: str) -> None:
    for part in parts(e.acts()[act]):
        if part.into and part.help.startswith(in_a_line(act, ".".join(part.into)).rstrip(".")):
            assert "(optional)" not in part.help
            assert "?" not in part.help


def test_who_applies_for_another_is_asked_of_them_and_otherwise_as_for_themselves() -> None:
    assert wording(APPLY, "applicant.name", Asked.ANOTHER).called == "their name"
    assert wording(APPLY, "needs", Asked.ANOTHER) == wording(APPLY, "needs", Asked.OWN)


def test_a_choice_left_empty_is_selected_and_a_tick_ticked() -> None:
    choice = Field("way", FieldKind.CHOICE, "Which way?", called="the way", choices=(Choice("a", "A"),))
    assert emptied(choice) == "Select the way"
    assert emptied(Field("sure", FieldKind.TICK, "I am sure")) == "Tick the box: I am sure"


def test_a_list_with_a_row_that_lacks_something_is_not_called_empty() -> None:
    sheet = application_form.sheet(POLICY)
    begun = Posted({"incidents.0.what": "Noise.", "applicant.name": "Ivy Stone"})
    told = [fault.words for fault in sheet.read(begun)[1]]
    assert "Report 1: enter the day it happened" in told
    assert "Add at least one report" not in told
    assert "Add at least one report" in [fault.words for fault in sheet.read(Posted())[1]]
