"""A document of Word or Excel from before 2007 (MS-DOC, MS-XLS): only text, tables and pictures are taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from register.active_content import ContentFault, ContentRefused
from register.compound_file import CompoundFile

WORD, EXCEL = "worddocument", ("workbook", "book")
_PROGRAMS = frozenset({"macros", "vba", "_vba_project", "_vba_project_cur", "projectwm", "dir"})
_LOCKED = frozenset({"encryptedpackage", "encryptioninfo", "encryptedsummary"})
_OBJECTS = frozenset({"\1ole10native", "package", "contents", "\1compobj", "\1ole"})
_EMBEDDED_SHEET = re.compile(r"mbd[0-9a-f]{8}")
_LOADING = ("DDE", "DDEAUTO", "LINK", "INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT", "DATABASE", "RD")
_RUNNING = ("MACRO", "MACROBUTTON", "CONTROL", "HTMLCONTROL", "PRINT")
_FIELD = re.compile(rb"\x13 *([A-Za-z]{2,12})[ \x13-\x15\"]")
_WIDE_FIELD = re.compile(rb"\x13\x00(?: \x00)*((?:[A-Za-z]\x00){2,12})[ \x13-\x15\"]\x00")
_TEMPLATE = re.compile(r"(?:https?://|ftp://|\\\\)[^\0]{1,400}\.do[ct][mx]?", re.IGNORECASE)
_ENCRYPTED = 0x0100
_PASSWORD, _SHEET, _BOOK = 0x002F, 0x0085, 0x01AE
_WORKSHEET, _CHART = 0, 2


def inspect_word(content: bytes) -> None:
    """Raises ContentRefused for macros, embedded objects, fields that fetch or run, a distant template, a password."""
    file = _opened(content)
    streams = list(file.streams(WORD))
    if len(streams) != 1:
        raise ContentRefused(ContentFault.ANOTHER)
    (text,) = streams
    if int.from_bytes(text[10:12], "little") & _ENCRYPTED:
        raise ContentRefused(ContentFault.LOCKED)
    if any("objectpool" in entry.path[:-1] for entry in file.entries):
        raise ContentRefused(ContentFault.EMBEDDED)
    codes = {found.decode("ascii").upper() for found in _FIELD.findall(text)}
    codes |= {found.decode("utf-16-le").upper() for found in _WIDE_FIELD.findall(text)}
    if codes.intersection(_RUNNING):
        raise ContentRefused(ContentFault.PROGRAM)
    if codes.intersection(_LOADING):
        raise ContentRefused(ContentFault.LOADS)
    for table in (*file.streams("0table"), *file.streams("1table")):
        if any(_TEMPLATE.search(table[at:].decode("utf-16-le", "ignore")) for at in (0, 1)):
            raise ContentRefused(ContentFault.LOADS)


def inspect_excel(content: bytes) -> None:
    """Raises ContentRefused for macros of either kind, embedded objects, links to other programs, a password."""
    file = _opened(content)
    books = [book for name in EXCEL for book in file.streams(name)]
    if not books:
        raise ContentRefused(ContentFault.ANOTHER)
    if any(_EMBEDDED_SHEET.fullmatch(name) for entry in file.entries for name in entry.path):
        raise ContentRefused(ContentFault.EMBEDDED)
    for book in books:
        for kind, record in _records(book):
            if kind == _PASSWORD:
                raise ContentRefused(ContentFault.LOCKED)
            if kind == _SHEET and len(record) > 5 and record[5] not in (_WORKSHEET, _CHART):
                raise ContentRefused(ContentFault.PROGRAM)
            if kind == _BOOK and record[:2] == b"\0\0" and b"\x03" in record[4:]:
                raise ContentRefused(ContentFault.LOADS)


def _opened(content: bytes) -> CompoundFile:
    """The file, with nothing in it that no document of either kind may hold."""
    file = CompoundFile(content)
    names = {name for entry in file.entries for name in entry.path}
    if names & _LOCKED:
        raise ContentRefused(ContentFault.LOCKED)
    if names & _PROGRAMS:
        raise ContentRefused(ContentFault.PROGRAM)
    if any(entry.stream and entry.name in _OBJECTS and len(entry.path) > 1 for entry in file.entries):
        raise ContentRefused(ContentFault.EMBEDDED)
    return file


def _records(book: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a workbook: two bytes of kind, two of length (MS-XLS, 2.1.4)."""
    at = 0
    while at + 4 <= len(book):
        kind, length = int.from_bytes(book[at : at + 2], "little"), int.from_bytes(book[at + 2 : at + 4], "little")
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length
