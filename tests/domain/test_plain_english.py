"""Each check of plain English on a text that fails it, and on the same text mended."""

from datetime import date

import pytest

import policies
from domain.plain_english import AVERAGE, LONGEST, Reader, Remark, advice, proper_names
from domain.reading_age import average, reading_age, syllables, words

FRIDAY = date(2026, 4, 3)
LATER = date(2026, 4, 7)  # Tue

PLAIN = """
We have read your report. We asked the police what they know. They will tell us soon. Then we will write to you.
You can call us at any time. Tell us if it gets worse. We want to know how you are. You can ask a friend to help.
We keep what you send us safe. A panel will look at what was done. It will say what should be done now. You can
come and tell the panel how you feel. We will tell you the day before it meets. If you are not happy, you can say so.
"""
OFFICIAL = """
The multiplicity of considerations necessitating comprehensive investigation has been communicated to the participating
organisations. Consideration of proportionality is an indispensable prerequisite. Representatives subsequently
undertook an examination of the documentation provided by neighbouring authorities. Determination of applicability
remains the responsibility of designated personnel. Additional information regarding administrative arrangements is
obtainable electronically. Alternative communication methodologies are available. Confidentiality considerations
necessarily restrict particularisation of individual circumstances throughout preliminary deliberations.
"""


def codes(text: str, **about: object) -> list[str]:
    return [remark.code for remark in advice(text, **about)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("word", "number"),
    [
        *(("a", 1), ("the", 1), ("are", 1), ("use", 1), ("any", 2), ("case", 1), ("cases", 2), ("dates", 1)),
        *(("asked", 1), ("decided", 3), ("agreed", 2), ("table", 2), ("review", 2), ("council", 2), ("people", 2)),
        *(("behaviour", 3), ("anti-social", 4), ("organisation", 5), ("application", 4), ("community", 4)),
        *(("agencies", 3), ("reason", 2), ("recommendation", 5), ("being", 2), ("safety", 2), ("everything", 3)),
        *(("serious", 3), ("previous", 3), ("individual", 5), ("language", 2), ("police", 2), ("25", 1), ("Łódź", 1)),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, number: int) -> None:
    assert syllables(word) == number


def test_words_are_words_and_figures() -> None:
    assert words("The panel's anti-social note: 25, at 10.30.") == [
        "The",
        "panel's",
        "anti-social",
        "note",
        "25",
        "at",
        "10.30",
    ]


def test_the_reading_age_is_the_grade_of_flesch_and_kincaid_and_five_years() -> None:
    assert reading_age(["The cat sat on the mat."]) == pytest.approx(5 + 0.39 * 6 + 11.8 - 15.59)
    assert average(["One two.", "One two three four."]) == 3
    assert average([]) == 0
    with pytest.raises(ValueError, match="at least one sentence"):
        reading_age(["…", ""])


def test_a_plain_text_has_nothing_to_mend() -> None:
    assert advice(PLAIN, as_of=LATER) == ()
    assert advice("") == ()


def test_a_text_for_officials_is_too_old_for_an_applicant_and_not_for_an_official() -> None:
    (remark,) = (one for one in advice(OFFICIAL) if one.code == "reading-age")
    assert "somebody of 11" in remark.instead
    assert "reading-age" not in codes(OFFICIAL, reader=Reader.OFFICIAL)


def test_a_text_of_a_few_words_has_no_reading_age() -> None:
    assert "reading-age" not in codes("Consideration of proportionality is an indispensable prerequisite.")


def test_a_long_sentence_is_named_with_its_length() -> None:
    sentence = " ".join(["word"] * LONGEST)
    assert codes(f"{sentence}.") == []
    (remark,) = advice(f"{sentence} more.")
    assert remark.code == "sentence-long"
    assert f"has {LONGEST + 1} words" in remark.instead
    assert remark.words.startswith("“word word")


def test_sentences_that_are_long_on_average_are_told_together() -> None:
    sentence = " ".join(["word"] * (int(AVERAGE) + 1))
    assert codes(f"{sentence}. {sentence}. {sentence}.") == ["sentences-long"]


def test_names_dates_and_addresses_count_as_one_short_word_each() -> None:
    council = "Folkestone & Hythe District Council"
    text = (
        f"{council} will tell you by Thursday 14 January 2027 or sooner at www.folkestone-hythe.gov.uk, "
        "or ask case CR-2026-0042 at 01303 853 000 or csu@example.org by 2:30pm on Friday 15 January 2027 when we meet."
    )
    assert codes(text) == ["sentence-long"]
    assert codes(text, names=[council]) == []


def test_a_list_is_read_item_by_item_and_a_table_not_at_all() -> None:
    items = "\n".join(f"- {' '.join(['word'] * 12)}." for _ in range(3))
    assert codes(f"We will do this:\n\n{items}") == []
    table = "Reported      What\n------------  ----\n" + "2 April 2026  " + "word " * 40 + ".\n"
    assert codes(table) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Please be advised that we met.", "word"),
        ("We will utilise a form.", "word"),
        ("Prior to the meeting we call you.", "word"),
        ("The trigger was not met and was not activated.", "word"),
        ("The complainant called us.", "jargon"),
        ("The perpetrator was seen.", "jargon"),
        ("Your SPOC is Ann.", "jargon"),
        ("The CSP will meet.", "jargon"),
        ("It went to MARAC.", "jargon"),
        ("We decided under s.104 of the Act.", "jargon"),
        ("We decided under section 104.", "jargon"),
        ("You failed to engage with us.", "blame"),
        ("She did not engage.", "blame"),
        ("It was a tit-for-tat neighbour dispute.", "blame"),
        ("Your ASB report is here.", "unexplained"),
        ("You do not pass the threshold.", "unexplained"),
    ],
)
def test_a_word_to_avoid_is_found_with_what_to_write(text: str, code: str) -> None:
    remarks = advice(text)
    assert code in [remark.code for remark in remarks]
    assert all(remark.place and remark.instead.endswith((".", "”.")) for remark in remarks)


