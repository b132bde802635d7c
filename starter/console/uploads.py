"""A file that a form sends: received in pieces, limited in size, read once. What it is, ``register.media`` says."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from register.media import LARGEST
from starter.console.forms import Posted

MOST_FIELDS = 20


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
