"""The letters an act would send, before anybody does it: by the case's own rules, from the register alone."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import cast

from connection.settings import Settings
from domain.application import Means
from domain.case import Case, local_date
from domain.deadlines import folded, planned
from domain.events import CLOCK, Actor, Body, DetailsReceived, Event, Role, ThresholdDecided, What
from domain.fold import apply
from domain.letters import letters_for
from domain.meetings import moved_along
from domain.messages import Numbered
from domain.rehearsal import Rehearsal
from domain.rules import refusal
from domain.ways import WITHOUT_TEXT
from letters.letter_context import LetterContext, LetterDesk
from letters.pdf import Postal
from letters.rendering import Renderer
from register.letter_rows import LetterFile
from register.queries import StoredCase

OFFICER = Actor(role=Role.OFFICER, name="an officer")
_THEIR_PART = (
    DetailsReceived(consent_to_share=True, victim_consents=True),
    ThresholdDecided(met=True, decided_by=OFFICER.name, discretion="The harm is great."),
)
_OURS = re.compile(r"\d{2,}-[A-Z]-\d\d[a-z]?(\.(txt|html|pdf)|-[a-z0-9-]+\.ics)")


class NotPossible(ValueError):
    """The rules do not allow the act now; the text is their sentence."""


@dataclass(frozen=True)
class Foreseen:
    """One letter as it would go out. ``to`` is the reader's name; ``email`` is None, ``address`` and ``mobile`` empty
    where it does not go ``by`` that way, and ``by`` is None where no way is known. ``files`` go with it."""

    kind: str
    to: str
    by: Means | None
    email: str | None
    address: tuple[str, ...]
    subject: str
    text: str
    html: str
    pdf: bytes
    files: tuple[LetterFile, ...] = ()
    mobile: str = ""

    @property
    def goes(self) -> str:
        """ "by post to 4 Example Street, Sampleton"."""
        if self.by is None:
            return "no way to the reader is known: somebody has to find one"
        return f"{self.by.words} to {self.email or self.mobile or ', '.join(self.address)}"


def ways(settings: Settings) -> tuple[Means, ...]:
    """The ways letters go here."""
    return tuple(Means) if settings.sends_texts else WITHOUT_TEXT


def foresee(
    stored: StoredCase, what: Body, by: Actor, now: datetime, renderer: Renderer, ways: Collection[Means] = WITHOUT_TEXT
) -> tuple[Foreseen, ...]:
    """The letters that ``what`` would cause if ``by`` did it at ``now``, in order; empty where it causes none.

    ``ways`` are those letters go here.

    Raises NotPossible with the rules' sentence where it may not be done, and Unrenderable or Unaddressed for a letter
    that could not be written.
    """
    case, promised = folded(stored.policy, stored.calendar, stored.events)
    today = local_date(now)
    if sentence := refusal(case, what, by, planned(case, today, promised), today):
        raise NotPossible(sentence)
    return written(stored, what, by, now, renderer, ways)


def caused(stored: StoredCase, what: Body, by: Actor, now: datetime) -> tuple[str, ...]:
    """The kinds of letter that ``what`` would cause, whether or not it may be done."""
    case, event = _happened(stored, what, by, now)
    return tuple(order.letter for order in letters_for(stored.reference, case, event))


def written(
    stored: StoredCase,
    what: Body,
    by: Actor,
    now: datetime,
    renderer: Renderer,
    ways: Collection[Means] = WITHOUT_TEXT,
    *,
    kind: str = "",
    large: bool = False,
) -> tuple[Foreseen, ...]:
    """The letters of ``what``, of one ``kind`` where it is named, as if it had happened, with those of a promise that
    moves along with a meeting; ``large`` is large print for
    every reader. Raises Unrenderable or Unaddressed."""
    case, event = _happened(stored, what, by, now)
    ordered = [*letters_for(stored.reference, case, event)]
    while moved := moved_along(case, planned(case, local_date(now), {})):
        ordered += letters_for(stored.reference, case, _next(case, moved, CLOCK, now))
    desk = LetterDesk(stored.policy, stored.calendar, case.events, now, stored.readers)
    orders = (order.in_turn(len(case.events)) for order in ordered if kind in ("", order.letter))
    addressed = ((order, ways if desk.own_page(order) else WITHOUT_TEXT) for order in orders)
    return tuple(_foreseen(order.letter, desk.context(order, ways=open), renderer, large) for order, open in addressed)


@dataclass(frozen=True)
class Coming:
    """Something that the service does by itself at ``when``, in the case ``stored`` as it will stand then."""

    stored: StoredCase
    what: Body
    by: Actor
    when: datetime


def coming(stored: StoredCase, kind: str, now: datetime) -> tuple[Coming, ...]:
    """What next causes a letter of ``kind`` if nobody does anything; where nothing does, what would at once if those
    who are waited for now had done their part. Several where it is one day's work, empty where it does not come next.
    """
    if next_to_come := _causes(stored, _taken_up(stored, now).left_alone(), kind):
        return next_to_come
    then = _taken_up(stored, now)
    for part in _THEIR_PART:
        if then.act(part, OFFICER) is None and (next_to_come := _causes(stored, then, kind)):
            return next_to_come
    return ()


def _taken_up(stored: StoredCase, now: datetime) -> Rehearsal:
    return Rehearsal.taken_up(stored.policy, stored.calendar, stored.events, now, stored.reference)


def _causes(stored: StoredCase, then: Rehearsal, kind: str) -> tuple[Coming, ...]:
    """What the service did by itself in ``then``, which goes on from ``stored``, and a letter of ``kind`` came of."""
    causes = {order.event for order in then.orders.values() if order.letter == kind}
    numbered = tuple(Numbered(seq=seq, event=event) for seq, event in enumerate(then.case.events, start=1))
    caused = [
        (seq, event)
        for seq, event in enumerate(then.case.events, start=1)
        if seq > len(stored.numbered) and event.id in causes and event.by == CLOCK
    ]
    return tuple(
        Coming(replace(stored, numbered=numbered[: seq - 1]), event.what, CLOCK, event.at)
        for seq, event in caused
        if (event.kind, local_date(event.at)) == (caused[0][1].kind, local_date(caused[0][1].at))
    )


def _foreseen(kind: str, addressed: LetterContext, renderer: Renderer, large: bool) -> Foreseen:
    letter = renderer.render(kind, addressed.context)
    paper = renderer.pdf(
        letter, to=Postal(addressed.to_name, addressed.to_address), large=large or addressed.large_print
    )
    return Foreseen(
        kind=kind,
        to=addressed.to_name,
        by=addressed.by,
        email=addressed.to_email if addressed.by is Means.EMAIL else None,
        address=addressed.to_address if addressed.by is Means.POST else (),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        pdf=paper,
        files=addressed.files,
        mobile=addressed.to_mobile if addressed.by is Means.TEXT else "",
    )


def _happened(stored: StoredCase, what: Body, by: Actor, now: datetime) -> tuple[Case, Event]:
    case = stored.folded()
    return case, _next(case, what, by, now)


def _next(case: Case, what: Body, by: Actor, now: datetime) -> Event:
    event = Event(id=uuid.uuid4().hex, at=now, by=by, what=cast("What", what))
    apply(case, event)
    return event


def keep(foreseen: tuple[Foreseen, ...], folder: Path) -> tuple[Path, ...]:
    """Write each letter into ``folder`` as text, HTML and PDF, with the calendar files that go with it; the paths of
    the texts, in order. Raises OSError.

    An earlier preview's files there go, so that nothing is read as if it would be sent; all others stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if _OURS.fullmatch(old.name):
            old.unlink()
    paths = []
    for number, letter in enumerate(foreseen, start=1):
        path = folder / f"{number:02d}-{letter.kind}.txt"
        path.write_text(letter.text, "utf-8")
        path.with_suffix(".html").write_text(letter.html, "utf-8")
        path.with_suffix(".pdf").write_bytes(letter.pdf)
        for file in letter.files:
            path.with_name(f"{path.stem}-{file.name}").write_bytes(file.content)
        paths.append(path)
    return tuple(paths)


def keep_pdf(foreseen: tuple[Foreseen, ...], folder: Path) -> tuple[Path, ...]:
    """Write each letter into ``folder`` as PDF alone; their paths, in order. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:02d}-{letter.kind}.pdf" for number, letter in enumerate(foreseen, start=1)]
    for path, letter in zip(paths, foreseen, strict=True):
        path.write_bytes(letter.pdf)
    return tuple(paths)
