"""A case brought back into a register that is older than its workflow: what the workflow knows, and what is gone.

Nothing that is kept is changed. A letter that only its event tells of is kept without its words, so that it stands in
the list, is found when it comes back, and is never written and sent once more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import events as e
from domain.application import Person
from domain.catalogue import CATALOGUE
from domain.fold import fold
from domain.messages import LetterOrder, Numbered, Party, Situation, Start
from domain.parts import Letter
from register import cases, people, projections, snapshots, tables
from register.columns import days, digest
from register.database import Database
from register.progress import LetterProgress

NO_NAME = "(name not known)"
_GONE = "The words of this letter are gone: it was sent after the backup that the register was brought back from."
_ON_ITS_WAY = (LetterProgress.RENDERED.value, LetterProgress.WAITING.value, LetterProgress.HANDING_OVER.value)
_PERHAPS = (
    "It was in the print tray when the register was lost: find out whether it was posted, else it is written anew."
)


@dataclass(frozen=True)
class BroughtBack:
    """What a case's register had to be given: ``events`` in number, ``new`` where it did not know the case at all.

    ``letters`` are the kinds of those whose words are gone, ``people`` the ids of those whose names and addresses are,
    ``documents`` the names of those that only their event told of, whose files may be gone.
    """

    reference: str
    events: int
    new: bool
    letters: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What cannot be had again, for whoever has the case; empty where nothing is missing."""
        gone = (
            ("the words of letters that were sent", self.letters),
            ("names and addresses (correct them, with the name, by casereview correct-contact)", self.people),
            ("documents, unless their files are still there", self.documents),
        )
        lost = [f"{what}: {', '.join(which)}" for what, which in gone if which]
        if not lost:
            return ""
        return (
            "The register was brought back from a backup, and the case's workflow told it what had happened since. "
            f"What could not be had again: {'; '.join(lost)}. Links made in that time, and who read the case, are gone "
            "too."
        )


async def keep(
    database: Database,
    start: Start,
    situation: Situation,
    orders: Mapping[str, LetterOrder],
    message_ids: Mapping[str, str],
) -> BroughtBack:
    """Give the register what a case's workflow knows and it does not. Again, it changes nothing.

    ``orders`` are the case's letters by their keys, ``message_ids`` the Message-IDs they have.
    """
    now = situation.now
    async with database.writing() as session:
        row = await session.get(tables.Case, start.reference, with_for_update=True)
        new = row is None
        if row is None:
            row = await _case(session, start, now)
        news = [Numbered(seq=seq, event=event) for seq, event in enumerate(situation.events, start=1)]
        lacking = await cases.unknown(session, start.reference, situation.events)
        await cases.append(session, start.reference, news)
        case = fold(start.policy, start.calendar, situation.events)
        nameless = await _people(session, start.reference, situation.events, now)
        letters = await _letters(session, start, lacking, case.letters, orders, message_ids)
        documents = await _documents(session, start.reference, lacking)
        row.started = True
        await projections.refresh(session, row, now)
    return BroughtBack(start.reference, len(lacking), new, letters, nameless, documents)


async def _case(session: AsyncSession, start: Start, now: datetime) -> tables.Case:
    calendar_hash = await snapshots.keep_calendar(session, start.calendar, now)
    row = tables.Case(
        reference=start.reference,
        council=start.policy.id,
        policy_version=start.policy.version,
        policy_hash=await snapshots.keep_policy(session, start.policy, now),
        calendar_hash=calendar_hash,
        calendar_now_hash=calendar_hash,
        application_json=start.application.model_dump_json(),
        made_at=start.made_at,
        by_role=start.by.role,
        by_name=start.by.name,
        demo=start.demo,
        created_at=start.made_at,
        started=True,
        as_of=start.made_at,
        stage="received",
        waiting="",
        must_act="service",
    )
    session.add(row)
    await session.flush()
    name, _, number = start.reference.rpartition("-")
    if len(number) < _BY_CHANCE:
        await snapshots.count_from(session, name, int(number))
    return row


_BY_CHANCE = 6
"""The figures of a number that was given by chance: counting goes on below them."""


