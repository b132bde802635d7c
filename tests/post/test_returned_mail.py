"""What a mail that came back says, and the mailboxes it is read from."""

import asyncio
import base64
import os
import quopri
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.bounce_box import BoxUnreadable, ImapBox, MaildirBox, box_at
from post.mail import REASONS
from post.returned_mail import Bounce, bounce_in
from tests.post.imap_server import PASSWORD, Folder, imap
from tests.post.returned import LETTER, mail
from tests.post.test_mail_sign_in import certificate


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("exim", "there is no such mailbox (5.1.1)"),
        ("postfix", "the mailbox is full (5.2.2)"),
        ("exchange", "that address takes no mail (5.1.10)"),
        ("global", "there is no such mailbox (5.1.1)"),
        ("mixed", REASONS["5.2.1"] + " (5.2.1)"),
        ("exim-plain", "there is no such mailbox (5.1.1)"),
        ("postfix-expired", "the mail servers tried for days and gave up (4.4.1)"),
    ],
)
def test_a_letter_that_will_never_arrive_is_known_by_its_message_id_and_why(name: str, reason: str) -> None:
    found = bounce_in(mail(name))
    assert found is not None
    assert found.message_ids[0] == LETTER
    assert found.reason == reason
    assert "ann.reed" not in str(found)


@pytest.mark.parametrize("name", ["postfix-delayed", "plain-delayed", "out-of-office", "read-receipt"])
def test_a_delay_an_automatic_reply_and_a_read_receipt_say_nothing_of_a_failure(name: str) -> None:
    assert bounce_in(mail(name)) is None


def test_a_servers_notice_that_cannot_be_read_is_known_to_be_about_the_letter() -> None:
    found = bounce_in(mail("qmail"))
    assert found == Bounce((LETTER,), "")
    assert not found.clear
    assert found.reason == "a mail server wrote about it, in a form that cannot be read here"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_a_global_status_is_read_however_it_is_encoded(encoding: str) -> None:
    whole = mail("global").decode()
    before, _, rest = whole.partition("Content-Type: message/global-delivery-status\n")
    status, _, after = rest.partition("\n--global\nContent-Type: message/global-headers")
    text = status.partition("\n\n")[2].encode()
    coded = base64.encodebytes(text) if encoding == "base64" else quopri.encodestring(text)
    head = f"Content-Type: message/global-delivery-status\nContent-Transfer-Encoding: {encoding}\n\n"
    tail = f"\n--global\nContent-Type: message/global-headers{after}"
    assert bounce_in(f"{before}{head}{coded.decode()}{tail}".encode()) == Bounce((LETTER,), "5.1.1")


def test_a_notice_that_somebody_forwards_says_nothing_of_our_letters() -> None:
    forwarded = b"From: jo@example.org\nContent-Type: message/rfc822\n\n" + mail("postfix")
    assert bounce_in(forwarded) is None


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_endings_make_no_difference(ending: str) -> None:
    whole = mail("postfix").decode().replace("\n", ending).encode()
    assert bounce_in(whole) == Bounce((LETTER,), "5.2.2")


def test_what_a_report_answers_is_read_where_nothing_of_the_letter_is_returned() -> None:
    cut = mail("exchange").decode().replace("message/rfc822", "application/octet-stream").encode()
    assert bounce_in(cut) == Bounce((LETTER,), "5.1.10")


def test_an_address_of_numbers_is_not_taken_for_a_code() -> None:
    said = mail("exim").decode().replace("550 5.1.1 <ann.reed@example.org>: Recipient", "550 [5.1.1.9] Recipient")
    found = bounce_in(said.encode())
    assert found is not None
    assert found.reason == "its mail server would not take it (5.0.0)"


@pytest.mark.parametrize("name", ["exim", "postfix", "exchange"])
def test_a_report_cut_off_anywhere_is_read_or_left_and_never_breaks(name: str) -> None:
    whole = mail(name)
    for end in range(0, len(whole), 7):
        found = bounce_in(whole[:end])
        assert found is None or found.message_ids[0] == LETTER


