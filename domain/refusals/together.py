"""What stands against linking cases, and against words by which one household would hear of another's case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain import events as e
from domain.case import Case
from domain.refusals.circumstances import Circumstances, against, idle, listed


@against(e.CasesLinked)
def cases_linked(circumstances: Circumstances, body: e.CasesLinked) -> str | None:
    if body.other in circumstances.case.linked:
        return f"the case is linked with {body.other} already; unlink-case ends that"
    return None


@against(e.CasesParted)
def cases_parted(circumstances: Circumstances, body: e.CasesParted) -> str | None:
    linked = circumstances.case.linked
    if not linked or body.other in linked:
        return None
    return f"the case is not linked with {body.other}; it is with {listed(linked)}"


@idle(e.CasesParted)
def linked_with_none(case: Case) -> bool:
    return not case.linked


def names_another(case: Case, body: e.Body) -> str | None:
    """The sentence against words that go to an applicant and name a linked case."""
    if isinstance(body, e.CaseEnded) and body.same_as in case.linked:
        return (
            f"{body.same_as} is linked as another household's case; if both are one person's, unlink-case comes first"
        )
    if body.does is None or not any(kind.startswith("L-") for kind in body.does.letters):
        return None
    told = [text.upper() for text in _texts(body.model_dump())]
    named = next((other for other in case.linked if any(other in text for text in told)), None)
    if named is None:
        return None
    return f"{named} is somebody else's case, and the applicant would read of it here; leave it out of these words"


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for part in value.values():
                yield from _texts(part)
        case list() | tuple():
            for part in value:
                yield from _texts(part)
