"""What stands against correcting where a body is reached, or adding one to a case."""

from __future__ import annotations

from collections.abc import Sequence

from domain import events as e
from domain.complaint import plain
from domain.directory import TEAM, appeal_bodies, id_of, named, post_of
from domain.policy import Policy
from domain.refusals.circumstances import Circumstances, against, listed


@against(e.AgencyCorrected)
def agency_corrected(circumstances: Circumstances, body: e.AgencyCorrected) -> str | None:
    policy = circumstances.case.policy
    if body.agency == TEAM:
        return _team(policy, body)
    if body.phone or body.address_lines:
        return f"a telephone number and a postal address are the council's own team's; leave them out, or name {TEAM}"
    if post := post_of(policy, body.agency):
        return _only_an_email(post.title, body, [post.email])
    if policy.agency(body.agency):
        return _agency(policy, body)
    if plain(body.agency) in map(plain, appeal_bodies(policy)):
        return _appeal_body(policy, body)
    known = (f"{id} ({name})" if id != name else id for id, name in _listed(policy))
    return f"{body.agency} is in nobody's directory here; whose address can be corrected: {listed(known)}"


def _listed(policy: Policy) -> list[tuple[str, str]]:
    hears = set(appeal_bodies(policy))
    return [(id, id if id in hears else name) for id, name in named(policy)]


def _agency(policy: Policy, body: e.AgencyCorrected) -> str | None:
    known = policy.agency(body.agency)
    if known is None:
        return None
    given = (body.email, body.senior_title, body.senior_email)
    if not any(given):
        return f"say what is new of {known.name}: its e-mail address, or its senior post's title or address"
    new = (
        body.email or known.email, body.senior_title or known.senior.title, body.senior_email or known.senior.email
    )  # fmt: skip
    if new == (known.email, known.senior.title, known.senior.email):
        return f"{known.name} is reached there already; give what is new"
    return None


def _appeal_body(policy: Policy, body: e.AgencyCorrected) -> str | None:
    theirs = (b for route in policy.appeals for b in route.bodies if plain(b.name) == plain(body.agency))
    return _only_an_email(body.agency, body, [known.email for known in theirs])


def _only_an_email(name: str, body: e.AgencyCorrected, known: Sequence[str]) -> str | None:
    if body.senior_title or body.senior_email:
        return f"{name} has no senior post here; give its e-mail address alone"
    if not body.email:
        return f"give the new e-mail address of {name}"
    return f"{name} is reached there already; give what is new" if set(known) == {body.email} else None


def _team(policy: Policy, body: e.AgencyCorrected) -> str | None:
    contact = policy.contact
    if contact is None:
        return "this policy names no point of contact, so there is no address of it to correct"
    if body.senior_title or body.senior_email:
        return "the council's team has no senior post here; give its e-mail address, telephone number or postal address"
    new = (body.email or contact.email, body.phone or contact.phone, body.address_lines or contact.address)
    if new == (contact.email, contact.phone, contact.address):
        return f"give what is new of {contact.team}: its e-mail address, telephone number or postal address"
    return None


@against(e.BodyAdded)
def body_added(circumstances: Circumstances, body: e.BodyAdded) -> str | None:
    agencies = circumstances.case.policy.agencies
    known = next((a for a in agencies if a.id == id_of(body.name) or plain(a.name) == plain(body.name)), None)
    if known is None:
        return None
    return f"{known.name} takes part in this case already, as {known.id}; correct-agency changes where it is reached"
