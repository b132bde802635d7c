"""A PDF (ISO 32000): pages, links and fields are taken; what runs, launches or carries another file is not."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from register.active_content import ContentFault, ContentRefused

MOST_OBJECTS = 300_000
_DEEPEST = 40
_PROGRAMS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/RichMediaExecute"})
_BY_ITSELF = frozenset({"/URI", "/SubmitForm", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound", "/Thread"})
"""What may be done at a click, and not because a page or the file is opened."""
_KEYS = {
    "/JS": ContentFault.PROGRAM,
    "/JavaScript": ContentFault.PROGRAM,
    "/XFA": ContentFault.PROGRAM,
    "/RichMediaContent": ContentFault.PROGRAM,
    "/EF": ContentFault.EMBEDDED,
    "/EmbeddedFiles": ContentFault.EMBEDDED,
}
_NAMED = {
    "/EmbeddedFile": ContentFault.EMBEDDED,
    "/FileAttachment": ContentFault.EMBEDDED,
    "/RichMedia": ContentFault.PROGRAM,
}
_WRITTEN = re.compile(rb"/S\s*/(?:JavaScript|Launch|ImportData)\b")
_ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")


def inspect(content: bytes) -> None:
    """Raises ContentRefused for JavaScript, a program to launch, an attached file, an XFA form, and for what is done
    by itself; also within object streams, under escaped names, and in objects that nothing refers to."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            objects = list(pdf.objects)  # the property makes them all anew each time
            if len(objects) > MOST_OBJECTS:
                raise ContentRefused(ContentFault.UNPACKS)
            for whole in objects:
                for value in _within(whole, 0):
                    _judge(value)
            _itself(pdf.Root.get("/OpenAction"))
            if not len(pdf.pages):
                raise ContentRefused(ContentFault.DAMAGED)
    except pikepdf.PasswordError:
        raise ContentRefused(ContentFault.LOCKED) from None
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, NotImplementedError):
        raise ContentRefused(ContentFault.DAMAGED) from None
    if _WRITTEN.search(_ESCAPED.sub(_unescaped, content)):
        raise ContentRefused(ContentFault.PROGRAM)


def _within(value: Object, depth: int) -> Iterator[Dictionary | Stream]:
    """The dictionaries in an object, those it refers to left out: each is an object of its own."""
    if depth > _DEEPEST:
        raise ContentRefused(ContentFault.DAMAGED)
    if isinstance(value, Dictionary | Stream):
        yield value
        for key in value.keys():  # noqa: SIM118 - a stream has no iterator
            yield from _inside(value.get(key), depth)
    elif isinstance(value, Array):
        for inner in value:
            yield from _inside(inner, depth)


def _inside(value: object, depth: int) -> Iterator[Dictionary | Stream]:
    if isinstance(value, Object) and not value.is_indirect:
        yield from _within(value, depth + 1)


def _judge(value: Dictionary | Stream) -> None:
    keys = set(value.keys())
    for key, fault in _KEYS.items():
        if key in keys:
            raise ContentRefused(fault)
    for key in ("/Type", "/Subtype"):
        if (fault_named := _NAMED.get(_name(value, key))) is not None:
            raise ContentRefused(fault_named)
    if _name(value, "/S") in _PROGRAMS:
        raise ContentRefused(ContentFault.PROGRAM)
    if isinstance(value, Stream) and "/F" in keys:
        raise ContentRefused(ContentFault.LOADS)
    if isinstance(value.get("/AA"), Dictionary):
        for action in value["/AA"].keys():  # noqa: SIM118
            _itself(value["/AA"].get(action))


def _itself(action: object, depth: int = 0) -> None:
    """An action that nobody asked for, and those that follow it."""
    if depth > _DEEPEST:
        raise ContentRefused(ContentFault.DAMAGED)
    if isinstance(action, Array):
        for following in action:
            _itself(following, depth + 1)
    elif isinstance(action, Dictionary) and "/S" in action:
        if _name(action, "/S") in _BY_ITSELF:
            raise ContentRefused(ContentFault.LOADS)
        _itself(action.get("/Next"), depth + 1)


def _name(value: Dictionary | Stream, key: str) -> str:
    found = value.get(key)
    return str(found) if isinstance(found, Name) else ""


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes((int(found[1], 16),))
