"""The body that decides an appeal, by its link: one PDF with everything in it, the hearing, the decision, once."""

import io
from datetime import date

import pikepdf
import pytest
from pdfminer.high_level import extract_text

from domain import events as e
from domain.policy import Decision, Subject
from tests.console.office import House
from tests.console.parties import appeal_body, dated, fill, home
from tests.workflows.life import OFFICER, Life, form, refusal
from tests.workflows.past import at_threshold

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]
APPEAL = e.AppealLodged(subject=Subject.THRESHOLD, grounds="Nobody asked my neighbours.", consent_to_transfer=True)


async def appealed(house: House) -> Life:
    life = await at_threshold(house.desk, application=form(2, impact="My daughter cannot sleep."))
    await life.act(refusal(), OFFICER)
    await life.act(APPEAL)
    return life


async def test_an_appeal_body_reads_the_bundle_arranges_the_hearing_and_decides(house: House) -> None:
    life = await appealed(house)
    body = await appeal_body(house, life)
    own = home(body)
    assert "Nobody asked my neighbours." in body.page.text
    found = await body.client.get(f"{own}/bundle.pdf")
    assert found.headers["content-disposition"].startswith("attachment")
    assert (await body.client.get(f"{own}/bundle.pdf")).content == found.content
    text = " ".join(extract_text(io.BytesIO(found.content)).split())
    for words in ("Nobody asked my neighbours.", "My daughter cannot sleep.", "Two reports in six months.",
                  "What happened, day by day", "Dear Asha Example", "shouting and banging, time 2"):  # fmt: skip
        assert words in text, words
    for secret in ("asha@example.org", life.mails("asha@example.org")[0].text.partition("/l/")[2][:24]):
        assert secret not in text
    with pikepdf.open(io.BytesIO(found.content)) as made, made.open_outline() as outline:
        assert made.Root.MarkInfo.Marked
        titles = [one.title for top in outline.root for one in top.children]
    assert "The appeal" in titles
    assert any(title.startswith("Letter of") for title in titles)

    on = await life.working_days(3)
    await fill(body, f"{own}/hearing/day", **dated("on", date(2026, 1, 5)), place="Room 1")
    assert "The hearing's date Monday 5 January 2026 has passed" in body.page.problems
    await fill(body, f"{own}/hearing/day?then=check", **dated("on", on))
    await body.follow(await body.send("confirm"))
    assert "The hearing is arranged" in body.page.text
    assert (await life.event("appeal.hearing_arranged")).what == e.HearingArranged(on=on, place="Room 1")
    found = await fill(body, f"{own}/hearing/day", **dated("on", await life.working_days(4)))
    found = await body.send("go", reason="")
    assert "Enter why it is moved" in body.page.problems

    on = await life.working_days(4)
    await fill(body, f"{own}/adjournment/day", **dated("until", on))
    assert (await body.send("go", reason="")).status_code == 422
    await body.follow(await body.send("go", reason="A member is ill."))
    await body.follow(await body.send("confirm"))
    assert "The hearing is put off" in body.page.text
    adjourned = e.HearingAdjourned(until=on, reason="A member is ill.")
    assert (await life.event("appeal.hearing_adjourned")).what == adjourned

    await fill(body, f"{own}/heard/day")
    assert "lies in the future" in body.page.problems
    await life.on(on)
    await body.get(f"{own}/heard/check")
    await body.follow(await body.send("confirm"))
    assert "The hearing is recorded" in body.page.text
    found = await fill(body, f"{own}/decision/result")
    assert found.status_code == 422
    assert "Select what you decided" in body.page.problems
    await fill(body, f"{own}/decision/result", decision="remitted")
    assert (await body.send("go", reasons="")).status_code == 422
    await fill(body, f"{own}/decision/reasons", reasons="The neighbours were not asked.")
    await fill(body, f"{own}/decision/directions", directions="Ask them.")
    await body.follow(await body.send("confirm"))
    for words in ("The decision is recorded", "What happens next", "This link works until", "Ask them."):
        assert words in body.page.text, words
    decided = await life.event("appeal.decided")
    assert decided.by.role is e.Role.APPEAL_BODY
    assert decided.what == e.AppealDecided(
        decision=Decision.REMITTED, reasons="The neighbours were not asked.", directions="Ask them."
    )
    assert (await body.get(f"{own}/decision/result")).headers["location"] == own


async def test_an_earlier_appeal_can_be_read_and_not_decided_again(house: House) -> None:
    life = await appealed(house)
    today = await life.today()
    decided = e.AppealDecided(decision=Decision.REMITTED, reasons="Look again.", heard_on=today)
    await life.act(decided)
    await life.to_threshold()
    await life.act(refusal(), OFFICER)
    await life.act(APPEAL)
    first, second = await appeal_body(house, life), await appeal_body(house, life, 2)
    assert "Look again." in first.page.text
    assert "Tell us the decision" not in first.page.text
    assert (await first.get(f"{home(first)}/decision/heard")).status_code == 303
    assert "Tell us the decision" in second.page.text
    assert (await second.get(f"{home(second)}/decision/heard")).status_code == 200
