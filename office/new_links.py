"""A new link for somebody: recorded in the case first, then made, and shown only where it is a person's own.

Console and command line make links here. Who may is the row of the act ``renew-link`` and ``Permit.LINKS``, which say
the same: an officer, never operations staff. A chair's, an appeal body's and an agency's goes to its holder by letter.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.events import Actor, LinkRenewed, kinds
from domain.terms import LinkPurpose
from office import permits
from office.acting import Left, NotAllowed, Outcome, Over
from office.permits import Permit
from post.link_desk import LinkDesk
from register import users
from register.database import Database
from register.links import Link

NOT_YOURS = "links are made by officers, approvers and managers; ask one of them"


@dataclass(frozen=True)
class NewLink:
    """``address`` is what is shown of it once, empty where it goes to its holder alone; ``later`` is said where nobody
    answered and the case hears of it later."""

    link: Link
    address: str = ""
    later: str = ""


class NotMade(Exception):
    """No link was made; the text is one sentence that says why."""


def renewal(link: Link) -> tuple[LinkRenewed, str]:
    """The act that has a new link made in place of this one, and its id: asked for again, it is the same one."""
    body = LinkRenewed(link=link.id, purpose=link.purpose, holder=link.holder, about=link.about)
    return body, f"new-link-{link.id}"


def may_make(by: Actor) -> bool:
    return by.role in kinds()["renew-link"].may


async def barred(database: Database, by: Actor) -> bool:
    """Whether who is named at a terminal, by name or e-mail address, has an account and none that may make links."""
    named = by.name.strip().casefold()
    known = [user for user in await users.listed(database) if named in (user.name.casefold(), user.email.casefold())]
    return bool(known) and not any(user.active and permits.holds(user, Permit.LINKS) for user in known)


async def made(desk: LinkDesk, link: Link, outcome: Outcome, by: Actor) -> NewLink:
    """What became of a link whose renewal was asked of its case. Raises NotMade.

    A case that is over records nothing any more; a person who held a link to it may have a new one all the same.
    """
    if not may_make(by):
        raise NotMade(NOT_YOURS)
    own = link.purpose is LinkPurpose.PROGRESS
    match outcome:
        case NotAllowed(sentence):
            raise NotMade(sentence)
        case Over(sentence) if not own:
            raise NotMade(sentence)
        case Left(sentence=sentence, kept=False):
            raise NotMade(sentence)
    new = await desk.renewed_once(link.id, by=by.name)
    later = outcome.sentence if isinstance(outcome, Left) else ""
    return NewLink(new, desk.written(new) if own else "", later)