@given(st.binary(max_size=300))
def test_no_bytes_break_it(noise: bytes) -> None:
    assert bounce_in(noise) is None
    start = b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
    assert bounce_in(start + noise) is None
    bounce_in(mail("exim").replace(b"Status: 5.0.0", b"Status: " + noise))


def test_mail_nested_a_thousand_deep_is_left() -> None:
    deep = "".join(f'Content-Type: multipart/report; boundary="{n}"\n\n--{n}\n' for n in range(3000))
    assert bounce_in(deep.encode()) is None


def maildir(folder: Path, *mails: bytes) -> Path:
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True)
    for number, content in enumerate(mails, start=1):
        (folder / "new" / f"180752040{number}.M{number}P9.mail").write_bytes(content)
    return folder


def test_a_mail_of_a_maildir_that_was_dealt_with_is_moved_whole_and_not_read_again(tmp_path: Path) -> None:
    folder = maildir(tmp_path / "box", mail("exim"), mail("postfix"))
    box = MaildirBox(folder)
    first, second = box.unread()
    assert (first[1], second[1]) == (mail("exim"), mail("postfix"))
    box.mark([first[0]])
    box.mark([first[0], "gone"])
    assert list(box.unread()) == [second]
    assert (folder / "cur" / f"{first[0]}:2,S").read_bytes() == mail("exim")
    os.rename(folder / "new" / second[0], folder / "cur" / f"{second[0]}:2,F")
    assert list(box.unread()) == [second]
    box.mark([second[0]])
    assert sorted(path.name for path in (folder / "cur").iterdir()) == [f"{first[0]}:2,S", f"{second[0]}:2,FS"]


def test_a_folder_that_is_no_maildir_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(BoxUnreadable, match=r"is not a Maildir: check CASEREVIEW_BOUNCES\.$"):
        list(MaildirBox(tmp_path).unread())


def test_the_setting_says_which_mailbox_it_is(tmp_path: Path) -> None:
    assert box_at("", None) is None
    assert isinstance(box_at(str(tmp_path), None), MaildirBox)
    assert isinstance(box_at("imaps://asb@mail.example.org/Bounces", "x"), ImapBox)


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    return tmp_path


@pytest.fixture
async def folder(secure: Path) -> AsyncIterator[Folder]:
    context, _ = certificate(secure)
    async with imap(Folder({7: mail("exim"), 9: mail("postfix"), 12: b"Subject: hello\n\nhello\n"}), context) as opened:
        yield opened


async def test_an_imap_folder_is_read_without_a_mark_and_marked_when_it_was_dealt_with(folder: Folder) -> None:
    box = box_at(f"imaps://asb%40council.example.org@localhost:{folder.port}/In%20Box/Bounces", PASSWORD)
    assert box is not None
    found = await asyncio.to_thread(lambda: list(box.unread()))
    assert [content for _, content in found] == [mail("exim"), mail("postfix")]
    assert (folder.user, folder.selected, folder.seen) == ("asb@council.example.org", "In Box/Bounces", set())
    await asyncio.to_thread(box.mark, [found[0][0]])
    assert folder.seen == {7}
    assert [content for _, content in await asyncio.to_thread(lambda: list(box.unread()))] == [mail("postfix")]
    folder.validity += 1
    await asyncio.to_thread(box.mark, [found[1][0]])
    assert folder.seen == {7}


@pytest.mark.parametrize("password", ["wrong", None])
async def test_a_wrong_password_names_the_settings_and_not_the_account(folder: Folder, password: str | None) -> None:
    box = box_at(f"imaps://asb@localhost:{folder.port}/Bounces", password)
    assert box is not None
    with pytest.raises(BoxUnreadable, match=r"refused the sign-in .* CASEREVIEW_BOUNCES_PASSWORD\.$") as refused:
        await asyncio.to_thread(lambda: list(box.unread()))
    assert "asb" not in str(refused.value)


async def test_a_server_without_a_certificate_that_we_trust_is_told_nothing(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    box = box_at(f"imaps://asb@localhost:{folder.port}/Bounces", PASSWORD)
    assert box is not None
    with pytest.raises(BoxUnreadable, match="no certificate that we trust"):
        await asyncio.to_thread(lambda: list(box.unread()))
    assert folder.user == ""
