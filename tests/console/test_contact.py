"""Correcting how somebody is reached in the console: letters go to the new address and the old one never hears it."""

import asyncio

import pytest

from domain import events as e
from domain.events import LetterPosted, LetterState
from office import acting
from office.acting import NotAllowed
from office.faults import WrongInput
from register import queries
from starter.commands.particulars import corrected
from tests.console.office import House
from tests.console.parties import agency, home
from tests.workflows.life import Life, form

pytestmark = [pytest.mark.long, pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

OLD, NEW = "asha@example.org", "asha.new@example.org"
RANG = "Rang the number known before; she gave her date of birth."


async def test_a_corrected_address_gets_the_letters_and_the_old_one_never_hears_of_it(house: House) -> None:
    life, visitor = await Life.begin(house.desk), await house.visitor("officer")
    sent = len(life.mails(OLD))
    await visitor.get(f"/cases/{life.reference}/acts/correct-contact")
    assert visitor.page.values["email"] == OLD
    assert "Asha Example: the applicant" in visitor.page.text
    assert visitor.page.values["language"] == "en"
    assert "English Welsh (Cymraeg)" in visitor.page.text
    await visitor.send("check", email=NEW, how=RANG, address="1 Example Street\nSampleton", unsafe__post="yes")
    for words in (f"From now on: {NEW} Until now: {OLD}", "From now on: 1 Example Street, Sampleton Until now: none"):
        assert words in visitor.page.text
    assert "Letters it sends None by itself" in visitor.page.text
    before = visitor.page
    answers = await asyncio.gather(*(visitor.client.post(before.action, data={**before.values, "_press": "confirm"})
                                     for _ in range(3)))  # fmt: skip
    assert {one.status_code for one in answers} == {303}
    assert len({one.headers["location"] for one in answers}) == 1
    await visitor.follow(answers[0])
    assert "How they are reached is corrected." in visitor.page.text
    assert NEW in visitor.page.text
    assert "Contact details corrected: email, address, unsafe" in visitor.page.text
    body = (await life.event("contact.corrected")).what
    assert isinstance(body, e.ContactCorrected)
    assert NEW not in body.model_dump_json()
    assert body.changed == (e.Detail.EMAIL, e.Detail.ADDRESS, e.Detail.UNSAFE)
    stored = await queries.case(house.office.database, life.reference)
    assert stored
    assert len(stored.persons) == 2
    await life.act(e.OfficerAssigned(officer="Kit Lane"), e.Actor(role=e.Role.OFFICER, name="Kit Lane"))
    assert [mail.subject for mail in life.mails(NEW)] != []
    assert len(life.mails(OLD)) == sent
    assert all(NEW not in mail.text for mail in life.mails(OLD))


async def test_a_letter_that_found_no_way_is_sent_again_to_the_corrected_address(house: House) -> None:
    nobody = form(applicant={"name": "Bela Example", "phone": "01304 000000"})
    life, visitor = await Life.begin(house.desk, application=nobody), await house.visitor("officer")
    lost = next(
        one.what for one in (await life.settled()).events
        if isinstance(one.what, LetterPosted) and one.what.state is LetterState.REFUSED
    )  # fmt: skip
    await visitor.get(f"/cases/{life.reference}/acts/correct-contact")
    await visitor.send("check", email="bela@example.org", how=RANG)
    assert "afterwards say what became of it, and it is sent again" in visitor.page.text
    await visitor.follow(await visitor.send("confirm"))
    await life.settled()
    await visitor.get(f"/cases/{life.reference}/acts/settle-letter")
    await visitor.send("check", key=lost.key, arrived="no", how="There was no address.")
    await visitor.send("confirm")
    await life.settled()
    assert "We have your application" in life.mails("bela@example.org")[0].text


async def test_what_changes_nothing_and_what_is_no_address_is_refused_and_kept_on_the_page(house: House) -> None:
    visitor = await house.visitor("officer")
    await visitor.get(f"/cases/{house.reference}/acts/correct-contact?person=somebody-else")
    assert (await visitor.send("check", how=RANG)).status_code == 422
    assert "Nothing about how they are reached would change; give what is new" in visitor.page.problems
    assert (await visitor.send("check", email="asha at home", how=RANG)).status_code == 422
    assert "must be an e-mail address" in visitor.page.problems
    assert visitor.page.values["email"] == "asha at home"
    assert (await visitor.send("check", email=NEW, how="")).status_code == 422
    await visitor.send("check", email="", how=RANG)
    assert "No safe way to write to them would be left" in visitor.page.text


async def test_the_command_line_takes_what_is_new_and_leaves_all_else_as_it_was(house: House) -> None:
    life = await Life.begin(house.desk)
    database, person = house.office.database, f"{life.reference}-P1"
    stored = await queries.case(database, life.reference)
    assert stored
    order = e.ContactCorrected(person=person, details="new", changed=(e.Detail.PHONE,), how=RANG)
    by = e.Actor(role=e.Role.OFFICER, name="Jo Ward")
    new = {"phone": "01304 000001", "unsafe": ["voicemail"]}
    body, details = await corrected(house.office, stored, by, order, new)
    assert isinstance(body, e.ContactCorrected)
    assert (body.details, body.changed) == (f"{life.reference}-P2", (e.Detail.PHONE, e.Detail.UNSAFE))
    for _ in range(2):
        acting.certain(await acting.act(house.office, life.reference, body, by, id="new", details=details))
    await life.settled()
    after = await queries.case(database, life.reference)
    assert after
    assert after.readers[person] == stored.readers[person].model_copy(
        update={"phone": "01304 000001", "unsafe": frozenset({"voicemail"})}
    )
    stranger = order.model_copy(update={"person": "P9"})
    with pytest.raises(WrongInput, match=f"{life.reference} does not write to P9; it does to: {person}\\."):
        await corrected(house.office, after, by, stranger, {"phone": "1"})
    with pytest.raises(WrongInput, match="These details cannot be kept"):
        await corrected(house.office, after, by, order, {"email": "at home"})
    same, details = await corrected(house.office, after, by, order.model_copy(update={"how": "Asked."}), {})
    outcome = await acting.act(house.office, life.reference, same, by, details=details)
    assert isinstance(outcome, NotAllowed)
    assert "nothing about how they are reached would change" in outcome.sentence
    assert len(await _people(house, life.reference)) == 2


async def _people(house: House, reference: str) -> list[str]:
    stored = await queries.case(house.office.database, reference)
    assert stored
    return [one.id for one in stored.persons]


async def test_pages_by_a_link_know_of_the_correction_and_offer_no_number_that_is_not_safe(house: House) -> None:
    """A number somebody else may answer is never offered again, and no agency sees where the applicant lived before."""
    moved = {"name": "Dana Example", "email": "dana@example.org", "phone": "01632 960111", "address": ("9 Old Street",)}
    life, officer = await Life.begin(house.desk, application=form(applicant=moved)), await house.visitor("officer")
    applicant = await house.guest(await house.link(case=life.reference))
    police = await agency(house, life)
    assert "9 Old Street" in police.page.text
    await applicant.get(f"{home(applicant)}/do/ask-for-call/phone")
    assert applicant.page.values["phone"] == "01632 960111"
    await officer.get(f"/cases/{life.reference}/acts/correct-contact")
    await officer.send("check", address="1 New Street", phone="01632 960222", how=RANG)
    await officer.follow(await officer.send("confirm"))
    await applicant.get(f"{home(applicant)}/do/ask-for-call/phone")
    assert applicant.page.values["phone"] == "01632 960222"
    await officer.get(f"/cases/{life.reference}/acts/correct-contact")
    await officer.send("check", unsafe__phone="yes", how=RANG)
    await officer.follow(await officer.send("confirm"))
    await applicant.get(f"{home(applicant)}/do/ask-for-call/phone")
    assert not applicant.page.values["phone"]
    await police.get(home(police))
    assert "1 New Street" in police.page.text
    assert "9 Old Street" not in police.page.text
