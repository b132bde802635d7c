"""The applicant's page: what it says, what it must never say, and each thing that can be done there, once."""

import re
from datetime import timedelta

import pytest

from domain import events as e
from domain.events import Event
from post.link_desk import masked
from register import queries
from register.links import LinkPurpose
from tests.console.office import House, Visitor
from tests.workflows.life import OFFICER, Life, form
from tests.workflows.past import at_outcome

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def opened(house: House, life: Life) -> tuple[Visitor, str]:
    """A browser with the applicant's link of a case open, and the path of their page."""
    path = await house.link(case=life.reference)
    visitor = Visitor(house.address)
    found = await visitor.get(path)
    return visitor, str(found.headers["location"])


async def last(life: Life, kind: str) -> list[Event]:
    return [event for event in (await life.settled()).events if event.kind == kind]


async def do(visitor: Visitor, home: str, act: str, *pages: dict[str, str]) -> None:
    """Go through the pages of an act up to the one that is checked."""
    await visitor.follow(await visitor.get(f"{home}/do/{act}"))
    for typed in pages:
        await go(visitor, **typed)


async def go(visitor: Visitor, **typed: str) -> None:
    """Send a page and come to the next."""
    await visitor.follow(await visitor.send("go", **typed))


async def test_the_link_in_a_letter_leads_to_the_page_and_staff_cannot_use_the_letter_they_read(house: House) -> None:
    life = await Life.begin(house.desk)
    mail = next(one for one in house.desk.inbox.letters.mails() if life.reference in one.text and "@example" in one.to)
    (url,) = set(re.findall(rf"{house.address}/l/[0-9A-Z-]+", mail.text))
    assert url in mail.html
    guest = await house.guest(url.removeprefix(house.address))
    assert life.reference in guest.page.text
    kept = (await queries.letters(house.office.database, life.reference))[0]
    assert url in kept.text
    officer = await house.visitor("officer")
    token = url[-14:]
    for path in ("", "/page"):
        found = await officer.get(f"/cases/{life.reference}/letters/1{path}")
        assert "/l/" in found.text
        assert token not in found.text
    assert token not in masked(kept.html)


async def test_it_says_where_the_case_is_and_its_dates_and_nothing_of_anybody_else(house: House) -> None:
    life = await Life.begin(house.desk)
    await life.act(e.NoteAdded(text="HESTERLOW suspects the neighbour at 4."), OFFICER)
    visitor, home = await opened(house, life)
    found = await visitor.get(home)
    assert "The agencies are checking what their records say of your reports." in visitor.page.text
    assert re.search(r"What is next: .* by (Mon|Tues|Wednes|Thurs|Fri)day \d", visitor.page.text)
    assert "We have your application" in visitor.page.text
    for secret in ("HESTERLOW", "Sam Officer", "shouting and banging", "police@", "asha@example.org"):
        assert secret not in found.text
    letter = await visitor.get(f"{home}/letters/1")
    assert "Dear Asha Example" in letter.text
    page = await visitor.get(f"{home}/letters/1/page")
    assert page.headers["content-security-policy"].startswith("sandbox")
    assert (await visitor.get(f"{home}/letters/1/paper")).status_code == 404
    for beyond in ("2", "0", "x", "-1"):
        assert (await visitor.get(f"{home}/letters/{beyond}")).status_code == 404


async def test_a_moved_date_is_shown_with_the_first_one_and_the_reason(house: House) -> None:
    life = await Life.begin(house.desk)
    first = (await life.deadline("response")).due
    moved = e.Extended(step="response", working_days=5, reason="An agency is late.", approved_by="Tom Okafor")
    await life.act(moved, OFFICER)
    await life.settled()
    visitor, home = await opened(house, life)
    await visitor.get(home)
    assert f"We first said {first:%A} {first.day}" in visitor.page.text
    assert "It moved because: An agency is late." in visitor.page.text
    assert "Tom Okafor" not in visitor.page.text


