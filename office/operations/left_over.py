"""What the register has and nobody took on: letters, acts, documents, applications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from domain.letters import CATALOGUE
from office.operations.finding import Finding, Kind
from office.operations.ground import Ground
from register import backlog
from register.backlog import Left

_BEGIN_WITHIN = timedelta(minutes=2)
_TAKE_WITHIN = timedelta(minutes=2)
_TELL_WITHIN = timedelta(minutes=40)
_REFUSED_SINCE = timedelta(days=7)
_WAYS: Mapping[str, str] = {"email": "by e-mail", "post": "by post", "text": "by text message", "": "with no safe way"}
_NOT_TRIED = "They were written more than ten minutes ago and nobody tried to hand them over."


async def letters(ground: Ground) -> Sequence[Finding]:
    """Letters that are not written, and letters that are not sent."""
    alike: dict[tuple[str, str, str, str], list[datetime]] = {}
    for one in await backlog.unwritten(ground.database, ground.now):
        alike.setdefault((one.reference, one.council, one.letter, one.words), []).append(one.since)
    unwritten = [
        Finding(
            Kind.LETTER_UNWRITTEN,
            f"{_called(letter)}{f' ({len(times)} of them)' if len(times) > 1 else ''}: {_sentence(words)}",
            reference, council, min(times), len(times),
        )
        for (reference, council, letter, words), times in alike.items()
    ]  # fmt: skip
    waiting = [
        Finding(
            Kind.LETTER_WAITS,
            f"{_letters(one.number)} {_WAYS.get(one.means, one.means)}. {_sentence(one.words) or _NOT_TRIED}",
            since=one.since,
            number=one.number,
        )
        for one in await backlog.waiting(ground.database, ground.now)
    ]
    return [*unwritten, *waiting]


async def acts(ground: Ground) -> Sequence[Finding]:
    """Acts that nobody answered, acts that were refused afterwards, and messages that a case does not take."""
    week = ground.now - _REFUSED_SINCE
    waits = await backlog.acts_left(ground.database, _TAKE_WITHIN, ground.now)
    refused = await backlog.acts_refused(ground.database)
    messages = await backlog.messages_refused(ground.database, week)
    return [
        *(_of(Kind.ACT_WAITS, left, "act waits", "acts wait") for left in waits),
        *(_of(Kind.MESSAGE_REFUSED, left, "act was", "acts were", " left and then not taken") for left in refused),
        *(_of(Kind.MESSAGE_REFUSED, left, "message was", "messages were", " refused") for left in messages),
    ]


async def documents(ground: Ground) -> Sequence[Finding]:
    """Documents that their case has not heard of."""
    left = await backlog.documents_untold(ground.database, _TELL_WITHIN, ground.now)
    return [_of(Kind.DOCUMENT_UNTOLD, one, "document waits", "documents wait") for one in left]


async def applications(ground: Ground) -> Sequence[Finding]:
    """Applications that were taken in and not begun."""
    return [
        Finding(Kind.CASE_WITHOUT_WORKFLOW, "It was taken in and is not begun yet.", left.reference, left.council,
                left.since)
        for left in await backlog.unbegun(ground.database, _BEGIN_WITHIN, ground.now)
    ]  # fmt: skip


def _of(kind: Kind, left: Left, one: str, many: str, end: str = "") -> Finding:
    words = f"{left.number} {one if left.number == 1 else many}{end}."
    return Finding(kind, words, left.reference, left.council, left.since, left.number)


def _called(letter: str) -> str:
    known = CATALOGUE.get(letter)
    return f"{letter}, {known.title[0].lower()}{known.title[1:]}" if known else letter


def _letters(number: int) -> str:
    return "One letter" if number == 1 else f"{number} letters"


def _sentence(words: str) -> str:
    """Reasons of the post room, which hold no address and no server's own text."""
    return f"{words.rstrip('.')}." if words else ""
