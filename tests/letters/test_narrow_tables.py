"""Tables of letters on a narrow screen: a wide one is stacked row by row, and no word of it is lost."""

from markdown_it import MarkdownIt

from letters.narrow_tables import stacked

MARKDOWN = MarkdownIt("commonmark").enable("table")
NARROW = "| Day | What |\n|---|---|\n| Monday | *Shouting* |\n"
WIDE = """Before.

| No. | Day | Counted | Why |
|---|---|---|---|
| I1 | Monday | Yes | In *time*. |
| I2 |  | No | |

After.
"""


def html(source: str) -> str:
    return str(MARKDOWN.renderer.render(stacked(MARKDOWN.parse(source)), MARKDOWN.options, {})).replace("\n", "")


def test_a_narrow_table_and_text_without_one_stay_as_they_are() -> None:
    for source in (NARROW, "No table.", ""):
        assert html(source) == MARKDOWN.render(source).replace("\n", "")


def test_each_row_of_a_wide_table_becomes_a_table_of_its_headings() -> None:
    found = html(WIDE)
    assert found.startswith("<p>Before.</p><table>")
    assert found.endswith("</table><p>After.</p>")
    assert found.count("<table>") == found.count("</table>") == 2
    assert '<th scope="row">Why</th><td>In <em>time</em>.</td>' in found
    assert found.count('<th scope="row">Day</th>') == 2
    assert "<thead>" not in found


def test_a_wide_table_without_rows_leaves_nothing_behind() -> None:
    assert html("| a | b | c | d |\n|---|---|---|---|\n") == ""


def test_two_tables_are_each_taken_for_themselves() -> None:
    assert html(f"{NARROW}\n{WIDE}").count("<table>") == 3
