"""docs/letter-variables.md says what a letter's source may print, every name of it and no other."""

import re
from datetime import datetime, time
from pathlib import Path

import pytest
from jinja2 import meta, nodes

import policies
from domain.calendar import LONDON
from letters.letter_context import letter_context
from letters.template import LetterEnvironment
from tests.letters.stories import CALENDAR, PERSONS, ROOT, begun

PAGE = (ROOT / "docs" / "letter-variables.md").read_text("utf-8")
SOURCES = sorted((ROOT / "templates" / "letters").glob("*.md.j2"))


def documented() -> list[str]:
    cells = re.findall(r"(?m)^\| (`.+?) \|", PAGE)
    return [name for cell in cells for name in re.findall(r"`(\w+)", cell)]


def given() -> set[str]:
    """What the context has; rendering makes ``due``, which promises, of ``running``, which only looks."""
    story = begun(policies.load("dover"))
    letter = story.last("L-01")
    written_at = datetime.combine(letter.on, time(10), tzinfo=LONDON)
    context = letter_context(story.policy, CALENDAR, story.events, letter.order, written_at, PERSONS).context
    return set(context) - {"running"} | {"due"}


def test_the_page_has_every_variable_once_and_no_other() -> None:
    names = documented()
    assert len(names) == len(set(names))
    assert set(names) == given()


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_source_prints_nothing_that_the_page_does_not_have(source: Path) -> None:
    tree = LetterEnvironment({}).parse(source.read_text("utf-8"))
    imports = {node.target for node in tree.find_all(nodes.Import)}
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
    assert meta.find_undeclared_variables(tree) - imports - own - {"range", "namespace"} <= set(documented())
