"""An applicant's own form: from the first page to a running case, and what is said where something is wrong."""

from datetime import timedelta

import pytest

from console.web.pages import long_day
from domain.application import Channel, Means
from domain.events import Role
from register import queries
from tests.console.applicant import ANSWERS, PLACE, answer, begun, day, filled, post_twice, report, sent
from tests.console.office import House, Visitor
from tests.support import clock
from tests.workflows.life import Life

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def test_the_start_says_what_it_is_and_every_other_way_to_ask(house: House) -> None:
    visitor = Visitor(house.address)
    await visitor.get("/apply")
    assert "Which council is it about?" in visitor.page.text
    found = await visitor.get(PLACE)
    for words in ("ring 999", "on 101", "01304 872220", "csu@dover.gov.uk", "White Cliffs", "three times or more"):
        assert words in visitor.page.text, words
    assert "For staff only" not in visitor.page.text
    assert "/exit" in found.text
    assert (await visitor.get("/apply/atlantis")).status_code == 404
    assert "Go to the start" in visitor.page.text


async def test_from_the_first_page_to_a_running_case_with_its_dates(house: House) -> None:
    visitor = await filled(house)
    await visitor.get(f"{PLACE}/check")
    for words in ("Ivy Stone", "1 High Street", "My son is eight.", "Shouting.", "three of three reports count"):
        assert words in visitor.page.text, words
    assert "Before you can send it" not in visitor.page.text
    reference = await sent(visitor)
    life = Life(house.desk, reference, None)  # type: ignore[arg-type]
    situation = await life.settled()
    assert situation.stage == "verifying reports"
    stored = await queries.case(house.office.database, reference)
    assert stored
    assert (stored.start.by.role, stored.start.application.channel) == (Role.APPLICANT, Channel.WEB)
    assert stored.start.application.consent_to_share is True
    assert stored.start.application.needs == "My son is eight."
    (person,) = stored.persons
    assert (person.details.name, person.details.prefers) == ("Ivy Stone", Means.EMAIL)
    assert person.details.unsafe == {"voicemail"}
    assert person.details.large_print is True
    for words, step in (("that we have it", "acknowledgement"), ("what came of it", "response")):
        due = next(one.due for one in situation.deadlines if one.step == step)
        assert f"We tell you {words} By {long_day(due).replace(chr(160), ' ')}" in visitor.page.text


@pytest.mark.parametrize(
    ("slug", "values", "said"),
    [
        ("who", {"who": ""}, "Select who you are applying for"),
        ("name", {"applicant.name": " "}, "Enter your name"),
        ("contact", {"applicant.phone": ""}, "Enter an e-mail address, a telephone number or an address"),
        ("contact", {"applicant.email": "ivy"}, "Your e-mail address must be an e-mail address, such as"),
        ("safe-contact", {"applicant.prefers": ""}, "Select how you want to get our letters"),
        ("letters", {"applicant.language": ""}, "Select which language you read best"),
        ("home", {"tenure": ""}, "Select if your home is rented or owned"),
        ("impact", {"impact": "a" * 20_001}, "must be 20000 characters or fewer"),
        ("reports/0", {"incidents.0.what": ""}, "Report 1: enter what happened"),
        ("reports/0", {"incidents.0.what": "Noise."}, "Report 1: enter the day it happened"),
        ("reports/0", {"incidents.0.what": "x", "incidents.0.occurred.day": "31"}, "must include a month and year"),
    ],
)
async def test_each_page_says_what_is_wrong_and_keeps_what_was_typed(
    house: House, slug: str, values: dict[str, str], said: str
) -> None:
    visitor = await begun(house)
    found = await answer(visitor, slug, values)
    assert found.status_code == 422
    assert "There is a problem" in visitor.page.text
    assert said in visitor.page.text
    assert "<title>Error: " in found.text
    await visitor.get(f"{PLACE}/{slug}")
    assert {name: visitor.page.values.get(name, "") for name in values} == values


async def test_days_to_come_and_reports_before_the_behaviour_are_told_at_their_field(house: House) -> None:
    visitor = await begun(house)
    tomorrow = clock.today() + timedelta(days=1)
    found = await report(visitor, 0, **day("incidents.0.reported", tomorrow))
    assert found.status_code == 422
    assert "Report 1: the day you told them must be today or in the past" in visitor.page.text
    assert 'href="#incidents-0-reported"' in found.text
    await report(visitor, 0, **day("incidents.0.reported", tomorrow - timedelta(days=300)))
    assert "correct one of the dates" in visitor.page.text


async def test_the_threshold_is_explained_with_each_report_and_turns_nobody_away(house: House) -> None:
    visitor = await filled(house, reports=1)
    await visitor.get(f"{PLACE}/reports")
    assert "one of one report counts and three are needed" in visitor.page.text
    assert "too few is never by itself a reason to say no" in visitor.page.text
    assert (await visitor.send("")).status_code == 303
    reference = await sent(visitor)
    assert await queries.case(house.office.database, reference)