async def test_a_further_incident_is_added_once_and_in_the_applicant_s_name(house: House) -> None:
    life = await Life.begin(house.desk)
    visitor, home = await opened(house, life)
    on = await life.today() - timedelta(days=2)
    day = {"occurred__day": str(on.day), "occurred__month": str(on.month), "occurred__year": str(on.year)}
    await do(visitor, home, "add-incident", {"what": "They came back."}, day, {"reported_to": "nobody"})
    assert "They came back." in visitor.page.text
    assert "When did you tell them" not in visitor.page.text
    page = visitor.page
    found = await visitor.send("confirm")
    assert found.status_code == 303
    visitor.page = page
    again = await visitor.send("confirm")
    assert again.headers["location"] == found.headers["location"] == f"{home}?done=add-incident"
    (event,) = await last(life, "incident.added")
    assert (event.by.role, event.by.name) == (e.Role.APPLICANT, "Asha Example")
    assert isinstance(event.what, e.IncidentAdded)
    assert (event.what.incident.reported_to, event.what.incident.reported) == ("council", await life.today())
    await visitor.follow(found)
    assert "Thank you for telling us." in visitor.page.text


async def test_what_is_wrong_is_told_on_its_page_and_nothing_typed_is_lost(house: House) -> None:
    visitor, home = await opened(house, Life(house.desk, house.reference, (await Life.begin(house.desk)).calendar))
    await visitor.follow(await visitor.get(f"{home}/do/add-incident"))
    found = await visitor.send("go")
    assert found.status_code == 422
    assert "Enter what happened" in visitor.page.text
    await go(visitor, what="Banging.")
    found = await visitor.send("go", occurred__day="31", occurred__month="2", occurred__year="2026")
    assert (found.status_code, visitor.page.values["occurred.day"]) == (422, "31")
    assert "must be a real date" in visitor.page.text
    await visitor.get(f"{home}/do/add-incident/what")
    assert visitor.page.values["what"] == "Banging."


async def test_days_that_clash_are_told_where_the_days_are_asked(house: House) -> None:
    life = await Life.begin(house.desk)
    visitor, home = await opened(house, life)
    today = await life.today()
    before = today - timedelta(days=1)
    happened = {"occurred__day": str(today.day), "occurred__month": str(today.month), "occurred__year": str(today.year)}
    told = {"reported__day": str(before.day), "reported__month": str(before.month), "reported__year": str(before.year)}
    await do(visitor, home, "add-incident", {"what": "Banging."}, happened, {"reported_to": "police"})
    found = await visitor.send("go", **told)
    assert found.status_code == 422
    assert "is before what happened on" in visitor.page.text
    assert "When did you tell them" in visitor.page.text
    await go(visitor, **dict.fromkeys(told, ""))


async def test_a_call_is_asked_for_seen_by_staff_and_recorded(house: House) -> None:
    life = await Life.begin(house.desk)
    visitor, home = await opened(house, life)
    await do(visitor, home, "ask-for-call", {"phone": "01632 960111"}, {"when": "Before three."}, {"about": ""})
    await visitor.follow(await visitor.send("confirm"))
    assert "You asked us to ring you on" in visitor.page.text
    (event,) = await last(life, "call.requested")
    assert event.by.role is e.Role.APPLICANT
    assert (await life.situation()).waiting.startswith("the applicant asked for a call on")
    officer = await house.visitor("officer")
    await officer.get(f"/cases/{life.reference}")
    assert "Record a call to the applicant" in officer.page.text
    assert "Before three." in officer.page.text
    mails = [one for one in house.desk.inbox.letters.mails() if life.reference in one.subject]
    told = [one.to for one in mails if "01632 960111" in one.text]
    assert told
    assert all("asha@example.org" not in to for to in told)
    await life.act(e.CallMade(spoke=False, note="No answer."), OFFICER)
    assert "asked for a call" in (await life.situation()).waiting
    await life.act(e.CallMade(spoke=True), OFFICER)
    assert "asked for a call" not in (await life.settled()).waiting


