"""The catalogue of letters, their sources and their documentation say the same."""

import re
from pathlib import Path

from domain.letters import CATALOGUE

HERE = Path(__file__).parents[2]


def test_every_kind_has_a_source_and_a_section_in_the_documentation_and_the_other_way_round() -> None:
    files = {path.name.partition(".")[0] for path in (HERE / "templates/letters").glob("[A-Z]*.md.j2")}
    page = (HERE / "docs/letters.md").read_text("utf-8")
    headings = re.findall(r"(?m)^### ([A-Z]-\d+[a-z]?): (.*)$", page)
    assert files == set(CATALOGUE)
    assert headings == [(kind.id, kind.title) for kind in CATALOGUE.values()]
