"""A case on a page: its facts, its dates with their working, its letters, and that the look is recorded."""

import re

import pytest

from domain import events as e
from domain.case import Stage
from register import queries, reads
from tests.console.office import House
from tests.workflows.life import OFFICER, Life, form
from tests.workflows.past import at_outcome, at_panel, at_refusal

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def test_the_page_says_where_it_stands_why_it_waits_and_what_may_be_done(house: House) -> None:
    visitor = await house.visitor("officer")
    await visitor.get(f"/cases/{house.reference}")
    page = visitor.page.text
    for words in (
        "Asha Example", "asha@example.org", "What can be done now", "Record an agency’s answer", "Must act:",
        "Check the reports with the agencies In progress", "How we worked out this date", "day 0: application received",
        "working day 1", "Saturday", "The council’s page says:", "Counts", "We have your application",
        "What happened", "Application acknowledged",
    ):  # fmt: skip
        assert words.casefold() in page.casefold(), words
    assert "This is a demonstration. For this case, today is" in page
    assert " to Kent Police" in page
    assert not {" to police", " to council", " to landlord"} & {found[0] for found in re.finditer(r" to [a-z]+", page)}


async def test_the_link_for_operations_leads_to_the_case_s_words_in_the_temporal_ui(house: House) -> None:
    visitor = await house.visitor("officer")
    path = f"/cases/{house.reference}/temporal"
    assert f'href="{path}"' in (await visitor.client.get(f"/cases/{house.reference}")).text
    run = (await house.office.handle(house.reference).describe()).run_id
    assert (await visitor.client.get(path)).headers["location"] == (
        f"http://localhost:8233/namespaces/default/workflows/{house.reference}/{run}/user-metadata"
    )


async def test_every_look_is_recorded_before_it_is_shown_and_an_auditor_sees_who(house: House) -> None:
    life = await Life.begin(house.desk)
    officer, auditor = await house.visitor("officer"), await house.visitor("auditor")
    await officer.get(f"/cases/{life.reference}")
    await officer.get(f"/cases/{life.reference}/letters/1/page")
    await officer.get(f"/cases/{life.reference}/acts/add-note")
    looked = await reads.of_case(house.office.database, life.reference)
    assert [(one.name, one.what) for one in looked] == [
        ("Maya Ellis", "the form “Add a note”"),
        ("Maya Ellis", "letter 1"),
        ("Maya Ellis", "the case"),
    ]
    await auditor.get(f"/cases/{life.reference}/readers")
    assert "Maya Ellis Officer letter 1" in auditor.page.text


async def test_somebody_of_another_council_leaves_no_look_because_nothing_was_shown(house: House) -> None:
    stranger = await house.visitor("stranger")
    assert (await stranger.get(f"/cases/{house.reference}")).status_code == 404
    looked = await reads.of_case(house.office.database, house.reference)
    assert "Sam Medway" not in {one.name for one in looked}


async def test_an_auditor_reads_and_is_offered_nothing_to_do(house: House) -> None:
    auditor = await house.visitor("auditor")
    found = await auditor.get(f"/cases/{house.reference}")
    assert "/acts/" not in found.text
    assert "reads cases and does nothing to them" in auditor.page.text


async def test_a_search_by_name_finds_the_case_and_leaves_no_name_in_the_address(house: House) -> None:
    visitor = await house.visitor("officer")
    found = await visitor.post("/cases/search", words="Asha Exam")
    assert found.headers["location"] == "/cases?found=1&stage=all"
    await visitor.follow(found)
    assert house.reference in visitor.page.text
    assert house.other not in visitor.page.text
    assert "Found for “Asha Exam”" in visitor.page.text


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99999999", "stage=nowhere", "due=never", "officer=%00"])
async def test_a_strange_address_is_no_error(house: House, query: str) -> None:
    visitor = await house.visitor("officer")
    found = await visitor.get(f"/cases?{query}")
    assert found.status_code in (200, 303)


async def test_what_people_wrote_is_shown_by_the_letter(house: House) -> None:
    visitor = await house.visitor("officer")
    await visitor.get(f"/cases/{house.reference}/acts/add-note")
    await visitor.send("check", text="<script>alert(1)</script> <b>& co")
    found = await visitor.follow(await visitor.send("confirm"))
    assert "<script>" not in found.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in found.text


async def test_a_case_that_is_over_offers_only_notes(house: House) -> None:
    from domain import events as e

    life = await Life.begin(house.desk)
    await life.act(e.Withdrawn(reason="moved away"))
    visitor = await house.visitor("officer")
    await visitor.get(f"/cases/{life.reference}")
    assert Stage.WITHDRAWN.capitalize() in visitor.page.text
    assert "Add a note" in visitor.page.text
    assert "Decide the threshold –" not in visitor.page.text
    assert (await visitor.get(f"/cases/{life.reference}/acts/decide-threshold")).status_code == 409


async def test_what_happened_is_told_without_the_names_machines_use(house: House) -> None:
    from domain import events as e

    life = await at_panel(house.desk)
    extend = e.Extended(step="response", working_days=5, reason="The police need more time.", approved_by="Tom Okafor")
    await life.act(extend)
    visitor = await house.visitor("officer")
    await visitor.get(f"/cases/{life.reference}")
    story = visitor.page.text.rpartition("What happened")[2]
    assert "“Outcome letter to the applicant” extended by 5 working days, approved by Tom Okafor" in story
    assert "Answered the enquiry to confirm the reports" in story
    assert "verification:" not in story
    assert "information:" not in story


async def test_the_page_has_what_was_decided_and_why(house: House) -> None:
    refused, reviewed = await at_refusal(house.desk), await at_outcome(house.desk, "police")
    visitor = await house.visitor("officer")
    for life, kinds in ((refused, ("threshold.decided",)), (reviewed, ("panel.held", "outcome.decided"))):
        await visitor.get(f"/cases/{life.reference}")
        page = " ".join(visitor.page.text.split())
        assert "What was decided and said" in page
        for kind in kinds:
            what = (await life.event(kind)).what
            for name in ("persistence", "harm", "adequacy", "alternative_action", "approved_by", "findings", "reasons"):
                assert " ".join(getattr(what, name, "").split()) in page, (kind, name)


async def test_a_letter_in_the_tray_is_printed_from_its_page_and_by_nobody_once_it_was_posted(house: House) -> None:
    by_post = {"name": "Asha Example", "address": ("1 High Street", "Dover", "CT16 1AA"), "prefers": "post"}
    life = await Life.begin(house.desk, application=form(applicant=by_post))
    officer, auditor = await house.visitor("officer"), await house.visitor("auditor")
    page = f"/cases/{life.reference}/letters/1"
    await officer.get(page)
    assert "As it is written" in officer.page.text
    assert "The letter to print (PDF)" in officer.page.text
    found = await officer.client.get(f"{page}/paper")
    assert (found.status_code, found.content[:5]) == (200, b"%PDF-")
    assert found.headers["content-disposition"].startswith("attachment")
    await auditor.get(page)
    assert "The letter to print" not in auditor.page.text
    assert (await auditor.client.get(f"{page}/paper")).status_code == 403
    row = (await queries.letters(house.office.database, life.reference))[0]
    await life.act(e.LetterDispatched(key=row.key, on=await life.today()), OFFICER)
    await life.settled()
    assert (await officer.client.get(f"{page}/paper")).status_code == 404
    await officer.get(page)
    assert "As it was sent" in officer.page.text