def test_officials_may_read_jargon_but_nobody_reads_blame() -> None:
    about = {"reader": Reader.OFFICIAL}
    assert codes("The complainant applied under s.104 to the CSP. ASB went on.", **about) == []
    assert codes("The complainant failed to engage.", **about) == ["blame"]


def test_a_word_that_is_explained_once_may_be_used() -> None:
    assert codes("We had your anti-social behaviour (ASB) report. ASB hurts.") == []
    assert codes("You pass the test, which is called the threshold.") == []


def test_a_word_in_a_name_is_not_the_writers() -> None:
    assert codes("Write to the Bolsover ASB and CSP Team.", names=["Bolsover ASB and CSP Team"]) == []


@pytest.mark.parametrize(
    "text",
    [
        *("The panel meets on TBC.", "Call XXX.", "Dear [name],", "Dear [Name of applicant]", "Hello {{ name }}."),
        *("{% if x %}", "Lorem ipsum dolor.", "The day is to be confirmed.", "We meet at ____.", "Dear <first name>"),
        *("Call us on ????", "Write to ......", "Dear «Surname»"),
    ],
)
def test_a_placeholder_is_found(text: str) -> None:
    assert codes(text) == ["placeholder"]


@pytest.mark.parametrize("text", ["See note [1].", "The form (see there) is 3 < 4.", "Well... we wait.", "Room XI."])
def test_what_only_looks_like_a_placeholder_is_not(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Please answer by Friday 3 April 2026.",
        "You have until 3 April 2026.",
        "Send it no later than 03/04/2026.",
        "The last day to appeal is Friday 3 April 2026.",
        "Tell us by 3 April.",
        "The panel meets on Friday 3 April 2026.",
    ],
)
def test_a_day_to_come_that_is_over_is_found(text: str) -> None:
    (remark,) = advice(text, as_of=LATER)
    assert remark.code == "date-past"
    assert "Friday 3 April 2026 is over on Tuesday 7 April 2026" in remark.instead
    assert codes(text, as_of=FRIDAY) == []
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It was to be done by Friday 3 April 2026.",
        "You reported it on 3 April 2026.",
        "We asked for an answer by 3 April 2026.",
        "Send it by 31 June 2026.",
    ],
)
def test_a_day_that_was_meant_to_be_over_is_left_alone(text: str) -> None:
    assert codes(text, as_of=LATER) == []


@pytest.mark.parametrize("length", ["10 working days", "ten working days", "the next 3 days", "two weeks"])
def test_a_number_of_days_needs_its_date(length: str) -> None:
    assert codes(f"We will answer within {length}.") == ["days-bare"]
    assert codes(f"We will answer within {length}, by Friday 3 April 2026.") == []


def test_what_the_letter_must_tell_is_asked_for_by_name() -> None:
    needed = {"the last day to appeal": "Friday 3 April 2026"}
    (remark,) = advice("You can appeal.", required=needed)
    assert remark == Remark(
        "missing", "", "The letter must tell the reader the last day to appeal: write “Friday 3 April 2026”."
    )
    assert advice("Appeal by Friday\u00a03 April\n2026.", required=needed) == ()


@pytest.mark.parametrize(
    ("stranger", "text"),
    [
        ("Kim Neighbour", "We spoke to kim  neighbour about it."),
        ("kim@example.org", "Write to Kim@example.org."),
        ("01632 960 001", "Her number is 01632960001."),
        ("+44 1632 960001", "Her number is 01632 960001."),
        ("12 High Street", "He lives at 12 High Street."),
    ],
)
def test_nobody_elses_data_stays_in_a_letter(stranger: str, text: str) -> None:
    (remark,) = advice(text, strangers=[stranger])
    assert (remark.code, remark.place) == ("another-person", " ".join(text.split()))
    assert stranger in remark.instead


def test_a_name_inside_another_word_is_nobodys() -> None:
    assert codes("The kimono is at 112 High Streets.", strangers=["Kim", "12 High Street", "", " "]) == []


def test_a_councils_names_are_those_its_letters_print() -> None:
    names = proper_names(policies.load("dover"))
    assert {"Dover District Council", "Kent Police", "Community Safety Unit", "Housing Ombudsman"} <= set(names)
    assert all(names)
