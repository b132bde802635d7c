"""What the fields of a model hold, as a form or a command line asks for it."""

from __future__ import annotations

import types
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin


def held(annotation: Any) -> tuple[Any, bool]:
    """What a field holds, and whether it holds several: ``tuple[date, ...] | None`` is dates."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return held(inside[0])
    if origin in (Union, types.UnionType):
        return held(next(part for part in inside if part is not type(None)))
    if origin in (tuple, frozenset):
        return held(inside[0])[0], True
    return annotation, False


def values(kind: Any) -> tuple[str, ...]:
    """What a field can be where that is a list of names; nothing where it may be anything."""
    if get_origin(kind) is Literal:
        return tuple(str(value) for value in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(str(member.value) for member in kind)
    return ()
