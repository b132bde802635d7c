"""The form's own words, read as its letters are: plain English, for everybody."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import policies
from console.apply.pages import PAGES, fields_of
from console.questions.fields import Field, emptied
from console.web.pages import TEMPLATES
from domain.application import Means
from domain.plain_english import advice, age_of, proper_names
from office.wording import APPLY, TABLE, Asked

POLICY = policies.load("dover")
OLDEST = 10.5
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}|<[^>]+>", re.DOTALL)
_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def paragraphs(path: Path) -> list[str]:
    """What a template says in paragraphs and lists, with a word for every value."""
    found = re.findall(
        r"<(?:p|li|div)[^>]*govuk-(?:body|inset-text)[^>]*>(.*?)</(?:p|div)>|<li>(.*?)</li>", path.read_text()
    )
    return [" ".join(_TAG.sub(" ", _VALUE.sub("this", one or other)).split()) for one, other in found]


def said() -> list[str]:
    hints = [
        words.hint
        for path, row in TABLE.items()
        if path.startswith(f"{APPLY}.")
        for words in (row.of(Asked.OWN), row.of(Asked.ANOTHER))
        if words
    ]
    asked = [question for other in (True, False) for question in flat(fields_of(POLICY, other, tuple(Means)))]
    return [
        *(text for path in sorted((TEMPLATES / "public" / "apply").glob("*.j2")) for text in paragraphs(path)),
        *hints,
        *(lead for page, _ in PAGES for lead in page.lead),
        *(emptied(question) for question in asked if question.needed and not question.inside),
    ]


def flat(asked: Iterable[Field]) -> Iterator[Field]:
    for question in asked:
        yield question
        yield from flat(question.inside)


def test_the_form_is_written_in_plain_english() -> None:
    texts = [text for text in said() if text]
    assert len(texts) > 60
    found = [remark.words for text in texts for remark in advice(text, names=proper_names(POLICY))]
    assert found == []


def test_the_form_reads_as_for_somebody_of_ten() -> None:
    whole = " ".join(text if text.endswith((".", "?", "!", ":")) else f"{text}." for text in said() if text)
    age = age_of(whole, names=proper_names(POLICY))
    assert age is not None
    assert age <= OLDEST