async def test_who_withdraws_is_told_first_what_it_means(house: House) -> None:
    life = await Life.begin(house.desk)
    visitor, home = await opened(house, life)
    await do(visitor, home, "withdraw", {"reason": ""})
    assert "If you withdraw, the review stops." in visitor.page.text
    page = visitor.page
    await visitor.follow(await visitor.send("confirm"))
    assert "Your application is withdrawn" in visitor.page.text
    assert (await life.settled()).stage == "withdrawn"
    visitor.page = page
    assert (await visitor.send("confirm")).status_code == 303
    assert (await visitor.get(f"{home}/do/add-incident")).status_code == 409


async def test_an_appeal_needs_what_the_route_needs_and_is_lodged_once(house: House) -> None:
    early, its_home = await opened(house, await Life.begin(house.desk))
    assert (await early.get(f"{its_home}/do/lodge-appeal")).status_code == 409
    life = await at_outcome(house.desk)
    visitor, home = await opened(house, life)
    await visitor.get(home)
    assert "Appeal" in visitor.page.text
    await do(visitor, home, "lodge-appeal", {"subject": "outcome"}, {"grounds": "Nobody asked the police."})
    refused = await visitor.send("go")
    assert refused.status_code == 422
    assert "the people who decide the appeal must see your papers" in visitor.page.text
    await go(visitor, consent_to_transfer="yes")
    assert "No appeal against the outcome of the review is open" in visitor.page.text
    await visitor.get(f"{home}/do/lodge-appeal/subject?then=check")
    await go(visitor, subject="handling")
    page = visitor.page
    assert (await visitor.send("confirm")).status_code == 303, visitor.page.text
    visitor.page = page
    assert (await visitor.send("confirm")).status_code == 303
    (event,) = await last(life, "appeal.lodged")
    assert (event.by.name, getattr(event.what, "grounds", "")) == ("Asha Example", "Nobody asked the police.")


async def test_what_was_missing_is_given_on_the_page(house: House) -> None:
    life = await Life.begin(house.desk, application=form(consent_to_share=False))
    visitor, home = await opened(house, life)
    await visitor.get(home)
    assert "We still need from you: consent to share your details" in visitor.page.text
    await do(visitor, home, "supply-details")
    assert (await visitor.send("go")).status_code == 422
    await go(visitor, consent_to_share="yes")
    await go(visitor)
    await visitor.follow(await visitor.send("confirm"))
    assert "We still need from you" not in visitor.page.text
    assert await last(life, "details.received")


async def test_a_representative_who_is_replaced_loses_the_link_at_once(house: House) -> None:
    acting = {"name": "Sam Cole", "email": "sam@example.org", "relation": "friend", "victim_consents": True}
    life = await Life.begin(house.desk, application=form(representative=acting))
    path = await house.link(holder=f"{life.reference}-P2", case=life.reference)
    guest = await house.guest(path)
    assert "Our letters to you" in guest.page.text
    assert "Your application" in guest.page.text or "We have your application" in guest.page.text
    await life.act(e.RepresentativeChanged(), OFFICER)
    await life.settled()
    assert (await guest.get(path)).status_code == 410
    home = f"/progress/{path.rpartition('/')[2].replace('-', '')[:8]}"
    assert (await guest.get(home)).status_code == 410
    assert life.reference not in guest.page.text
    letters = [
        one.text for one in house.desk.inbox.letters.mails() if life.reference in one.subject and "sam@" in one.to
    ]
    assert "/l/" in letters[-1]
    assert "/l/" not in letters[0]


async def test_who_acts_for_a_victim_that_has_not_agreed_has_no_page(house: House) -> None:
    acting = {"name": "Sam Cole", "email": "sam@example.org", "relation": "friend", "victim_consents": False}
    life = await Life.begin(house.desk, application=form(representative=acting))
    path = await house.link(holder=f"{life.reference}-P2", case=life.reference)
    visitor = await house.visitor()
    assert (await visitor.get(path)).status_code == 410
    assert life.reference not in visitor.page.text


