"""Which numbers a text message reaches, and to whom one may be sent."""

from typing import Any

import pytest

from domain import events as e
from domain.application import Means, Person
from domain.letters import letters_for
from domain.messages import LetterOrder, Party, Recipient
from domain.policy import Milestone
from domain.telephone import mobile
from domain.ways import sent_again
from tests.domain.history import REFERENCE, History, day
from tests.domain.test_arrivals import decided

NUMBER = "07700 900123"
HOME = ("1 High Street", "Dover CT16 1AA")


@pytest.mark.parametrize(
    "number",
    [
        *("07700900123", "07700 900123", "(07700) 900-123", "+44 7700 900123", "+44 (0)7700 900123", "00447700900123"),
        *("07700\u2011900\u2011123", " 07700.900.123 "),
    ],
)
def test_a_mobile_number_is_known_however_it_is_written(number: str) -> None:
    assert mobile(number) == "+447700900123"


def test_a_mobile_of_the_isle_of_man_is_one_and_a_pager_is_none() -> None:
    assert mobile("07624 200000") == "+447624200000"
    assert mobile("07640 123456") == ""


@pytest.mark.parametrize(
    "number",
    [
        *(
            "",
            "01304 872220",
            "0800 1111111",
            "070 1234 5678",
            "0770090012",
            "077009001234",
            "7700900123",
            "+1 7700 900123",
        ),
        *("+1 7700 900123", "+33 6 12 34 56 78", "07700 900123 after 6", "07700 900123 / 07700 900456", "٠٧٧٠٠٩٠٠١٢٣"),
    ],
)
def test_no_text_goes_to_a_number_that_is_not_one_mobile_of_the_united_kingdom(number: str) -> None:
    assert mobile(number) == ""


@pytest.mark.parametrize(
    ("known", "ways"),
    [
        ({"prefers": Means.TEXT}, (Means.TEXT, Means.EMAIL, Means.POST)),
        ({}, (Means.EMAIL, Means.POST, Means.TEXT)),
        ({"email": None, "unsafe": frozenset({"post"})}, (Means.TEXT,)),
        ({"prefers": Means.TEXT, "unsafe": frozenset({"phone"})}, (Means.EMAIL, Means.POST)),
        ({"prefers": Means.TEXT, "unsafe": frozenset({"text"})}, (Means.EMAIL, Means.POST)),
        ({"prefers": Means.TEXT, "unsafe": frozenset({"voicemail"})}, (Means.TEXT, Means.EMAIL, Means.POST)),
        ({"prefers": Means.TEXT, "phone": "01304 872220"}, (Means.EMAIL, Means.POST)),
        ({"email": None, "address": (), "unsafe": frozenset({"phone"})}, ()),
    ],
)
def test_a_text_goes_to_a_mobile_unless_texts_or_the_telephone_are_not_safe(
    known: dict[str, Any], ways: tuple[Means, ...]
) -> None:
    person = {"name": "Ann", "email": "ann@example.org", "address": HOME, "phone": NUMBER, **known}
    assert Person.model_validate(person).ways == ways


def by_text(history: History, state: e.LetterState = e.LetterState.ACCEPTED, then: Means | None = None) -> History:
    """The outcome's letter, told of by text message."""
    draft = decided().letter("L-11")._posted("L-11")
    return history.happened(draft.model_copy(update={"by": Means.TEXT, "state": state, "then": then}))


def test_a_decision_told_of_by_text_counts_as_received_as_one_by_e_mail_does() -> None:
    texted, mailed = by_text(decided()), decided().letter("L-11")
    received = texted.case.reached[Milestone.OUTCOME_RECEIVED].on
    assert received == mailed.case.reached[Milestone.OUTCOME_RECEIVED].on == day("2026-09-29")  # Tue
    assert texted.due("appeal_window") == mailed.due("appeal_window")


def test_the_time_to_appeal_stops_when_the_text_did_not_get_there_and_the_letter_goes_the_next_way() -> None:
    history = by_text(decided())
    posted = history._posted("L-11")
    order = LetterOrder(key=posted.key, letter="L-11", to=Recipient(party=Party.APPLICANT), event="e", upto=1)
    history.on("2026-09-30").came_back("L-11")  # Wed
    assert "appeal_window" not in history.by_key
    again = sent_again(history.case, {order.key: order}, history.events[-1])
    assert again is not None
    assert again.failed == (Means.TEXT,)
    history.happened(e.OfficerAssigned(officer="Kit Lane"))
    (later,) = letters_for(REFERENCE, history.case, history.events[-1])
    assert later.avoid == (Means.TEXT,)


def test_a_corrected_number_is_tried_afresh() -> None:
    history = by_text(decided()).came_back("L-11")
    history.happened(
        e.ContactCorrected(
            person=history.case.application.applicant, details="P9", changed=(e.Detail.PHONE,), how="Rang."
        )
    )
    history.happened(e.OfficerAssigned(officer="Kit Lane"))
    (order,) = letters_for(REFERENCE, history.case, history.events[-1])
    assert order.avoid == ()
