"""New links: who makes them, where they go, who sees one; and that nobody decides their own appeal by one."""

import asyncio
import io
import json
import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, timedelta
from itertools import product

import pytest

from domain import events as e
from domain.events import Actor, Role
from domain.policy import Subject
from domain.seats import seat_id
from domain.terms import LinkPurpose
from office.new_links import NOT_YOURS
from register import links, queries, reads
from register.links import Link
from starter import cli
from tests.console.office import NAMES, House, Visitor
from tests.workflows.life import Life, form, panel, refusal
from tests.workflows.past import at_panel, at_threshold

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]
APPEAL = e.AppealLodged(subject=Subject.THRESHOLD, grounds="Nobody asked my neighbours.", consent_to_transfer=True)
MAYA = Actor(role=Role.OFFICER, name=NAMES["officer"])
BODY, CHAIR = "independent.panel@dover.example.org", "chair@example.org"
TOKEN = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){5}")


async def held(house: House, life: Life, purpose: LinkPurpose) -> Link:
    """The latest link for that."""
    known = await links.of_case(house.office.database, life.reference)
    return next(link for link in known if link.purpose is purpose)


async def everybodys(house: House) -> Life:
    """A case of which applicant, agencies, chair and appeal body have a link each; Maya decided what is appealed."""
    life = await at_threshold(house.desk, application=form(2))
    await life.act(refusal(decided_by=MAYA.name), MAYA)
    await life.act(APPEAL)
    await life.until(lambda now: "appeal.bundle_sent" in [event.kind for event in now.events])
    await house.link(LinkPurpose.CHAIR, seat_id(panel(date(2027, 1, 4)).chair), case=life.reference)
    await house.link(LinkPurpose.ENQUIRY, "police", "verification:police", case=life.reference)
    await house.link(LinkPurpose.RECOMMENDATIONS, "police", case=life.reference)
    return life


