"""Letters by post: into the print tray, printed as a batch, posted, and what waits for that; and a way that fails."""

import asyncio
import csv
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from domain import events as e
from domain.application import Means
from register import letter_rows, queries, reads
from register.letter_rows import LetterProgress, LetterRow
from starter import cli
from tests.workflows.life import APPLICANT, Desk, Life, form
from tests.workflows.past import at_plan

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]

ADDRESS = ("1 High Street", "Dover", "CT16 1AA")
BY_POST = form(applicant={"name": "Asha Example", "address": ADDRESS})


async def rows(life: Life, kind: str) -> list[LetterRow]:
    await life.settled()
    return [row for row in await queries.letters(life.desk.office.database, life.reference) if row.kind == kind]


async def casereview(desk: Desk, *words: str, patch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """A command, run against this test's register and server: its exit code and what it printed."""
    patch.setenv("CASEREVIEW_HOME", str(desk.office.settings.home))
    patch.setenv("TEMPORAL_ADDRESS", desk.office.client.service_client.config.target_host)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = await asyncio.to_thread(cli.run, list(words))
    return code, out.getvalue(), err.getvalue()


async def test_a_letter_by_post_is_printed_and_posted_and_its_days_run_from_then(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = await Life.begin(desk, "folkestone-and-hythe", application=BY_POST)
    (row,) = await rows(life, "L-01")
    assert (row.state, row.means, row.address) == (LetterProgress.IN_TRAY, Means.POST, "\n".join(ADDRESS))
    now = await life.settled()
    assert (now.waiting, now.must_act) == (
        "letter L-01 is in the print tray: somebody must print and post it",
        "officer",
    )
    (task,) = [mail for mail in life.mails() if "L-01 is to be posted" in mail.subject]
    assert "print it and post it today" in " ".join(task.text.split())

    own = ("--council", "folkestone-and-hythe")
    code, out, _ = await casereview(desk, "tray", "print", str(tmp_path / "out"), *own, "--json", patch=monkeypatch)
    batch = json.loads(out)
    assert (code, [one["key"] for one in batch["letters"]]) == (0, [row.key])
    paper = Path(batch["letters"][0]["file"])
    assert paper.read_bytes() == await letter_rows.paper(desk.office.database, row.key)
    with pikepdf.open(paper) as pdf:
        assert pdf.Root.MarkInfo.Marked
    (listed,) = csv.DictReader((tmp_path / "out" / "list.csv").read_text().splitlines())
    assert (listed["to"], listed["address"]) == ("Asha Example", "1 High Street, Dover, CT16 1AA")

    again = await casereview(
        desk, "tray", "print", str(tmp_path / "again"), "--batch", batch["batch"], patch=monkeypatch
    )
    assert (again[0], (tmp_path / "again" / paper.name).read_bytes()) == (0, paper.read_bytes())
    looks = [look for look in await reads.of_case(desk.office.database, life.reference) if look.role == "command line"]
    assert [look.what for look in looks] == [f"a letter to print, in batch {batch['batch']}"] * 2
    shown = await casereview(
        desk, "letter", "show", life.reference, "L-01", "--pdf", "--out", str(tmp_path / "shown.pdf"), patch=monkeypatch
    )
    assert (shown[0], (tmp_path / "shown.pdf").exists()) == (2, False)
    assert "has its reader’s own link in it" in shown[2]

    on = await life.after(1)
    posted = ("tray", "posted", batch["batch"], "--on", on.isoformat(), "--class", "first", "--by", "Kit Lane")
    code, out, err = await casereview(desk, *posted, patch=monkeypatch)
    assert (code, err) == (0, ""), out
    dispatched: Any = (await life.event("letter.dispatched")).what
    assert (dispatched.on, dispatched.post_class) == (on, e.PostClass.FIRST)
    (row,) = await rows(life, "L-01")
    received = await life.working_days(3)
    assert (row.state, row.posted_on, row.received_on) == (LetterProgress.POSTED, on, received)
    assert (await life.deadline("acknowledgement")).ended_on == on
    assert (await life.settled()).must_act != "officer"

    again = await casereview(desk, *posted, patch=monkeypatch)
    assert again[0] == 0
    assert (await life.kinds()).count("letter.dispatched") == 1
    code, out, _ = await casereview(desk, "tray", "list", patch=monkeypatch)
    assert (code, life.reference in out) == (0, False)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("tray", "posted", "2020-01-01-1"), "There is no batch 2020-01-01-1; `casereview tray list` names"),
        (("tray", "print", "/proc/none"), "The letters cannot be written to /proc/none"),
        (("tray", "print", ".", "--batch", "x"), "There is no batch x;"),
        (("tray", "posted", "x", "--class", "third"), "There is no class of post “third”; give one of first, second."),
        (("letter", "show", "X", "L-01", "--pdf"), "A PDF is no text for a terminal; say with --out"),
        (("tray", "posted", "x", "--on", "tomorrow"), "--on must be a date such as 2027-01-14, not “tomorrow”."),
    ],
)
async def test_the_tray_says_what_it_cannot_do(
    desk: Desk, words: tuple[str, ...], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = await casereview(desk, *words, patch=monkeypatch)
    assert (code, out) == (2, "")
    assert " ".join(err.split()).startswith(sentence)


async def test_a_letter_that_the_mail_server_refuses_goes_by_post_and_so_do_those_after_it(desk: Desk) -> None:
    applicant = {"name": "Asha Example", "email": "bounce@home.example.org", "address": ADDRESS}
    life = await Life.begin(desk, application=form(applicant=applicant))
    first, second = await rows(life, "L-01")
    assert (first.state, first.means, second.state, second.means) == (
        LetterProgress.REFUSED, Means.EMAIL, LetterProgress.IN_TRAY, Means.POST,
    )  # fmt: skip
    assert second.key == f"{first.key}~2"
    assert [mail.subject for mail in life.mails() if "needs you" in mail.subject] == []
    await life.act(e.HoldStarted(until=await life.working_days(5), reason="In hospital.", at_victims_request=True))
    (held,) = await rows(life, "L-07h")
    assert (held.state, held.means) == (LetterProgress.IN_TRAY, Means.POST)


async def test_the_time_to_appeal_waits_for_the_letter_that_gets_through(desk: Desk) -> None:
    applicant = {"name": "Asha Example", "email": "asha@example.org", "address": ADDRESS}
    life = await at_plan(desk, application=form(applicant=applicant))
    await life.outcome()
    before = (await life.deadline("appeal_window")).due
    (sent,) = await rows(life, "L-11")
    await life.after(2)
    await life.act(e.LetterUndelivered(key=sent.key, how=e.Failure.BOUNCED, reason="there is no such mailbox"))
    assert "appeal_window" not in {deadline.key for deadline in (await life.settled()).deadlines}
    bounced, again = await rows(life, "L-11")
    assert (bounced.state, bounced.received_on, bounced.words) == (
        LetterProgress.BOUNCED,
        None,
        "there is no such mailbox",
    )
    assert again.state is LetterProgress.IN_TRAY
    await life.act(e.LetterDispatched(key=again.key, on=await life.today(), post_class=e.PostClass.FIRST))
    after = (await life.deadline("appeal_window")).due
    assert after >= before + timedelta(days=2)
    assert await life.stage() == "appeal window"


async def test_a_case_does_not_end_before_its_last_letter_is_in_the_post(desk: Desk) -> None:
    life = await Life.begin(desk, application=BY_POST)
    await life.act(e.Withdrawn(reason="We are moving."), APPLICANT)
    (farewell,) = await rows(life, "L-16")
    assert farewell.state is LetterProgress.IN_TRAY
    now = await life.settled()
    assert (now.stage, now.must_act) == ("withdrawn", "officer")
    await life.act(e.LetterDispatched(key=farewell.key, on=await life.today()))
    ended = await asyncio.wait_for(desk.office.handle(life.reference).result(), 20)
    assert (ended.stage, ended.must_act) == ("withdrawn", "")
