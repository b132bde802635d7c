"""Where letters go once somebody's details were corrected, and which failures that leaves behind."""

import pytest

from domain import events as e
from domain.application import Means
from domain.case import Stage
from domain.contacts import as_corrected
from domain.letters import letters_for
from domain.messages import LetterOrder
from domain.ways import sent_again
from tests.domain.history import REFERENCE, History
from tests.domain.service import Service
from tests.domain.stages import at
from tests.domain.test_arrivals import decided, ordered

EMAIL = Means.EMAIL
NO_WAY = {"state": e.LetterState.REFUSED, "by": None, "then": None}


def corrected(*changed: e.Detail, person: str = "P1", details: str = "P3") -> e.ContactCorrected:
    return e.ContactCorrected(person=person, details=details, changed=changed or (e.Detail.EMAIL,), how="We rang.")


def applicant(history: History) -> str:
    return history.case.application.applicant


def settled(history: History, order: LetterOrder) -> LetterOrder:
    """The order of a letter without a way, sent again by somebody who corrected the details before or not."""
    history.happened(history._posted("L-11").model_copy(update={**NO_WAY, "key": order.key}))
    history.happened(e.LetterSettled(key=order.key, arrived=False, how="We rang."))
    known = {order.key.split("~")[0]: order, order.key: order}
    again = sent_again(history.case, known, history.events[-1])
    assert again
    return again


def bounced() -> tuple[History, LetterOrder]:
    """A decision whose e-mail came back, and the order that was to go another way and found none."""
    history = decided().letter("L-11").came_back("L-11")
    first = ordered(history)
    second = sent_again(history.case, {first.key: first}, history.events[-1])
    assert second
    assert second.failed == (EMAIL,)
    return history, second


def test_a_letter_that_bounced_goes_by_e_mail_again_once_the_address_is_corrected() -> None:
    history, order = bounced()
    history.happened(corrected(person=applicant(history)))
    assert settled(history, order).failed == ()


@pytest.mark.parametrize("changed", [e.Detail.ADDRESS, e.Detail.PHONE, e.Detail.UNSAFE, e.Detail.PREFERS])
def test_another_detail_than_the_address_that_failed_does_not_make_it_be_tried_again(changed: e.Detail) -> None:
    history, order = bounced()
    history.happened(corrected(changed, person=applicant(history)))
    assert settled(history, order).failed == (EMAIL,)


def test_somebody_else_s_correction_mends_nothing() -> None:
    history, order = bounced()
    history.happened(corrected(person="P8"))
    assert settled(history, order).failed == (EMAIL,)


def test_an_address_that_fails_after_it_was_corrected_has_failed_too() -> None:
    history = decided()
    history.happened(corrected(person=applicant(history)))
    history.letter("L-11").came_back("L-11")
    again = sent_again(history.case, {ordered(history).key: ordered(history)}, history.events[-1])
    assert again
    assert again.failed == (EMAIL,)


def test_a_letter_that_left_for_the_old_address_and_bounced_later_goes_to_the_new_one() -> None:
    history = decided().letter("L-11")
    history.happened(corrected(person=applicant(history)))
    history.came_back("L-11")
    again = sent_again(history.case, {ordered(history).key: ordered(history)}, history.events[-1])
    assert again
    assert again.failed == ()


def test_a_letter_sent_again_does_not_avoid_a_way_that_was_corrected_since_it_was_first_written() -> None:
    history = decided().letter("L-11")
    order = ordered(history).model_copy(update={"avoid": (EMAIL,), "event": history.events[-2].id})
    history.came_back("L-11")
    before = sent_again(history.case, {order.key: order}, history.events[-1])
    history.happened(corrected(person=applicant(history)))
    after = settled(history, order)
    assert before
    assert (before.avoid, after.avoid) == ((EMAIL,), ())


def test_later_letters_go_the_corrected_way_first_again() -> None:
    history = decided().letter("L-11").came_back("L-11")
    history.happened(e.OfficerAssigned(officer="Kit Lane"))
    assert letters_for(REFERENCE, history.case, history.events[-1])[0].avoid == (EMAIL,)
    history.happened(corrected(person=applicant(history)), e.OfficerAssigned(officer="Jo Ward"))
    assert letters_for(REFERENCE, history.case, history.events[-1])[0].avoid == ()


def test_what_is_kept_of_somebody_is_what_their_last_correction_left() -> None:
    events = [
        e.Event(id=str(number), at=at(Stage.RECEIVED).now, by=e.CLOCK, what=corrected(details=details))
        for number, details in enumerate(("P3", "P4"))
    ]
    kept = {"P1": "old", "P2": "other", "P3": "new", "P4": "newest"}
    assert as_corrected(kept, events[:1])["P1"] == "new"
    assert as_corrected(kept, events) == {**kept, "P1": "newest"}
    assert "P1" not in as_corrected({"P1": "old"}, events)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (corrected(person="P8"), "no letters of this case go to P8; whose details can be corrected: P1"),
        (corrected(person=""), "no letters of this case go to nobody; whose details can be corrected: P1"),
        (corrected(details=""), "nothing about how they are reached would change; give what is new"),
        (
            e.ContactCorrected(person="P1", details="P3", how="We rang."),
            "nothing about how they are reached would change; give what is new",
        ),
        (corrected(), None),
    ],
)
def test_details_are_corrected_of_those_who_get_letters_and_only_where_something_is_new(
    body: e.ContactCorrected, sentence: str | None
) -> None:
    assert at(Stage.GATHERING).refusal(body) == sentence


def test_the_details_of_whoever_acts_for_the_victim_can_be_corrected_and_those_of_whoever_acted_cannot() -> None:
    service = at(Stage.GATHERING).must(e.RepresentativeChanged(representative="P2", victim_consents=True))
    service.must(corrected(person="P2"))
    service.must(e.RepresentativeChanged())
    assert service.refusal(corrected(person="P2")) is not None


def test_a_correction_sends_no_letter() -> None:
    service: Service = at(Stage.GATHERING)
    before = service.kinds.count("letter.posted")
    service.must(corrected())
    assert service.kinds[-1] == "contact.corrected"
    assert service.kinds.count("letter.posted") == before