def casereview(house: House, patch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """A command at the terminal of this office: its exit code, and all it said."""
    settings = house.office.settings
    patch.setenv("CASEREVIEW_HOME", str(settings.home))
    patch.setenv("CASEREVIEW_PUBLIC_URL", settings.public_url)
    patch.setenv("CASEREVIEW_BY", MAYA.name)
    patch.setenv("TEMPORAL_ADDRESS", house.office.client.service_client.config.target_host)

    def told(*words: str) -> tuple[int, str]:
        out = io.StringIO()
        with redirect_stdout(out), redirect_stderr(out):
            code = cli.run(list(words))
        return code, out.getvalue()

    return told


async def test_operations_make_no_link_anywhere(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    life = await everybodys(house)
    before = await links.of_case(house.office.database, life.reference)
    assert {link.purpose for link in before} == set(LinkPurpose)
    told = casereview(house, monkeypatch)
    for name, status in (("operations", 403), ("auditor", 403), ("partnership", 403), ("stranger", 404)):
        visitor = await house.visitor(name)
        page = await visitor.get(f"/cases/{life.reference}")
        assert "/new" not in page.text
        for link in before:
            found = await visitor.post(f"/cases/{life.reference}/links/{link.id}/new")
            assert (found.status_code, TOKEN.search(found.text)) == (status, None)
        form_of = await visitor.get(f"/cases/{life.reference}/acts/renew-link")
        sent = await visitor.post(f"/cases/{life.reference}/acts/renew-link", link=before[0].id, _press="confirm")
        assert form_of.status_code in (303, 403)
        assert sent.status_code in (403, 404)
    for link in before:
        body = e.LinkRenewed(link=link.id, purpose=link.purpose, holder=link.holder, about=link.about)
        assert "is for an officer, not for operations staff" in await life.refusal(
            body, Actor(role=Role.OPERATIONS, name="Ops")
        )
        for words, who in product(
            (("link", "new", life.reference, link.id), ("renew-link", life.reference, "--link", link.id)),
            (("--role", "operations"), ("--by", "operations@example.org"), ("--by", "Operations")),
        ):
            code, said = await _aside(told, *words, *who)
            assert (code, TOKEN.search(said)) == (2, None)
            said = " ".join(said.split())
            assert NOT_YOURS in f"{said[:1].lower()}{said[1:]}" or "is for an officer, not for operations staff" in said
    assert await links.of_case(house.office.database, life.reference) == before
    assert "link.renewed" not in await life.kinds()


@pytest.mark.parametrize("way", ["console", "link new", "renew-link"])
async def test_an_officer_cannot_decide_the_appeal_against_himself(
    house: House, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    life, database = await everybodys(house), house.office.database
    old = await held(house, life, LinkPurpose.APPEAL)
    before = await house.guest(await house.link(LinkPurpose.APPEAL, "1", case=life.reference))
    mails = len(life.mails(BODY))
    maya, told = await house.visitor("officer"), casereview(house, monkeypatch)
    seen: list[str] = []
    if way == "console":
        found = await maya.post(f"/cases/{life.reference}/links/{old.id}/new")
        assert found.headers["location"] == f"/cases/{life.reference}?done=link-sent"
        seen += [found.text, (await maya.get(found.headers["location"])).text]
        assert "goes to its holder’s own address and is shown to nobody" in maya.page.text
    else:
        given = ("link", "new", life.reference, old.id) if way == "link new" else ("renew-link", life.reference)
        code, said = await _aside(told, *given, *(() if way == "link new" else ("--link", old.id)), "--json")
        assert code == 0, said
        seen.append(said)
        assert "address" not in json.loads(said)
    await life.settled()

    new = await held(house, life, LinkPurpose.APPEAL)
    assert new.id != old.id
    assert (await before.get(f"/appeal/{old.id}")).status_code == 401
    (mail,) = life.mails(BODY)[: len(life.mails(BODY)) - mails]
    (token,) = set(TOKEN.findall(mail.text))
    assert token.replace("-", "")[:8] == new.id
    assert "Nobody at Dover District Council was shown it" in " ".join(mail.text.split())
    event = await life.event("link.renewed")
    assert (event.by, event.what.holder) == (MAYA, "1")  # type: ignore[union-attr]

    letters = await queries.letters(database, life.reference)
    for number in range(1, len(letters) + 1):
        for form_ in ("", "/page", "/paper"):
            seen.append((await maya.get(f"/cases/{life.reference}/letters/{number}{form_}")).text)
        for option in ("--text", "--html"):
            seen.append((await _aside(told, "letter", "show", life.reference, str(number), option))[1])
    for kind in {row.kind for row in letters}:
        for option in ((), ("--json",)):
            seen.append((await _aside(told, "letter", "preview", life.reference, kind, *option))[1])
    for words in (
        ("link", "list", life.reference), ("link", "list", life.reference, "--json"), ("show", life.reference),
        ("show", life.reference, "--json"), ("letter", "list", life.reference, "--json"),
    ):  # fmt: skip
        seen.append((await _aside(told, *words))[1])
    seen.append((await maya.get(f"/cases/{life.reference}")).text)
    async for past in house.office.client.get_workflow_handle(life.reference).fetch_history_events():
        seen.append(str(past))
    assert [page for page in seen if token[10:] in page] == []
    assert (await maya.get(f"/appeal/{new.id}")).status_code == 401
    assert (await maya.post(f"/appeal/{new.id}/decision/check", _press="confirm")).status_code == 401
    assert "appeal.decided" not in await life.kinds()

    body = Visitor(house.address)
    await body.follow(await body.get(f"/l/{token}"))
    assert "Nobody asked my neighbours." in body.page.text


async def test_a_new_link_asked_for_again_is_the_same_one_and_goes_once(house: House) -> None:
    life = await everybodys(house)
    old = await held(house, life, LinkPurpose.APPEAL)
    maya = await house.visitor("officer")
    for _ in range(2):
        found = await maya.post(f"/cases/{life.reference}/links/{old.id}/new")
        assert found.headers["location"] == f"/cases/{life.reference}?done=link-sent"
    await life.settled()
    assert (await life.letters())["A-19"] == 1
    known = [one for one in await links.of_case(house.office.database, life.reference) if one.holder == "1"]
    assert [one.number for one in known] == [2, 1]
    assert known[1].revoked_by == MAYA.name


async def test_an_applicant_s_new_link_is_shown_once_to_an_officer_and_stands_in_the_story(house: House) -> None:
    life = await everybodys(house)
    old = await held(house, life, LinkPurpose.PROGRESS)
    maya = await house.visitor("officer")
    shown = await maya.post(f"/cases/{life.reference}/links/{old.id}/new")
    (token,) = set(TOKEN.findall(shown.text))
    assert "It is recorded in the case that you made it and were shown it." in maya.page.text
    assert (await Visitor(house.address).get(f"/l/{token}")).status_code == 303
    assert (await life.event("link.renewed")).by == MAYA
    assert "A-19" not in await life.letters()
    page = await maya.get(f"/cases/{life.reference}")
    assert "A new link for how the case is going, shown to whoever asked for it" in maya.page.text
    assert token[10:] not in page.text
    looks = await reads.of_case(house.office.database, life.reference)
    assert "the new link of Asha Example" in {look.what for look in looks if look.name == MAYA.name}


async def test_a_chair_s_new_link_goes_to_the_chair_and_to_nobody_else(house: House) -> None:
    life = await at_panel(house.desk)
    path = await house.link(LinkPurpose.CHAIR, seat_id(panel(date(2027, 1, 4)).chair), case=life.reference)
    old = await held(house, life, LinkPurpose.CHAIR)
    maya = await house.visitor("officer")
    found = await maya.post(f"/cases/{life.reference}/links/{old.id}/new")
    assert found.headers["location"] == f"/cases/{life.reference}?done=link-sent"
    await life.settled()
    mails = [mail for mail in house.desk.inbox.letters.mails() if "A new link" in mail.subject]
    (mail,) = [mail for mail in mails if life.reference in mail.subject]
    assert CHAIR in mail.to
    (token,) = set(TOKEN.findall(mail.text))
    assert (await Visitor(house.address).get(path)).status_code == 410
    assert (await Visitor(house.address).get(f"/l/{token}")).status_code == 303
    assert token[10:] not in (await maya.get(f"/cases/{life.reference}")).text


async def test_a_chair_who_was_replaced_is_sent_no_new_link(house: House) -> None:
    life = await everybodys(house)
    chair = await held(house, life, LinkPurpose.CHAIR)
    maya = await house.visitor("officer")
    assert (await maya.post(f"/cases/{life.reference}/links/{chair.id}/new")).status_code == 404
    body = e.LinkRenewed(link=chair.id, purpose=chair.purpose, holder=chair.holder)
    assert "nobody holds link" in await life.refusal(body, MAYA)


async def test_a_letter_to_print_is_given_out_whole_to_those_who_may_make_links(house: House) -> None:
    life = await Life.begin(
        house.desk, application=form(applicant={"name": "Asha Example", "address": ("1 High Street", "Dover CT16 1AA")})
    )
    paper = f"/cases/{life.reference}/letters/1/paper"
    operations, officer = await house.visitor("operations"), await house.visitor("officer")
    assert (await operations.get(paper)).status_code == 403
    page = await operations.get(f"/cases/{life.reference}/letters/1")
    assert "An officer, an approver or a manager prints it" in operations.page.text
    assert paper not in page.text
    assert (await officer.get(paper)).content.startswith(b"%PDF")
    looks = await reads.of_case(house.office.database, life.reference)
    assert (looks[0].name, looks[0].what) == (MAYA.name, "letter 1 to print, with its reader’s own link")


async def test_of_many_who_renew_one_link_at_once_there_is_one_new_one(house: House) -> None:
    life, database = await everybodys(house), house.office.database
    old = await held(house, life, LinkPurpose.ENQUIRY)
    made = [
        links.renew_once(
            database, old.id, by="Maya", key_id=old.key_id, now=old.issued_at, lasts=timedelta(days=1)
        )
        for _ in range(8)
    ]  # fmt: skip
    assert len({link.id for link in await asyncio.gather(*made)} - {old.id}) == 1


async def _aside(told: Callable[..., tuple[int, str]], *words: str) -> tuple[int, str]:
    return await asyncio.to_thread(told, *words)
