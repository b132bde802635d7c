"""A letter as an A4 PDF for a window envelope: tagged (PDF/UA-1), its fonts inside, the same bytes each time.

The words go to the typesetter as data, never as its code. `templates/letters/_letter.typ` lays them out;
`templates/fonts` holds every font that is used.
"""

import datetime as dt
import io
import json
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
import typst
from markdown_it.token import Token as Mark
from markdown_it.tree import SyntaxTreeNode

from letters import typeset
from letters.letterhead import Letterhead, Unrenderable

LAYOUT = "_letter.typ"
MISSING = "\ufffd"
FONTS = (
    "Atkinson Hyperlegible Next",
    "DejaVu Sans",
    "Noto Emoji",
    "Noto Sans Bengali",
    "Noto Sans Devanagari",
    "Noto Sans Gujarati",
    "Noto Sans Gurmukhi",
    "Noto Sans Tamil",
)

_ADDRESS_LINES = 7
_ADDRESS_WIDTH = 80
_RUNNING_WIDTH = 48
_NARROW = 28
_FOOTER_LINES = 30
_ROUNDS = 4
_REFUSED = re.compile(r"the text (?:contains the disallowed codepoint )?`\"((?:\\.|[^\"\\])*)\"`")
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_FAR = re.compile(r"[^\x00-\u024f\u2010-\u2026\ufffd]")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


@dataclass(frozen=True)
class Postal:
    """Where a letter is posted: the name, then the lines of the address. Up to seven lines fit the window."""

    name: str
    lines: Sequence[str] = ()


@dataclass(frozen=True)
class Labels:
    """The words of the page itself, in the letter's language."""

    page: tuple[str, str]
    reference: str
    progress: str
    code: str


LABELS = {
    "en": Labels(("Page ", " of "), "Reference", "See how your case is going:", "QR code for the address"),
    "cy": Labels(("Tudalen ", " o "), "Cyfeirnod", "Gweld sut mae eich achos yn mynd:", "Cod QR ar gyfer y cyfeiriad"),
}


class Typesetter:
    """Sets letters by a layout and the fonts of a folder; safe in many threads, one compiler in each.

    `source` is the layout's text. Raises Unrenderable where a font of FONTS is missing.
    """

    def __init__(self, source: str, fonts: Path) -> None:
        self._source = source.encode()
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)])
        if missing := set(FONTS) - set(self._fonts.families()):
            raise Unrenderable(f"The font {sorted(missing)[0]} is not in {fonts.name}: put its file back.")
        self._root = fonts
        self._own = threading.local()

    def letter(
        self,
        head: Letterhead,
        to: Postal,
        date: dt.date,
        reference: str,
        title: str,
        body: Sequence[Mark],
        footer: Sequence[Mark],
        *,
        large: bool = False,
        progress_url: str | None = None,
    ) -> bytes:
        """The letter as PDF: `title` is its first heading, `body` and `footer` are parsed Markdown.

        The same arguments give the same bytes. `large` is large print: 18 point, nothing but the address in its
        window under 16. `progress_url` is written at the end beside its QR code. A character that no font has is
        printed as U+FFFD. Raises Unrenderable where the layout cannot set the letter.
        """
        language, _, region = head.language.partition("-")
        words = LABELS.get(language, LABELS["en"])
        blocks = typeset.blocks(SyntaxTreeNode(body))
        data = {
            "lang": language,
            "region": region or None,
            "fonts": FONTS,
            "large": large,
            "colour": head.colour,
            "ink": head.ink,
            "date": (date.year, date.month, date.day),
            "council": head.council,
            "band": typeset.wrappable(head.council, _NARROW),
            "title": title,
            "heading": typeset.wrappable(title, typeset.TITLE),
            "running": [
                _cut(head.council, _RUNNING_WIDTH),
                _cut(f"{words.reference} {reference}", _RUNNING_WIDTH) if reference else "",
            ],
            "paging": words.page,
            "address": _address(to),
            "sender": _sender(head, large),
            "body": blocks,
            "closing": typeset.closing(blocks),
            "footer": typeset.blocks(SyntaxTreeNode(footer)),
            "whole": sum(mark.type == "inline" for mark in footer) < _FOOTER_LINES,
            "progress": _progress(progress_url, words) if progress_url else None,
            "papers": None,
        }
        return self._set(data, dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC))

    def papers(
        self,
        head: Letterhead,
        date: dt.date,
        reference: str,
        title: str,
        lead: Sequence[typeset.Node],
        papers: Sequence[tuple[str, Sequence[typeset.Node]]],
    ) -> bytes:
        """Several papers as one PDF: its title and ``lead``, the list of them, then each from a new page on.

        Each has its bookmark. The same arguments give the same bytes. Raises Unrenderable.
        """
        words = LABELS["en"]
        data = {
            "lang": "en",
            "region": "GB",
            "fonts": FONTS,
            "large": False,
            "colour": head.colour,
            "ink": head.ink,
            "date": (date.year, date.month, date.day),
            "council": head.council,
            "band": typeset.wrappable(head.council, _NARROW),
            "title": title,
            "heading": typeset.wrappable(title, typeset.TITLE),
            "running": [_cut(head.council, _RUNNING_WIDTH), _cut(f"{words.reference} {reference}", _RUNNING_WIDTH)],
            "paging": words.page,
            "body": lead,
            "contents": "What is in it",
            "papers": [{"title": typeset.wrappable(name, typeset.TITLE), "body": body} for name, body in papers],
        }
        return self._set(data, dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC))

    def _set(self, data: dict[str, Any], made_at: dt.datetime) -> bytes:
        data = _mapped(data, lambda text: _NOT_TEXT.sub("", text))
        for _ in range(_ROUNDS):
            try:
                return self._compiled(data, made_at)
            except typst.TypstError as error:
                refused = _refused(error.diagnostic)
                if not refused:
                    raise Unrenderable(f"The layout {LAYOUT} cannot set this letter: {error.message}.") from None
                data = _mapped(data, lambda text, refused=refused: _without(text, refused))  # type: ignore[misc]
        try:
            return self._compiled(_mapped(data, lambda text: _FAR.sub(MISSING, text)), made_at)
        except typst.TypstError as error:
            raise Unrenderable(f"The layout {LAYOUT} cannot set this letter: {error.message}.") from None

    def _compiled(self, data: dict[str, Any], made_at: dt.datetime) -> bytes:
        made = self._compiler.compile(
            input=self._source,
            format="pdf",
            sys_inputs={"letter": json.dumps(data)},
            pdf_standards="ua-1",
            timestamp=made_at,
        )
        assert isinstance(made, bytes)
        return made

    @property
    def _compiler(self) -> typst.Compiler:
        if not hasattr(self._own, "compiler"):
            self._own.compiler = typst.Compiler(
                self._source, root=str(self._root), font_paths=self._fonts, ignore_system_fonts=True
            )
        compiler: typst.Compiler = self._own.compiler
        return compiler


