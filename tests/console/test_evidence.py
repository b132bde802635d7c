"""What an agency and an applicant send by their links: theirs alone, at the council at once, and counted once."""

import asyncio
from dataclasses import dataclass, replace

import httpx2 as httpx
import pytest
import pytest_asyncio
from starlette.requests import Request
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter as readable

from activities.document_news import tell_all
from connection.ports import free_port
from console.app import application
from console.web.uploads import received
from domain import events as e
from register import documents, reads
from register.shelf import Shelf
from tests.console.office import OWN, House, Visitor
from tests.console.parties import addressee, dated, fill, home
from tests.console.test_documents import upload
from tests.register.test_media import JPEG, PDF, PNG
from tests.support import clock
from tests.workflows.life import Life, form
from tests.workflows.past import at_plan

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


@dataclass
class Scene:
    """One case in which the police and the council accepted a recommendation each; everybody at their link."""

    house: House
    life: Life
    police: Visitor
    council: Visitor
    applicant: Visitor

    async def kept(self) -> list[documents.Document]:
        return await documents.of_case(self.house.office.database, self.life.reference)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(house: House) -> Scene:
    life = await at_plan(house.desk, "police", "council")
    accepted = e.Response.ACCEPTED
    for id, who in (("R1", "police"), ("R2", "council")):
        await life.act(
            e.RecommendationAnswered(recommendation=id, response=accepted), e.Actor(role=e.Role.AGENCY, name=who)
        )
    await life.settled()
    applicant = await house.guest(await house.link(case=life.reference))
    return Scene(house, life, await addressee(house, life), await addressee(house, life, "council"), applicant)


async def test_an_agency_adds_a_file_to_what_it_says_is_done_and_staff_see_from_whom(scene: Scene) -> None:
    police, own = scene.police, home(scene.police)
    place = f"{own}/R1-done/documents"
    await fill(police, f"{own}/R1-done/day", **dated("on", await scene.life.today()))
    await fill(police, f"{own}/R1-done/evidence", evidence="Visit log, sergeant Lee.")
    empty = await upload(police, place, b"", "", _press="add")
    assert (empty.status_code, police.page.problems[:13]) == (422, "Choose a file")
    refused = await upload(police, place, b"MZ" + b"\0" * 80, "log.pdf", _press="go")
    assert (refused.status_code, "a kind of file that we cannot take" in police.page.text) == (422, True)
    first, again = await asyncio.gather(*(upload(police, place, PDF, "log.pdf", _press="add") for _ in range(2)))
    assert first.headers["location"] == again.headers["location"] == f"{place}?sent=document"
    await police.follow(first)
    assert "Thank you. We have your document." in police.page.text
    assert "log.pdf" in police.page.text
    await police.follow(await upload(police, place, b"", "", _press="go"))
    assert "Visit log, sergeant Lee." in police.page.text
    assert "Files, which we have already log.pdf" in police.page.text
    await police.follow(await police.send("confirm"))
    assert "R1 is recorded as done" in police.page.text
    assert "Files you sent that show that it is done log.pdf" in police.page.text
    (document,) = [one for one in await scene.kept() if one.holder == "police"]
    (added,) = [one for one in (await scene.life.situation()).events if one.kind == "document.added"]
    assert isinstance(added.what, e.DocumentAdded)
    assert (added.what.document, added.what.about) == (document.id, "Evidence that R1 is done")
    assert added.by == e.Actor(role=e.Role.AGENCY, name="police")
    officer = await scene.house.visitor("officer")
    await officer.get(f"/cases/{scene.life.reference}")
    assert "Evidence that R1 is done. From Kent Police" in officer.page.text
    assert (await officer.client.get(f"/cases/{scene.life.reference}/documents/{document.id}")).content == PDF
    later = await upload(police, place, PNG, "after.png", _press="add")
    await police.follow(later)
    assert "after.png" in police.page.text


async def test_an_applicant_sends_a_photo_and_gets_it_back_as_an_attachment(scene: Scene) -> None:
    applicant, own = scene.applicant, home(scene.applicant)
    await applicant.get(own)
    assert "Send us a photo, recording or letter" in applicant.page.text
    await applicant.get(f"{own}/documents")
    for content, name, about, said in (
        (b"", "", "", "Choose a file"),
        (PDF, "a.exe", "A film", "give its name the ending .pdf"),
        (JPEG, "fence.jpg", "x" * 201, "must be one line of 200 characters or fewer"),
    ):
        wrong = await upload(applicant, f"{own}/documents", content, name, about=about)
        assert (wrong.status_code, said in applicant.page.text) == (422, True)
        assert applicant.page.values["about"] == about
    sent = await upload(applicant, f"{own}/documents", JPEG, "fence.jpg", about="The fence on Monday")
    assert sent.headers["location"] == f"{own}?done=document"
    await applicant.follow(sent)
    assert "Thank you. We have your document." in applicant.page.text
    assert "What you sent us fence.jpg The fence on Monday" in applicant.page.text
    (document,) = [one for one in await scene.kept() if one.by.role is e.Role.APPLICANT]
    found = await applicant.client.get(f"{own}/documents/{document.id}")
    assert found.content == JPEG
    assert found.headers["content-disposition"].startswith("attachment")
    assert found.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    looked = {(one.what, one.name) for one in await reads.of_case(scene.house.office.database, scene.life.reference)}
    assert ("the document “fence.jpg”", "Asha Example") in looked
    officer = await scene.house.visitor("officer")
    await officer.get(f"/cases/{scene.life.reference}")
    assert "The fence on Monday. From Asha Example" in officer.page.text


async def test_each_gets_their_own_files_and_nobody_else_s_and_none_of_another_case(scene: Scene) -> None:
    own = {who: home(who) for who in (scene.police, scene.council, scene.applicant)}
    secret = b"Known to the police alone."
    await upload(scene.police, f"{own[scene.police]}/R1-done/documents", secret, "secret.txt", _press="add")
    (theirs,) = [one for one in await scene.kept() if one.name == "secret.txt"]
    for who, place in own.items():
        found = await who.client.get(f"{place}/documents/{theirs.id}")
        assert found.status_code == (200 if who is scene.police else 404)
        page = await who.get(place)
        assert ("secret.txt" in page.text) == (who is scene.police)
    same = await upload(scene.council, f"{own[scene.council]}/R2-done/documents", secret, "ours.txt", _press="add")
    assert same.status_code == 303
    ours = next(one for one in await scene.kept() if one.holder == "council")
    assert (ours.id != theirs.id, ours.name) == (True, "ours.txt")
    other = await scene.house.guest(await scene.house.link())
    assert (await other.client.get(f"{home(other)}/documents/{theirs.id}")).status_code == 404
    assert (await upload(scene.police, f"{own[scene.police]}/R2-done/documents", PDF)).status_code == 404
    nobody = Visitor(scene.house.address)
    for place in (f"{own[scene.police]}/R1-done/documents", f"{own[scene.applicant]}/documents"):
        shut = await upload(nobody, place, PDF, about="kept for them")
        assert shut.status_code == 401
        assert "A file cannot be kept in this page" in nobody.page.text
        cross = {"Sec-Fetch-Site": "cross-site"}
        files = {"file": ("a.pdf", PDF, "application/pdf")}
        assert (await scene.police.client.post(place, files=files, headers=cross)).status_code == 403
    assert not [one for one in await scene.kept() if one.name == "a.pdf"]


async def test_a_file_may_have_ten_million_bytes_here_and_nowhere_else_by_a_link(scene: Scene) -> None:
    police, applicant = home(scene.police), home(scene.applicant)
    large = PDF + b"\0" * 10_000_000
    for who, place in ((scene.police, f"{police}/R1-done/documents"), (scene.applicant, f"{applicant}/documents")):
        assert (await upload(who, place, large)).status_code == 422
        assert (await upload(who, place, PDF + b"\0" * 10_200_000)).status_code == 413
        assert "Send a file of less than 10 MB" in who.page.text
    for path in (f"{police}/R1-done/evidence", f"{police}/R1-answer/documents", f"{applicant}/do/withdraw"):
        assert (await upload(scene.police, path, large)).status_code == 413


async def test_with_temporal_down_an_applicant_s_file_is_kept_and_the_case_hears_of_it_later_once(scene: Scene) -> None:
    nowhere = await Client.connect(f"127.0.0.1:{free_port()}", lazy=True, data_converter=readable)
    cut_off = application(replace(scene.house.office, client=nowhere))
    visitor, own = Visitor(scene.house.address), home(scene.applicant)
    visitor.client = httpx.AsyncClient(
        transport=httpx.ASGITransport(cut_off), base_url="http://127.0.0.1", headers=OWN,
        cookies=scene.applicant.client.cookies,
    )  # fmt: skip
    found = await upload(visitor, f"{own}/documents", PNG, "late.png")
    assert found.headers["location"].startswith(f"{own}?done=document-later")
    await visitor.follow(found)
    assert "you need not send it again" in visitor.page.text
    (late,) = [one for one in await scene.kept() if one.name == "late.png"]
    assert not late.told
    for _ in range(2):
        await tell_all(scene.house.office.client, scene.house.office.database, scene.life.reference)
    heard = [one.what for one in (await scene.life.settled()).events if one.kind == "document.added"]
    assert [getattr(one, "document", "") for one in heard].count(late.id) == 1


async def test_evidence_waits_for_the_answer_and_after_the_end_no_file_comes(
    house: House,
) -> None:
    acting = {"name": "Sam Cole", "email": "sam@example.org", "relation": "friend", "victim_consents": True}
    life = await at_plan(house.desk, "police", application=form(representative=acting))
    police = await addressee(house, life)
    applicant = await house.guest(await house.link(case=life.reference))
    early = await upload(police, f"{home(police)}/R1-done/documents", PDF)
    assert (early.status_code, "Say first that you accept R1" in police.page.text) == (409, True)
    await with_the_application(house, life)
    for holder, name in (("P1", "asha.txt"), ("P2", "sam.txt")):
        guest = await house.guest(await house.link(holder=f"{life.reference}-{holder}", case=life.reference))
        assert (await upload(guest, f"{home(guest)}/documents", name.encode(), name)).status_code == 303
        await guest.get(home(guest))
        assert [one in guest.page.text for one in ("diary.txt", name)] == [True, True]
        assert ("asha.txt" in guest.page.text) == (name == "asha.txt")
    before = await documents.of_case(house.office.database, life.reference)
    await life.act(e.Withdrawn())
    await life.until(lambda now: now.stage == "withdrawn")
    late = await upload(applicant, f"{home(applicant)}/documents", PDF)
    assert (late.status_code, "Your case has ended" in applicant.page.text) == (409, True)
    assert (await applicant.get(f"{home(applicant)}/documents")).status_code == 303
    assert await documents.of_case(house.office.database, life.reference) == before


async def with_the_application(house: House, life: Life) -> None:
    """A file as the application form brings it."""
    shelf = Shelf(house.office.settings.documents_path)
    by = e.Actor(role=e.Role.APPLICANT)
    await documents.add(
        house.office.database, shelf, b"Since October.", "diary.txt", by=by, now=clock.now(),
        reference=life.reference,
    )  # fmt: skip


async def test_a_route_that_receives_a_file_without_saying_so_is_noticed_at_once() -> None:
    """Its files would be cut at the size of a page, and their senders told that they are too large."""
    scope = {"type": "http", "method": "POST", "headers": [], "endpoint": lambda: None}
    with pytest.raises(RuntimeError, match="must be marked by takes_file"):
        await received(Request(scope))
