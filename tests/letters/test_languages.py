"""Letters in the reader's language: which source is used, its dates, and the line above one that is not there yet."""

import re
import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import policies
from domain import calendar
from domain import events as e
from domain.application import Person
from domain.catalogue import CATALOGUE, NOUNS, kind_of
from letters.languages import ENGLISH, LANGUAGES, WELSH, code_of
from letters.letterhead import Unrenderable
from letters.pdf import LABELS, Postal
from letters.rendering import Renderer
from policies.wording import wordings
from tests.letters.stories import (
    COUNCILS,
    ONE_OF_TWO,
    REFUSAL,
    RENDERER,
    ROOT,
    ROSE,
    SAM,
    Letter,
    Story,
    application,
    begun,
    panel,
    to_outcome,
)

LETTERS = ROOT / "templates" / "letters"
FOREIGN = sorted(path for path in LETTERS.glob("[A-Z]*.*.md.j2"))
NOTES = sorted(LETTERS.glob("_note.*.md.j2"))
ENGLISH_WORDS = re.compile(r"\b(the|your|our|with|Monday|Tuesday|Wednesday|Thursday|Friday|June|July|Dear)\b")
FRONT = '{#\nversion = "1"\neffective_from = 2026-01-01\n#}\n'


def reading(language: str) -> Mapping[str, Person]:
    return {"P1": ROSE.model_copy(update={"language": language}), "P2": SAM}


@cache
def delayed(council: str, language: str = "cy") -> Story:
    story = begun(policies.load(council), persons=reading(language))
    late = e.Extended(step="response", working_days=5, reason="Mae cofnodion yn hwyr.")
    return story.tell(date(2026, 7, 2), late)  # Thu


def blocks(source: Path) -> set[str]:
    return {block.name for block in Environment().parse(source.read_text("utf-8")).find_all(nodes.Block)}


def own_words(letter: Letter) -> str:
    """The letter without what stands in English in the case or the policy: names, addresses and reports."""
    text = letter.flat
    policy = policies.load(str(getattr(letter.context.context["policy"], "id", "")))
    assert policy.contact
    fixed = [policy.identity.council, policy.contact.team, policy.contact.role, *policy.contact.address]
    fixed += [agency.name for agency in policy.agencies] + [row.ombudsman for row in policy.redress]
    fixed += [row.first for row in policy.redress] + [row.about for row in policy.redress]
    for words in sorted(fixed, key=len, reverse=True):
        text = text.replace(words, "")
    return text


# Dates


def test_the_days_and_months_of_english_are_those_of_the_calendar() -> None:
    for number in range(366):
        day = date(2028, 1, 1) + timedelta(days=number)  # from Sat
        assert ENGLISH.words(day) == calendar.words(day)
        assert ENGLISH.words(day, weekday=False) == calendar.words(day, weekday=False)


def test_welsh_names_every_day_of_the_week_and_every_month() -> None:
    week = [WELSH.words(date(2026, 6, day)).rpartition(" 2026")[0] for day in range(1, 8)]  # Mon to Sun
    assert week == [
        "dydd Llun 1 Mehefin",
        "dydd Mawrth 2 Mehefin",
        "dydd Mercher 3 Mehefin",
        "dydd Iau 4 Mehefin",
        "dydd Gwener 5 Mehefin",
        "dydd Sadwrn 6 Mehefin",
        "dydd Sul 7 Mehefin",
    ]
    months = [WELSH.words(date(2026, month, 1), weekday=False) for month in range(1, 13)]
    assert " ".join(words.split()[1] for words in months) == (
        "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr"
    )


@pytest.mark.parametrize(
    ("written", "code"), [("cy", "cy"), ("CY-gb", "cy"), ("cy_GB", "cy"), ("", "en"), (None, "en"), (" pl ", "pl")]
)
def test_a_language_is_known_however_its_code_is_written(written: object, code: str) -> None:
    assert code_of(written) == code


def test_every_language_with_dates_has_the_words_of_the_page() -> None:
    assert set(LABELS) == set(LANGUAGES)


# The letters


@pytest.mark.parametrize("council", COUNCILS)
def test_a_letter_to_a_welsh_reader_is_welsh_from_its_subject_to_its_foot(council: str) -> None:
    story = delayed(council)
    for kind in ("L-01", "L-08"):
        letter = story.last(kind)
        assert letter.rendered.template == f"{kind}.cy.md.j2"
        assert "Annwyl Rose Applicant," in letter.flat
        assert "Ffôn:" in letter.flat
        assert not ENGLISH_WORDS.search(own_words(letter)), ENGLISH_WORDS.search(own_words(letter))


def _phrases(text: str) -> set[str]:
    """Every four words in a row; an address of the web is none."""
    words = re.findall(r"[a-z']+", re.sub(r"www\.\S+", "", text.casefold()))
    return {" ".join(words[at : at + 4]) for at in range(len(words) - 3)}


