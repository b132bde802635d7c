"""What a few acts are given beside their own fields, mostly in files, and how it becomes part of them.

``PREPARED`` reads it before anything is asked of a server, ``FINISHED`` completes the act with what the register has;
with the act it gives the details of somebody that are to be kept with it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from domain.application import Person
from domain.events import Actor, Body
from office.faults import WrongInput

if TYPE_CHECKING:
    from office.connected import Office
    from register.queries import StoredCase
    from starter.commands.order import Order

Finished = tuple[Body, Person | None]


def _new_person(order: Order, content: dict[str, Any]) -> Any:
    from domain.application import Representative
    from starter.commands.files import model

    file, nobody = order.given["in_person"], order.given["in_nobody"]
    known = order.given["in_representative"] or content.get("representative")
    if sum(map(bool, (file, nobody, known))) != 1:
        raise WrongInput("change-representative needs one of --person FILE, --representative ID and --nobody.")
    return model(file, Representative) if file else None


async def _representative(office: Office, stored: StoredCase, by: Actor, what: Body, ready: Any) -> Finished:
    from office import persons

    return (persons.new_representative(stored, ready), ready) if ready else (what, None)


def _further_person(order: Order, content: dict[str, Any]) -> Any:
    from domain.application import FurtherPerson
    from starter.commands.files import model

    file, known = order.given["in_person"], order.given["in_known"] or content.get("person")
    if bool(file) == bool(known):
        raise WrongInput("add-person needs one of --person FILE and --known ID.")
    if not file:
        content["person"] = str(known).strip()
        return None
    further = model(file, FurtherPerson)
    content |= {"person": "new", "part": further.part.value, "consents": further.consents}
    return further


async def _joined(office: Office, stored: StoredCase, by: Actor, what: Body, ready: Any) -> Finished:
    from office import persons

    return (persons.new_further(stored, ready), ready) if ready else (what, None)


def _new_contact(order: Order, content: dict[str, Any]) -> Any:
    from domain.events import Detail
    from starter.commands.files import document

    file = order.given["in_contact"]
    if not file:
        raise WrongInput('correct-contact needs --contact FILE with what is new, such as email = "jo@example.org".')
    given, known = dict(document(file)), [detail.value for detail in Detail]
    if strange := [name for name in given if name not in (*known, "name")]:
        raise WrongInput(f"{file} has {', '.join(strange)}; of contact details it may have {', '.join(known)}.")
    content |= {"details": "new", "changed": [name for name in given if name in known]}
    return given


async def corrected(office: Office, stored: StoredCase, by: Actor, what: Body, ready: Any) -> Finished:
    """The correction of what is new of somebody, with all that is kept of them then. Raises WrongInput."""
    from domain.application import NOT_NAMED
    from office import correcting_contacts, faults
    from register.brought_back import NO_NAME

    person = str(getattr(what, "person", ""))
    now = stored.readers.get(person)
    if "name" in ready and now is not None and now.name not in (NO_NAME, NOT_NAMED):
        raise WrongInput("A name that is known is not changed here; take it out of the file.")
    try:
        details = correcting_contacts.merged(stored, person, ready)
    except correcting_contacts.Stranger as error:
        raise WrongInput(str(error)) from None
    except ValidationError as error:
        raise WrongInput("These details cannot be kept:", list(faults.of(error, Person))) from None
    return correcting_contacts.correction(stored, person, details, str(getattr(what, "how", ""))), details


def _new_days(order: Order, content: dict[str, Any]) -> Any:
    from office.bank_holidays import snapshot
    from starter.commands.plans import closed_days

    if "calendar" in content:
        return None
    holidays = [day for text in order.given["in_holiday"] or () for day in closed_days(text, "--holiday")]
    closures = [day for text in order.given["in_closure"] or () for day in closed_days(text, "--closure")]
    newest = bool(order.given["in_newest"])
    if not (holidays or closures or newest):
        raise WrongInput("change-calendar needs --holiday DATE=NAME, --closure DATE=NAME or --newest.")
    content["calendar"] = snapshot().model_dump(mode="json")
    return holidays, closures, newest


async def _add_days(office: Office, stored: StoredCase, by: Actor, what: Body, ready: Any) -> Finished:
    from office.bank_holidays import snapshot

    if ready is None:
        return what, None
    holidays, closures, newest = ready
    calendar = stored.current_calendar
    if newest:
        calendar = snapshot(closures=calendar.closures)
    changed = calendar.with_holidays(*holidays).with_closures(*closures)
    return what.model_copy(update={"calendar": changed}), None


async def _known_document(office: Office, stored: StoredCase, by: Actor, what: Body, ready: Any) -> Finished:
    """The case hears only of documents that the register has."""
    from register import documents

    known = await documents.with_id(office.database, stored.reference, str(getattr(what, "document", "")))
    if known is None or known.sha256 != getattr(what, "sha256", ""):
        raise WrongInput(
            f"{stored.reference} has no such document in the register; "
            f"add one with `casereview document add {stored.reference} FILE`."
        )
    return what, None


def _some_link(order: Order, content: dict[str, Any]) -> None:
    """Whose it is, and what for, is in the register."""
    content |= {"purpose": "progress", "holder": "its holder"}


async def _whose_link(office: Office, stored: StoredCase, by: Actor, what: Body, ready: Any) -> Finished:
    from office.new_links import NOT_YOURS, barred, renewal
    from register import links
    from starter.commands.links import chosen

    if await barred(office.database, by):
        raise WrongInput(NOT_YOURS)
    known = await links.of_case(office.database, stored.reference)
    return renewal(chosen(known, str(getattr(what, "link", "")), stored.reference))[0], None


PREPARED: Mapping[str, Callable[[Order, dict[str, Any]], Any]] = {
    "change-representative": _new_person,
    "add-person": _further_person,
    "correct-contact": _new_contact,
    "change-calendar": _new_days,
    "renew-link": _some_link,
}
FINISHED: Mapping[str, Callable[..., Awaitable[Finished]]] = {
    "change-representative": _representative,
    "add-person": _joined,
    "correct-contact": corrected,
    "change-calendar": _add_days,
    "add-document": _known_document,
    "renew-link": _whose_link,
}
