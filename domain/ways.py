"""The way a letter goes to its reader, the next when that fails, and whoever reads it then.

People have several ways by which they may be reached; a body has its mailbox, and somebody has to ring it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from domain import events as e
from domain.application import Means
from domain.case import Case, Letter
from domain.catalogue import Audience, kind_of
from domain.edition import TOLD
from domain.keys import LetterKey
from domain.messages import LetterOrder, Party, Recipient
from domain.representation import acting
from domain.superseded import superseded

WITHOUT_TEXT = (Means.EMAIL, Means.POST)
"""The ways there always are; a text message needs a link, and somebody who sends it."""
_APPLICANTS_SIDE = (Party.APPLICANT, Party.REPRESENTATIVE)
_SIDE_IN_WORDS = frozenset(Recipient(party=party).words for party in _APPLICANTS_SIDE)
_BY_DETAIL = {e.Detail.EMAIL: Means.EMAIL, e.Detail.ADDRESS: Means.POST, e.Detail.PHONE: Means.TEXT}


def ways_left(order: LetterOrder, known: Iterable[Means], open: Collection[Means]) -> tuple[Means, ...]:
    """Of the ways ``known`` to a letter's reader, the one they want first, those it may go now, in the order they are
    tried: of those ``open`` here none that it failed by, and one to avoid only where there is no other."""
    left = (way for way in known if way in open and way not in order.failed)
    return tuple(sorted(left, key=lambda way: way in order.avoid))


def failed_ways(case: Case, to: Recipient) -> tuple[Means, ...]:
    """The ways by which an earlier letter did not reach the applicant's side: they are the last to be tried again.

    Whoever newly acts for the victim begins afresh, and so does a way whose address was corrected since.
    """
    if to.party not in _APPLICANTS_SIDE or not case.letters:
        return ()
    changed = max((case.places[event.id] for event in case.events if event.kind == "representative.changed"), default=0)
    since = changed if to.party is Party.REPRESENTATIVE else 0
    new = _corrected(case, to)
    failed = (
        letter.posted.by
        for letter in case.letters.values()
        if letter.failed
        and letter.posted.to == to.words
        and case.places.get(letter.posted.event, 0) >= since
        and letter.left > new.get(letter.posted.by or Means.EMAIL, 0)
    )
    return tuple(dict.fromkeys(way for way in failed if way))


def goes_another_way(case: Case, key: str) -> bool:
    """Whether the letter of that key, come back, goes on by itself: people have an address for post."""
    return case.letters[key].posted.to in _SIDE_IN_WORDS


def sent_again(case: Case, orders: Mapping[str, LetterOrder], event: e.Event) -> LetterOrder | None:
    """The letter that ``event`` has sent again under a key of its own, saying what holds by now; None where it has not,
    or nothing of it holds any more.

    A letter that somebody found had never arrived goes the same way again; one that was refused or came back goes
    another way, if its reader has one. An address that was corrected since is tried afresh.
    """
    match event.what:
        case e.LetterSettled(key=key, arrived=False):
            order = orders[key]
        case e.LetterPosted(key=key, state=e.LetterState.REFUSED, by=by, then=then) if by and (
            then or (key in orders and reads_no_more(case.events, orders[key]))
        ):
            order = orders[key].model_copy(update={"failed": (*orders[key].failed, by)})
        case e.LetterUndelivered(key=key, how=how) if how is not e.Failure.UNCLEAR and goes_another_way(case, key):
            by = case.letters[key].posted.by
            order = orders[key].model_copy(update={"failed": (*orders[key].failed, *((by,) if by else ()))})
        case _:
            return None
    anew = case.policy.edition >= TOLD
    if is_held_back(case.events, order) or (anew and superseded(case, order)):
        return None
    first = LetterKey.read(key).first
    tries = sum(LetterKey.read(known).first == first for known in orders)
    again = _to_whoever_acts(case, order) if reads_no_more(case.events, order) else _afresh(case, order)
    as_it_stands = {"current": True, "upto": len(case.events)} if anew else {}
    return again.model_copy(update={"key": str(replace(first, attempt=tries + 1)), **as_it_stands})


def reads_no_more(events: Sequence[e.Event], order: LetterOrder) -> bool:
    """Whether a letter about the case is made out to a representative whose part has ended since it was ordered."""
    about = _of_the_case(order.letter) and order.to.party is Party.REPRESENTATIVE
    return about and (order.to.id or acting(events[: order.upto])) != acting(events)


def held_back(case: Case, letter: Letter) -> bool:
    """Whether a letter is to somebody who has died: nothing is sent to them."""
    return case.died and letter.posted.to == Party.APPLICANT.value


def is_held_back(events: Sequence[e.Event], order: LetterOrder) -> bool:
    """The same of an order, since the events that are known by now."""
    if order.to.party is not Party.APPLICANT:
        return False
    last = next((event.what for event in reversed(events) if event.what.ending or event.kind == "case.restored"), None)
    return isinstance(last, e.CaseEnded) and last.cause is e.Cause.DIED


def made_out_to_nobody(case: Case, letter: Letter) -> bool:
    """The same of a letter that has been written, since it was."""
    about = _of_the_case(letter.posted.letter) and letter.posted.to == Party.REPRESENTATIVE.value
    return about and acting(case.events[: letter.left]) != acting(case.events)


def _of_the_case(letter: str) -> bool:
    """Whether it tells of the case, which is for whoever acts now; one that tells of acting is for the person named."""
    return kind_of(letter).reader is Audience.APPLICANT


def _to_whoever_acts(case: Case, order: LetterOrder) -> LetterOrder:
    now = acting(case.events)
    to = Recipient(party=Party.REPRESENTATIVE, id=now) if now else Recipient(party=Party.APPLICANT)
    return order.model_copy(update={"to": to, "failed": (), "avoid": failed_ways(case, to)})


def _afresh(case: Case, order: LetterOrder) -> LetterOrder:
    """The order without the ways that failed only before their address was corrected."""
    new = _corrected(case, order.to)
    if not new:
        return order
    first = LetterKey.read(order.key).first
    tries = [letter for key, letter in case.letters.items() if LetterKey.read(key).first == first]
    last = {way: max((letter.left for letter in tries if letter.posted.by is way), default=0) for way in order.failed}
    failed = tuple(way for way in order.failed if last[way] > new.get(way, -1))
    avoid = tuple(way for way in order.avoid if case.places.get(order.event, 0) > new.get(way, -1))
    return order.model_copy(update={"failed": failed, "avoid": avoid})


def _corrected(case: Case, to: Recipient) -> dict[Means, int]:
    """The ways to a reader that have another address by now, each with the number of the event that gave it."""
    person = _person(case, to)
    corrected: dict[Means, int] = {}
    for event in case.events if person else ():
        if isinstance(event.what, e.ContactCorrected) and event.what.person == person:
            ways = (_BY_DETAIL[detail] for detail in event.what.changed if detail in _BY_DETAIL)
            corrected.update(dict.fromkeys(ways, case.places[event.id]))
    return corrected


def _person(case: Case, to: Recipient) -> str:
    """The person id of a reader; empty for everybody but the applicant's side."""
    if to.party is Party.APPLICANT:
        return case.application.applicant
    return (to.id or case.application.representative) if to.party is Party.REPRESENTATIVE else ""