async def test_what_was_typed_outlives_a_visit_that_ended(house: House) -> None:
    life = await Life.begin(house.desk)
    visitor, home = await opened(house, life)
    await do(visitor, home, "add-incident")
    visitor.client.cookies.clear()
    found = await visitor.send("go", what="They banged again.")
    assert found.status_code == 401
    assert "What you typed is kept in this page" in visitor.page.text
    token = (await house.link(case=life.reference)).rpartition("/")[2]
    await visitor.send("", token=token)
    assert "Go on with what I typed" in visitor.page.text
    await go(visitor)
    assert "When did it happen?" in visitor.page.text
    await visitor.get(f"{home}/do/add-incident/what")
    assert visitor.page.values["what"] == "They banged again."


async def test_what_an_applicant_typed_waits_for_them_on_any_device_until_it_is_sent_or_deleted(house: House) -> None:
    life = await Life.begin(house.desk)
    visitor, home = await opened(house, life)
    await do(visitor, home, "add-incident")
    await visitor.follow(await visitor.send("save", what="They banged again."))
    assert "What you typed is kept. Nothing has been sent yet." in visitor.page.text
    assert "Go on: tell us that it happened again" in visitor.page.text
    elsewhere, _ = await opened(house, life)
    await elsewhere.follow(await elsewhere.get(f"{home}/do/add-incident"))
    assert elsewhere.page.values["what"] == "They banged again."
    await elsewhere.follow(await elsewhere.send("discard"))
    assert "Go on:" not in elsewhere.page.text
    assert await last(life, "incident.added") == []


async def test_leaving_quickly_shuts_the_page_behind(house: House) -> None:
    visitor = await house.guest(path := await house.link())
    found = await visitor.get("/exit")
    assert found.headers["location"] == "https://www.bbc.co.uk/weather"
    assert found.headers["clear-site-data"] == '"cache"'
    home = f"/progress/{path.rpartition('/')[2].replace('-', '')[:8]}"
    assert (await visitor.get(home)).status_code == 401


async def test_staff_end_a_link_and_make_a_new_one_that_is_shown_once(house: House) -> None:
    life = await Life.begin(house.desk)
    old = await house.link(case=life.reference)
    id = old.rpartition("/")[2].replace("-", "")[:8]
    officer = await house.visitor("officer")
    await officer.get(f"/cases/{life.reference}")
    assert "Links without an account" in officer.page.text
    ended = await officer.post(f"/cases/{life.reference}/links/{id}/revoke")
    await officer.follow(ended)
    assert "The link does not open any more" in officer.page.text
    assert (await Visitor(house.address).get(old)).status_code == 410
    made = await officer.post(f"/cases/{life.reference}/links/{id}/new")
    (new,) = set(re.findall(rf"{house.address}(/l/[0-9A-Z-]+)", made.text))
    assert (await Visitor(house.address).get(new)).status_code == 303
    for who, status in (("auditor", 403), ("stranger", 404)):
        other = await house.visitor(who)
        assert (await other.post(f"/cases/{life.reference}/links/{id}/new")).status_code == status
        assert (await other.post(f"/cases/{life.reference}/links/{id}/revoke")).status_code == status
    assert (await officer.post(f"/cases/{house.reference}/links/{id}/revoke")).status_code == 404


async def test_an_agency_s_letter_prints_the_link_of_its_enquiry(house: House) -> None:
    life = await Life.begin(house.desk)
    police = await house.link(LinkPurpose.ENQUIRY, "police", "verification:police", case=life.reference)
    (mail,) = [one for one in house.desk.inbox.letters.mails() if life.reference in one.subject and police in one.text]
    assert "Please confirm these reports" in mail.subject
