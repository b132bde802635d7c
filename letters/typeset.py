"""Parsed Markdown as data for the typesetter: JSON in which every word is a string, so that none is ever code."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from markdown_it.tree import SyntaxTreeNode

Node: TypeAlias = dict[str, Any]
Piece: TypeAlias = str | Node

BREAK = "\u200b"
PROSE = 36
CELL = 18
TITLE = 20
_SHORT_ROW = 600
_SHORT_END = 800
_CHUNK = 8
_LABEL = 90
_LINKED = ("http://", "https://", "mailto:")
_BREAK: Node = {"kind": "break"}
_RUN = re.compile(r"\S+")
_SPACES = re.compile(r"[^\S\u00a0\u202f]+|\u200b")
_AT = re.compile(r"(?<=@)(?=.)")
_AFTER = re.compile(r"(?<=[@./_?&=,;:-])(?=[^@./_?&=,;:-])")
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")


def blocks(root: SyntaxTreeNode) -> list[Node]:
    """The document under `root`: a node per block, each `{"kind": …}` with its own keys.

    Heading levels never skip one, as PDF/UA-1 wants; an empty heading is left out. A paragraph `leads` when it
    must stay with what follows it. A run of characters too long for its line may be broken anywhere.
    """
    level = 1
    nodes = []
    for child in root.children:
        node = _block(child)
        if node and node["kind"] == "heading":
            node["level"] = level = min(node["level"], level + 1)
        if node:
            nodes.append(node)
    return nodes


def paragraphs(text: str) -> list[Node]:
    """What a person wrote, its paragraphs and lines kept."""
    written = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        inside: list[Piece] = []
        for line in part.split("\n"):
            inside += [*([_BREAK] if inside else []), wrappable(line, PROSE)]
        written.append({"kind": "paragraph", "inside": inside, "leads": False})
    return written


def heading(level: int, text: str) -> Node:
    return {"kind": "heading", "level": level, "inside": [wrappable(text, TITLE)]}


def facts(pairs: Iterable[tuple[str, str]]) -> Node:
    """A list of things by their names."""
    items = []
    for name, value in pairs:
        first, *rest = paragraphs(value)
        named: Node = {"kind": "strong", "inside": [wrappable(f"{name}:", PROSE)]}
        kind = "paragraph" if rest else "words"
        items.append([{**first, "kind": kind, "inside": [named, " ", *first["inside"]]}, *rest])
    return {"kind": "bullets", "tight": True, "items": items}


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Node:
    """A table of plain cells, each row as long as ``heads``."""
    cut: list[list[list[Piece]]] = [[[wrappable(cell, CELL)] for cell in row] for row in (heads, *rows)]
    return _tabled(cut[0], cut[1:])


def closing(nodes: Sequence[Node]) -> int:
    """How many blocks at the end stay on one page: the last section, if it is short and nothing but paragraphs."""
    heads = [place for place, node in enumerate(nodes) if node["kind"] == "heading"]
    last = nodes[heads[-1] :] if heads else []
    plain = all(node["kind"] in ("heading", "paragraph") for node in last)
    return len(last) if plain and sum(len(_text(node["inside"])) for node in last) <= _SHORT_END else 0


def wrappable(text: str, longest: int) -> str:
    """`text` with a place to break a line (U+200B, which the layout takes out) in each run over `longest`."""
    return _RUN.sub(lambda run: _parted(run[0], longest) if len(run[0]) > longest else run[0], text)


def _parted(run: str, longest: int) -> str:
    parts = _AT.split(run)
    if max(map(len, parts)) > longest:
        parts = _AFTER.split(run)
    if max(map(len, parts)) > longest:
        parts = [chunk for part in parts for chunk in _chunks(part)]
    return BREAK.join(parts)


def _chunks(part: str) -> list[str]:
    chunks: list[str] = []
    start = 0
    for end in range(1, len(part)):
        if end - start >= _CHUNK and not _joined(part[end - 1], part[end]):
            chunks.append(part[start:end])
            start = end
    return [*chunks, part[start:]]


def _joined(before: str, after: str) -> bool:
    return (
        unicodedata.category(after).startswith("M")
        or after in _JOINERS
        or before in _JOINERS
        or "\U0001f1e6" <= after <= "\U0001f1ff"
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\U000e0020" <= after <= "\U000e007f"
    )


def _block(node: SyntaxTreeNode) -> Node | None:
    match node.type:
        case "heading":
            inside = _inside(node, TITLE)
            return {"kind": "heading", "level": int(node.tag[1:]), "inside": inside} if inside else None
        case "bullet_list":
            return {"kind": "bullets", **_list(node)}
        case "ordered_list":
            return {"kind": "numbers", "start": int(node.attrs.get("start", 1)), **_list(node)}
        case "blockquote":
            return {"kind": "quote", "inside": blocks(node)}
        case "table":
            return _table(node)
        case "hr":
            return {"kind": "rule"}
        case _:
            inside = _inside(node, PROSE)
            kind = "words" if node.type == "paragraph" and node.hidden else "paragraph"
            lang = node.attrs.get("lang")
            return {"kind": kind, "inside": inside, "leads": _leads(_text(inside)), **({"lang": lang} if lang else {})}


def _list(node: SyntaxTreeNode) -> Node:
    tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
    return {"tight": tight, "items": [blocks(item) for item in node.children]}


def _table(node: SyntaxTreeNode) -> Node:
    heads, *rows = [[_inside(cell, CELL) for cell in row.children] for part in node.children for row in part.children]
    return _tabled(heads, rows)


def _tabled(heads: list[list[Piece]], rows: list[list[list[Piece]]]) -> Node:
    columns = list(zip(heads, *rows, strict=True))
    return {
        "kind": "table",
        "heads": heads,
        "rows": [{"cells": row, "whole": sum(len(_text(cell)) for cell in row) < _SHORT_ROW} for row in rows],
        "words": [_widest(column, _words, 3) for column in columns],
        "lines": [_widest(column, _lines, 2) for column in columns],
    }


def _inside(node: SyntaxTreeNode, longest: int) -> list[Piece]:
    return [piece for child in node.children for piece in _inline(child, longest)]


def _inline(node: SyntaxTreeNode, longest: int) -> list[Piece]:
    match node.type:
        case "text":
            return [wrappable(node.content, longest)]
        case "softbreak":
            return [" "]
        case "hardbreak":
            return [_BREAK]
        case "strong" | "em":
            return [{"kind": node.type, "inside": _inside(node, longest)}]
        case "link":
            return _link(node, longest)
        case _:
            return _inside(node, longest)


def _link(node: SyntaxTreeNode, longest: int) -> list[Piece]:
    """A link as it is printed: its words, and its address where they are not the same."""
    target, label = str(node.attrs["href"]), _inside(node, longest)
    words = _text(label).replace(BREAK, "")
    written = label if target in (words, f"mailto:{words}") else [*label, wrappable(f" ({target})", longest)]
    if not target.startswith(_LINKED) or not words:
        return written
    return [{"kind": "link", "to": target, "inside": written}]


def _text(inside: Sequence[Piece]) -> str:
    return "".join(_words_of(piece) for piece in inside)


def _words_of(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    if piece["kind"] == "break":
        return "\n"
    return _text(piece.get("inside", ()))


def _words(inside: Sequence[Piece]) -> list[str]:
    """What stays together on a line; a break anywhere parts it."""
    return _SPACES.split(_text(inside))


def _lines(inside: Sequence[Piece]) -> list[str]:
    return _text(inside).split("\n")


def _widest(
    column: Sequence[Sequence[Piece]], part: Callable[[Sequence[Piece]], list[str]], number: int
) -> list[Piece]:
    """The longest parts of a column, its heading's among them; in bold where they are printed so."""
    bold = [cell for row, cell in enumerate(column) if row == 0 or any(isinstance(piece, dict) for piece in cell)]
    plain = [cell for cell in column[1:] if cell not in bold]
    return [
        *({"kind": "strong", "inside": [text]} for text in _longest(bold, part, number)),
        *_longest(plain, part, number),
    ]


def _longest(cells: Sequence[Sequence[Piece]], part: Callable[[Sequence[Piece]], list[str]], number: int) -> list[str]:
    texts = {text for cell in cells for text in part(cell)}
    return sorted(texts, key=lambda text: (-len(text), text))[:number]


def _leads(text: str) -> bool:
    """Whether a paragraph only opens what follows: "These are the dates:", "Dear …,", "Yours sincerely"."""
    return (len(text) <= _LABEL and bool(text) and text.rstrip()[-1:] not in ".?!)") or text.endswith(":")
