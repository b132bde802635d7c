"""The inbox, driven as a mail server by a mail client and as a page by a browser's requests."""

import asyncio
import smtplib
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2 as httpx
import pytest

from connection.ports import PortTaken
from domain.events import LetterState
from post.mail import Mail, Mailer, TryLater, message_id
from starter.inbox import Inbox
from starter.pigeonhole import Pigeonhole

SENDER = "ASB Case Review <asb@council.example.org>"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"


def letter(to: str = "anna@home.example.org", key: str = "D-2027-1/L-03", **changes: str) -> Mail:
    fields = {"to_name": "Anna", "subject": "Your case", "text": "Dear Anna", "html": "<p>Dear Anna</p>"}
    fields |= {"reply_to": "", "reference": "D-2027-1"} | changes
    return Mail(message_id=message_id(key, "council.example.org"), to=to, **fields)  # type: ignore[arg-type]


async def nothing() -> None:
    pass


async def send(inbox: Inbox, mail: Mail, timeout: float = 5) -> LetterState:
    host, port = inbox.smtp_address
    delivery = await Mailer(host, port, None, None, False, timeout, SENDER).send(mail, about_to_send=nothing)
    return delivery.state


async def get(inbox: Inbox, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=inbox.page_address, verify=False) as browser:
        return await browser.get(path, headers=headers)


async def listed(inbox: Inbox, query: str = "") -> list[dict[str, str]]:
    answer = await get(inbox, f"/api/mails{query}")
    mails: list[dict[str, str]] = answer.json()
    return mails


@pytest.fixture
async def inbox(tmp_path: Path) -> AsyncIterator[Inbox]:
    async with Inbox(tmp_path / "inbox", 0, 0, slow=1) as started:
        yield started


async def test_a_letter_is_taken_and_listed(inbox: Inbox) -> None:
    assert await send(inbox, letter(subject="Łódź: your case")) is LetterState.ACCEPTED
    (mail,) = await listed(inbox)
    assert mail["to"] == "Anna <anna@home.example.org>"
    assert mail["subject"] == "Łódź: your case"
    assert mail["message_id"] == letter().message_id
    assert mail["reference"] == "D-2027-1"
    assert set(mail) == {"id", "to", "subject", "date", "message_id", "reference"}


async def test_letters_come_newest_first_and_survive_a_restart(tmp_path: Path) -> None:
    for subject in ("first", "second", "third"):
        async with Inbox(tmp_path, 0, 0) as inbox:
            await send(inbox, letter(subject=subject))
    async with Inbox(tmp_path, 0, 0) as inbox:
        assert [mail["subject"] for mail in await listed(inbox)] == ["third", "second", "first"]


async def test_letters_are_found_by_recipient_and_by_words(inbox: Inbox) -> None:
    await send(inbox, letter("anna@home.example.org", "1", text="The panel meets on Thursday"))
    await send(inbox, letter("ben@home.example.org", "2", text="The panel is put off", reference="D-2027-2"))
    assert [mail["message_id"] for mail in await listed(inbox, "?to=ANNA@")] == [letter(key="1").message_id]
    assert len(await listed(inbox, "?q=panel")) == 2
    assert [mail["reference"] for mail in await listed(inbox, "?q=put+panel")] == ["D-2027-2"]
    assert len(await listed(inbox, "?q=D-2027-1")) == 1
    assert await listed(inbox, "?to=anna@&q=put") == []


async def test_bounce_is_refused(inbox: Inbox) -> None:
    assert await send(inbox, letter("bounce@home.example.org")) is LetterState.REFUSED
    assert await send(inbox, letter("Bounce+anna@home.example.org")) is LetterState.REFUSED
    assert await listed(inbox) == []


async def test_greylist_is_put_off_twice_and_then_taken(inbox: Inbox) -> None:
    for _ in range(2):
        with pytest.raises(TryLater):
            await send(inbox, letter("greylist@home.example.org"))
    assert await send(inbox, letter("greylist@home.example.org")) is LetterState.ACCEPTED
    with pytest.raises(TryLater):
        await send(inbox, letter("greylist+ben@home.example.org"))


