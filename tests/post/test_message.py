"""A letter as the bytes of an e-mail: whatever was written is read back as it was, in lines that every server takes."""

import time
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.message import compose, line
from register.letter_rows import LetterFile
from tests.post.mail_server import SECRET_TO, SENDER, letter, read

WRITTEN = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def lines_of(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


@given(WRITTEN, WRITTEN)
def test_text_and_html_are_read_back_as_they_were_written(text: str, html: str) -> None:
    message = read(bytes(compose(letter(text=text, html=html), SENDER)))
    found = [part.get_payload(decode=True) for part in message.iter_parts()]
    assert [lines_of(part.decode()) for part in found if isinstance(part, bytes)] == [lines_of(text), lines_of(html)]


@given(st.text(max_size=250))
def test_name_and_subject_are_read_back_as_one_line_of_what_was_written(words: str) -> None:
    message = read(bytes(compose(letter(to_name=words, subject=words), SENDER)))
    assert message["Subject"] == line(words)
    assert message["To"].addresses[0].display_name.split() == line(words)[:200].split()


@given(st.text(max_size=250), WRITTEN, st.binary(max_size=200))
def test_every_line_is_short_and_nothing_but_line_ends_is_out_of_ascii(words: str, text: str, content: bytes) -> None:
    file = LetterFile(words or "a.pdf", "application/pdf", content)
    mail = letter(to_name=words, subject=words, reference=words, text=text, attachments=(file,))
    sent = bytes(compose(mail, SENDER))
    assert sent.isascii()
    assert b"\r" not in sent.replace(b"\r\n", b"")
    assert b"\n" not in sent.replace(b"\r\n", b"")
    assert max(map(len, sent.split(b"\r\n"))) <= 998


@given(st.binary(max_size=400), st.text(min_size=1, max_size=80).filter(lambda name: line(name) != ""))
def test_an_attachment_keeps_its_name_and_its_bytes(content: bytes, name: str) -> None:
    file = LetterFile(name, "application/pdf", content)
    (attached,) = read(bytes(compose(letter(attachments=(file,)), SENDER))).iter_attachments()
    assert attached.get_content() == content
    assert attached.get_filename() == line(name)
    assert attached.get_content_type() == "application/pdf"


def test_a_letter_with_files_is_its_two_forms_and_then_the_files() -> None:
    file = LetterFile("panel-1.ics", "text/calendar; method=REQUEST; charset=utf-8", b"BEGIN:VCALENDAR\r\n")
    message = read(bytes(compose(letter(attachments=(file,)), SENDER)))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar",
    ]  # fmt: skip


@pytest.mark.parametrize("to", ["józef@łódź.example.org", SECRET_TO])
def test_only_an_address_beyond_ascii_needs_a_server_that_takes_it(to: str) -> None:
    message = compose(letter(to=to), SENDER)
    assert message.utf8 is not to.isascii()
    assert read(bytes(message))["Message-ID"] == letter().message_id


def test_the_same_letter_is_the_same_bytes() -> None:
    when = read(bytes(compose(letter(), SENDER)))["Date"].datetime
    assert bytes(compose(letter(date=when), SENDER)) == bytes(compose(letter(date=when), SENDER))


def test_a_letter_is_put_together_in_a_fraction_of_what_the_standard_library_takes() -> None:
    """Processor time, each the shortest of several, so that no load of the machine counts."""
    mail = letter(text="We will hold a review.\n" * 60, html="<p>We will hold a review.</p>\n" * 60)

    def library() -> None:
        message = EmailMessage(policy=SMTP)
        message["From"] = message["To"] = Address("Anna Kowalska", addr_spec=SECRET_TO)
        message["Subject"], message["Message-ID"] = mail.subject, mail.message_id
        message.set_content(mail.text, cte="quoted-printable")
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
        message.as_bytes()

    def spent(work: object) -> float:
        assert callable(work)
        began = time.thread_time()
        work()
        return time.thread_time() - began

    ours = min(spent(lambda: compose(mail, SENDER)) for _ in range(20))
    assert ours < min(spent(library) for _ in range(20)) / 3


@pytest.mark.parametrize(
    "name",
    [
        "Folkestone & Hythe District Council, Environmental Protection",
        "Registered social landlord for the Folkestone and Hythe district",
        'The "Quiet Streets" partnership of the district council, the police and every landlord',
    ],
)
def test_a_long_plain_name_is_broken_between_its_words_and_reads_as_it_was_written(name: str) -> None:
    sent = bytes(compose(letter(to_name=name), SENDER))
    head = sent.partition(b"\r\n\r\n")[0].decode("ascii")
    assert "=?" not in head
    assert max(map(len, head.split("\r\n"))) <= 78
    assert read(sent)["To"].addresses[0].display_name == name
