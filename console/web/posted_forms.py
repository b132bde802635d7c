"""What a page's form sent: its values by name, and what is wrong with them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

MOST_FIELDS = 4_000
LARGEST_FIELD = 100_000_000
"""More bytes than any body has: that one is too large is found by its body."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field, in a sentence that says what to do; ``field`` is the field's path."""

    field: str
    words: str

    @property
    def id(self) -> str:
        """The element the error summary leads to."""
        return element(self.field)


@dataclass
class Posted:
    """A form's values by their fields' paths, such as ``recommendations.0.due.day``."""

    values: dict[str, str] = field(default_factory=dict)

    def raw(self, name: str) -> str:
        return self.values.get(name, "")

    def value(self, name: str) -> str:
        """The value without the spaces around it, its lines ended as Python ends them."""
        return self.raw(name).replace("\r\n", "\n").strip()

    def under(self, path: str) -> Iterator[tuple[str, str]]:
        """Everything inside a path, by what comes after it."""
        for name, value in self.values.items():
            if name.startswith(f"{path}."):
                yield name.removeprefix(f"{path}."), value

    def rows(self, path: str) -> list[int]:
        """The numbers of the rows a list of things has on the page."""
        return sorted({int(head) for head in (name.partition(".")[0] for name, _ in self.under(path)) if _plain(head)})


async def posted(request: Request) -> Posted:
    """The form of a request; of a name given twice the last value stands. 400 where it cannot be read."""
    form = await read(request, most_files=0, most_fields=MOST_FIELDS)
    return Posted({name: value for name, value in form.multi_items() if isinstance(value, str)})


async def read(request: Request, most_files: int, most_fields: int) -> FormData:
    """The form of a request. 400 where it cannot be read; 413 where it is too large as well."""
    try:
        return await request.form(max_files=most_files, max_fields=most_fields, max_part_size=LARGEST_FIELD)
    except (MultiPartException, HTTPException) as error:
        with contextlib.suppress(RuntimeError):  # it was read to its end
            async for _ in request.stream():
                pass
        raise HTTPException(400) from error


def element(path: str) -> str:
    """The id of a field's element: dots would be read as classes."""
    return path.replace(".", "-")


def _plain(head: str) -> bool:
    return head.isascii() and head.isdecimal() and len(head) <= 3