async def test_slow_is_taken_by_who_waits_and_not_by_who_does_not(inbox: Inbox) -> None:
    with pytest.raises(TryLater, match="in time"):
        await send(inbox, letter("slow@home.example.org"), timeout=0.2)
    assert await send(inbox, letter("slow@home.example.org")) is LetterState.ACCEPTED
    assert len(await listed(inbox)) == 1


async def test_vanish_takes_the_letter_and_says_nothing(inbox: Inbox) -> None:
    assert await send(inbox, letter("vanish@home.example.org")) is LetterState.UNCERTAIN
    assert len(await listed(inbox)) == 1


async def test_a_letter_taken_twice_is_marked(inbox: Inbox) -> None:
    await send(inbox, letter())
    assert "taken 2 times" not in (await get(inbox, "/")).text
    await send(inbox, letter())
    assert "taken 2 times" in (await get(inbox, "/")).text


async def test_what_people_wrote_is_escaped_on_every_page(inbox: Inbox) -> None:
    hostile = letter(subject=f"About {HOSTILE}", text=HOSTILE, reference=HOSTILE, to_name=HOSTILE)
    await send(inbox, hostile)
    (mail,) = await listed(inbox)
    for path in ("/", f"/mails/{mail['id']}", f"/?q={HOSTILE}", f"/?to={HOSTILE}"):
        page = (await get(inbox, path)).text
        assert "<script" not in page
        assert "<img" not in page
        assert "&lt;script&gt;" in page


async def test_the_html_form_is_shown_in_a_sandbox_where_nothing_runs_or_loads(inbox: Inbox) -> None:
    await send(inbox, letter(html="<html><head><title>x</title></head><body><script>alert(1)</script></body></html>"))
    (mail,) = await listed(inbox)
    page = await get(inbox, f"/mails/{mail['id']}")
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "script-src" not in page.headers["content-security-policy"]
    framed = await get(inbox, f"/mails/{mail['id']}/html")
    policy = framed.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert '<head><base target="_blank">' in framed.text


async def test_web_addresses_in_the_text_are_links_and_nothing_else_is(inbox: Inbox) -> None:
    text = 'See (https://case.example.org/s?a=1&b=2). javascript:alert(1) https://x.example.org/"onclick=y'
    await send(inbox, letter(text=text))
    (mail,) = await listed(inbox)
    page = (await get(inbox, f"/mails/{mail['id']}")).text
    assert '<a href="https://case.example.org/s?a=1&amp;b=2" rel="noreferrer">' in page
    assert 'href="javascript' not in page
    assert 'href="https://x.example.org/"' in page


async def test_the_source_is_the_letter_as_it_was_sent_and_plain_text(inbox: Inbox) -> None:
    await send(inbox, letter())
    (mail,) = await listed(inbox)
    source = await get(inbox, f"/mails/{mail['id']}/source")
    assert source.headers["content-type"].startswith("text/plain")
    assert source.headers["x-content-type-options"] == "nosniff"
    assert source.text.startswith("Delivered-To: anna@home.example.org")
    assert "Auto-Submitted: auto-generated" in source.text


@pytest.mark.parametrize("path", ["/mails/x", "/mails/..%2f..%2fetc%2fpasswd", f"/mails/{'1' * 20}-{'a' * 8}", "/x"])
async def test_what_is_not_there_is_said_in_one_sentence(inbox: Inbox, path: str) -> None:
    answer = await get(inbox, path)
    assert answer.status_code == 404
    assert "There is no such page or letter in this inbox." in answer.text


async def test_a_page_of_another_name_for_this_machine_is_not_answered(inbox: Inbox) -> None:
    assert (await get(inbox, "/", host="evil.example.org")).status_code == 400


