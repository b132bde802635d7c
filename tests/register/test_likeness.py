"""Which open cases look like another: by its victims, never by who acts for them."""

from domain import events as e
from domain.likeness import Trait
from register import likeness, queries, taking_in
from register.database import Database
from register.entries import record
from tests.register import examples


async def taken(database: Database, policy: str = "dover", **changes: object) -> str:
    made = examples.form().model_copy(update=changes)
    start = await taking_in.take_in(
        database, made, examples.policy(policy), examples.CALENDAR, by=examples.APPLICANT, now=examples.NOW
    )
    return start.reference


async def like(database: Database, reference: str) -> list[str]:
    stored = await queries.case(database, reference)
    assert stored is not None
    return [other.reference for other in await likeness.of_case(database, stored)]


async def test_a_second_application_looks_like_the_first_and_the_first_like_the_second(database: Database) -> None:
    first, second, third = [await taken(database) for _ in range(3)]
    assert await like(database, first) == [second, third]
    assert await like(database, third) == [first, second]


async def test_what_is_the_same_is_said_in_words(database: Database) -> None:
    first = await taken(database)
    victim = examples.form().applicant
    moved = victim.model_copy(update={"name": "Somebody Else", "email": None, "phone": ""})
    (found,) = await likeness.like(database, "dover", (victim,))
    assert (found.reference, found.by[0], found.words[:9]) == (first, Trait.PERSON, "same name")
    by_home = await likeness.like(database, "dover", (moved,))
    assert [other.by for other in by_home] == [(Trait.ADDRESS,)]


async def test_another_council_s_case_and_one_of_somebody_else_are_not_like_it(database: Database) -> None:
    first = await taken(database)
    await taken(database, "medway")
    other = examples.form().applicant.model_copy(update={"name": "Jo Other", "email": None, "phone": "", "address": ()})
    await taken(database, applicant=other)
    assert await like(database, first) == []


async def test_a_case_that_is_over_is_not_shown(database: Database) -> None:
    start = await taking_in.take_in(
        database, examples.form(), examples.policy(), examples.CALENDAR, by=examples.APPLICANT, now=examples.NOW
    )
    story = examples.Story(start)
    story.happened(e.Withdrawn(reason="It has stopped."))
    await record(database, story.turn())
    assert await like(database, await taken(database)) == []


async def test_who_acts_for_many_makes_no_two_cases_alike(database: Database) -> None:
    adviser = examples.form().representative
    nobody = {"email": None, "phone": "", "address": ()}
    victims = [examples.form().applicant.model_copy(update={"name": name, **nobody}) for name in ("Bo One", "Cy Two")]
    first, second = [await taken(database, applicant=victim, representative=adviser) for victim in victims]
    assert await like(database, first) == await like(database, second) == []
