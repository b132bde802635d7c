"""The clerk: keeps what happened in the register and sees that each letter goes out once.

One activity a turn, in the order things happened. A letter that the mail server cannot take now is tried again beside
the story, which never waits for the post.
"""

from __future__ import annotations

import asyncio
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from domain.events import CLOCK, Event, LetterPosted, LetterState
    from domain.messages import LetterOrder, Turn, TurnDone

from workflows import display, effects
from workflows.attributes import CASE_EVENTS
from workflows.file import CaseFile

_COUNTED = "count-events"
_GAVE_UP = "it could not be sent for a whole day"


class Clerk:
    """Carries out one case's turns until the case is over and everything is kept and sent."""

    def __init__(self, file: CaseFile) -> None:
        self._file = file
        self._shown: dict[SearchAttributeKey[Any], Any] = {}
        self._retries: set[asyncio.Task[None]] = set()

    @property
    def idle(self) -> bool:
        return not self._file.dirty and not self._retries

    async def keep(self) -> None:
        """A turn begins when the story has said all that follows from what happened, so that one turn carries it."""
        file = self._file
        while True:
            await workflow.wait_condition(
                lambda: not file.step and (file.dirty or (file.told_of_the_end and self.idle))
            )
            if not file.dirty:
                return
            workflow.set_current_details(display.details(file, workflow.now()))
            file.busy = True
            done = await effects.carry_out(file.turn(workflow.now()), self._turn_away)
            self._posted(done.posted)
            file.busy = False
            if file.settled or not self._shown:
                self.show()

    def show(self) -> None:
        """Bring the search attributes and the details in the Temporal UI up to date."""
        now = workflow.now()
        workflow.set_current_details(display.details(self._file, now))
        listed = dict(display.listed(self._file, now))
        if workflow.patched(_COUNTED):
            listed[CASE_EVENTS] = len(self._file.case.events)
        changed = {key: value for key, value in listed.items() if self._shown.get(key) != value}
        if changed:
            self._shown.update(changed)
            workflow.upsert_search_attributes(
                [key.value_unset() if value is None else key.value_set(value) for key, value in changed.items()]
            )

    def _posted(self, posted: tuple[Event, ...]) -> None:
        now = workflow.now()
        for event in posted:
            self._file.posted(event, now)
            what = event.what
            if isinstance(what, LetterPosted) and what.state is LetterState.WAITING:
                task = asyncio.create_task(self._try_again(self._file.orders[what.key]))
                self._retries.add(task)
                task.add_done_callback(self._retries.discard)

    async def _try_again(self, order: LetterOrder) -> None:
        try:
            self._settled(await effects.send_letter(self._alone(order), self._turn_away))
        except ActivityError:
            self._settled(await effects.carry_out(self._alone(order), self._turn_away))

    def _turn_away(self, activity: str) -> None:
        self._file.turn_away(activity, workflow.now())

    def _alone(self, order: LetterOrder) -> Turn:
        return Turn(reference=self._file.reference, as_of=workflow.now(), letters=(order,))

    def _settled(self, done: TurnDone) -> None:
        """What became of a letter in the end; one that still waits after its day is a person's to settle."""
        for event in done.posted:
            what, now = event.what, workflow.now()
            if isinstance(what, LetterPosted) and what.state is LetterState.WAITING:
                words = f"{_GAVE_UP}: {what.words}"
                lost = what.model_copy(update={"state": LetterState.REFUSED, "words": words})
                self._file.happen(lost, now, by=CLOCK)
            else:
                self._file.posted(event, now)