@cache
def english() -> frozenset[str]:
    """Four words in a row of any English letter, and of any reason that the service gives by itself."""
    sources = (path for path in LETTERS.glob("*.md.j2") if len(path.name.split(".")) == 3)
    written = (
        text for source in sources for _, kind, text in Environment().lex(source.read_text("utf-8")) if kind == "data"
    )
    own = (reason.partition(":")[0] for reason in REASONS)
    return frozenset(phrase for text in (*written, *own) for phrase in _phrases(text))


REASONS = (
    "We are waiting for Kent Police to confirm the reports.",
    "We have not yet decided whether we will hold a review.",
    "We are waiting for Kent Police for their account of the case.",
    "We have not yet arranged the panel's meeting.",
    "The panel was to meet on Friday 3 July 2026; its decision is to be recorded.",
    "The panel's meeting had to be moved: Mae'r cadeirydd yn sâl.",
    "We are still waiting for a step that others have to take, and nobody has told you so yet.",
)
"""What ``domain.routine`` says of a delay, stage by stage."""


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("council", COUNCILS)
def test_a_welsh_letter_holds_no_english_sentence_of_a_letter_or_of_the_service(council: str, reason: str) -> None:
    story = begun(policies.load(council), persons=reading("cy"))
    story.tell(date(2026, 6, 3), e.ThresholdDecided(met=True))  # Wed
    moved = panel(date(2026, 7, 3)).model_copy(update={"reason": "Mae'r cadeirydd yn sâl."})  # Fri
    if "panel" in reason:
        story.tell(date(2026, 6, 9), moved)  # Tue
    story.tell(date(2026, 6, 29), e.Extended(step="response", working_days=5, reason=reason))  # Mon
    for letter in (story.last("L-01"), story.last("L-08")):
        assert not _phrases(own_words(letter)) & english()
        assert reason not in letter.flat
    assert ("symud cyfarfod y panel: Mae'r cadeirydd yn sâl." in story.last("L-08").flat) is ("moved" in reason)


def test_a_persons_reason_stands_in_a_welsh_letter_as_they_wrote_it() -> None:
    story = begun(policies.load("dover"), persons=reading("cy"))
    written = e.Extended(step="response", working_days=5, reason="Mae cofnodion yn hwyr.", approved_by="Sam Reeve")
    officer = e.Actor(role=e.Role.OFFICER, name="Jo Ward")
    assert "Pam: Mae cofnodion yn hwyr." in story.tell(date(2026, 7, 2), written, by=officer).last("L-08").flat  # Thu


def test_a_welsh_delay_letter_gives_both_dates_and_who_is_responsible() -> None:
    letter = delayed("dover").last("L-08").flat
    assert "Y dyddiad cyntaf a addawyd gennym: dydd Llun 6 Gorffennaf 2026" in letter
    assert "Y dyddiad newydd: dydd Llun 13 Gorffennaf 2026" in letter
    assert "Pwy sy'n gyfrifol am y cam hwn: Dover District Council" in letter
    assert "wedi symud unwaith" in letter


@pytest.mark.parametrize("council", COUNCILS)
def test_a_welsh_letter_promises_the_same_days_as_the_english_one(council: str) -> None:
    welsh, english = delayed(council), delayed(council, "en")
    for kind in ("L-01", "L-08"):
        assert welsh.last(kind).rendered.told == english.last(kind).rendered.told
        assert all(WELSH.words(day) in welsh.last(kind).flat for day in welsh.last(kind).rendered.told.values())


def test_a_welsh_page_says_that_it_is_welsh_in_every_form() -> None:
    letter = delayed("dover").last("L-01")
    assert '<html lang="cy">' in letter.rendered.html
    pdf = RENDERER.pdf(letter.rendered, to=Postal(ROSE.name, ROSE.address))
    assert b"/Lang(cy)" in pdf.replace(b" ", b"")
    assert b"/Lang(en" not in pdf.replace(b" ", b"")


def test_a_representative_reads_their_own_language() -> None:
    applied = application(representative="P2", victim_consents=True)
    people = {"P1": ROSE, "P2": SAM.model_copy(update={"language": "cy"})}
    letter = begun(policies.load("medway"), applied, people).last("L-01")
    assert letter.rendered.template == "L-01.cy.md.j2"
    assert "Rydych chi'n gweithredu ar ran Rose Applicant." in letter.flat


def test_agencies_are_written_to_in_english() -> None:
    story = begun(policies.load("medway"), persons=reading("cy"))
    assert story.last("A-01").rendered.template == "A-01.md.j2"
    assert "Saesneg" not in story.last("A-01").flat


# Where there is no such letter


@pytest.mark.parametrize(
    ("language", "line"),
    [("cy", "Mae'r llythyr hwn yn Saesneg."), ("pl", "Ten list jest po angielsku."), ("es", "Esta carta está en")],
)
def test_a_letter_that_is_not_there_in_a_language_says_so_in_it_and_how_to_ask(language: str, line: str) -> None:
    policy = policies.load("dover")
    story = begun(policy, application(ONE_OF_TWO), reading(language)).tell(date(2026, 6, 9), REFUSAL)  # Tue
    letter = story.last("L-04")
    assert letter.rendered.template == "L-04.md.j2"
    assert line in letter.flat.split("Dear")[0]
    assert policy.contact
    assert f"{policy.contact.phone}, {policy.contact.email}." in letter.flat.split("Reference")[0]
    assert '<html lang="en-GB">' in letter.rendered.html
    assert re.search(rf'<p lang="{language}"[^>]*>{line}', letter.rendered.html)
    pdf = RENDERER.pdf(letter.rendered, to=Postal(ROSE.name, ROSE.address)).replace(b" ", b"")
    assert f"/Lang({language})".encode() in pdf
    assert b"/Lang(en-GB)" in pdf


