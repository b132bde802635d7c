"""Each key is written as it always was, and read as it was written."""

import pytest

from domain.events import Purpose
from domain.keys import DeadlineKey, EnquiryKey, LetterKey
from domain.policy import StepId


@pytest.mark.parametrize(
    ("key", "written"),
    [
        (DeadlineKey(StepId.RESPONSE), "response"),
        (DeadlineKey(StepId.VERIFICATION, "police"), "verification:police"),
        (DeadlineKey(StepId.RESPONSE, round=2), "response#2"),
        (DeadlineKey(StepId.INFORMATION, "police", 3), "information:police#3"),
    ],
)
def test_a_deadline_has_a_key_that_names_its_step_its_item_and_its_round(key: DeadlineKey, written: str) -> None:
    assert str(key) == written
    assert DeadlineKey.read(written) == key


def test_a_deadline_is_also_found_as_people_type_it_and_a_strange_word_names_none() -> None:
    assert DeadlineKey.read("appeal-window#2") == DeadlineKey(StepId.APPEAL_WINDOW, round=2)
    assert [DeadlineKey.read(text) for text in ("", "nothing", "nothing:police", "response#", "response#x")] == [
        None
    ] * 5


@pytest.mark.parametrize("purpose", Purpose)
def test_an_enquiry_is_named_as_the_deadline_of_its_answer(purpose: Purpose) -> None:
    assert str(EnquiryKey(purpose, "police", 2)) == f"{purpose}:police#2"
    assert DeadlineKey.read(str(EnquiryKey(purpose, "police"))) == DeadlineKey(StepId(purpose), "police")


@pytest.mark.parametrize(
    ("key", "written"),
    [
        (
            LetterKey("DOV-2026-0001", "012-threshold.decided", "L-04", "applicant"),
            "DOV-2026-0001/012-threshold.decided/L-04/applicant",
        ),
        (LetterKey("DOV-2026-0001", "012", "A-06", "seat-1a", 2), "DOV-2026-0001/012/A-06/seat-1a~2"),
        (LetterKey("DOV-2026-0001", "an/id~7", "L-17", "applicant"), "DOV-2026-0001/an/id~7/L-17/applicant"),
    ],
)
def test_a_letter_has_a_key_that_names_case_event_kind_reader_and_attempt(key: LetterKey, written: str) -> None:
    assert str(key) == written
    assert LetterKey.read(written) == key


def test_the_letter_about_another_letter_that_failed_is_not_taken_for_that_letter() -> None:
    failed = LetterKey("DOV-2026-0001", "012", "L-04", "applicant", 2)
    about = LetterKey("DOV-2026-0001", f"{failed}=refused", "A-18", "officer", 2)
    assert LetterKey.read(str(about)) == about
    assert LetterKey.read(str(about)).first == LetterKey("DOV-2026-0001", f"{failed}=refused", "A-18", "officer")
    assert LetterKey.read(str(about)).kind == "A-18"


def test_a_text_that_is_no_letters_key_is_told_so() -> None:
    with pytest.raises(ValueError, match="is no letter's key"):
        LetterKey.read("DOV-2026-0001/012")
