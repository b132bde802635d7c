"""What the fields of acts and of an application are called, for forms and the command line alike."""

from __future__ import annotations

from collections.abc import Iterator

from office.wording.application_fields import APPLICATION_FIELDS
from office.wording.care_fields import CARE_FIELDS
from office.wording.ending_fields import ENDING_FIELDS
from office.wording.hearing_fields import HEARING_FIELDS
from office.wording.keeping_fields import KEEPING_FIELDS
from office.wording.people_fields import PEOPLE_FIELDS
from office.wording.review_fields import REVIEW_FIELDS
from office.wording.row import Asked, Caption, FieldWords
from office.wording.shared_fields import SHARED_FIELDS

__all__ = ["APPLY", "TABLE", "Asked", "Caption", "FieldWords", "in_a_line", "wording"]

APPLY = "apply"
"""The application's place in the table, where an act has its name."""
TABLE = {
    **SHARED_FIELDS, **PEOPLE_FIELDS, **REVIEW_FIELDS, **HEARING_FIELDS, **KEEPING_FIELDS, **ENDING_FIELDS,
    **CARE_FIELDS, **APPLICATION_FIELDS,
}  # fmt: skip


def wording(act: str, path: str, reader: Asked = Asked.STAFF) -> Caption:
    """A field's words for a reader: those of the act first, then those of any field of that name."""
    known = (row.of(reader) for row in _rows(act, path))
    return next((words for words in known if words), Caption(_plain(path)))


def in_a_line(act: str, path: str) -> str:
    """ "The day of the panel": a field of an act as the command line explains it."""
    for row in _rows(act, path):
        if row.line:
            return row.line
        if row.staff:
            noun = row.staff.noun
            return f"{noun[:1].upper()}{noun[1:]}"
    return _plain(path)


def _rows(act: str, path: str) -> Iterator[FieldWords]:
    name = path.rpartition(".")[2]
    for place in (f"{act}.{path}", f"{act}.{name}", path, name):
        if place in TABLE:
            yield TABLE[place]


def _plain(path: str) -> str:
    return path.rpartition(".")[2].replace("_", " ").capitalize()