def test_a_letter_under_such_a_line_has_a_version_of_its_own() -> None:
    stories = [begun(policies.load("medway"), persons=reading(language)) for language in ("en", "pl", "es", "xx")]
    english, polish, spanish, unknown = (story.last("L-01").rendered for story in stories)
    assert len({english.template_version, polish.template_version, spanish.template_version}) == 3
    assert unknown.template_version == english.template_version
    assert unknown.text == english.text


@pytest.mark.parametrize("note", NOTES, ids=lambda path: path.name)
def test_every_such_line_is_one_line_with_the_phone_and_the_address(note: Path) -> None:
    source = note.read_text("utf-8").strip()
    assert "\n" not in source
    assert "letterhead.phone" in source
    assert "letterhead.email" in source


# The sources


@pytest.mark.parametrize("source", FOREIGN, ids=lambda path: path.name)
def test_a_source_in_another_language_has_the_blocks_of_the_english_one(source: Path) -> None:
    kind, language = source.name.removesuffix(".md.j2").split(".")
    assert kind in CATALOGUE
    assert language in LANGUAGES
    assert blocks(source) == blocks(LETTERS / f"{kind}.md.j2")
    assert set(kind_of(kind).required) <= blocks(source)


def test_welsh_has_a_word_for_every_step() -> None:
    parts = (LETTERS / "_parts.cy.md.j2").read_text("utf-8")
    assert set(re.findall(r'^  "(\w+)": ', parts, re.MULTILINE)) >= {str(step) for step in NOUNS}


def copied(folder: Path) -> Path:
    shutil.copytree(ROOT / "templates", folder / "templates")
    return folder / "templates"


def test_a_source_in_a_language_without_dates_is_refused_at_once(tmp_path: Path) -> None:
    templates = copied(tmp_path)
    shutil.copy(LETTERS / "L-01.md.j2", templates / "letters" / "L-01.fr.md.j2")
    with pytest.raises(Unrenderable, match=r"L-01\.fr\.md\.j2 is in a language without dates"):
        Renderer(templates)


def test_a_welsh_letter_that_leaves_its_promised_day_out_is_not_sent(tmp_path: Path) -> None:
    templates = copied(tmp_path)
    source = templates / "letters" / "L-08.cy.md.j2"
    whole = source.read_text("utf-8")
    promised = re.compile(r"{% block new_date %}.*?{% endblock %}", re.DOTALL)
    source.write_text(promised.sub("{% block new_date %}{% endblock %}", whole).replace("{{ parts.next_dates() }}", ""))
    context = delayed("dover").last("L-08").context.context
    with pytest.raises(Unrenderable, match="does not tell the new date, dydd Llun 13 Gorffennaf 2026"):
        Renderer(templates).render("L-08", context)


# A council's own wording


def written(folder: Path, source: str) -> Path:
    letters = folder / "medway" / "letters"
    letters.mkdir(parents=True)
    (letters / "L-01.cy.md.j2").write_text(FRONT + source, "utf-8")
    return folder


def test_a_council_words_its_welsh_letter_itself(tmp_path: Path) -> None:
    own = '{% extends "L-01.cy.md.j2" %}{% block support %}Rydym yma i chi.{% endblock %}'
    renderer = Renderer(ROOT / "templates", written(tmp_path, own))
    welsh, english = (begun(policies.load("medway"), persons=reading(code)).last("L-01") for code in ("cy", "en"))
    letter = renderer.render("L-01", welsh.context.context)
    assert letter.template == "medway/L-01.cy.md.j2"
    assert "Rydym yma i chi." in letter.text
    assert renderer.render("L-01", english.context.context).template == "L-01.md.j2"


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ('{% extends "L-01.md.j2" %}{% block support %}x{% endblock %}', "wording-extends"),
        ('{% extends "L-01.cy.md.j2" %}{% block received %}Diolch.{% endblock %}', "wording-block-lost"),
    ],
)
def test_a_councils_welsh_wording_is_held_to_the_welsh_letter(own: str, code: str, tmp_path: Path) -> None:
    assert [finding.code for finding in wordings(written(tmp_path, own), "medway")[1]] == [code]


def test_dovers_own_english_words_are_not_put_before_a_welsh_reader() -> None:
    assert begun(policies.load("dover"), persons=reading("cy")).last("L-01").rendered.template == "L-01.cy.md.j2"


def test_the_outcome_in_english_still_prints_its_last_day_to_appeal_for_a_welsh_reader() -> None:
    story = to_outcome(policies.load("dover"))
    letter = story.last("L-11")
    context = {**letter.context.context, "language": "cy"}
    assert "The last day to appeal is" in RENDERER.render("L-11", context).text
