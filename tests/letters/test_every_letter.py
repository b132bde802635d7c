"""What every letter of every story keeps, under every council's policy."""

import re
import time as clock
from collections import Counter
from datetime import date, datetime, time

import pytest

import policies
from domain.application import Person
from domain.calendar import LONDON, words
from domain.letters import CATALOGUE
from domain.plain_english import Reader, Remark, advice, proper_names
from domain.policy import Contact, Policy
from letters.pdf import Postal
from tests.letters.every_story import STORIES, every_letter, sentences, told
from tests.letters.paper import below, seen, squashed
from tests.letters.stories import (
    COUNCILS,
    PERSONS,
    REFERENCE,
    RENDERER,
    ROSE,
    SAM,
    Letter,
    Story,
    to_outcome,
    to_refusal,
)

pytestmark = pytest.mark.long


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("council", COUNCILS)
def test_a_whole_case_is_written_without_a_gap(council: str, story: str) -> None:
    letters = told(council, story).letters
    assert letters
    for letter in letters:
        assert not re.search(
            r"\b(None|True|False|Undefined|StrEnum)\b|\{\{|\{%",
            letter.text.replace("{{ 7", "").replace("{{ x", ""),
        )


@pytest.mark.thorough
@pytest.mark.parametrize("council", ["dover"])
def test_every_kind_of_letter_has_the_same_words_on_paper(council: str) -> None:
    """A wide table has its headings once for each row in HTML, and on paper once where it fits."""
    letters = {letter.order.letter: letter for story in STORIES for letter in told(council, story).letters}
    for kind, letter in letters.items():
        html = letter.rendered.html.split("</header>", 1)[1]
        once, heads = (Counter(squashed(seen(part))) for part in (html, "".join(re.findall("<th.*?</th>", html))))
        pdf = Counter(below(RENDERER.pdf(letter.rendered, to=Postal("Rose Applicant", ROSE.address))))
        assert not (once - heads) - pdf, kind
        assert set((pdf - once) - heads) <= set("•.0123456789"), kind


def test_the_stories_hold_every_kind_of_letter() -> None:
    assert {letter.order.letter for _, letter in every_letter()} == set(CATALOGUE)


def test_no_letter_gives_a_number_of_days_without_a_date() -> None:
    for where, letter in every_letter():
        for sentence in sentences(letter):
            if re.search(r"\bwithin \w+ (working )?days?\b", sentence):
                assert re.search(r"\d{1,2} [A-Z][a-z]+ \d{4}", sentence), (where, sentence)


def test_no_date_that_a_letter_promises_lies_in_the_past() -> None:
    for where, letter in every_letter():
        for key, day in letter.rendered.told.items():
            assert day >= letter.on, (where, key)
            assert words(day) in letter.flat, (where, key)


def test_a_letter_that_asks_for_something_by_a_day_names_a_day_to_come() -> None:
    months = "January|February|March|April|May|June|July|August|September|October|November|December"
    for where, letter in every_letter():
        if letter.order.letter in ("A-04e", "A-18", "L-08p"):
            continue
        for day, month, year in re.findall(
            rf"(?<!application )(?<!made )\bby [A-Z][a-z]+day (\d+) ({months}) (\d+)", letter.flat
        ):
            named = date(int(year), months.split("|").index(month) + 1, int(day))
            assert named >= letter.on, (where, named)


def test_every_letter_to_the_applicants_side_says_whom_to_turn_to() -> None:
    for where, letter in every_letter():
        if letter.order.letter[0] not in "LR":
            continue
        contact = letter.context.context["contact"]
        assert isinstance(contact, Contact)
        for needed in (
            REFERENCE,
            "call 999",
            "101",
            "large print",
            contact.phone,
            contact.email,
            *contact.address,
        ):
            assert needed in letter.flat, (where, needed)
        assert words(letter.on) in letter.flat, where


def test_every_letter_has_its_reference_in_the_subject_and_its_date() -> None:
    for where, letter in every_letter():
        assert REFERENCE in letter.rendered.subject, where
        assert words(letter.on) in letter.flat, where


def test_decisions_print_the_last_day_to_appeal_and_how() -> None:
    for where, letter in every_letter():
        if letter.order.letter in ("L-04", "L-11"):
            end = letter.rendered.told.get("appeal_window") or letter.rendered.told.get("appeal_window#2")
            assert end, where
            assert f"last day to appeal is {words(end)}" in letter.flat, where
            assert "Send your appeal to" in letter.flat, where


