"""Parsed Markdown as plain text for an e-mail: wrapped at 72, lists and tables readable, no words lost."""

import textwrap
from collections.abc import Sequence

from markdown_it.tree import SyntaxTreeNode

WIDTH = 72
RULE = "-" * WIDTH


def title(text: str) -> str:
    """`text` as a letter's title: wrapped and underlined."""
    return _underlined(_wrapped(text), "=")


def blocks(root: SyntaxTreeNode) -> str:
    """The document under `root`, its blocks parted by a blank line.

    A table that fits in 72 columns is aligned; a wider one becomes "heading: value" lines. A link is its text
    and its address.
    """
    return _blocks(root.children, WIDTH)


def inline(node: SyntaxTreeNode) -> str:
    """The words under `node` on one line, but for hard line breaks."""
    match node.type:
        case "text":
            return node.content
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "link":
            label = "".join(map(inline, node.children))
            target = str(node.attrs["href"])
            return label if target in (label, f"mailto:{label}") else f"{label} ({target})"
        case _:
            return "".join(map(inline, node.children))


def _blocks(nodes: Sequence[SyntaxTreeNode], width: int, between: str = "\n\n") -> str:
    return between.join(filter(None, (_block(node, width) for node in nodes)))


def _block(node: SyntaxTreeNode, width: int) -> str:
    match node.type:
        case "heading":
            heading = _wrapped(inline(node), width)
            return _underlined(heading, "-") if node.tag == "h2" else heading
        case "bullet_list":
            return _list(node, ["- "] * len(node.children), width)
        case "ordered_list":
            first = int(node.attrs.get("start", 1))
            return _list(node, [f"{first + place}. " for place in range(len(node.children))], width)
        case "blockquote":
            return "\n".join(f"> {line}".rstrip() for line in _blocks(node.children, width - 2).split("\n"))
        case "table":
            return _table(node, width)
        case "hr":
            return "-" * 3
        case _:
            return _wrapped(inline(node), width)


def _list(node: SyntaxTreeNode, marks: Sequence[str], width: int) -> str:
    tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
    gap = "\n" if tight else "\n\n"
    items = []
    for mark, item in zip(marks, node.children, strict=True):
        text = textwrap.indent(_blocks(item.children, width - len(mark), gap), " " * len(mark))
        items.append(mark + text[len(mark) :])
    return gap.join(items)


def _table(node: SyntaxTreeNode, width: int) -> str:
    heads, *rows = [[inline(cell) for cell in row.children] for part in node.children for row in part.children]
    sizes = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    if sum(sizes) + 2 * (len(sizes) - 1) > width:
        lines = ([_pair(head, cell, width) for head, cell in zip(heads, row, strict=True)] for row in rows)
        return "\n\n".join("\n".join(filter(None, row)) for row in lines)
    table = [heads, ["-" * size for size in sizes], *rows]
    return "\n".join(
        "  ".join(cell.ljust(size) for cell, size in zip(row, sizes, strict=True)).rstrip() for row in table
    )


def _pair(head: str, cell: str, width: int) -> str:
    return _wrapped(f"{head}: {cell}" if head else cell, width, "  ")


def _underlined(text: str, stroke: str) -> str:
    return f"{text}\n{stroke * max(map(len, text.split(chr(10))))}" if text else ""


def _wrapped(text: str, width: int = WIDTH, hanging: str = "") -> str:
    return "\n".join(
        textwrap.fill(line, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )
