"""Documents in the console: staff add and get them, the case hears of them, and nothing opens where it should not."""

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

import httpx2 as httpx
import pytest
from sqlalchemy import update
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter as readable

from activities.document_news import tell_all
from activities.taking_up import TakingUp
from connection.ports import free_port
from console.app import application
from console.web.throttle import Limit, Throttle
from domain import events as e
from register import documents, drafts, links, reads, tables, unfinished, unsent, users
from register.drafts import Begun
from register.media import NotTaken
from register.scanner import Scanner
from register.shelf import Shelf
from tests.console.applicant import PLACE, begun, filled, sent
from tests.console.office import OWN, House, Visitor
from tests.register.clamd import EICAR, FOUND, Clamd
from tests.register.test_media import JPEG, PDF, PNG
from tests.support import clock
from tests.workflows.life import Life

BY = e.Actor(role=e.Role.OFFICER, name="Maya Ellis")
pytestmark = [pytest.mark.long, pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def upload(visitor: Visitor, path: str, content: bytes, name: str = "diary.pdf", **data: str) -> httpx.Response:
    files: Mapping[str, tuple[str, bytes, str]] = {"file": (name, content, "text/html")}
    found = await visitor.client.post(path, data=data, files=files)
    visitor.page = type(visitor.page).of(found.text)
    return found


def shelf(house: House) -> Shelf:
    return Shelf(house.office.settings.documents_path)


async def test_an_officer_adds_a_document_and_gets_the_same_bytes_back_as_an_attachment(house: House) -> None:
    life = await Life.begin(house.desk)
    visitor = await house.visitor("officer")
    place = f"/cases/{life.reference}/documents"
    assert (await visitor.get(f"/cases/{life.reference}/acts/add-document")).headers["location"] == place
    await visitor.get(place)
    added = await upload(visitor, place, PDF, "Noise <b>diary</b>.pdf", about="October", given_by="Asha, by post")
    assert added.headers["location"] == f"/cases/{life.reference}?done=document#documents"
    page = await visitor.follow(added)
    assert "The document is added." in visitor.page.text
    assert "October. From Asha, by post" in visitor.page.text
    assert "Document added: Noise bdiaryb.pdf" not in page.text
    (document,) = await documents.of_case(house.office.database, life.reference)
    found = await visitor.client.get(f"{place}/{document.id}")
    assert found.content == PDF
    assert found.headers["content-type"] == "application/pdf"
    assert found.headers["content-disposition"].startswith("attachment")
    assert found.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert found.headers["x-content-type-options"] == "nosniff"
    what = (await life.event("document.added")).what
    assert isinstance(what, e.DocumentAdded)
    assert (what.document, what.sha256, what.size) == (document.id, document.sha256, len(PDF))
    looked = {one.what for one in await reads.of_case(house.office.database, life.reference)}
    assert f"the document “{document.name}”" in looked
    again = await upload(visitor, place, PDF, "Noise diary.pdf")
    assert again.status_code == 303
    assert len(await documents.of_case(house.office.database, life.reference)) == 1


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "", "Choose a file"),
        (b"MZ\x90\0" + b"\0" * 80, "a.pdf", "a kind of file that we cannot take"),
        (PDF, "a.exe", "is a PDF inside; give its name the ending .pdf"),
        (PDF + b"\0" * 10_000_000, "a.pdf", "is larger than 10 MB"),
    ],
)
async def test_what_cannot_be_taken_is_refused_at_the_field_and_the_rest_is_kept(
    house: House, content: bytes, name: str, said: str
) -> None:
    visitor = await house.visitor("officer")
    found = await upload(visitor, f"/cases/{house.reference}/documents", content, name, about="A diary")
    assert found.status_code == 422
    assert said in visitor.page.text
    assert visitor.page.values["about"] == "A diary"


@pytest.mark.parametrize(
    "name",
    ["../../x.pdf", "a\0b.pdf", "x" * 900 + ".pdf", "\u202efdp.pdf", '"; filename="evil.pdf', "a\r\nX-Evil: 1.pdf"],
)
async def test_a_name_that_plays_tricks_changes_nothing_but_the_name(house: House, name: str) -> None:
    life = await Life.begin(house.desk)
    visitor = await house.visitor("officer")
    raw = name.replace("\\", "\\\\").replace('"', "%22").replace("\r\n", "%0D%0A").encode()
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + raw + b'"\r\n'
        b"Content-Type: application/pdf\r\n\r\n" + PDF + b"\r\n--x--\r\n"
    )
    place = f"/cases/{life.reference}/documents"
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    found = await visitor.client.post(place, content=body, headers=headers)
    assert found.status_code == 303, found.text
    (document,) = await documents.of_case(house.office.database, life.reference)
    assert re.fullmatch(r"[^/\\\x00-\x1f\u202e<>\"]{1,120}", document.name)
    assert document.name.endswith(".pdf")
    handed = await visitor.client.get(f"{place}/{document.id}")
    assert "x-evil" not in handed.headers
    said = handed.headers["content-disposition"]
    assert unquote(said.partition("''")[2] or said.partition('"')[2].rstrip('"')) == document.name
    kept = [path for path in shelf(house).folder.rglob("*") if path.is_file()]
    assert all(re.fullmatch(r"[0-9a-f]{64}", path.name) for path in kept)


async def unscanned(house: House) -> None:
    """As if no scanner had ever looked."""
    async with house.office.database.writing() as session:
        await session.exec(update(tables.Document).values(virus="", scanned_at=None))


async def test_staff_see_what_was_scanned_what_was_not_and_where_a_virus_was_found(house: House) -> None:
    life = await Life.begin(house.desk)
    visitor = await house.visitor("officer")
    place = f"/cases/{life.reference}/documents"
    await upload(visitor, place, PDF, "diary.pdf")
    await visitor.get(f"/cases/{life.reference}")
    assert "Not scanned." in visitor.page.text
    database, now = house.office.database, clock.now()
    async with Clamd().at_work() as address:
        await documents.scan_waiting(database, shelf(house), Scanner(address), now)
        with pytest.raises(NotTaken, match="A virus was found"):
            await documents.add(
                database, shelf(house), EICAR, "bad.txt", scanner=Scanner(address), by=BY, now=now,
                reference=life.reference,
            )  # fmt: skip
    await visitor.get(f"/cases/{life.reference}")
    assert "Not scanned." not in visitor.page.text
    assert "nothing found." in visitor.page.text
    assert f"Not kept, because a virus was found bad.txt ({FOUND}), from Maya Ellis" in visitor.page.text
    (document,) = await documents.of_case(database, life.reference)
    await unscanned(house)
    async with Clamd(says=f"stream: {FOUND} FOUND").at_work() as address:
        await documents.scan_waiting(database, shelf(house), Scanner(address), now)
    await visitor.get(f"/cases/{life.reference}")
    assert f"({FOUND}): it is not handed out. Ask for another copy." in visitor.page.text
    assert (await visitor.client.get(f"{place}/{document.id}")).status_code == 404
    await unscanned(house)


async def test_ten_million_bytes_are_refused_in_one_sentence_with_and_without_a_length(house: House) -> None:
    visitor, applicant = await house.visitor("officer"), await begun(house)
    for who, place in ((visitor, f"/cases/{house.reference}/documents"), (applicant, f"{PLACE}/documents")):
        found = await upload(who, place, PDF + b"\0" * 10_200_000)
        assert found.status_code == 413
        assert "Send a file of less than 10 MB" in found.text

        async def without_length():  # type: ignore[no-untyped-def]
            yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
            for _ in range(110):
                yield b"a" * 100_000

        form = {"Content-Type": "multipart/form-data; boundary=x"}
        assert (await who.client.post(place, content=without_length(), headers=form)).status_code == 413
    for place in (f"{PLACE}/name", f"/cases/{house.reference}/documents/x", "/sign-in"):
        found = await visitor.client.post(place, data={"a": "a" * 2_100_000})
        assert found.status_code == 413


async def test_a_document_is_there_for_those_who_see_its_case_and_under_its_own_case_only(house: House) -> None:
    life, other = await Life.begin(house.desk), await Life.begin(house.desk)
    visitor = await house.visitor("officer")
    await upload(visitor, f"/cases/{life.reference}/documents", PNG, "a.png")
    (document,) = await documents.of_case(house.office.database, life.reference)
    for who, status in (("officer", 200), ("auditor", 200), ("manager", 200), ("stranger", 404), ("partnership", 403)):
        found = await (await house.visitor(who)).get(f"/cases/{life.reference}/documents/{document.id}")
        assert (who, found.status_code) == (who, status)
    assert (await visitor.get(f"/cases/{other.reference}/documents/{document.id}")).status_code == 404
    assert (await visitor.get(f"/cases/{life.reference}/documents/{'0' * 32}")).status_code == 404
    assert (await Visitor(house.address).get(f"/cases/{life.reference}/documents/{document.id}")).status_code == 303
    nobody = Visitor(house.address)
    lapsed = await upload(nobody, f"/cases/{life.reference}/documents", PDF, about="Kept in the page")
    assert (lapsed.status_code, "Kept in the page" in lapsed.text) == (401, True)
    for who, status in (("auditor", 403), ("stranger", 404)):
        refused = await upload(await house.visitor(who), f"/cases/{life.reference}/documents", PDF)
        assert (who, refused.status_code) == (who, status)


async def test_a_case_that_is_over_takes_no_document_and_none_is_kept(house: House) -> None:
    life = await Life.begin(house.desk)
    await life.act(e.Withdrawn())
    await life.until(lambda now: now.stage == "withdrawn")
    await life.desk.office.handle(life.reference).result()
    visitor = await house.visitor("officer")
    found = await upload(visitor, f"/cases/{life.reference}/documents", PDF)
    assert found.status_code == 422
    assert "is closed; nothing more can be added to it" in visitor.page.text
    assert await documents.of_case(house.office.database, life.reference) == []


async def test_with_temporal_down_a_document_is_kept_and_the_case_hears_of_it_later_once(house: House) -> None:
    life = await Life.begin(house.desk)
    nowhere = await Client.connect(f"127.0.0.1:{free_port()}", lazy=True, data_converter=readable)
    cut_off = application(replace(house.office, client=nowhere))
    visitor = await house.visitor("officer")
    transport = httpx.ASGITransport(cut_off)
    cookies = visitor.client.cookies
    visitor.client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=OWN, cookies=cookies)
    found = await upload(visitor, f"/cases/{life.reference}/documents", PDF)
    assert found.headers["location"].startswith(f"/cases/{life.reference}?done=document-later")
    assert [one.told for one in await documents.of_case(house.office.database, life.reference)] == [False]
    for _ in range(2):
        await tell_all(house.office.client, house.office.database)
    assert (await life.kinds()).count("document.added") == 1
    assert [one.told for one in await documents.of_case(house.office.database, life.reference)] == [True]


async def test_without_an_account_nobody_fills_the_shelf(house: House) -> None:
    visitor = await begun(house)
    app = application(house.office, throttle=Throttle(files=Limit("files", 1, 900)))
    transport, cookies = httpx.ASGITransport(app), visitor.client.cookies
    visitor.client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=OWN, cookies=cookies)
    await visitor.get(f"{PLACE}/documents")
    assert (await upload(visitor, f"{PLACE}/documents", PDF, _press="add")).status_code == 303
    await visitor.get(f"{PLACE}/documents")
    assert (await upload(visitor, f"{PLACE}/documents", PNG, "two.png", _press="add")).status_code == 429
    assert "Too many files came from where you are" in visitor.page.text
    await visitor.get(f"{PLACE}/documents")
    assert "two.png" not in visitor.page.text


async def test_an_applicant_s_files_go_with_the_application_and_become_the_case_s(house: House) -> None:
    visitor = await filled(house)
    await visitor.get(f"{PLACE}/documents")
    empty = await upload(visitor, f"{PLACE}/documents", b"", "", _press="add")
    assert empty.status_code == 422
    assert "Choose a file, or continue without one" in visitor.page.text
    refused = await upload(visitor, f"{PLACE}/documents", b"<html>", "a.html", _press="add")
    assert refused.status_code == 422
    for content, name in ((JPEG, "fence.jpg"), (PDF, "letter.pdf"), (PNG, "wrong.png")):
        assert (await upload(visitor, f"{PLACE}/documents", content, name, _press="add")).status_code == 303
    page = await visitor.get(f"{PLACE}/documents")
    less = re.findall(r'value="(less:[0-9a-f]{32})"', page.text)[2]
    await visitor.follow(await visitor.post(f"{PLACE}/documents", _press=less))
    assert "wrong.png" not in visitor.page.text
    await visitor.get(f"{PLACE}/check")
    assert "fence.jpg letter.pdf" in visitor.page.text
    reference = await sent(visitor)
    kept = await documents.of_case(house.office.database, reference)
    assert [one.name for one in kept] == ["fence.jpg", "letter.pdf"]
    assert {one.unsent for one in kept} == {None}
    await tell_all(house.office.client, house.office.database, reference)
    assert (await Life(house.desk, reference, None).kinds()).count("document.added") == 2  # type: ignore[arg-type]
    late = await upload(visitor, f"{PLACE}/documents", PDF, "late.pdf", _press="add")
    assert late.headers["location"] == f"{PLACE}/sent"


async def test_one_applicant_cannot_take_out_another_s_file(house: House) -> None:
    mine, other = await begun(house), await begun(house)
    await upload(mine, f"{PLACE}/documents", PDF, "mine.pdf", _press="add")
    page = await mine.get(f"{PLACE}/documents")
    less = re.findall(r'value="(less:[0-9a-f]{32})"', page.text)[0]
    await other.post(f"{PLACE}/documents", _press=less)
    await mine.get(f"{PLACE}/documents")
    assert "mine.pdf" in mine.page.text


async def test_what_was_begun_and_never_sent_is_deleted_by_the_sweep_with_its_files(house: House) -> None:
    database, now = house.office.database, clock.now()
    old = now - timedelta(days=29)
    begun = await unsent.begin(database, "dover", "f" * 64, old)
    document = await documents.add(
        database, shelf(house), b"A diary that nobody sent.", "diary.txt", by=e.Actor(role=e.Role.APPLICANT), now=old,
        unsent=begun.id,
    )  # fmt: skip
    path = shelf(house).path(document.sha256)
    os.utime(path, (0, 0))
    (link, *_) = await links.of_case(database, house.reference)
    await unfinished.keep(database, link, "answer", {"account": "Never sent."}, old)
    maya = next(one for one in await users.listed(database) if one.name == "Maya Ellis")
    draft = await drafts.begin(database, Begun.APPLICATION, maya, council="dover", body="{}", now=old)
    work = TakingUp(database, house.office.client, house.office.settings.task_queue, shelf(house))
    await work.take_up_cases()
    assert not path.exists()
    assert await documents.of_unsent(database, begun.id) == []
    assert await unfinished.typed(database, link, "answer") is None
    assert await drafts.with_id(database, draft.id) is None


async def test_a_file_just_put_down_and_not_named_yet_is_left_alone_by_the_sweep(house: House) -> None:
    kept = await shelf(house).put(b"just coming")
    await shelf(house).sweep(await documents.contents(house.office.database))
    assert shelf(house).path(kept).exists()
