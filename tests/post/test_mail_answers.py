"""What becomes of a letter for each answer that a mail server gives, late, wrong or never."""

import asyncio

import pytest

from connection.ports import free_port
from domain.events import LetterState
from post.mail import Delivery, Mailer, TryLater
from tests.post.mail_server import (
    SECRET_TO,
    SENDER,
    Hook,
    Office,
    Script,
    letter,
    listening,
    mailer,
    outcome,
    scripted,
)

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


async def test_a_greylisted_letter_is_for_later_and_then_accepted() -> None:
    office = Office(rcpt=["451 4.7.1 greylisted"])
    hook = Hook()
    async with listening(office) as port:
        with pytest.raises(TryLater, match=r"put off the recipient's address \(451 4\.7\.1\)") as later:
            await mailer(port).send(letter(), about_to_send=hook)
        assert later.value.code == 451
        assert hook.calls == 0
        delivery = await mailer(port).send(letter(), about_to_send=hook)
    assert (delivery.state, hook.calls) == (LetterState.ACCEPTED, 1)


async def test_a_451_after_the_letter_is_for_later() -> None:
    with pytest.raises(TryLater, match=r"put off the letter \(451\)"):
        await outcome(Office(data="451 try again"))


async def test_a_mailbox_that_does_not_exist_is_refused_before_the_letter_leaves() -> None:
    office = Office(rcpt=f"550 5.1.1 <{SECRET_TO}> unknown")
    delivery, hook = await outcome(office)
    words = "The mail server refused the recipient's address (550 5.1.1): there is no such mailbox."
    assert delivery == Delivery(LetterState.REFUSED, 550, words)
    assert hook.calls == 0


@pytest.mark.parametrize(
    ("office", "code", "step"),
    [
        (Office(mail="553 not yours"), 553, "our own address"),
        (Office(rcpt="550 no"), 550, "the recipient's address"),
        (Office(data="554 5.7.1 spam"), 554, "the letter"),
    ],
)
async def test_a_refusal_for_good_is_refused_at_any_step(office: Office, code: int, step: str) -> None:
    delivery, _ = await outcome(office)
    assert (delivery.state, delivery.code) == (LetterState.REFUSED, code)
    assert step in delivery.words


async def test_a_server_that_turns_us_away_at_the_door_has_refused() -> None:
    async def closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554 no service\r\n")
        await reader.read()

    async with scripted(closed) as port:
        delivery = await mailer(port).send(letter(), about_to_send=Hook())
    assert (delivery.state, delivery.code) == (LetterState.REFUSED, 554)


async def test_a_refused_connection_is_for_later() -> None:
    with pytest.raises(TryLater, match="cannot be reached"):
        await mailer(free_port()).send(letter(), about_to_send=Hook())


async def test_a_name_that_does_not_resolve_is_for_later() -> None:
    lost = Mailer("mail.invalid", 25, None, None, False, 5, SENDER)
    with pytest.raises(TryLater, match=r"mail\.invalid:25 cannot be reached"):
        await lost.send(letter(), about_to_send=Hook())


async def test_a_server_that_says_nothing_is_for_later() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with scripted(silent) as port:
        with pytest.raises(TryLater, match="did not answer the connection in time"):
            await mailer(port, timeout=0.1).send(letter(), about_to_send=Hook())


async def test_a_time_out_before_the_letter_is_for_later() -> None:
    hook = Hook()
    async with listening(Office(rcpt="wait", wait=5)) as port:
        with pytest.raises(TryLater, match="did not answer the recipient's address in time"):
            await mailer(port, timeout=0.2).send(letter(), about_to_send=hook)
    assert hook.calls == 0


async def test_a_time_out_after_the_letter_is_uncertain() -> None:
    delivery, hook = await outcome(Office(data="wait", wait=5), timeout=0.2)
    assert (delivery.state, delivery.code) == (LetterState.UNCERTAIN, None)
    assert "gave no answer in time" in delivery.words
    assert hook.calls == 1


async def test_the_last_reply_may_be_given_longer_than_the_others() -> None:
    delivery, _ = await outcome(Office(data="wait", wait=0.5), timeout=0.2, reply_timeout=5)
    assert delivery.state is LetterState.ACCEPTED


async def test_a_server_that_vanishes_after_the_letter_leaves_it_uncertain() -> None:
    office = Office(data="vanish")
    delivery, hook = await outcome(office)
    assert delivery.state is LetterState.UNCERTAIN
    assert "hung up" in delivery.words
    assert (hook.calls, len(office.envelopes)) == (1, 1)


def until_data(reply: bytes, after: bytes | None = None) -> Script:
    """A server that is all right up to DATA, answers `reply` to it, and `after` to the letter."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            if not line.startswith(b"DATA"):
                writer.write(b"250 OK\r\n")
                continue
            writer.write(reply)
            if after is not None:
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(after)
                await writer.drain()
            return

    return script


async def test_a_server_that_hangs_up_before_it_asks_for_the_letter_has_not_got_it() -> None:
    hook = Hook()
    async with scripted(until_data(b"")) as port:
        with pytest.raises(TryLater, match="hung up at the letter"):
            await mailer(port).send(letter(), about_to_send=hook)
    assert hook.calls == 1


async def test_a_server_that_refuses_to_begin_the_letter_has_refused_it() -> None:
    async with scripted(until_data(b"554 no valid recipients\r\n")) as port:
        delivery = await mailer(port).send(letter(), about_to_send=Hook())
    assert (delivery.state, delivery.code) == (LetterState.REFUSED, 554)


@pytest.mark.parametrize("after", [b"what?\r\n", b"354 go on\r\n", b"25"])
async def test_an_answer_that_says_nothing_leaves_the_letter_uncertain(after: bytes) -> None:
    async with scripted(until_data(b"354 go\r\n", after)) as port:
        delivery = await mailer(port).send(letter(), about_to_send=Hook())
    assert delivery.state is LetterState.UNCERTAIN


async def test_an_answer_that_is_no_smtp_before_the_letter_is_for_later() -> None:
    async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()

    async with scripted(web) as port:
        with pytest.raises(TryLater):
            await mailer(port).send(letter(), about_to_send=Hook())
