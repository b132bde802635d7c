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
    from domain.messages import LetterOrder, Turn

from workflows import display, effects
from workflows.file import CaseFile

_GAVE_UP = "the mail server did not take it for a whole day"


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
        file = self._file
        while True:
            await workflow.wait_condition(lambda: file.dirty or (file.case.stage.over and self.idle))
            if not file.dirty:
                return
            await self._everyone_has_spoken()
            workflow.set_current_details(display.details(file, workflow.now()))
            file.busy = True
            done = await effects.carry_out(file.turn(workflow.now()))
            self._posted(done.posted)
            await self._everyone_has_spoken()
            file.busy = False
            self.show()

    async def _everyone_has_spoken(self) -> None:
        """Let the story and the keeper add what follows from an act, so that one turn carries it all."""
        for _ in range(3):
            await asyncio.sleep(0)

    def show(self) -> None:
        """Bring the search attributes and the details in the Temporal UI up to date."""
        now = workflow.now()
        workflow.set_current_details(display.details(self._file, now))
        listed = display.listed(self._file, now)
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

    async def _try_again(self, order: LetterOrder) -> None:
        file = self._file
        try:
            done = await effects.send_letter(Turn(reference=file.reference, as_of=workflow.now(), letters=(order,)))
            for event in done.posted:
                file.posted(event, workflow.now())
        except ActivityError:
            lost = LetterPosted(
                key=order.key, letter=order.letter, to=order.to.words, event=order.event,
                state=LetterState.REFUSED, words=_GAVE_UP,
            )  # fmt: skip
            file.happen(lost, workflow.now(), by=CLOCK)
        finally:
            task = asyncio.current_task()
            if task is not None:
                self._retries.discard(task)
