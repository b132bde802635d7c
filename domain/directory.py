"""Who is reached where in a running case: the directory its policy brought, as it was corrected and added to since.

Everybody who needs a body's name or address reads a policy that went through ``as_corrected`` or ``corrected``; the
policy of a folded case and of a case read from the register have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from domain.complaint import plain
from domain.events import AgencyCorrected, BodyAdded, Event
from domain.policy import Agency, AppealBody, Management, Policy, Senior
from domain.source import Source

TEAM = "team"
"""How the council's own point of contact is named."""
POSTS = ("manager", "deputy")
"""How those over it are."""


def as_corrected(policy: Policy, events: Iterable[Event]) -> Policy:
    """The policy with its directory as these events of a case left it."""
    for event in events:
        if isinstance(event.what, AgencyCorrected | BodyAdded):
            policy = corrected(policy, event.what)
    return policy


def corrected(policy: Policy, what: AgencyCorrected | BodyAdded) -> Policy:
    """The policy with one correction more, or one body; the same where it has it already."""
    if isinstance(what, BodyAdded):
        known = policy.agency(id_of(what.name)) is not None
        return policy if known else policy.model_copy(update={"agencies": (*policy.agencies, _added(what))})
    if what.agency == TEAM:
        new: dict[str, Any] = {"email": what.email, "phone": what.phone, "address": what.address_lines}
        changed = {name: value for name, value in new.items() if value}
        return policy.model_copy(update={"contact": policy.contact and policy.contact.model_copy(update=changed)})
    if what.agency in POSTS:
        return policy.model_copy(update={"management": policy.management and _posted(policy.management, what)})
    if policy.agency(what.agency):
        agencies = (_moved(agency, what) if agency.id == what.agency else agency for agency in policy.agencies)
        return policy.model_copy(update={"agencies": tuple(agencies)})
    routes = (
        route.model_copy(update={"bodies": tuple(heard_by(body, what) for body in route.bodies)})
        for route in policy.appeals
    )
    return policy.model_copy(update={"appeals": tuple(routes)})


def heard_by(body: AppealBody, what: AgencyCorrected) -> AppealBody:
    """An appeal body at its corrected address, where the correction is of it."""
    theirs = what.email and plain(body.name) == plain(what.agency)
    return body.model_copy(update={"email": what.email}) if theirs else body


def appeal_bodies(policy: Policy) -> tuple[str, ...]:
    """The names of those who hear appeals."""
    return tuple(dict.fromkeys(body.name for route in policy.appeals for body in route.bodies))


def named(policy: Policy) -> Iterator[tuple[str, str]]:
    """Everybody whose address can be corrected: how an act names them, and what people call them."""
    yield from ((agency.id, agency.name) for agency in policy.agencies)
    yield from ((name, f"{name}, which hears appeals") for name in appeal_bodies(policy))
    if policy.contact:
        yield TEAM, policy.contact.team
    for name in POSTS:
        if post := post_of(policy, name):
            yield name, post.title


def post_of(policy: Policy, name: str) -> Senior | None:
    """The council's own manager or deputy, where the policy names one."""
    return policy.management.post(name) if policy.management and name in POSTS else None


def id_of(name: str) -> str:
    """The id under which an added body takes part: ``moat-homes`` of "Moat Homes"."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    return slug if slug[:1].isalpha() else f"body-{slug}"


def _added(what: BodyAdded) -> Agency:
    senior = Senior(title=what.senior_title or "Chief Executive", email=what.senior_email or what.email)
    source = Source(choice=f"Added to this case: {what.reason}")
    return Agency(
        id=id_of(what.name), role=what.part, name=what.name, email=what.email, senior=senior,
        relevant_body=False, source=source,
    )  # fmt: skip


def _posted(management: Management, what: AgencyCorrected) -> Management:
    post = management.post(what.agency)
    new = post and post.model_copy(update={"email": what.email or post.email})
    return management.model_copy(update={what.agency: new})


def _moved(agency: Agency, what: AgencyCorrected) -> Agency:
    senior = agency.senior.model_copy(
        update={"title": what.senior_title or agency.senior.title, "email": what.senior_email or agency.senior.email}
    )
    return agency.model_copy(update={"email": what.email or agency.email, "senior": senior})
