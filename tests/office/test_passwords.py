"""Passwords: which are taken, and what many at once cost the process."""

import asyncio

import pytest

from office import passwords
from office.passwords import fresh, weakness

ABOUT = ("Maya Ellis", "maya.ellis@dover.example.org", "Dover District Council")


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa", "abababababab", "abcabcabcabc", "password1234", "Password2026!", "P@ssw0rd!!!!",
        "letmeinletmein", "qwertyuiop12", "1q2w3e4r5t6y", "123456789012", "abcdefghijkl", "Summer2026!!",
        "iloveyou2026", "Manchester2026", "Dover District Council", "dovercouncil1", "DOVER-dover-2026",
        "Maya Ellis 2026", "maya.ellis@dover.example.org", "ellis-dover-1985", "welcome to dover", "asbcasereview1",
        "a a a a a a a a a a a a",
    ],
)  # fmt: skip
def test_what_is_guessed_first_is_not_taken(password: str) -> None:
    assert "too easily guessed" in (weakness(password, *ABOUT) or "")


@pytest.mark.parametrize("password", ["short", " " * 12, "elevenchars", "  elevenchars  ", "\u00a0" * 12, ""])
def test_spaces_are_no_password_and_add_nothing_to_one(password: str) -> None:
    assert "at least 12 characters, spaces around it not counted" in (weakness(password, *ABOUT) or "")


@pytest.mark.parametrize(
    "password",
    [
        "tulip bicycle granite", "another battery entirely", "Rhyfedd-iawn-yw-hyn", "839201748365", "zażółć gęślą jaźń",
        "dover cliffs hide 9 badgers", "x7#kQ2!vLm9z", "a" * 3 + "tulip bicycle granite" * 8,
    ],
)  # fmt: skip
def test_what_nobody_guesses_is_taken(password: str) -> None:
    assert weakness(password, *ABOUT) is None


def test_what_is_made_here_is_taken() -> None:
    assert [made for made in (fresh() for _ in range(200)) if weakness(made, *ABOUT)] == []


def test_one_that_is_too_long_is_told_so() -> None:
    assert weakness("tulip bicycle granite " * 10, *ABOUT) == "The new password must have at most 200 characters"


async def test_however_many_are_looked_at_no_more_than_two_threads_hash_and_the_rest_have_theirs() -> None:
    hash = await passwords.hashed("tulip bicycle granite")
    tries = [asyncio.create_task(passwords.right(hash, f"wrong {number}")) for number in range(120)]
    assert await asyncio.to_thread(lambda: "at once") == "at once"
    assert not all(one.done() for one in tries)
    assert not any(await asyncio.gather(*tries))
    assert await passwords.right(hash, "tulip bicycle granite")
    assert not await passwords.right(None, "tulip bicycle granite")
