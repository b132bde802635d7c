import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from domain.events import LetterState
from domain.messages import LetterOrder, Party, Recipient, Start
from register import letter_rows, queries, taking_in
from register.database import Database
from register.letter_rows import LetterError, LetterProgress
from tests.register import examples
from tests.register.examples import CALENDAR, DRAFT, NOW, OFFICER, policy

ORDER = LetterOrder(key="DOV-2026-0001/e2/L-01", letter="L-01", to=Recipient(party=Party.APPLICANT), event="e2", upto=2)
OTHER = replace(DRAFT, subject="Another subject", text="Other words.")


@pytest_asyncio.fixture
async def start(database: Database) -> Start:
    return await taking_in.take_in(database, examples.form(), policy(), CALENDAR, by=OFFICER, now=NOW)


@pytest_asyncio.fixture
async def letter(database: Database, start: Start) -> letter_rows.LetterRow:
    return await letter_rows.reserve(database, start.reference, ORDER, DRAFT, now=NOW)


async def test_a_letter_is_kept_as_it_was_rendered(database: Database, letter: letter_rows.LetterRow) -> None:
    assert await queries.letter(database, ORDER.key) == letter
    assert (letter.state, letter.attempts, letter.told) == (LetterProgress.RENDERED, 0, DRAFT.told)
    assert (letter.subject, letter.text, letter.html) == (DRAFT.subject, DRAFT.text, DRAFT.html)
    assert (letter.to_party, letter.rendered_at) == (Party.APPLICANT, NOW)
    assert len(letter.sha256) == 64


async def test_reserving_again_gives_the_first_rendering(
    database: Database, start: Start, letter: letter_rows.LetterRow
) -> None:
    again = await letter_rows.reserve(database, start.reference, ORDER, OTHER, now=NOW + timedelta(hours=1))
    assert again == letter


async def test_ten_that_reserve_at_once_get_one_letter(database: Database, start: Start) -> None:
    drafts = [DRAFT, OTHER] * 5
    found = await asyncio.gather(
        *(letter_rows.reserve(database, start.reference, ORDER, draft, now=NOW) for draft in drafts)
    )
    assert len({row.sha256 for row in found}) == 1
    assert len(await queries.letters(database, start.reference)) == 1


async def test_a_letter_that_is_accepted_is_settled_for_good(database: Database, letter: letter_rows.LetterRow) -> None:
    taken = await letter_rows.handing_over(database, ORDER.key, now=NOW)
    assert (taken.state, taken.attempts, taken.handing_over_at) == (LetterProgress.HANDING_OVER, 1, NOW)
    done = await letter_rows.settle(database, ORDER.key, LetterState.ACCEPTED, 250, "2.0.0 Ok", now=NOW)
    assert (done.state, done.code, done.words, done.settled_at) == (LetterProgress.ACCEPTED, 250, "2.0.0 Ok", NOW)
    later = NOW + timedelta(hours=1)
    assert await letter_rows.settle(database, ORDER.key, LetterState.ACCEPTED, 250, "again", now=later) == done
    with pytest.raises(LetterError, match="is accepted; it cannot become refused"):
        await letter_rows.settle(database, ORDER.key, LetterState.REFUSED, 550, "", now=NOW)
    with pytest.raises(LetterError, match="is accepted; it is not handed over again"):
        await letter_rows.handing_over(database, ORDER.key, now=NOW)


async def test_a_letter_the_server_puts_off_may_be_handed_over_again(
    database: Database, letter: letter_rows.LetterRow
) -> None:
    for attempt in (1, 2):
        assert (await letter_rows.handing_over(database, ORDER.key, now=NOW)).attempts == attempt
        await letter_rows.settle(database, ORDER.key, LetterState.WAITING, 451, "4.7.1 Try later", now=NOW)
    assert (await letter_rows.handing_over(database, ORDER.key, now=NOW)).attempts == 3


async def test_a_process_that_died_while_handing_over_leaves_it_to_be_seen(
    database: Database, url: str, start: Start, letter: letter_rows.LetterRow
) -> None:
    async with Database(url) as dying:
        await letter_rows.handing_over(dying, ORDER.key, now=NOW)
    found = await letter_rows.reserve(database, start.reference, ORDER, DRAFT, now=NOW)
    assert found.state is LetterProgress.HANDING_OVER
    with pytest.raises(LetterError, match="is handing over; it is not handed over again"):
        await letter_rows.handing_over(database, ORDER.key, now=NOW)
    settled = await letter_rows.settle(database, ORDER.key, LetterState.UNCERTAIN, None, "process ended", now=NOW)
    assert settled.state is LetterProgress.UNCERTAIN


async def test_only_one_of_two_processes_hands_a_letter_over(
    database: Database, url: str, letter: letter_rows.LetterRow
) -> None:
    async with Database(url) as other:
        results = await asyncio.gather(
            *(letter_rows.handing_over(one, ORDER.key, now=NOW) for one in (database, other) * 5),
            return_exceptions=True,
        )
    assert sum(isinstance(result, letter_rows.LetterRow) for result in results) == 1
    assert sum(isinstance(result, LetterError) for result in results) == 9


async def test_a_letter_nobody_can_be_sent_is_refused_without_an_attempt(
    database: Database, letter: letter_rows.LetterRow
) -> None:
    settled = await letter_rows.settle(database, ORDER.key, LetterState.REFUSED, None, "no address", now=NOW)
    assert (settled.state, settled.attempts) == (LetterProgress.REFUSED, 0)


async def test_a_letter_that_was_never_reserved_is_named(database: Database) -> None:
    with pytest.raises(LetterError, match="There is no letter nowhere; reserve it before"):
        await letter_rows.handing_over(database, "nowhere", now=NOW)
    assert await queries.letter(database, "nowhere") is None


async def test_letters_of_a_case_come_in_the_order_they_were_rendered(database: Database, start: Start) -> None:
    for hours, key in ((2, "b"), (1, "c"), (1, "a")):
        order = ORDER.model_copy(update={"key": key})
        await letter_rows.reserve(database, start.reference, order, DRAFT, now=NOW + timedelta(hours=hours))
    assert [row.key for row in await queries.letters(database, start.reference)] == ["a", "c", "b"]
    assert await queries.letters(database, "DOV-2026-0404") == []
