"""A further victim: written to, shown, named to agencies only where they agreed, and let go again."""

import pytest

from domain import events as e
from domain.application import Part
from register import letter_rows, queries
from register.likeness import of_case
from tests.console.office import House, Visitor
from tests.console.parties import chair
from tests.workflows.life import OFFICER, Life, form, panel
from tests.workflows.past import at_arranging, at_threshold

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

NEEDS = "She is ninety and sleeps badly."


async def joins(house: House, life: Life, **typed: str) -> Visitor:
    """An officer adds Ida by the form."""
    officer = await house.visitor("officer")
    await officer.get(f"/cases/{life.reference}/acts/add-person")
    whole = {
        "person__name": "Ida Downstairs", "person__email": "ida@example.org", "person__part": Part.JOINT.value,
        "person__needs": NEEDS, "person__prefers": "email",
    }  # fmt: skip
    await officer.send("go", **(whole | typed))
    assert "Check before you confirm" in officer.page.text, officer.page.text
    await officer.follow(await officer.send("confirm"))
    await life.settled()
    return officer


async def texts(house: House, life: Life, *kinds: str) -> list[str]:
    await life.settled()
    rows: list[letter_rows.LetterRow] = await queries.letters(house.office.database, life.reference)
    return [" ".join((row.subject + row.text).split()) for row in rows if row.kind in kinds]


async def test_a_further_victim_is_written_to_and_no_agency_has_their_name_before_they_agree(house: House) -> None:
    life = await at_threshold(house.desk)
    officer = await joins(house, life)
    for words in ("Joint applicant Ida Downstairs", NEEDS, "Has not agreed that agencies have their name"):
        assert words in officer.page.text, words
    (told,) = life.mails("ida@example.org")
    assert told.subject.startswith("You are part of an application for an ASB Case Review")
    assert "You have not agreed that the bodies who take part have your name." in told.text
    await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    assert len(life.mails("ida@example.org")) == 2
    accounts = await texts(house, life, "A-03")
    assert accounts
    assert not [text for text in accounts if "Ida" in text]


async def test_who_agreed_is_named_to_the_agencies_and_a_supporter_never(house: House) -> None:
    life = await at_threshold(house.desk)
    await joins(house, life, person__consents="yes")
    await joins(
        house, life, person__name="Sol Helper", person__email="sol@example.org", person__consents="yes",
        person__part=Part.SUPPORTER.value,
    )  # fmt: skip
    await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    for text in await texts(house, life, "A-03"):
        assert "Applies too: Ida Downstairs" in text
        assert "Sol Helper" not in text


async def test_the_panel_has_what_they_need_and_whoever_acts_for_a_child_reads_the_letters(house: House) -> None:
    life = await at_arranging(house.desk)
    await joins(house, life, person__name="Tam Young", person__acted_for_by="Mo Young, father")
    (told,) = life.mails("ida@example.org")
    assert "Dear Mo Young, father" in told.text
    assert "You act for Tam Young." in told.text
    await life.act(panel(await life.working_days(3)))
    pat = await chair(house, life)
    for words in ("Who else is part of the application", "Tam Young", NEEDS, "Mo Young, father"):
        assert words in pat.page.text, words


async def test_somebody_s_part_ends_and_they_hear_of_it_last(house: House) -> None:
    life = await at_threshold(house.desk)
    officer = await joins(house, life)
    await officer.get(f"/cases/{life.reference}/acts/end-person")
    stored = await queries.case(house.office.database, life.reference)
    assert stored is not None
    (person,) = stored.folded().others
    await officer.send("go", person=person, reason="She has moved to her daughter.")
    await officer.follow(await officer.send("confirm"))
    await life.settled()
    assert "Joint applicant Ida Downstairs" not in officer.page.text
    (_, last) = sorted(life.mails("ida@example.org"), key=lambda mail: "no longer" in mail.subject)
    assert "You are no longer part of an application" in last.subject
    assert "daughter" not in last.text
    await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    assert len(life.mails("ida@example.org")) == 2


async def test_a_reporter_is_named_to_an_agency_only_where_they_agreed(house: House) -> None:
    who = (("Ana One", True), ("Ben Two", False), ("Cy Three", False))
    reports = tuple(
        report.model_copy(update={"reporter": name, "reporter_consents": agreed})
        for report, (name, agreed) in zip(form().incidents, who, strict=True)
    )
    life = await Life.begin(house.desk, application=form().model_copy(update={"incidents": reports}))
    checks = await texts(house, life, "A-02")
    assert checks
    for text in checks:
        assert "reported by Ana One" in text
        assert "reported by somebody else, who has not agreed to be named" in text
        assert "Ben Two" not in text
        assert "Cy Three" not in text


async def test_a_further_victim_makes_two_cases_alike(house: House) -> None:
    life = await at_threshold(house.desk)
    await joins(house, life, person__name="Zuleika Rare")
    other = await Life.begin(house.desk, application=form(applicant={"name": "Zuleika Rare", "email": "z@example.org"}))
    stored = await queries.case(house.office.database, other.reference)
    assert stored is not None
    assert [like.reference for like in await of_case(house.office.database, stored)] == [life.reference]
