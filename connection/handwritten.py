"""An act as somebody writes it by hand, in the Temporal UI or for the `temporal` command, and sealed for its case.

Neither says which case it is for when it asks to have something encoded, so the act names it:

    {"case": "DOV-2026-0001", "act": "record-panel-decision", "by": {"role": "chair", "name": "…"}, "what": {…}}
"""

import json
import uuid
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from temporalio.api.common.v1 import Payload

from connection.codec import Seal, bound_to
from connection.converter import MessageConverter
from domain.events import Actor, acts
from domain.messages import Act, act_of

_FORM = '{"case": "DOV-2026-0001", "act": "add-note", "id": "…", "by": {"role": …, "name": …}, "what": {…}}'


class NotAnAct(ValueError):
    """What was written is no act; the text says what is wrong with it."""


class NotTheirs(PermissionError):
    """Somebody wrote an act in the name of another."""

    def __init__(self, actor: Actor) -> None:
        name, role = actor.name, actor.role.replace("_", " ")
        super().__init__(f"You act here as {name} ({role}): leave `by` out, or name yourself and that part.")


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    case: str
    act: str
    what: dict[str, Any]
    by: Actor | None = None
    id: str = ""


def read(payload: Payload, actor: Actor | None = None) -> tuple[str, Act[Any]]:
    """The case that a payload of JSON names, and the act; its ``id`` is a new one where it has none.

    ``actor`` is as whom its writer acts, where that is known; else ``by`` says it. Raises NotAnAct and NotTheirs.
    """
    written = _read(payload)
    if actor and written.by and (written.by.role, written.by.name or actor.name) != (actor.role, actor.name):
        raise NotTheirs(actor)
    by = actor or written.by
    if by is None:
        raise NotAnAct('Say who acts: "by": {"role": "chair", "name": "…"}.')
    body = acts().get(written.act)
    if body is None:
        raise NotAnAct(f"There is no act {written.act!r}; there are {', '.join(acts())}.")
    try:
        return written.case, act_of(by, body.model_validate(written.what), written.id or uuid.uuid4().hex)
    except ValidationError as error:
        raise NotAnAct(f"{written.act}: {_faults(error)}.") from None


def sealed(seal: Seal, namespace: str, case: str, act: Act[Any]) -> Payload:
    """An act as its case takes it."""
    [opened] = MessageConverter().to_payloads([act])
    return seal.close(opened, bound_to(namespace, case))


def _read(payload: Payload) -> _Written:
    try:
        document = json.loads(payload.data)
    except ValueError:
        document = None
    if not isinstance(document, dict) or "case" not in document:
        raise NotAnAct(f"Only an act that names its case is sealed here; write {_FORM}.")
    try:
        return _Written.model_validate(document)
    except ValidationError as error:
        raise NotAnAct(f"{_faults(error)}; write {_FORM}.") from None


def _faults(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)
