"""The clerk: keeps what happened in the register and sees that each letter goes out once.

One activity a turn, in the order things happened. A letter that the mail server cannot take now is tried again beside
the story, which never waits for the post.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from domain.events import CLOCK, Event, LetterPosted, LetterState
    from domain.messages import LetterOrder, Turn, TurnDone

from workflows import attributes, display, effects
from workflows.file import CaseFile

_COUNTED = "count-events"
_GAVE_UP = "it could not be sent for a whole day"
STUCK_AFTER = timedelta(minutes=1)
_STUCK_IS_SEEN = "stuck-is-seen"


class Clerk:
    """Carries out one case's turns until the case is over and everything is kept and sent."""

    def __init__(self, file: CaseFile) -> None:
        self._file = file
        self._listed: dict[SearchAttributeKey[Any], Any] = {attributes.STUCK: False}
        self._stuck: list[Turn] = []
        self._retries: set[asyncio.Task[None]] = set()
        self._resting = False

    @property
    def idle(self) -> bool:
        return not self._file.dirty and not self._retries

    def rest(self) -> None:
        """Begin no turn any more: what is still to be kept and sent is another run's."""
        self._resting = True

    async def keep(self) -> None:
        """A turn begins when the story has said all that follows from what happened, so that one turn carries it."""
        file = self._file
        while True:
            await workflow.wait_condition(
                lambda: not file.step and (file.dirty or (file.told_of_the_end and self.idle))
            )
            if self._resting or not file.dirty:
                return
            workflow.set_current_details(display.details(file, workflow.now()))
            file.busy = True
            done = await self._carried_out(file.turn(workflow.now()))
            self._posted(done.posted)
            file.busy = False
            if file.settled or attributes.CASE_STAGE not in self._listed:
                self.show()

    async def _carried_out(self, turn: Turn) -> TurnDone:
        """One turn; while it takes longer than it should, the case is listed as stuck."""
        if not self._stuck_is_seen:
            return await effects.carry_out(turn, self._turn_away)
        alarm = asyncio.create_task(self._call_it_stuck(turn))
        done = await effects.carry_out(turn, self._turn_away)
        alarm.cancel()
        self._stuck = [other for other in self._stuck if other is not turn]
        self._list({attributes.STUCK: bool(self._stuck)})
        return done

    async def _call_it_stuck(self, turn: Turn) -> None:
        await workflow.sleep(STUCK_AFTER, summary="list the case as stuck unless this turn is done by then")
        self._stuck.append(turn)
        self._list({attributes.STUCK: True})

    @property
    def _stuck_is_seen(self) -> bool:
        return workflow.patched(_STUCK_IS_SEEN)

    def show(self) -> None:
        """Bring the search attributes and the details in the Temporal UI up to date."""
        now = workflow.now()
        workflow.set_current_details(display.details(self._file, now))
        listed = dict(display.listed(self._file, now))
        if workflow.patched(_COUNTED):
            listed[attributes.CASE_EVENTS] = len(self._file.case.events)
        self._list({**listed, **display.overdue(self._file)} if self._stuck_is_seen else listed)

    def _list(self, listed: Mapping[SearchAttributeKey[Any], Any]) -> None:
        changed = {key: value for key, value in listed.items() if self._listed.get(key) != value}
        if changed:
            self._listed.update(changed)
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
            self._settled(await self._carried_out(self._alone(order)))

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