def _address(to: Postal) -> list[list[typeset.Piece]]:
    lines = [" ".join(line.split()) for line in (to.name, *to.lines)]
    lines = [line for line in lines if line]
    if len(lines) > _ADDRESS_LINES:
        lines[_ADDRESS_LINES - 1 :] = [", ".join(lines[_ADDRESS_LINES - 1 :])]
    return [[_cut(line, _ADDRESS_WIDTH)] for line in lines]


def _cut(line: str, width: int) -> str:
    return typeset.wrappable(line if len(line) <= width else f"{line[: width - 1]}…", _NARROW)


def _sender(head: Letterhead, large: bool) -> list[list[typeset.Piece]]:
    team: typeset.Node = {"kind": "strong", "inside": [typeset.wrappable(head.team, _NARROW)]}
    rest = (head.phone,) if large else (head.role, *head.address, head.phone, head.email)
    lines = [line for line in dict.fromkeys(rest) if line and line not in (head.team, head.council)]
    lines_set: list[list[typeset.Piece]] = [[team]]
    lines_set.extend([typeset.wrappable(line, _NARROW)] for line in lines)
    return lines_set


def _progress(url: str, words: Labels) -> dict[str, Any]:
    """The address as written and, where it fits into one, as a QR code."""
    code = io.BytesIO()
    try:
        segno.make(url, error="m", micro=False).save(code, kind="svg", scale=4, border=4, xmldecl=False, light="#fff")
    except segno.DataOverflowError:
        code.truncate(0)
    return {
        "url": url,
        "written": typeset.wrappable(url, _NARROW),
        "words": words.progress,
        "code": code.getvalue().decode() or None,
        "alt": f"{words.code} {url}",
    }


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case dict():
            return {key: _mapped(inside, change) for key, inside in value.items()}
        case list() | tuple():
            return [_mapped(inside, change) for inside in value]
        case _:
            return value


def _refused(diagnostic: str) -> list[str]:
    """The texts that the typesetter found no glyph for, longest first."""
    texts = {_ESCAPE.sub(_character, text) for text in _REFUSED.findall(diagnostic)}
    return sorted(texts - {""}, key=lambda text: (-len(text), text))


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else _PLAIN.get(escape[2], escape[2])


def _without(text: str, refused: Iterable[str]) -> str:
    for glyphs in refused:
        text = text.replace(glyphs, "".join(sign if sign.isascii() and len(glyphs) > 1 else MISSING for sign in glyphs))
    return text
