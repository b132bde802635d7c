"""The effects a case's story asks for, by name and type. The activities that answer to these names live elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeGuard

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from domain.messages import NotTaken, Turn, TurnDone

CARRY_OUT = "carry_out"
SEND_LETTER = "send_letter"
TAKE_UP_CASES = "take_up_cases"
READ_BOUNCES = "read_bounces"

_PULSE = timedelta(seconds=15)
_SUMMARY_BYTES = 190
_LONGEST_PAUSE = 300
_ANSWER: Any = TurnDone | NotTaken

TurnAway = Callable[[str], None]
"""Told the name of an activity whose result was not the worker's own."""


async def carry_out(turn: Turn, turn_away: TurnAway) -> TurnDone:
    """Write a turn's events to the register and send its letters; tried until the register takes them.

    What anybody else says came of it, or that it failed for good, is nothing: it is asked for again.
    """
    turn, pause = _named(turn), 1
    while True:
        try:
            done = await workflow.execute_activity(
                CARRY_OUT,
                turn,
                result_type=_ANSWER,
                start_to_close_timeout=timedelta(minutes=2),
                heartbeat_timeout=_PULSE,
                retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5)),
                summary=_turn_in_words(turn),
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            workflow.logger.warning("The activity %s failed for good and is begun anew.", CARRY_OUT)
        else:
            if _of(done, turn):
                return done
            turn_away(CARRY_OUT)
        pause = await _wait(pause)


async def send_letter(turn: Turn, turn_away: TurnAway) -> TurnDone:
    """Send again the one letter the mail server could not take, with back-off for a day.

    Raises ActivityError when that day is over.
    """
    turn, pause = _named(turn), 1
    while True:
        done = await workflow.execute_activity(
            SEND_LETTER,
            turn,
            result_type=_ANSWER,
            start_to_close_timeout=timedelta(minutes=2),
            heartbeat_timeout=_PULSE,
            schedule_to_close_timeout=timedelta(days=1),
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=30), maximum_interval=timedelta(minutes=30)),
            summary=f"try again: {turn.letters[0].summary}",
        )
        if _of(done, turn):
            return done
        turn_away(SEND_LETTER)
        pause = await _wait(pause)


async def take_up_cases() -> int:
    """Start the workflow of every application that was taken in and has none; the number started."""
    started: int = await workflow.execute_activity(
        TAKE_UP_CASES,
        result_type=int,
        start_to_close_timeout=timedelta(minutes=5),
        retry_policy=RetryPolicy(maximum_attempts=3),
        summary="start what was taken in and never started",
    )
    return started


async def read_bounces() -> int:
    """Report the letters that came back by e-mail to their cases; how many were."""
    reported: int = await workflow.execute_activity(
        READ_BOUNCES,
        result_type=int,
        start_to_close_timeout=timedelta(minutes=10),
        retry_policy=RetryPolicy(maximum_attempts=3),
        summary="read the e-mail that came back",
    )
    return reported


def _named(turn: Turn) -> Turn:
    return turn.model_copy(update={"id": str(workflow.uuid4())})


def _of(done: TurnDone | NotTaken, turn: Turn) -> TypeGuard[TurnDone]:
    """Whether it is what came of this turn, and not of an earlier one."""
    return isinstance(done, TurnDone) and done.turn in ("", turn.id)


async def _wait(pause: int) -> int:
    """Wait so many seconds before an activity is begun anew; how many the next time."""
    await workflow.sleep(pause, summary="before it is tried anew")
    return min(2 * pause, _LONGEST_PAUSE)


def _turn_in_words(turn: Turn) -> str:
    kinds = dict.fromkeys(numbered.event.kind for numbered in turn.events)
    letters: dict[str, list[str]] = {}
    for order in turn.letters:
        letters.setdefault(order.letter, []).append(order.to.words)
    posted = "; ".join(f"{letter} to {', '.join(to)}" for letter, to in letters.items())
    happened = ", ".join(kinds) or "a date passed: bring the register up to date"
    words = (happened + (f" | {posted}" if posted else "")).encode()
    if len(words) <= _SUMMARY_BYTES:
        return words.decode()
    return words[:_SUMMARY_BYTES].decode(errors="ignore") + "…"
