"""A value from outside stays literal wherever it stands in a letter."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from letters.letterhead import Letterhead
from letters.rendering import Renderer
from tests.letters.page import HEAD, Page, letter, renderer, write

HOSTILE = [
    "[x](javascript:alert(1))",
    "[x](https://evil.example.org)",
    "![x](https://evil.example.org/x.png)",
    "<https://evil.example.org>",
    "<b>bold</b>",
    "<script>alert(1)</script>",
    "# 1. heading",
    "1. one",
    "1) one",
    "- item",
    "+ item",
    "* item",
    "> quote",
    "---",
    "===",
    "***",
    "~~~",
    "a | b",
    "|---|---|",
    "`code`",
    "``` fence",
    "**strong** _em_ __strong__ *em*",
    "&amp; &lt;b&gt; &#35;",
    "back\\slash \\* \\",
    "ends in a backslash\\",
    "{{ 7 * 7 }} {% raw %}",
    "[ref]: https://evil.example.org",
    "a@b.example.org www.example.org https://example.org/?a=1&b=2",
    "C# and F##",
    "Łódź שרה 名前",
    "2026",
    "\"quoted\" 'single'",
    "a\u00a0b",
]
EVERYWHERE = """
{{ value }}

Within a sentence {{ value }} and on.

**{{ value }}** is strong.

## {{ value }}

- {{ value }}
- other

1. {{ value }}

> {{ value }}

| Heading | {{ value }} |
|---|---|
| {{ value }} | {{ value }} |
|{{ value }}|last|

{{ value | paragraphs }}
"""


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_is_literal_in_both_forms_wherever_it_stands(value: str, tmp_path: Path) -> None:
    plain = write(tmp_path, EVERYWHERE, value="quite plain", subject="On {{ value }}")
    hostile = renderer(tmp_path).render("L", {"letterhead": HEAD, "value": value})
    subject = renderer(tmp_path, L=letter("x", "On {{ value }}")).render("L", {"letterhead": HEAD, "value": value})
    page = Page(hostile.html)
    assert page.names == Page(plain.html).names
    assert page.links == ["mailto:csu@example.org"]
    as_read = " ".join(value.split())
    assert " ".join(page.words).count(as_read) >= 10
    assert " ".join(hostile.text.split()).count(as_read) >= 10
    assert subject.subject == f"On {as_read}"


@given(st.text(max_size=60))
@example("\x00\x1b[31m")
@example("\ud800")
@example("a\u2028b\x85c\x0bd")
def test_any_value_leaves_the_shape_of_the_letter_as_it_was(value: str) -> None:
    rendered = ANY.render("L", {"letterhead": HEAD, "value": f"a{value}z"})
    assert Page(rendered.html).names == SHAPE
    assert "\n" not in rendered.subject
    assert rendered.subject.isprintable() or not value.isprintable()
    rendered.text.encode()
    rendered.html.encode()


@pytest.fixture(scope="module", autouse=True)
def _any(tmp_path_factory: pytest.TempPathFactory) -> None:
    global ANY, SHAPE
    body = EVERYWHERE.replace("{{ value | paragraphs }}", "")
    ANY = renderer(tmp_path_factory.mktemp("any"), L=letter(body, "On {{ value }}"))
    SHAPE = Page(ANY.render("L", {"letterhead": HEAD, "value": "plain"}).html).names


ANY: Renderer
SHAPE: list[str]


@pytest.mark.parametrize("value", ["a\nb", "a\r\n\r\nb", "a\n\n- b", "a\n    b", "a\n|x|y|\n|---|---|", "a\u2028b"])
def test_a_line_break_in_a_value_ends_no_item_and_no_cell(value: str, tmp_path: Path) -> None:
    body = "- {{ value }}\n- next\n\n| A | B |\n|---|---|\n| {{ value }} | second |\n"
    page = Page(write(tmp_path, body, value=value).html)
    assert page.names.count("li") == 2
    assert page.names.count("td") == 2
    assert page.names.count("p") == 1 + 4


@pytest.mark.parametrize(
    "value", ["x\r\nBcc: evil@example.org", "x\nSubject: y", "x\u2028Bcc: y", "x\x0bBcc: y", "x\x85y"]
)
def test_a_subject_is_one_line(value: str, tmp_path: Path) -> None:
    subject = write(tmp_path, "x", "Case {{ value }}", value=value).subject
    assert len(subject.splitlines()) == 1
    assert subject.startswith("Case x")


def test_direction_overrides_in_a_value_do_not_reach_the_letter(tmp_path: Path) -> None:
    rendered = write(tmp_path, "By {{ value }} now", value="\u202eevil\u2066")
    assert "By evil now" in rendered.text
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", rendered.text + rendered.html)


def test_a_link_to_a_scheme_that_runs_is_no_link(tmp_path: Path) -> None:
    rendered = write(tmp_path, "[Reply]({{ url }})", url="javascript:alert(1)")
    assert Page(rendered.html).links == ["mailto:csu@example.org"]
    assert "[Reply](javascript:alert(1))" in rendered.text


def test_a_link_is_its_text_and_its_address(tmp_path: Path) -> None:
    url = "https://case.example.org/s?token=a_b-c.d&x=(1)"
    rendered = write(tmp_path, "You may [see **your** case]({{ url }}).", url=url)
    assert Page(rendered.html).links[0] == url
    assert f"You may see your case ({url})." in " ".join(rendered.text.split())


def test_an_officers_paragraphs_are_kept_and_stay_literal(tmp_path: Path) -> None:
    text = "We spoke.\r\n1. not a list\r\n\r\n\r\n# not a heading\n\t\n    not code <b>\n"
    rendered = write(tmp_path, "Before.\n\n{{ text | paragraphs }}\n\nAfter.", text=text)
    assert "Before.\n\nWe spoke.\n1. not a list\n\n# not a heading\n\nnot code <b>\n\nAfter." in rendered.text
    page = Page(rendered.html)
    assert page.names.count("p") == 5 + 1 + 4
    assert page.names.count("br") == 1
    assert not {"ol", "code", "pre", "b"} & set(page.names)


def test_the_letterhead_is_literal_too(tmp_path: Path) -> None:
    head = Letterhead("<b>Council</b>", "**Team**", "[x](https://evil.example.org)", address=("<i>1",))
    rendered = renderer(tmp_path, L=letter("x")).render("L", {"letterhead": head})
    assert not {"b", "i"} & set(Page(rendered.html).names)
    assert Page(rendered.html).links == []
    for literal in ("<b>Council</b>", "**Team**", "[x](https://evil.example.org)", "<i>1"):
        assert literal in rendered.text
