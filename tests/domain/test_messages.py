"""What travels between a case's workflow, its activities and people."""

import inspect
import json
from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from domain import events as e
from domain import messages
from domain.application import Application, Carried
from domain.case import Stage
from domain.deadlines import Deadline
from domain.messages import (
    Accepted,
    Act,
    CarriedOver,
    LetterOrder,
    Numbered,
    Party,
    Recipient,
    Situation,
    Start,
    Turn,
    act_of,
)
from tests.domain.history import ENGLAND, OFFICER, council
from tests.domain.service import MADE
from tests.domain.stages import at

NOW = datetime(2026, 4, 2, 9, tzinfo=UTC)  # Thu
MODELS = [
    model
    for _, model in inspect.getmembers(messages, inspect.isclass)
    if issubclass(model, Carried) and model.__module__ == messages.__name__
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_message_ignores_what_a_newer_version_added(model: type[Carried]) -> None:
    assert model.model_config["extra"] == "ignore"
    assert model.model_config["frozen"]


@pytest.mark.parametrize(
    ("recipient", "words"),
    [
        (Recipient(party=Party.AGENCY, id="police"), "police"),
        (Recipient(party=Party.SENIOR, id="police"), "police"),
        (Recipient(party=Party.APPLICANT), "applicant"),
        (Recipient(party=Party.APPEAL_BODY), "appeal body"),
        (Recipient(party=Party.MEMBER, id="bo.day@example.org"), "member"),
        (Recipient(party=Party.REPRESENTATIVE, id="P2"), "representative"),
        (Recipient(party=Party.AGENCY), "agency"),
    ],
)
def test_a_recipient_in_words_names_no_person(recipient: Recipient, words: str) -> None:
    assert recipient.words == words


def test_an_order_is_summed_up_without_personal_data() -> None:
    to = Recipient(party=Party.MEMBER, id="bo.day@example.org")
    order = LetterOrder(key="CR-1/012/A-06", letter="A-06", to=to, event="012", upto=12)
    assert order.summary == "A-06 to member"


@pytest.mark.parametrize("act", e.acts())
def test_an_act_is_of_its_own_bodys_kind(act: str) -> None:
    kind = e.acts()[act]
    body = kind.model_construct()
    assert Act[kind].model_fields["what"].annotation is kind  # type: ignore[valid-type]
    assert act_of(OFFICER, body, "a-1").id == "a-1"


def test_an_act_comes_back_from_the_wire_as_it_was() -> None:
    act = act_of(OFFICER, e.PanelAdjourned(until=date(2026, 4, 10), reason="The chair is ill."), "a-1")  # Fri
    again = type(act).model_validate_json(act.model_dump_json())
    assert again == act
    assert isinstance(again.what, e.PanelAdjourned)


def test_a_start_carries_policy_and_calendar_whole() -> None:
    policy = council("kent-district")
    start = Start(
        reference="CR-1",
        policy=policy,
        calendar=ENGLAND,
        application=Application(applicant="P1"),
        made_at=MADE,
        by=OFFICER,
    )
    again = Start.model_validate_json(start.model_dump_json())
    assert again.policy == policy
    assert again.calendar.hash == ENGLAND.hash
    assert again.progress is None


def test_what_a_new_run_takes_on_travels_in_a_fraction_and_a_release_that_cannot_unpack_it_refuses_it() -> None:
    whole = CarriedOver(events=tuple(at(Stage.FOLLOW_UP).case.events) * 20)
    packed = whole.model_copy(update={"packed": True})
    sent = packed.model_dump_json()
    assert len(sent) < len(whole.model_dump_json()) / 5
    assert CarriedOver.model_validate_json(sent) == packed
    with pytest.raises(ValidationError):
        TypeAdapter(tuple[e.Event, ...]).validate_python(json.loads(sent)["events"])


@pytest.mark.parametrize("stage", Stage, ids=str)
def test_a_case_at_any_stage_travels_and_comes_back_the_same(stage: Stage) -> None:
    service = at(stage)
    events = tuple(service.case.events)
    seen = {"u-1": Accepted(event="001", kind="note.added", stage=stage, waiting=service.waiting.words)}
    progress = CarriedOver(events=events, unrecorded=(1, 2), seen=seen)
    assert CarriedOver.model_validate_json(progress.model_dump_json()) == progress
    turn = Turn(
        reference="CR-1",
        as_of=NOW,
        events=tuple(Numbered(seq=seq, event=event) for seq, event in enumerate(events, start=1)),
    )
    assert Turn.model_validate_json(turn.model_dump_json()) == turn
    situation = Situation(
        reference="CR-1",
        council="dover",
        stage=stage,
        waiting=service.waiting.words,
        must_act=service.waiting.must_act,
        now=NOW,
        deadlines=tuple(service.deadlines),
        events=events,
    )
    again = Situation.model_validate_json(situation.model_dump_json())
    assert again == situation
    assert all(isinstance(deadline, Deadline) for deadline in again.deadlines)
