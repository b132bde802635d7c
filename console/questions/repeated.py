"""Lists of things in a form, grown and shortened by going to the server and back: no script is needed."""

from __future__ import annotations

from collections.abc import Sequence

from console.questions.fields import Field, FieldKind
from console.web.posted_forms import Posted

MOST = 200


def changed(fields: Sequence[Field], form: Posted, step: str) -> bool:
    """Whether the button pressed adds a row (``more:members``) or takes one out (``less:members.1``); it is done."""
    what, _, path = step.partition(":")
    if what == "more" and path in lists(fields):
        taken = numbers(form, path)
        if len(taken) < MOST:
            form.values[f"{path}.{max(taken, default=-1) + 1}.new"] = "yes"
        return True
    if what == "less" and path.rpartition(".")[0] in lists(fields):
        for name in [name for name in form.values if name.startswith(f"{path}.")]:
            del form.values[name]
        return True
    return False


def lists(fields: Sequence[Field]) -> list[str]:
    """The paths of the lists whose rows somebody may add."""
    return [field.name for field in fields if field.kind is FieldKind.MANY and not field.about]


def numbers(form: Posted, path: str) -> list[int]:
    """The rows that stand on the page; there is always one."""
    return form.rows(path) or [0]


def shown(fields: Sequence[Field], form: Posted) -> dict[str, list[int]]:
    """The rows to show of each list."""
    rows = {path: numbers(form, path) for path in lists(fields)}
    return rows | {field.name: list(range(len(field.about))) for field in fields if field.about}