@pytest.mark.parametrize("council", COUNCILS)
@pytest.mark.parametrize("story", ["refused", "met"])
def test_the_last_day_printed_is_the_one_planned_once_the_letter_was_accepted(council: str, story: str) -> None:
    case = to_refusal(policies.load(council)) if story == "refused" else to_outcome(policies.load(council))
    letter = case.last("L-04" if story == "refused" else "L-11")
    assert case.due("appeal_window", letter.on) == letter.rendered.told["appeal_window"]


def test_no_letter_names_a_body_that_is_gone_or_repeats_the_wrong_sentence_about_recommendations() -> None:
    gone = r"IPCC|Independent Police Complaints|CCG|Clinical Commissioning"
    wrong = rf"{gone}|not mean that they are not|was not activated"
    for where, letter in every_letter():
        assert not re.search(wrong, letter.flat), where


def test_most_sentences_of_our_own_are_short() -> None:
    lengths = [
        len(sentence.split())
        for where, letter in every_letter()
        if "hostile" not in where and letter.order.letter[0] in "LR"
        for sentence in sentences(letter)
        if "|" not in sentence and ";" not in sentence and ":" not in sentence
    ]
    assert sum(length > 25 for length in lengths) / len(lengths) < 0.02


def test_every_letter_to_the_applicants_side_is_plain_english_for_somebody_of_ten_and_names_nobody_else() -> None:
    for where, letter in every_letter():
        if letter.order.letter[0] in "LR" and not _typed(where):
            assert _advice(letter, oldest=10.5) == (), where


def test_letters_to_officials_have_no_blame_no_gap_and_no_past_date() -> None:
    for where, letter in every_letter():
        if letter.order.letter[0] == "A" and letter.order.letter not in ("A-04e", "A-18") and not _typed(where):
            assert _advice(letter, reader=Reader.OFFICIAL) == (), where


def test_what_a_person_typed_is_remarked_on() -> None:
    codes = {r.code for x in told("dover", "hostile").letters if x.order.letter[0] == "L" for r in _advice(x)}
    assert "placeholder" in codes


def test_a_letter_that_named_the_person_who_stopped_acting_would_be_seen() -> None:
    letter = told("dover", "changes").last("L-08")
    spoilt = f"{letter.rendered.text}\nSam Friend says so, from sam@example.org."
    assert [r.code for r in _advice(letter, spoilt, strangers=_others(letter, SAM))] == ["another-person"] * 2


def _typed(where: str) -> bool:
    """Whether people typed on purpose what no letter should say."""
    return "hostile" in where or "handling remitted" in where


def _others(letter: Letter, *more: Person) -> list[str]:
    """The data of everybody who neither reads the letter nor is the one it is about."""
    readers = (letter.context.to_name, *(() if letter.order.letter in ("R-01", "R-03") else (ROSE.name,)))
    people = [person for person in (*PERSONS.values(), *more) if person.name not in readers]
    return [told for person in people for told in (person.name, person.email or "", *person.address[:1]) if told]


def _advice(letter: Letter, text: str = "", **about: object) -> tuple[Remark, ...]:
    policy = letter.context.context["policy"]
    assert isinstance(policy, Policy)
    names = (*proper_names(policy), *(person.name for person in PERSONS.values()), letter.context.to_name)
    defaults: dict[str, object] = {"as_of": letter.on, "names": names, "strangers": _others(letter)}
    return advice(text or letter.rendered.text, **defaults | about)  # type: ignore[arg-type]


def test_every_letter_is_in_its_councils_colour() -> None:
    for council in COUNCILS:
        assert (
            f"background-color: {policies.load(council).letterhead.colour}"
            in told(council, "met").letters[0].rendered.html
        )


def test_what_people_write_stays_words() -> None:
    for council in COUNCILS:
        for letter in told(council, "hostile").letters:
            assert "<script" not in letter.rendered.html
            assert "<b>" not in letter.rendered.html
            assert 'href="http://evil' not in letter.rendered.html
            assert "49" not in letter.rendered.subject


def test_a_letter_of_a_long_case_takes_a_few_hundredths_of_a_second_at_most() -> None:
    story = told("kent-district", "met")
    letter = story.last("L-11")
    at = datetime.combine(letter.on, time(10), tzinfo=LONDON)
    story.write(letter.order, at)
    best = min(_timed(story, letter, at) for _ in range(20))
    assert best < 0.06, f"{best * 1000:.1f} ms"


def _timed(story: Story, letter: Letter, at: datetime) -> float:
    start = clock.process_time()
    story.write(letter.order, at)
    return clock.process_time() - start