async def test_a_report_is_changed_and_taken_out_and_without_any_one_is_asked_for(house: House) -> None:
    visitor = await begun(house)
    await report(visitor, 0)
    await report(visitor, 1, **{"incidents.1.what": "Music."})
    await visitor.get(f"{PLACE}/reports")
    assert "Music." in visitor.page.text
    await visitor.send("less:0")
    assert "Shouting." not in visitor.page.text
    assert "The report is taken out." in visitor.page.text
    await report(visitor, 1, **{"incidents.1.what": "Loud music."})
    await visitor.get(f"{PLACE}/reports")
    assert "Loud music." in visitor.page.text
    await visitor.send("less:1")
    found = await visitor.send("")
    assert found.status_code == 422
    assert "Add at least one report" in visitor.page.text


async def test_what_is_missing_stands_on_the_check_page_with_the_way_there_and_back(house: House) -> None:
    visitor = await filled(house)
    await answer(visitor, "name", {"applicant.name": ""})
    found = await visitor.get(f"{PLACE}/check")
    assert "Before you can send it" in visitor.page.text
    assert f'href="{PLACE}/name?from=check"' in found.text
    declared = await visitor.get(f"{PLACE}/declaration")
    assert declared.headers["location"] == f"{PLACE}/check"
    refused = await visitor.post(f"{PLACE}/declaration", consent_to_share="yes")
    assert refused.status_code == 422
    await visitor.get(f"{PLACE}/name?from=check")
    back = await visitor.send("", applicant__name="Ivy Brook")
    assert back.headers["location"] == f"{PLACE}/check"
    await visitor.get(f"{PLACE}/reports/0?from=check")
    listed = await visitor.follow(await visitor.send(""))
    assert listed.status_code == 200
    assert (await visitor.send("")).headers["location"] == f"{PLACE}/check"


async def test_the_consent_is_asked_for_and_no_is_an_answer(house: House) -> None:
    visitor = await filled(house)
    await visitor.get(f"{PLACE}/declaration")
    assert (await visitor.send("")).status_code == 422
    assert "Select yes if we may share this" in visitor.page.text
    reference = await sent(visitor, consent="no")
    assert "We still need something from you: consent to share" in visitor.page.text
    stored = await queries.case(house.office.database, reference)
    assert stored
    assert stored.start.application.consent_to_share is False


async def test_somebody_applies_for_another_and_says_whether_they_agreed(house: House) -> None:
    visitor = await begun(house)
    await answer(visitor, "who", {"who": "other"})
    assert (await answer(visitor, "you", {"representative.name": "Ann Brook"})).status_code == 422
    assert "Enter what you are to them" in visitor.page.text
    await answer(visitor, "you", {"representative.name": "Ann Brook", "representative.relation": "daughter"})
    await answer(visitor, "your-contact", {"representative.email": "ann@example.org"})
    letters = {"representative.prefers": "email", "representative.language": "en"}
    await answer(visitor, "your-letters", letters)
    assert (await answer(visitor, "agreement", {})).status_code == 422
    await answer(visitor, "agreement", {"representative.victim_consents": "no"})
    await visitor.get(f"{PLACE}/name")
    assert "What is the name of the person you are applying for?" in visitor.page.text
    for slug, usual in ANSWERS.items():
        if slug == "same-problem":
            for number in range(3):
                await report(visitor, number)
        if slug not in ("who", "contact"):
            assert (await answer(visitor, slug, usual)).status_code == 303, slug
    reference = await sent(visitor)
    assert "the victim's consent that their representative may act for them" in visitor.page.text.replace("’", "'")
    stored = await queries.case(house.office.database, reference)
    assert stored
    assert stored.start.application.representative
    assert stored.start.application.victim_consents is False


async def test_sent_four_times_at_once_and_once_more_it_is_one_case(house: House) -> None:
    visitor = await filled(house, name={"applicant.name": "Ivy Fourfold"})
    found = await post_twice(visitor, f"{PLACE}/declaration", 4, consent_to_share="yes")
    assert {one.headers["location"] for one in found} == {f"{PLACE}/sent"}
    await visitor.get(f"{PLACE}/sent")
    reference = visitor.page.text.partition("Your reference ")[2].split()[0]
    again = await visitor.post(f"{PLACE}/declaration", consent_to_share="yes")
    assert again.headers["location"] == f"{PLACE}/sent"
    assert (await visitor.get(f"{PLACE}/name")).headers["location"] == f"{PLACE}/sent"
    manager = await house.visitor("manager")
    await manager.follow(await manager.post("/cases/search", words="Ivy Fourfold"))
    assert "1 case, those with the greatest risk first" in manager.page.text
    assert reference in manager.page.text


async def test_no_name_stands_in_an_address_and_nothing_typed_in_the_cookie(house: House) -> None:
    visitor = await filled(house)
    for slug in ("name", "reports/0", "check", "save", "declaration"):
        found = await visitor.get(f"{PLACE}/{slug}")
        assert found.status_code == 200
        assert found.headers["cache-control"] == "no-store"
        assert "<script" not in found.text
    cookies = {one.name: one for one in visitor.client.cookies.jar}
    assert set(cookies) == {"casereview-apply"}
    assert len(cookies["casereview-apply"].value or "") == 43


async def test_two_councils_forms_do_not_mix(house: House) -> None:
    visitor = await filled(house)
    found = await visitor.get("/apply/medway/check")
    assert found.headers["location"] == "/apply/medway?closed=1"
    await visitor.get("/apply/medway/who")
    assert "Ivy" not in visitor.page.text