async def _people(session: AsyncSession, reference: str, events: Sequence[e.Event], now: datetime) -> tuple[str, ...]:
    """Keep a place for everybody whom the case knows and the register does not; their ids."""
    person = tables.Person
    rows = await session.exec(select(person).where(person.reference == reference))
    names = {row.id: row.name for row in rows}
    missing: dict[str, tuple[Party, str]] = {}
    for event in events:
        match event.what:
            case e.ApplicationMade(application=application):
                missing[application.applicant] = (Party.APPLICANT, NO_NAME)
                missing[application.representative] = (Party.REPRESENTATIVE, NO_NAME)
            case e.RepresentativeChanged(representative=id):
                missing[id] = (Party.REPRESENTATIVE, NO_NAME)
            case e.PersonJoined(person=id):
                missing[id] = (Party.FURTHER, NO_NAME)
            case e.ContactCorrected(person=whose, details=id):
                missing[id] = (missing.get(whose, (Party.APPLICANT, ""))[0], names.get(whose, NO_NAME))
    lost = {id: place for id, place in missing.items() if id and id not in names}
    for id, (party, name) in lost.items():
        session.add(people.row(reference, id, Person(name=name), party, now))
    await session.flush()
    return tuple(lost)


async def _letters(
    session: AsyncSession,
    start: Start,
    lacking: Iterable[e.Event],
    letters: Mapping[str, Letter],
    orders: Mapping[str, LetterOrder],
    message_ids: Mapping[str, str],
) -> tuple[str, ...]:
    """What became of the letters that the register had on their way, and a row for each that it did not know; those."""
    gone = {
        event.what.key: event
        for event in lacking
        if isinstance(event.what, e.LetterPosted) and event.what.state is not e.LetterState.WAITING
    }
    letter = tables.Letter
    kept = {row.key: row for row in await session.exec(select(letter).where(col(letter.key).in_(list(gone))))}
    for key, row in kept.items():
        if row.state in _ON_ITS_WAY:
            posted = letters[key].posted
            row.state, row.words, row.settled_at = posted.state.value, posted.words, gone[key].at
            session.add(row)
    rows = [
        _letter(start, event, letters[key], orders[key], message_ids[key])
        for key, event in gone.items()
        if key not in kept and key in orders
    ]
    await snapshots.keep_new(session, letter, rows)
    return tuple(f"{row['kind']} to {orders[str(row['key'])].to.words}" for row in rows)


def _letter(start: Start, event: e.Event, known: Letter, order: LetterOrder, message_id: str) -> dict[str, object]:
    posted = known.posted
    subject, html = CATALOGUE[order.letter].title, f"<p>{_GONE}</p>"
    state = LetterProgress.UNCERTAIN if known.in_tray else LetterProgress(posted.state.value)
    return {
        "key": order.key, "reference": start.reference, "kind": order.letter, "to_party": order.to.party.value,
        "to_id": order.to.id, "to_name": "", "address": "", "means": posted.by or "", "next_means": posted.then or "",
        "event_id": order.event, "template": "", "template_version": "", "policy_version": start.policy.version,
        "subject": subject, "text": _GONE, "html": html, "sha256": digest(subject, _GONE, html),
        "message_id": message_id, "state": state.value, "words": _PERHAPS if known.in_tray else posted.words,
        "attempts": 1, "told_json": days(posted.told), "rendered_at": event.at, "settled_at": event.at,
    }  # fmt: skip


async def _documents(session: AsyncSession, reference: str, lacking: Iterable[e.Event]) -> tuple[str, ...]:
    told = [event for event in lacking if isinstance(event.what, e.DocumentAdded)]
    rows = [
        {
            "id": event.what.document, "reference": reference, "name": event.what.name,
            "media_type": event.what.media_type, "size": event.what.size, "sha256": event.what.sha256,
            "role": event.by.role.value, "actor": event.by.name, "given_by": event.what.given_by,
            "about": event.what.about, "at": event.at, "told": True, "holder": "",
        }
        for event in told
        if isinstance(event.what, e.DocumentAdded)
    ]  # fmt: skip
    document = tables.Document
    known = set(await session.exec(select(document.id).where(document.reference == reference)))
    rows = [row for row in rows if row["id"] not in known]
    await snapshots.keep_new(session, document, rows)
    return tuple(str(row["name"]) for row in rows)
