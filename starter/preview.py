"""The letters an act would send, before anybody does it: by the case's own rules, from the register alone."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from activities.letter_context import letter_context
from activities.pdf import Postal
from activities.rendering import Renderer
from domain.case import Case, local_date
from domain.deadlines import folded, planned
from domain.events import Actor, Body, Event, What
from domain.letters import letters_for
from domain.rules import refusal
from register.queries import StoredCase
from starter.office import Refused

_OURS = re.compile(r"\d{2,}-[A-Z]-\d\d[a-z]?\.(txt|html|pdf)")


@dataclass(frozen=True)
class Foreseen:
    """One letter as it would go out; ``to`` is the reader's name, ``email`` None where it would have to be posted."""

    kind: str
    to: str
    email: str | None
    subject: str
    text: str
    html: str
    pdf: bytes


def foresee(stored: StoredCase, what: Body, by: Actor, now: datetime, renderer: Renderer) -> tuple[Foreseen, ...]:
    """The letters that ``what`` would cause if ``by`` did it at ``now``, in order; empty where it causes none.

    Raises Refused with the rules' sentence where it may not be done, and Unrenderable or Unaddressed for a letter that
    could not be written.
    """
    case, promised = folded(stored.policy, stored.calendar, stored.events)
    today = local_date(now)
    if sentence := refusal(case, what, by, planned(case, today, promised), today):
        raise Refused(sentence)
    return written(stored, what, by, now, renderer)


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
    *,
    kind: str = "",
    large: bool = False,
) -> tuple[Foreseen, ...]:
    """The letters of ``what``, of one ``kind`` where it is named, as if it had happened; ``large`` is large print for
    every reader. Raises Unrenderable or Unaddressed."""
    case, event = _happened(stored, what, by, now)
    events = (*stored.events, event)
    persons = {person.id: person.details for person in stored.persons}

    def each() -> Iterator[Foreseen]:
        for order in letters_for(stored.reference, case, event):
            if kind in ("", order.letter):
                found = letter_context(stored.policy, stored.calendar, events, order, now, persons)
                letter = renderer.render(order.letter, found.context)
                to = Postal(found.to_name, found.to_address)
                pdf = renderer.pdf(letter, to=to, large=large or found.large_print)
                yield Foreseen(
                    order.letter, found.to_name, found.to_email, letter.subject, letter.text, letter.html, pdf
                )

    return tuple(each())


def _happened(stored: StoredCase, what: Body, by: Actor, now: datetime) -> tuple[Case, Event]:
    case = stored.folded()
    event = Event(id=uuid.uuid4().hex, at=now, by=by, what=cast("What", what))
    case.apply(event)
    return case, event


def keep(foreseen: tuple[Foreseen, ...], folder: Path) -> tuple[Path, ...]:
    """Write each letter into ``folder`` as text, HTML and PDF; the paths of the texts, in order. Raises OSError.

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
        paths.append(path)
    return tuple(paths)


def keep_pdf(foreseen: tuple[Foreseen, ...], folder: Path) -> tuple[Path, ...]:
    """Write each letter into ``folder`` as PDF alone; their paths, in order. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:02d}-{letter.kind}.pdf" for number, letter in enumerate(foreseen, start=1)]
    for path, letter in zip(paths, foreseen, strict=True):
        path.write_bytes(letter.pdf)
    return tuple(paths)