async def test_many_letters_are_shown_fifty_at_a_time(tmp_path: Path) -> None:
    letters = Pigeonhole(tmp_path)
    for number in range(120):
        letters.keep(["anna@home.example.org"], f"Subject: letter {number}\r\n\r\nx".encode())
    async with Inbox(tmp_path, 0, 0) as inbox:
        first, last = (await get(inbox, "/")).text, (await get(inbox, "/?page=3")).text
        assert "120 letters" in first
        assert (first.count("<li>"), last.count("<li>")) == (50, 20)
        assert "Older letters" in first
        assert "Newer letters" not in first
        assert "Newer letters" in last
        assert (await get(inbox, "/?page=-1x")).status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: =?utf-8?q?=ff=fe?=\r\nDate: not a date\r\nTo: <<<@@@,,;:\r\n\r\nx",
        b"Content-Type: text/plain; charset=no-such\r\n\r\nx",
        b"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x",
        b"Content-Type: text/html\r\nMessage-ID: <a\r\n b>\r\n\r\n<p>x",
    ],
)
async def test_a_letter_that_can_hardly_be_read_is_shown_all_the_same(content: bytes, tmp_path: Path) -> None:
    Pigeonhole(tmp_path).keep(["a@b.example.org", "ł@b.example.org"], content)
    async with Inbox(tmp_path, 0, 0) as inbox:
        (mail,) = await listed(inbox)
        for path in ("/", f"/mails/{mail['id']}", f"/mails/{mail['id']}/html", f"/mails/{mail['id']}/source"):
            assert (await get(inbox, path)).status_code == 200


async def test_other_files_in_the_folder_are_let_alone(tmp_path: Path) -> None:
    (tmp_path / "note.eml").write_text("Subject: not taken here")
    (tmp_path / ".1.part").write_text("half")
    async with Inbox(tmp_path, 0, 0) as inbox:
        assert await listed(inbox) == []


def test_letters_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    letters = Pigeonhole(tmp_path / "inbox")
    mail_id = letters.keep(["anna@home.example.org"], b"Subject: x\r\n\r\nx")
    assert (tmp_path / "inbox").stat().st_mode & 0o077 == 0
    assert (tmp_path / "inbox" / f"{mail_id}.eml").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("which", "variable"), [(0, "CASEREVIEW_INBOX_SMTP_PORT"), (1, "CASEREVIEW_INBOX_PORT")])
async def test_a_port_that_is_taken_is_said_in_one_sentence(which: int, variable: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        ports = [0, 0]
        ports[which] = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"^Port {ports[which]} for .*{variable}.*\.$"):
            await Inbox(tmp_path, *ports).__aenter__()


async def test_a_failed_start_gives_back_the_other_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(PortTaken):
        await Inbox(tmp_path, free, other.getsockname()[1]).__aenter__()
    async with Inbox(tmp_path, free, 0) as inbox:
        assert inbox.smtp_address == ("127.0.0.1", free)


async def test_an_inbox_stops_at_once_while_a_client_waits_and_gives_back_its_ports(tmp_path: Path) -> None:
    async with Inbox(tmp_path, 0, 0, slow=60) as inbox:
        host, port = inbox.smtp_address
        page = int(inbox.page_address.rpartition(":")[2])
        waiting = asyncio.create_task(send(inbox, letter("slow@home.example.org"), timeout=60))
        await asyncio.sleep(0.2)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    with pytest.raises(TryLater):
        await waiting
    async with Inbox(tmp_path, port, page) as again:
        assert again.smtp_address == (host, port)


async def test_a_plain_mail_client_can_use_it_from_another_thread(inbox: Inbox) -> None:
    def old_fashioned() -> None:
        with smtplib.SMTP(*inbox.smtp_address) as client:
            client.sendmail("a@b.example.org", ["c@d.example.org", "e@d.example.org"], "Subject: hello\n\n.\nx")

    await asyncio.to_thread(old_fashioned)
    (mail,) = await listed(inbox)
    assert (mail["to"], mail["subject"]) == ("c@d.example.org", "hello")
    assert not mail["date"]


async def test_a_hundred_letters_at_once_are_all_taken(inbox: Inbox) -> None:
    states = await asyncio.gather(*(send(inbox, letter(key=str(number)), timeout=30) for number in range(100)))
    assert set(states) == {LetterState.ACCEPTED}
    assert len({mail["message_id"] for mail in await listed(inbox)}) == 100
    assert len(await listed(inbox)) == 100
