"""Stopping and coming back: the code, who may use it, how long what was typed is kept, and what reaches the mail."""

import uuid
from datetime import timedelta

import pytest

from activities.taking_up import TakingUp
from console.apply import code
from register import unsent
from tests.console.applicant import PLACE, answer, begun, filled, report
from tests.console.office import House, Visitor
from tests.support import clock

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def named(house: House, **contact: str) -> Visitor:
    visitor = await begun(house)
    await answer(visitor, "who")
    await answer(visitor, "name")
    if contact:
        await answer(visitor, "contact", {f"applicant.{name}": value for name, value in contact.items()})
    return visitor


async def given(visitor: Visitor, **typed: str) -> str:
    """A new code, as it stands on its page."""
    await visitor.get(f"{PLACE}/save")
    await visitor.send("", **typed)
    return visitor.page.text.partition("Your code ")[2].partition("Your code ")[2][:19]


async def back(house: House, typed: str, name: str = "Stone") -> tuple[Visitor, int]:
    """Somebody at another computer enters a code; tries are counted against the address they come from."""
    visitor = Visitor(house.address)
    visitor.client.headers["X-Forwarded-For"] = f"2001:db8::{uuid.uuid4().hex[:4]}"
    found = await visitor.post(f"{PLACE}/return", code=typed, name=name)
    if found.status_code == 303:
        await visitor.follow(found)
    return visitor, found.status_code


async def test_a_code_and_the_last_name_open_the_form_elsewhere_and_close_it_here(house: House) -> None:
    visitor = await named(house)
    await report(visitor, 0)
    found = await given(visitor)
    assert len(found.replace("-", "")) == 16
    other, status = await back(house, found.lower().replace("-", " ").replace("0", "o").replace("1", "l"), " STÓNE ")
    assert status == 303
    assert "Ivy Stone" in other.page.text
    assert "Shouting." in other.page.text
    assert (await visitor.get(f"{PLACE}/name")).headers["location"] == f"{PLACE}?closed=1"


async def test_a_wrong_name_and_a_wrong_code_are_refused_in_the_same_words(house: House) -> None:
    found = await given(await named(house))
    wrong = "The code and the name do not fit any application we keep; check both"
    for typed, name in ((found, "Brook"), (code.new(), "Stone"), (found[:-1], "Stone"), (found, "-")):
        visitor, status = await back(house, typed, name)
        assert status == 422
        assert wrong in visitor.page.text
        assert visitor.page.values.get("_slug") == ""
    visitor, status = await back(house, "", "")
    assert "Enter your code" in visitor.page.text
    assert "Enter your last name" in visitor.page.text


async def test_a_new_code_ends_the_old_one_and_the_register_has_neither(house: House) -> None:
    visitor = await named(house)
    first = await given(visitor)
    await visitor.get(f"{PLACE}/save")
    assert "You have a code already" in visitor.page.text
    second = await given(visitor)
    assert (await back(house, first))[1] == 422
    kept = await unsent.of_code(house.office.database, code.hashed(second), clock.now())
    assert kept
    async with house.office.database.session() as session:
        connection = await session.connection()
        rows = (await connection.exec_driver_sql("SELECT * FROM unsent_applications")).all()
    assert second not in str(rows)
    assert second.replace("-", "") not in str(rows)
    assert (await back(house, second))[1] == 303


async def test_the_sixth_wrong_name_for_one_code_is_not_looked_at(house: House) -> None:
    found = await given(await named(house))
    for _ in range(5):
        assert (await back(house, found, "Brook"))[1] == 422
    visitor, status = await back(house, found, "Stone")
    assert status == 429
    assert "There were too many tries; wait 3 minutes" in visitor.page.text


async def test_a_code_goes_by_e_mail_only_where_they_asked_and_the_address_is_safe(house: House) -> None:
    visitor = await named(house, email="ivy.safe@example.org")
    await visitor.get(f"{PLACE}/save")
    assert "E-mail the code to ivy.safe@example.org too" in visitor.page.text
    silent = await given(visitor)
    told = await given(visitor, email="yes")
    mails = house.desk.inbox.letters.mails(to="ivy.safe@example.org")
    assert [told in mail.text for mail in mails] == [True]
    assert silent not in mails[0].text
    for words in ("Ivy", "anti-social", "ASB", "review"):
        assert words.casefold() not in (mails[0].text + mails[0].subject).casefold()
    await answer(visitor, "safe-contact", {"applicant.prefers": "post", "applicant.unsafe.email": "yes"})
    await visitor.get(f"{PLACE}/save")
    assert "E-mail the code" not in visitor.page.text
    await given(visitor, email="yes")
    assert len(house.desk.inbox.letters.mails(to="ivy.safe@example.org")) == 1


async def test_nobody_is_sent_one_code_after_the_other(house: House) -> None:
    visitor = await named(house, email="not.mine@example.org")
    for _ in range(5):
        await given(visitor, email="yes")
    assert "We also sent it to not.mine@example.org" in visitor.page.text
    await given(visitor, email="yes")
    assert "We could not send it to not.mine@example.org. Write it down" in visitor.page.text
    assert len(house.desk.inbox.letters.mails(to="not.mine@example.org")) == 5


async def test_without_a_name_nobody_gets_a_code(house: House) -> None:
    visitor = await begun(house)
    await visitor.get(f"{PLACE}/save")
    assert "Tell us your name first" in visitor.page.text
    assert (await visitor.post(f"{PLACE}/save")).headers["location"] == f"{PLACE}/name"


