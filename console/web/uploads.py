"""A file that a form sends: received in pieces, limited in size, read once. What it is, ``register.media`` says."""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from console.web.posted_forms import Fault, Posted, posted, read
from register.media import Content

MOST_FIELDS = 20
_IN_MEMORY = 2_000_000
_MARK = "takes_file"
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
LONGEST_LINE = 200


@dataclass(frozen=True)
class SentForm:
    """A form with the file it brought; ``content`` is empty where none was chosen."""

    form: Posted
    name: str = ""
    content: Content = b""

    @property
    def chosen(self) -> bool:
        return bool(self.name or self.content)


def takes_file(endpoint: Endpoint) -> Endpoint:
    """Mark what a route does as taking a file, so that its address takes more than any other."""
    setattr(endpoint, _MARK, True)
    return endpoint


def addresses(routes: Iterable[BaseRoute]) -> Iterator[re.Pattern[str]]:
    """The addresses of the routes that take a file, those of included routers too."""
    for route in routes:
        if isinstance(route, Route) and _marked(route.endpoint):
            yield route.path_regex
        elif (included := getattr(route, "original_router", None)) is not None:
            yield from addresses(included.routes)


async def received(request: Request, field: str = "file") -> SentForm:
    """The form of a request and its one file. 400 where it cannot be read.

    Raises RuntimeError on a route that is not marked by ``takes_file``: its files would be cut short.
    """
    if not _marked(request.scope["endpoint"]):
        raise RuntimeError("a route that receives a file must be marked by takes_file")
    return await _received(request, field)


def _marked(endpoint: Callable[..., Any]) -> bool:
    return bool(getattr(endpoint, _MARK, False))


async def _received(request: Request, field: str) -> SentForm:
    form = await read(request, most_files=1, most_fields=MOST_FIELDS)
    try:
        values = Posted({name: value for name, value in form.multi_items() if isinstance(value, str)})
        file = form.get(field)
        if not isinstance(file, UploadFile):
            return SentForm(values)
        return SentForm(values, file.filename or "", await _content(file))
    finally:
        await form.close()


async def _content(file: UploadFile) -> Content:
    """A file that came in pieces lies on a disk, and is read from there as it is needed."""
    if (file.size or 0) <= _IN_MEMORY:
        return await file.read()
    return mmap.mmap(file.file.fileno(), 0, access=mmap.ACCESS_READ)


async def typed(request: Request) -> SentForm:
    """A form that may have brought a file, for whoever keeps only what was typed."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        return await _received(request, "file")
    return SentForm(await posted(request))


def overlong(form: Posted, words: dict[str, str]) -> list[Fault]:
    """What is wrong with the lines that go with a file, by their names and what they are called."""
    return [
        Fault(name, f"{called} must be one line of {LONGEST_LINE} characters or fewer")
        for name, called in words.items()
        if len(form.value(name)) > LONGEST_LINE or not form.value(name).isprintable()
    ]
