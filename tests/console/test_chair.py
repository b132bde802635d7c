"""The panel's chair by their link: the papers on a page and as a PDF, the record, the conflicts, another day."""

import io
import re
from datetime import date

import pikepdf
import pytest
from pdfminer.high_level import extract_text

from domain import events as e
from register import reads
from tests.console.office import House
from tests.console.parties import chair, dated, fill, home
from tests.workflows import past
from tests.workflows.life import Life, form

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]


async def at_panel(house: House) -> Life:
    return await past.at_panel(house.desk, application=form(3, impact="My daughter cannot sleep."))


async def test_the_chair_reads_the_papers_and_has_them_as_one_pdf(house: House) -> None:
    life = await at_panel(house)
    pat = await chair(house, life)
    for words in ("My daughter cannot sleep.", "We visited twice and wrote once.", "A review is held", "Kent Police",
                  "shouting and banging, time 2", "A. Police, Police", "Outcome"):  # fmt: skip
        assert words in pat.page.text, words
    found = await pat.client.get(f"{home(pat)}/papers.pdf")
    assert found.headers["content-type"] == "application/pdf"
    assert found.headers["content-disposition"].startswith("attachment")
    assert found.headers["cache-control"] == "no-store"
    with pikepdf.open(io.BytesIO(found.content)) as made:
        assert made.Root.MarkInfo.Marked
        with made.open_outline() as outline:
            titles = [one.title for top in outline.root for one in top.children]
        assert titles[-6:] == ["The reports", "In the applicant’s words", "What the agencies say",
                               "What was decided before", "Dates", "Powers and measures"]  # fmt: skip
        pages = len(made.pages)
    text = extract_text(io.BytesIO(found.content))
    assert "My daughter cannot sleep." in text
    assert f"Page {pages} of {pages}" in text
    (looked, *_) = await reads.of_case(house.office.database, life.reference)
    assert (looked.name, looked.what) == ("Pat Chair", "the panel’s papers as a PDF")


async def test_the_chair_records_attendance_a_conflict_findings_and_recommendations(house: House) -> None:
    life = await at_panel(house)
    pat = await chair(house, life)
    own = home(pat)
    arranged = (await life.event("panel.arranged")).what
    assert isinstance(arranged, e.PanelArranged)
    await fill(pat, f"{own}/decision/meeting", others="C. Health")
    assert "Conflicts of interest" in pat.page.text
    found = await pat.send("go")
    assert found.status_code == 422
    assert "Select whether any member had a conflict of interest" in pat.page.problems
    await fill(pat, f"{own}/decision/conflicts", conflict="yes")
    found = await pat.send("go", conflict_words="")
    assert "Select who had a conflict of interest" in pat.page.problems
    await pat.get(pat.at)
    (police, housing) = re.findall(r'name="(conflicted\.[^"]+)"', found.text)
    assert police != housing
    await pat.send("go", **{police: "yes"}, conflict_words="A neighbour; she left the room.")
    await fill(pat, f"{own}/decision/findings", findings="Nobody joined the reports up.")
    await pat.send("more:recommendations", recommendations__0__to="police", recommendations__0__text="Visit weekly.")
    await pat.get(f"{own}/decision/recommendations")
    found = await pat.send("go", recommendations__1__to="council", recommendations__1__text="Fit a camera.")
    assert "Recommendation 1: enter the reason" in pat.page.problems
    reasons = {"recommendations__0__reason": "It helps.", "recommendations__1__reason": "So it is seen."}
    await pat.follow(await pat.send("go", **reasons))
    assert f"The panel's date {arranged.on:%A} {arranged.on.day}" in pat.page.problems
    assert "lies in the future" in pat.page.problems
    await life.on(arranged.on)
    await pat.get(f"{own}/decision/check")
    assert pat.page.problems == ""
    await pat.follow(await pat.send("confirm"))
    for words in ("The panel’s decision is recorded", "What happens next", "This link works until", "Fit a camera."):
        assert words in pat.page.text, words
    held = await life.event("panel.held")
    assert held.by == e.Actor(role=e.Role.CHAIR, name="Pat Chair")
    assert isinstance(held.what, e.PanelHeld)
    assert held.what.present == ("Pat Chair", "B. Housing", "C. Health")
    assert held.what.conflicts == "A. Police: A neighbour; she left the room."
    assert [(one.to, one.reason) for one in held.what.recommendations] == [
        ("police", "It helps."), ("council", "So it is seen."),
    ]  # fmt: skip


async def test_the_chair_adjourns_with_a_reason_and_the_record_is_kept_meanwhile(house: House) -> None:
    life = await at_panel(house)
    pat = await chair(house, life)
    own = home(pat)
    await pat.get(f"{own}/decision/findings")
    saved = await pat.send("save", findings="So far: nobody joined the reports up.")
    await pat.follow(saved)
    assert "What you typed is kept" in pat.page.text
    until = await life.working_days(6)
    await fill(pat, f"{own}/adjournment/day", **dated("until", date(2026, 1, 5)))
    await fill(pat, f"{own}/adjournment/reason", reason="The police member is ill.")
    assert "The panel cannot go on on Monday 5 January 2026, which has passed" in pat.page.problems
    await fill(pat, f"{own}/adjournment/day?then=check", **dated("until", until))
    await pat.get(f"{own}/adjournment/check")
    await pat.follow(await pat.send("confirm"))
    assert "The panel is adjourned" in pat.page.text
    adjourned = (await life.event("panel.adjourned")).what
    assert adjourned == e.PanelAdjourned(until=until, reason="The police member is ill.")
    await pat.get(f"{own}/decision/findings")
    assert pat.page.values["findings"] == "So far: nobody joined the reports up."