async def test_a_page_sent_after_the_form_was_closed_loses_nothing(house: House) -> None:
    visitor = await named(house)
    found = await given(visitor)
    await visitor.get(f"{PLACE}/impact")
    page, visitor.client.cookies = visitor.page, type(visitor.client.cookies)()
    closed = await visitor.post(f"{PLACE}/impact", **{**page.values, "impact": "A long night."})
    assert closed.status_code == 401
    wrong = await visitor.post(f"{PLACE}/return", **{**visitor.page.values, "code": "x", "name": "y"})
    assert wrong.status_code == 422
    opened = await visitor.post(f"{PLACE}/return", **{**visitor.page.values, "code": found, "name": "stone"})
    assert opened.headers["location"] == f"{PLACE}/impact"
    await visitor.get(f"{PLACE}/impact")
    assert visitor.page.values["impact"] == "A long night."
    visitor.client.cookies.clear()
    await visitor.post(f"{PLACE}/reports/4", **{"incidents.4.what": "Music."})
    anew = await visitor.post(PLACE, **visitor.page.values)
    await visitor.follow(anew)
    assert anew.headers["location"] == f"{PLACE}/reports/4"
    assert visitor.page.values["incidents.4.what"] == "Music."


async def test_leaving_shuts_the_form_in_this_browser_at_once(house: House) -> None:
    visitor = await named(house)
    gone = await visitor.client.get("/exit", headers={"Sec-Fetch-Site": "cross-site"})
    assert gone.headers["location"].startswith("https://www.bbc.co.uk/")
    assert (await visitor.get(f"{PLACE}/name")).status_code == 200
    gone = await visitor.get("/exit")
    assert gone.headers["location"].startswith("https://www.bbc.co.uk/")
    assert (await visitor.get(f"{PLACE}/name")).headers["location"] == f"{PLACE}?closed=1"


async def test_after_four_idle_hours_only_the_code_opens_it_and_after_28_days_nothing_does(house: House) -> None:
    database, now = house.office.database, clock.now()
    kept = await unsent.begin(database, "dover", "b" * 64, now)
    await unsent.keep(database, kept.id, {"applicant.name": "Gone Away"}, now)
    await unsent.give_code(database, kept.id, "c" * 64, now)
    idle = timedelta(hours=4)
    assert await unsent.of_browser(database, "b" * 64, now + timedelta(hours=3), idle)
    assert await unsent.of_browser(database, "b" * 64, now + timedelta(hours=8), idle) is None
    assert await unsent.of_code(database, "c" * 64, now + timedelta(days=27))
    assert await unsent.of_code(database, "c" * 64, now + timedelta(days=28)) is None


async def test_the_sweep_deletes_what_lay_untouched_for_28_days_and_nothing_else(house: House) -> None:
    database, now = house.office.database, clock.now()
    old = await unsent.begin(database, "dover", "d" * 64, now - timedelta(days=29))
    young = await unsent.begin(database, "dover", "e" * 64, now - timedelta(days=27))
    for one in (old, young):
        await unsent.give_code(database, one.id, one.id, one.changed_at)
    await TakingUp(database, house.office.client, house.office.settings.task_queue).take_up_cases()
    async with database.session() as session:
        connection = await session.connection()
        found = (await connection.exec_driver_sql("SELECT id FROM unsent_applications")).scalars().all()
    assert young.id in found
    assert old.id not in found


async def test_what_was_sent_leaves_nothing_but_its_reference(house: House) -> None:
    visitor = await filled(house)
    found = await given(visitor)
    await visitor.get(f"{PLACE}/declaration")
    await visitor.send("", consent_to_share="yes")
    assert (await back(house, found))[1] == 422
    async with house.office.database.session() as session:
        connection = await session.connection()
        rows = (await connection.exec_driver_sql("SELECT body FROM unsent_applications WHERE reference <> ''")).all()
    assert {row[0] for row in rows} == {"{}"}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Ewa Nowak-Łódź", "nowak-lodz"),
        ("Ewa Nowak-Łódź", "NowakLodz"),
        ("Ewa Nowak-Łódź", "nowak"),
        ("Søren Bjørk", "bjork"),
        ("Zoë", "ZOE"),
        ("Đoković", "dokovic"),
        ("Pieter van der Walt", "van der Walt"),
        ("Pieter van der Walt", "Walt"),
        ("Pieter van der Walt", "vanderwalt"),
        ("Ana García López", "García López"),
        ("Ana García López", "garcia lopez"),
        ("Ana García López", "García"),
        ("Nisha Patel", "Patel, Nisha"),
        ("Patel, Nisha", "Patel"),
        ("Patel, Nisha", "nisha patel"),
        ("Sean O’Brien", "obrien"),
        ("Sean O'Brien", "O Brien"),
    ],
)  # fmt: skip
async def test_a_name_opens_in_any_order_without_its_particles_and_the_keys_for_its_letters(
    name: str, typed: str
) -> None:
    assert code.same_name(typed, [name])


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Pieter van der Walt", "Pieter"),
        ("Pieter van der Walt", "van der"),
        ("Patel, Nisha", "Nisha"),
        ("Ann Reed", "Reeds"),
        ("Ann Reed", "Reed Smith"),
        ("Ann Reed", " - "),
    ],
)
async def test_a_first_name_or_a_particle_alone_opens_nothing(name: str, typed: str) -> None:
    assert not code.same_name(typed, [name])
