"""An act sent from a form: once however often the form is sent, and never lost without a word."""

from __future__ import annotations

import hashlib

from console.web.desk import Desk, heard
from domain.application import Person
from domain.events import Actor, Body
from office import acting
from office.acting import Done, Left, NotAllowed, Outcome, Over, Word
from office.case_view import CaseView


async def do(desk: Desk, view: CaseView, body: Body, by: Actor, id: str, details: Person | None = None) -> Outcome:
    """Do an act once; one that is done is in the register by then, as far as that goes in a few seconds.

    ``details`` are what the act says is new of somebody.
    """
    beat = await desk.pulse.now()
    outcome = await acting.act(
        desk.office, view.reference, body, by, id=id, details=details, down=beat.temporal or beat.worker or ""
    )
    if isinstance(outcome, Done):
        await heard(desk, view.reference, outcome.accepted.event)
    return outcome


async def leave(desk: Desk, view: CaseView, body: Body, by: Actor, id: str) -> Word | NotAllowed | Over | Left:
    """Leave an act as word, which is kept even where no worker is up; shown as soon as the register has it."""
    left = await acting.leave_word(desk.office, view.reference, body, by, id=id)
    if isinstance(left, Over):
        return Over("your case has ended, so nothing more can be added to it; you can apply again")
    if isinstance(left, Word) and await heard(desk, view.reference, id):
        await acting.heard(desk.office, view.reference, id)
    return left


def once(form: str, body: Body) -> str:
    """The id of one form's act: sent twice it counts once; changed and sent again it is another act."""
    return hashlib.sha256(f"{form}\0{body.model_dump_json()}".encode()).hexdigest()[:32]
