from typing import Any

import pytest
from pydantic import BaseModel
from temporalio.api.common.v1 import Payload
from temporalio.exceptions import ApplicationError

from connection.converter import MESSAGE, MessageConverter, not_taken
from domain import events as e
from domain.events import Actor, Role
from domain.messages import Act, NotTaken, Turn, TurnDone, act_of
from tests.support import clock

OFFICER = Actor(role=Role.OFFICER, name="Sam Officer")
TURN = Turn(reference="DOV-2026-0001", as_of=clock.now(), id="t-1")
EITHER: Any = TurnDone | NotTaken


def sent(value: object) -> Payload:
    [payload] = MessageConverter().to_payloads([value])
    return payload


def read(payload: Payload, hint: Any) -> Any:
    [value] = MessageConverter().from_payloads([payload], None if hint is None else [hint])
    return value


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (TURN, Turn),
        (TURN, Turn | NotTaken),
        (TURN, Turn | None),
        (TurnDone(turn="t-1"), EITHER),
        (act_of(OFFICER, e.NoteAdded(text="She rang."), "1"), Act[e.NoteAdded]),
        ("a summary", str),
        ("a summary", None),
        (None, None),
        (7, int),
    ],
)
def test_a_message_comes_back_as_it_was(value: object, hint: Any) -> None:
    assert read(sent(value), hint) == value


def test_a_model_says_which_message_it_is_and_nothing_else_does() -> None:
    assert sent(TURN).metadata[MESSAGE] == b"Turn"
    assert sent(act_of(OFFICER, e.NoteAdded(text="She rang."), "1")).metadata[MESSAGE] == b"Act"
    assert MESSAGE not in sent("a summary").metadata


@pytest.mark.parametrize("hint", [EITHER, Turn | NotTaken | None, Any, None])
def test_a_reader_who_takes_none_is_told_why(hint: Any) -> None:
    assert read(not_taken("It was copied."), hint) == NotTaken(why="It was copied.")


@pytest.mark.parametrize("hint", [Turn, Turn | None, str, int, dict])
def test_any_other_has_an_error_that_is_not_tried_again(hint: Any) -> None:
    with pytest.raises(ApplicationError, match=r"It was copied\.") as refusal:
        read(not_taken("It was copied."), hint)
    assert (refusal.value.type, refusal.value.non_retryable) == ("NotTaken", True)


@pytest.mark.parametrize(
    ("value", "hint"),
    [(TURN, TurnDone), (TURN, Act[e.NoteAdded]), (TurnDone(), Turn), (act_of(OFFICER, e.Withdrawn(), "1"), Turn)],
)
def test_one_message_is_not_taken_for_another(value: BaseModel, hint: Any) -> None:
    with pytest.raises(ApplicationError, match="not what is read here"):
        read(sent(value), hint)
    told: Any = hint | NotTaken
    assert isinstance(read(sent(value), told), NotTaken)
