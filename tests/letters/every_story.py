"""Every story of a case by its name, told once under every council's policy, and every letter of them."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

import policies
from domain import events as e
from domain.policy import Decision, Policy, Subject
from tests.letters import endings, hardships
from tests.letters.stories import (
    COUNCILS,
    HOSTILE,
    Letter,
    Story,
    appealed,
    hostile,
    to_panel,
    to_refusal,
    to_the_end,
    with_changes,
    withdrawn,
)

STORIES: dict[str, Callable[[Policy], Story]] = {
    "met": to_the_end,
    "refused": to_refusal,
    "changes": with_changes,
    "hostile": hostile,
    "withdrawn": withdrawn,
    "called off": lambda p: to_panel(p).tell(date(2026, 6, 24), e.Withdrawn()),  # Wed
    "threshold upheld": lambda p: appealed(p, Decision.UPHELD, Subject.THRESHOLD),
    "threshold remitted": lambda p: appealed(p, Decision.REMITTED, Subject.THRESHOLD),
    "threshold dismissed": lambda p: appealed(p, Decision.DISMISSED, Subject.THRESHOLD),
    "handling upheld": lambda p: appealed(p, Decision.UPHELD, Subject.HANDLING),
    "handling remitted": lambda p: appealed(p, Decision.REMITTED, Subject.HANDLING, HOSTILE),
    "handling dismissed": lambda p: appealed(p, Decision.DISMISSED, Subject.HANDLING),
    **endings.STORIES,
    **hardships.STORIES,
}


@cache
def told(council: str, story: str) -> Story:
    return STORIES[story](policies.load(council))


def every_letter() -> Iterator[tuple[str, Letter]]:
    """Every letter of every council once, with the first story that it is in."""
    for council in COUNCILS:
        known: set[int] = set()
        for name in STORIES:
            for letter in told(council, name).letters:
                if id(letter) not in known:
                    known.add(id(letter))
                    yield f"{council}, {name}, {letter.order.key}", letter


def sentences(letter: Letter) -> list[str]:
    return re.split(r"(?<=[.?!])\s+|\n\s*\n|\n[-|] ", letter.text)
