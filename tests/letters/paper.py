"""What a PDF or a page of HTML shows its reader, to be held against each other."""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar

MM = 72 / 25.4


@dataclass(frozen=True)
class Glyph:
    """A printed character and its box in millimetres from the top left corner of its page."""

    page: int
    text: str
    size: float
    left: float
    top: float
    right: float
    bottom: float


def glyphs(pdf: bytes) -> list[Glyph]:
    """Every character in the order of the file, spaces left out."""
    found = []
    for number, page in enumerate(extract_pages(io.BytesIO(pdf), laparams=None), 1):
        for char in chars(page):
            if char.get_text().strip():
                box = (char.x0 / MM, (page.height - char.y1) / MM, char.x1 / MM, (page.height - char.y0) / MM)
                found.append(Glyph(number, char.get_text(), round(char.size, 2), *box))
    return found


def chars(item: Any) -> Iterator[LTChar]:
    if isinstance(item, LTChar):
        yield item
    elif isinstance(item, Iterable):
        for inside in item:
            yield from chars(inside)


def squashed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def below(pdf: bytes) -> str:
    """The letter's own words, without spaces: not the page's head and foot, nor what stands above the title."""
    own = (g for g in glyphs(pdf) if (95 if g.page == 1 else 18) < g.top < 277)
    return squashed("".join(g.text for g in own))


def seen(html: str) -> str:
    """The words between the tags; a whole page without its head."""
    return unescape(re.sub(r"<[^>]+>", " ", html.rpartition("</head>")[2]))
