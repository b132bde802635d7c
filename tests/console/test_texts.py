"""Text messages in the forms: offered where they can be sent, refused where they could not reach somebody."""

import re

import httpx2 as httpx
import pytest
import pytest_asyncio

from connection.settings import Settings
from console.app import application
from domain.application import Means
from office.connected import Office
from register import queries
from tests.console.applicant import PLACE, answer, filled, sent
from tests.console.office import OWN, House, Visitor, email
from tests.post.notify_server import KEY, TEMPLATE
from tests.workflows.life import Life, form

pytestmark = [pytest.mark.long, pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

MOBILE = {"applicant.phone": "07700 900123", "applicant.email": "", "applicant.address": ""}
RANG = "Rang the number known before; she gave her date of birth."


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def texting(house: House) -> House:
    """The same house, in whose forms text messages can be asked for."""
    changes = {"notify_key": KEY, "notify_text_template": TEMPLATE}
    settings = Settings.model_validate({**house.office.settings.model_dump(), **changes})
    app = application(Office(settings, house.office.client, house.office.database))

    class Door(Visitor):
        def __init__(self, address: str) -> None:
            super().__init__(address)
            transport = httpx.ASGITransport(app=app)
            self.client = httpx.AsyncClient(transport=transport, base_url=address, headers=OWN)

    class Texting(House):
        async def visitor(self, who: str = "") -> Visitor:
            visitor = Door(self.address)
            if who:
                await visitor.sign_in(email(who))
            return visitor

    return Texting(house.address, house.desk, house.reference, house.other)


async def applying(house: House) -> Visitor:
    visitor = await house.visitor()
    await visitor.get(PLACE)
    await visitor.follow(await visitor.post(PLACE))
    return visitor


def radios(html: str, name: str) -> list[str]:
    inputs = re.findall(r"<input[^>]*>", html)
    return [m[1] for one in inputs if f'name="{name}"' in one and (m := re.search(r'value="([^"]*)"', one))]


async def test_a_text_message_is_offered_only_where_one_can_be_sent(house: House, texting: House) -> None:
    for place, ways in ((house, ["email", "post"]), (texting, ["email", "post", "text"])):
        visitor = await applying(place)
        page = await visitor.get(f"{PLACE}/safe-contact")
        assert radios(page.text, "applicant.prefers") == ways
        assert radios(page.text, "applicant.unsafe.text") == ["yes"]
        officer = await place.visitor("officer")
        page = await officer.get(f"/cases/{house.reference}/acts/correct-contact")
        assert radios(page.text, "prefers") == ways
        page = await officer.get(f"/cases/{house.reference}/acts/change-representative")
        assert radios(page.text, "person.prefers") == ways
        page = await officer.follow(await officer.post("/applications", council="dover"))
        assert radios(page.text, "applicant.prefers") == ways


@pytest.mark.parametrize(
    ("contact", "ticked", "said"),
    [
        ({"applicant.phone": "01304 872220"}, {}, "enter a UK mobile number for text messages"),
        ({"applicant.email": "ivy@example.org"}, {}, "enter a UK mobile number for text messages"),
        (MOBILE, {"applicant.unsafe.phone": "yes"}, "because you ticked that a text message is not safe"),
        (MOBILE, {"applicant.unsafe.text": "yes"}, "because you ticked that a text message is not safe"),
        (MOBILE, {"applicant.unsafe.voicemail": "yes"}, ""),
    ],
)
async def test_a_wish_for_texts_that_cannot_be_kept_is_said_at_once(
    texting: House, contact: dict[str, str], ticked: dict[str, str], said: str
) -> None:
    visitor = await applying(texting)
    assert (await answer(visitor, "contact", contact)).status_code == 303
    found = await answer(visitor, "safe-contact", {"applicant.prefers": "text", **ticked})
    assert found.status_code == (422 if said else 303)
    assert said in visitor.page.text


async def test_an_applicant_with_a_mobile_alone_is_kept_as_somebody_to_text(texting: House) -> None:
    visitor = await applying(texting)
    await filled(texting, visitor=visitor, contact=MOBILE, safe_contact={"applicant.prefers": "text"})
    reference = await sent(visitor)
    stored = await queries.case(texting.office.database, reference)
    assert stored
    (person,) = stored.persons
    assert (person.details.prefers, person.details.ways) == (Means.TEXT, (Means.TEXT,))


async def test_an_officer_is_warned_of_a_wish_for_texts_that_no_text_can_keep(texting: House) -> None:
    life = await Life.begin(texting.desk, application=form(applicant={"name": "Bo", "email": "bo@example.org"}))
    officer = await texting.visitor("officer")
    await officer.get(f"/cases/{life.reference}/acts/correct-contact")
    await officer.send("check", prefers="text", phone="01304 872220", how=RANG)
    assert "No text message can go to them" in officer.page.text
    assert "No safe way to write to them" not in officer.page.text


async def test_a_mobile_alone_is_no_way_where_no_texts_are_sent(house: House, texting: House) -> None:
    for place, warned in ((house, True), (texting, False)):
        officer = await place.visitor("officer")
        await officer.get(f"/cases/{house.reference}/acts/correct-contact")
        await officer.send("check", email="", phone="07700 900123", how=RANG)
        assert ("No safe way to write to them" in officer.page.text) is warned, officer.page.text


async def test_the_check_of_an_act_says_that_its_letter_is_told_of_by_text(house: House, texting: House) -> None:
    bo = form(applicant={"name": "Bo Example", "phone": "07700 900123"})
    life = await Life.begin(house.desk, application=bo)
    for place, way in ((texting, "to Bo Example, by text message"), (house, "to Bo Example, but no way to reach them")):
        officer = await place.visitor("officer")
        await officer.get(f"/cases/{life.reference}/acts/assign-officer")
        await officer.send("check", officer="Kit Lane")
        assert way in officer.page.text, officer.page.text


async def test_a_telephone_that_previews_the_link_shows_the_council_and_nothing_else(house: House) -> None:
    path = await house.link()
    stranger, guest = Visitor(house.address), await house.guest(path)
    landed = await stranger.get(path)
    stranger.client.cookies.clear()
    for page, shown in (
        (await guest.get(guest.at), "Dover District Council"),
        (await stranger.get(landed.headers["location"]), "A page of your council"),
    ):
        assert re.findall(r'<meta property="og:[a-z]+" content="([^"]*)">', page.text) == [shown]
