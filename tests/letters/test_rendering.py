"""One source, two forms, the same words; nothing a person typed can become markup in either."""

import datetime as dt
import re
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from letters.letterhead import Letterhead, Unrenderable
from letters.rendering import Renderer
from tests.letters.page import HEAD, Page, letter, renderer, write

WORDS = """
Dear {{ name }},

We **will** hold a review. We *met* on {{ day | date }} at {{ at | time }}
to decide it, and this line is long enough to be wrapped by the plain text form of the letter.

## What you told us

| Reported | What | Counted |
|:---|:---:|---|
{% for row in rows %}
| {{ row.on | short_date }} | {{ row.what }} | {% if row.counted %}yes{% else %}no{% endif %} |
{% endfor %}

### What happens next

1. We write by {{ due }}.
2. The panel meets:
   - in person
   - with {{ people | join(", ") }}

- You may [add to it]({{ url }}).

- Or ask us.

---

> {{ text }}
"""
CONTEXT: dict[str, object] = {
    "name": "Anna Łódź",
    "day": dt.date(2027, 1, 14),  # Thu
    "at": dt.time(14, 30),
    "rows": [
        {"on": dt.date(2026, 4, 2), "what": "noise | music", "counted": True},  # Thu
        SimpleNamespace(on=dt.date(2026, 5, 8), what="damage", counted=False),  # Fri
    ],
    "due": dt.date(2027, 2, 1),  # Mon
    "people": ["you", "<a friend>"],
    "url": "https://case.example.org/add",
    "text": "It began\nin *March*.",
}


def read_text(text: str) -> list[str]:
    return [word for word in text.split() if not re.fullmatch(r"[-=]+|>|\d\.", word)]


def test_both_forms_have_the_same_words_in_the_same_order(tmp_path: Path) -> None:
    rendered = write(tmp_path, WORDS, "We will hold a review, {{ name }}", **CONTEXT)
    text = " ".join(read_text(rendered.text)).replace(" (https://case.example.org/add)", "")
    assert text == " ".join(Page(rendered.html).words).replace("add to it .", "add to it.").replace(
        "Community Safety Unit , ", "Community Safety Unit, "
    )


def test_the_plain_form_reads_well(tmp_path: Path) -> None:
    rendered = write(tmp_path, WORDS, "We will hold a review, {{ name }}", **CONTEXT)
    nbsp = "\u00a0"
    assert rendered.text.replace(nbsp, " ") == (
        "Kent District Council\n\n"
        "We will hold a review, Anna Łódź\n================================\n\n"
        "Dear Anna Łódź,\n\n"
        "We will hold a review. We met on Thursday 14 January 2027 at 2:30pm to\n"
        "decide it, and this line is long enough to be wrapped by the plain text\nform of the letter.\n\n"
        "What you told us\n----------------\n\n"
        "Reported      What           Counted\n"
        "------------  -------------  -------\n"
        "2 April 2026  noise | music  yes\n"
        "8 May 2026    damage         no\n\n"
        "What happens next\n\n"
        "1. We write by Monday 1 February 2027.\n"
        "2. The panel meets:\n   - in person\n   - with you, <a friend>\n\n"
        "- You may add to it (https://case.example.org/add).\n\n- Or ask us.\n\n"
        "---\n\n> It began in *March*.\n\n"
        f"{'-' * 72}\n\n"
        "Community Safety Unit, Case review officer\n\nPhone: 01234 567890\n\nEmail: csu@example.org\n\n"
        "Address: 1 High Street, Kent\n"
    )


def test_a_table_too_wide_for_the_page_becomes_lines_with_its_headings(tmp_path: Path) -> None:
    rows = "| {{ a }} | {{ b }} | |\n| {{ a }} | {{ b }} | yes |\n"
    body = f"| Reported | What happened | Why |\n|---|---|---|\n{rows}"
    text = write(tmp_path, body, a="2 April 2026", b="loud music " * 10).text
    assert "Reported: 2 April 2026\nWhat happened: loud music loud music" in text
    assert "\n  loud music" in text
    assert "\n\nReported: 2 April 2026" in text
    assert "Why: yes" in text
    assert max(map(len, text.splitlines())) <= 72


def test_no_line_of_words_is_longer_than_72_and_no_address_is_broken(tmp_path: Path) -> None:
    url = "https://case.example.org/" + "x-" * 60
    text = write(tmp_path, "word " * 60 + "[here]({{ url }}) " + "more " * 40, url=url).text
    assert f"({url})" in text
    assert max(len(line) for line in text.splitlines() if url not in line) <= 72


