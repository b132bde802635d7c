"""An act sent from a form: once however often the form is sent, and never lost without a word."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import replace

from console.web.desk import Desk, heard
from domain.events import Actor, Body
from office import whatif
from office.case_view import CaseView, viewed
from office.office import NoAnswer, NoSuchCase, Refused
from register import intake
from register.people import StoredPerson
from register.queries import StoredCase


async def current(desk: Desk, stored: StoredCase) -> CaseView:
    """A case planned as of now; a demonstration case's clock may have run on since its last event."""
    if stored.row.demo:
        with contextlib.suppress(NoAnswer, NoSuchCase):
            now = await desk.office.today(stored.reference)
            stored = replace(stored, row=replace(stored.row, as_of=max(now, stored.row.as_of)))
    return viewed(stored)


async def do(
    desk: Desk, view: CaseView, body: Body, by: Actor, id: str, person: StoredPerson | None = None
) -> str | Exception:
    """Do an act once: the event it became, as soon as the register has it, or why it was not done.

    ``person`` is somebody new, who is kept in the register before the case hears of them.
    """
    beat = await desk.pulse.now()
    if not beat.takes_acts:
        why = beat.temporal or beat.worker or ""
        return NoAnswer(f"Nothing was done: {why}. What you typed is kept; try again in a minute")
    try:
        if person is not None:
            await _keep(desk, view, body, by, person)
        taken = await desk.office.act(view.reference, body, by, id=id)
    except (Refused, NoSuchCase) as error:
        return error
    except NoAnswer:
        return NoAnswer(
            "No worker answered in time, so it is not certain whether this was taken. "
            "Send it again from this page: it counts once"
        )
    await heard(desk, view.reference, taken.event)
    return taken.event


async def leave(desk: Desk, view: CaseView, body: Body, by: Actor, id: str) -> str | Exception:
    """Leave an act as a Signal, which is kept even where no worker is up; shown as soon as the register has it."""
    try:
        await desk.office.signal(view.reference, body, by, id=id)
    except NoSuchCase:
        return Refused("your case has ended, so nothing more can be added to it; you can apply again")
    except NoAnswer as error:
        return error
    await heard(desk, view.reference, id)
    return id


def once(form: str, body: Body) -> str:
    """The id of one form's act: sent twice it counts once; changed and sent again it is another act."""
    return hashlib.sha256(f"{form}\0{body.model_dump_json()}".encode()).hexdigest()[:32]


async def _keep(desk: Desk, view: CaseView, body: Body, by: Actor, person: StoredPerson) -> None:
    """Raises Refused where the case would not take the act."""
    if sentence := whatif.refused(view, body, by):
        raise Refused(sentence)
    await intake.add_person(desk.database, view.reference, person.details, person.role, now=desk.now)
