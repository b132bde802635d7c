"""How a message becomes a payload and back: pydantic's JSON that says which message it is, or why none was taken."""

from collections.abc import Sequence
from itertools import zip_longest
from types import NoneType, UnionType
from typing import Any, get_args

from pydantic import BaseModel
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.exceptions import ApplicationError

from domain.messages import NotTaken

NOT_TAKEN = NotTaken.__name__
"""The type of the error that refuses what was not sealed for its reader."""
MESSAGE = "message"
_REFUSED = "not-taken"
_HEADER = b"a header"


def not_taken(why: str) -> Payload:
    """What stands in the place of a payload that is not taken; whoever reads it as plain JSON finds nothing in it."""
    return Payload(metadata={"encoding": b"json/plain", _REFUSED: why.encode()}, data=b"{}")


def of_a_header(payload: Payload) -> Payload:
    """The payload of a header, marked as one: it is read where no type is named, and is no message."""
    payload.metadata[MESSAGE] = _HEADER
    return payload


class MessageConverter(PydanticPayloadConverter):
    """Pydantic's, and the name of its model goes with each payload: a message of another name is not taken for it.

    Where no message was taken the reader has a `NotTaken` if it says that it takes one (``TurnDone | NotTaken``) or
    names no type; any other has an ApplicationError of type `NotTaken`, which refuses an Update and ends a workflow
    that was started so. A workflow that read it once is not ended: Temporal sees that its history says otherwise.
    """

    def to_payloads(self, values: Sequence[Any]) -> list[Payload]:
        """One payload for each value."""
        payloads = super().to_payloads(values)
        for value, payload in zip(values, payloads, strict=True):
            if isinstance(value, BaseModel):
                payload.metadata[MESSAGE] = _name(type(value))
        return payloads

    def from_payloads(self, payloads: Sequence[Payload], type_hints: list[type] | None = None) -> list[Any]:
        """One value for each payload. Raises ApplicationError, and what pydantic raises."""
        return [self._read(payload, hint) for payload, hint in zip_longest(payloads, type_hints or [])]

    def _read(self, payload: Payload, hint: Any) -> Any:
        if hint is RawValue:
            return RawValue(payload)
        told = hint is None or hint is Any or NotTaken in get_args(hint)
        wanted = _message(hint)
        why = _why_not(payload, wanted)
        if why is None:
            return super().from_payloads([payload], None if wanted is None else [wanted])[0]
        if told:
            return NotTaken(why=why)
        raise ApplicationError(why, type=NOT_TAKEN, non_retryable=True)


def _why_not(payload: Payload, wanted: Any) -> str | None:
    if why := payload.metadata.get(_REFUSED):
        return why.decode()
    said = payload.metadata.get(MESSAGE)
    model = isinstance(wanted, type) and issubclass(wanted, BaseModel)
    if said and ((said == _HEADER and wanted is not None) or (model and said != _name(wanted))):
        return f"A payload holds {said.decode()}, which is not what is read here: it was copied from there."
    return None


def _message(hint: Any) -> Any:
    """The message a reader takes, where it also takes none."""
    others = [kind for kind in get_args(hint) if kind not in (NotTaken, NoneType)]
    return others[0] if isinstance(hint, UnionType) and len(others) == 1 else hint


def _name(model: type[BaseModel]) -> bytes:
    """An act's is `Act`, whatever its body: that has its own kind."""
    return model.__name__.partition("[")[0].encode()