def test_dates_do_not_break_and_are_the_days_in_london(tmp_path: Path) -> None:
    night = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)  # Wed in UTC, Thu in London
    body = "{{ night | date }} {{ night | time }} {{ day }}"
    rendered = write(tmp_path, body, "By {{ day | date }}", night=night, day=dt.date(2027, 1, 14))
    for form in (rendered.text, rendered.html.replace("&nbsp;", "\u00a0")):
        assert "Thursday\u00a02\u00a0July\u00a02026 12:30am" in form
        assert form.count("Thursday\u00a014\u00a0January\u00a02027") >= 2
    assert rendered.subject == "By Thursday 14 January 2027"


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (dt.time(0), "midnight"),
        (dt.time(0, 5), "12:05am"),
        (dt.time(9), "9am"),
        (dt.time(12), "midday"),
        (dt.time(12, 30), "12:30pm"),
        (dt.time(14, 5), "2:05pm"),
        (dt.datetime(2026, 7, 1, 9, 0, tzinfo=dt.UTC), "10am"),  # Wed
        (dt.datetime(2026, 1, 5, 9, 0, tzinfo=ZoneInfo("Europe/London")), "9am"),  # Mon
    ],
)
def test_times_are_said_as_on_gov_uk(time: object, said: str, tmp_path: Path) -> None:
    assert f"at {said} sharp" in write(tmp_path, "at {{ time | time }} sharp", time=time).text


def test_the_page_is_accessible(tmp_path: Path) -> None:
    rendered = write(tmp_path, WORDS, "We will hold a review, {{ name }}", **CONTEXT)
    page = Page(rendered.html)
    tags = dict(page.tags)
    assert tags["html"]["lang"] == "en-GB"
    assert page.names.count("h1") == 1
    assert [name for name in page.names if re.fullmatch("h[1-6]", name)] == ["h1", "h2", "h3"]
    assert all(attrs["scope"] == "col" for tag, attrs in page.tags if tag == "th")
    assert {"header", "main", "footer", "title"} <= set(page.names)
    assert "style" not in page.names
    assert "max-width: 640px" in rendered.html
    assert re.search(r"<h1[^>]*>We will hold a review, Anna Łódź</h1>", rendered.html)


@pytest.mark.parametrize(("colour", "ink"), [("#1d4f91", "#ffffff"), ("#ffdd00", "#000000"), ("#00703c", "#ffffff")])
def test_the_councils_colour_carries_a_readable_ink(colour: str, ink: str, tmp_path: Path) -> None:
    head = Letterhead("Council", "Team", colour=colour)
    html = renderer(tmp_path, L=letter("x")).render("L", {"letterhead": head}).html
    assert f"background-color: {colour};color: {ink}" in html


def test_a_colour_that_is_no_colour_is_refused() -> None:
    with pytest.raises(Unrenderable, match="#1d4f91"):
        Letterhead("Council", "Team", colour="red; background: url(https://evil.example.org)")


def test_the_version_changes_with_the_source_its_parents_and_its_includes(tmp_path: Path) -> None:
    parent = "{% block subject %}s{% endblock %}{% block body %}{% include '_rights.md.j2' %}{% endblock %}"
    letters = {"_base": parent, "_rights": "rights", "L": "{% extends '_base.md.j2' %}", "M": letter("other")}

    def version(kind: str, **changes: str) -> str:
        made = renderer(tmp_path, **letters, **changes) if not changes else renderer(tmp_path, **letters | changes)
        return made.render(kind, {"letterhead": HEAD}).template_version

    first, other = version("L"), version("M")
    assert re.fullmatch("[0-9a-f]{12}", first)
    assert version("L") == first
    assert (
        len(
            {
                first,
                version("L", _rights="r"),
                version("L", _base=parent + " "),
                version("L", L=letters["L"] + " "),
            }
        )
        == 4
    )
    assert version("M", _rights="r") == other


def test_a_letter_may_extend_include_and_use_macros_without_being_escaped_twice(tmp_path: Path) -> None:
    sources = {
        "_base": "{% block subject %}{% endblock %}{% block body %}**Base** {{ name }}{% endblock %}",
        "_macros": "{% macro item(text) %}- **{{ text }}**{% endmacro %}",
        "L": "{% extends '_base.md.j2' %}{% from '_macros.md.j2' import item %}"
        "{% block subject %}s{% endblock %}"
        "{% block body %}{{ super() }}\n\n{{ item(name) }}\n"
        "{% set both %}*{{ name }}*{% endset %}\n\n{{ both }}{% endblock %}",
    }
    rendered = renderer(tmp_path, **sources).render("L", {"letterhead": HEAD, "name": "a*b"})
    assert "Base a*b\n\n- a*b\n\na*b" in rendered.text
    assert {"strong", "em", "li"} <= set(Page(rendered.html).names)


