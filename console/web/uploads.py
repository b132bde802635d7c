"""A file that a form sends: received in pieces, limited in size, read once. What it is, ``register.media`` says."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from console.web.posted_forms import Fault, Posted, posted
from register.media import LARGEST

MOST_FIELDS = 20
LONGEST_LINE = 200


@dataclass(frozen=True)
class Sent:
    """A form with the file it brought; ``content`` is empty where none was chosen."""

    form: Posted
    name: str = ""
    content: bytes = b""

    @property
    def chosen(self) -> bool:
        return bool(self.name or self.content)


async def received(request: Request, field: str = "file") -> Sent:
    """The form of a request and its one file. 400 where it cannot be read."""
    try:
        form = await request.form(max_files=1, max_fields=MOST_FIELDS)
    except (MultiPartException, HTTPException) as error:
        raise HTTPException(400) from error
    try:
        values = Posted({name: value for name, value in form.multi_items() if isinstance(value, str)})
        file = form.get(field)
        if not isinstance(file, UploadFile):
            return Sent(values)
        return Sent(values, file.filename or "", await file.read(LARGEST + 1))
    finally:
        await form.close()


async def typed(request: Request) -> Sent:
    """A form that may have brought a file, for whoever keeps only what was typed."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        return await received(request)
    return Sent(await posted(request))


def overlong(form: Posted, words: dict[str, str]) -> list[Fault]:
    """What is wrong with the lines that go with a file, by their names and what they are called."""
    return [
        Fault(name, f"{called} must be one line of {LONGEST_LINE} characters or fewer")
        for name, called in words.items()
        if len(form.one(name)) > LONGEST_LINE or not form.one(name).isprintable()
    ]
