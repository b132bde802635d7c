"""Who is vulnerable, how the applicant is heard and every file they sent reach those who decide: page and PDF."""

import io

import pytest
from pdfminer.high_level import extract_text

from domain import events as e
from domain.policy import Subject
from register import documents, queries, reads
from register.links import LinkPurpose
from register.shelf import Shelf
from tests.console.office import House, Visitor
from tests.console.parties import appeal_body, chair, home
from tests.support import clock
from tests.workflows.life import APPLICANT, OFFICER, Life, form
from tests.workflows.past import at_outcome, at_panel

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

NEEDS = "My mother has dementia and is alone at night."


def shelf(house: House) -> Shelf:
    return Shelf(house.office.settings.documents_path)


async def sends(house: House, life: Life, name: str) -> None:
    """The applicant sends a file on their own page."""
    guest = await house.guest(await house.link(LinkPurpose.PROGRESS, case=life.reference))
    where = guest.at.partition("?")[0]
    found = await guest.client.post(
        f"{where}/documents", data={"about": "the broken gate"}, files={"file": (name, f"{name}: it broke.".encode())}
    )
    assert found.status_code == 303, found.text


async def pdf_words(guest: Visitor, path: str) -> str:
    found = await guest.client.get(path)
    assert found.headers["content-type"] == "application/pdf"
    return " ".join(extract_text(io.BytesIO(found.content)).split())


async def test_the_chair_has_who_is_vulnerable_and_the_applicant_s_files_and_nobody_else_s(house: House) -> None:
    life = await at_panel(house.desk, application=form(needs=NEEDS, attendance="by telephone"))
    await sends(house, life, "gate.txt")
    other = await documents.add(
        house.office.database, shelf(house), b"An agency's own file.", "agency.txt",
        by=e.Actor(role=e.Role.AGENCY, name="police"), now=clock.now(), reference=life.reference, holder="police",
    )  # fmt: skip
    pat = await chair(house, life)
    for words in (NEEDS, "By telephone", "gate.txt", "the broken gate", "Not scanned."):
        assert words in pat.page.text, words
    assert "agency.txt" not in pat.page.text
    own = next(
        document
        for document in await documents.of_case(house.office.database, life.reference)
        if document.name == "gate.txt"
    )
    found = await pat.client.get(f"{home(pat)}/documents/{own.id}")
    assert found.content == b"gate.txt: it broke."
    assert found.headers["content-disposition"].startswith("attachment")
    assert (await pat.client.get(f"{home(pat)}/documents/{other.id}")).status_code == 404
    text = await pdf_words(pat, f"{home(pat)}/papers.pdf")
    for words in (NEEDS, "gate.txt", "the broken gate", "Not scanned", "By telephone"):
        assert words in text, words
    assert "agency.txt" not in text
    looked = await reads.of_case(house.office.database, life.reference)
    assert "the document “gate.txt”" in {one.what for one in looked}


async def test_a_file_that_an_officer_put_in_for_the_applicant_is_the_applicant_s(house: House) -> None:
    life = await at_panel(house.desk)
    for name, given_by in (("letter.txt", "EXAMPLE, Asha"), ("other.txt", "Kent Police")):
        await documents.add(
            house.office.database, shelf(house), name.encode(), name, by=OFFICER, now=clock.now(),
            reference=life.reference, given_by=given_by,
        )  # fmt: skip
    pat = await chair(house, life)
    assert "letter.txt" in pat.page.text
    assert "other.txt" not in pat.page.text


async def test_the_appeal_body_has_them_too_and_its_bundle_is_as_on_the_day_of_the_appeal(house: House) -> None:
    life = await at_outcome(house.desk, "police", application=form(needs=NEEDS))
    await sends(house, life, "before.txt")
    await life.settled()
    await life.act(e.AppealLodged(subject=Subject.HANDLING, grounds="Nobody came.", consent_to_transfer=True))
    await sends(house, life, "after.txt")
    body = await appeal_body(house, life)
    for words in (NEEDS, "before.txt", "after.txt", "Not scanned."):
        assert words in body.page.text, words
    text = await pdf_words(body, f"{home(body)}/bundle.pdf")
    for words in (NEEDS, "before.txt", "Not scanned"):
        assert words in text, words
    assert "after.txt" not in text


async def test_how_they_wish_to_be_heard_is_kept_from_the_application_on_and_changed_on_their_own_page(
    house: House,
) -> None:
    life = await at_panel(house.desk, application=form(attendance="by telephone"))
    officer = await house.visitor("officer")
    await officer.get(f"/cases/{life.reference}")
    assert "Takes part By telephone" in officer.page.text
    guest = await house.guest(await house.link(LinkPurpose.PROGRESS, case=life.reference))
    where = guest.at.partition("?")[0]
    await guest.follow(await guest.get(f"{where}/do/choose-attendance"))
    assert guest.page.values.get("mode") == "by telephone"
    await guest.follow(await guest.send("go", mode="in person"))
    await guest.follow(await guest.send("go", statement="I have not slept since June."))
    await guest.follow(await guest.send("confirm"))
    await life.settled()
    stored = await queries.case(house.office.database, life.reference)
    assert stored is not None
    assert stored.folded().takes_part == "in person"
    pat = await chair(house, life)
    for words in ("In person", "Their statement to the panel", "I have not slept since June."):
        assert words in pat.page.text, words
    told = [mail for mail in life.mails() if "The applicant says how they take part" in mail.subject]
    assert len(told) == 1
    assert "I have not slept since June." in told[0].text
    await guest.follow(await guest.get(f"{where}/do/choose-attendance"))
    assert guest.page.values.get("mode") == "in person"
    assert APPLICANT.role is (await life.event("attendance.chosen")).by.role


async def test_the_applicant_reads_what_the_agencies_say_line_by_line_beside_the_question(house: House) -> None:
    life = await at_panel(house.desk)
    said = "5 May: the police came.\n6 May: the council wrote."
    await life.act(e.ChronologySent(chronology=said, answer_by=await life.working_days(2)))
    guest = await house.guest(await house.link(case=life.reference))
    await guest.follow(await guest.get(f"{home(guest)}/do/correct-chronology"))
    page = await guest.client.get(guest.at)
    assert f'<p class="govuk-body app-text">{said}</p>' in page.text
    assert "What is wrong, or missing?" in guest.page.text