def test_a_rendered_letter_names_its_template(tmp_path: Path) -> None:
    made = renderer(tmp_path, L=letter("x"))
    assert made.render("L", {"letterhead": HEAD}).template == "L.md.j2"
    assert made.kinds == ("L",)


def test_a_source_changed_on_disk_changes_nothing_in_a_running_renderer(tmp_path: Path) -> None:
    made = renderer(tmp_path, L=letter("before"))
    first = made.render("L", {"letterhead": HEAD})
    renderer(tmp_path, L=letter("after"))
    assert made.render("L", {"letterhead": HEAD}) == first


@pytest.mark.parametrize(
    ("body", "context", "said"),
    [
        ("{{ missing }}", {}, "'missing' is undefined"),
        ("{{ case.missing }}", {"case": {}}, "no attribute 'missing'"),
        ("{{ missing | date }}", {}, "'missing' is undefined"),
        ("{{ missing | paragraphs }}", {}, "'missing' is undefined"),
        ("{{ value }}", {"value": None}, "prints None where words should be"),
        ("{{ value | paragraphs }}", {"value": None}, "prints None where words should be"),
        ("{{ value }}", {"value": True}, "prints True where words should be"),
        ("{{ value }}", {"value": ["a"]}, "prints a whole list"),
        ("{{ value }}", {"value": {"name": "Anna"}}, "prints a whole dict"),
        ("{{ value }}", {"value": dt.datetime(2026, 4, 2, tzinfo=dt.UTC)}, "prints a moment"),
        ("{{ value | date }}", {"value": dt.datetime(2026, 4, 2)}, "without a time zone"),  # noqa: DTZ001
        ("{{ value | date }}", {"value": "2026-04-02"}, "prints a str as a date"),
        ("{{ value | time }}", {"value": "9am"}, "prints a str as a time"),
        ("# Heading {{ value }}", {"value": 1}, "heading of level 1"),
        ("{% set x %}*a*{% endset %}{{ x + value }}", {"value": "b"}, "joins finished text by +"),
        ("{% set x %}*a*{% endset %}{{ x.join(value) }}", {"value": ["b"]}, "unsafe"),
        ("{{ value.__class__ }}", {"value": "b"}, "unsafe"),
    ],
)
def test_a_letter_that_would_print_no_words_is_not_written(
    body: str, context: dict[str, object], said: str, tmp_path: Path
) -> None:
    with pytest.raises(Unrenderable, match=re.escape(said)) as problem:
        renderer(tmp_path, L=letter(body)).render("L", {"letterhead": HEAD} | context)
    assert "L" in str(problem.value)
    assert "Anna" not in str(problem.value)


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({"L": letter("{{ a ~ b }}")}, "write {{ a }}{{ b }} in place of a ~ b"),
        ({"L": letter("{{ a | safe }}")}, "No filter named 'safe'"),
        ({"L": letter("{% if %}")}, "L.md.j2, line 3"),
        ({"L": "{% block body %}x{% endblock %}"}, "no block 'subject'"),
        ({"L": "{% block subject %}x{% endblock %}"}, "no block 'body'"),
        ({"L": letter("{% include '_gone.md.j2' %}")}, "needs _gone.md.j2"),
        ({"L": letter("{% include part %}")}, "by a variable"),
    ],
)
def test_a_source_that_cannot_become_a_letter_is_found_at_the_start(
    sources: dict[str, str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(Unrenderable, match=re.escape(said)):
        renderer(tmp_path, **sources)


@pytest.mark.parametrize("kind", ["X", "../L", "_footer", ""])
def test_a_letter_without_a_source_says_where_to_add_it(kind: str, tmp_path: Path) -> None:
    with pytest.raises(Unrenderable, match="templates/letters"):
        renderer(tmp_path, L=letter("x")).render(kind, {"letterhead": HEAD})


def test_a_letter_without_a_letterhead_or_with_an_empty_subject_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unrenderable, match="letterhead"):
        renderer(tmp_path, L=letter("x")).render("L", {})
    with pytest.raises(Unrenderable, match="empty subject"):
        write(tmp_path, "x", "{{ value }}", value=" \n")


def test_a_missing_layout_is_named(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    with pytest.raises(Unrenderable, match=r"_footer\.md\.j2"):
        Renderer(tmp_path)


def test_a_line_of_tags_prints_nothing_and_a_tag_in_a_line_keeps_its_line_break(tmp_path: Path) -> None:
    body = "one {% if yes %}two{% endif %}\nthree\n{# note #}\n  {% if yes %}\nfour\n  {% endif %}\nfive"
    assert "one two three four five" in write(tmp_path, body, yes=True).text
