"""Which end of a letter stays on one page."""

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from letters.typeset import blocks, closing


def kept(markdown: str) -> int:
    return closing(blocks(SyntaxTreeNode(MarkdownIt("commonmark").parse(markdown))))


def test_a_short_last_section_stays_whole_with_its_signature() -> None:
    assert kept("Dear Jo,\n\n## Why\n\nBecause.\n\n## Your contact\n\nRing us.\n\nYours sincerely\n\nSam") == 4


def test_a_long_section_a_list_or_a_letter_without_headings_may_break() -> None:
    assert kept("## Why\n\n" + "word " * 200) == 0
    assert kept("## Why\n\n- one\n- two\n\nYours sincerely") == 0
    assert kept("Dear Jo,\n\nYours sincerely") == 0
