"""Scenarios lived by the rules alone, without a server, and every letter of them as it would have been sent."""

from __future__ import annotations

import datetime as dt
import itertools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from domain import events as e
from domain.application import FurtherPerson, Means, Person, Representative, carried
from domain.calendar import LONDON
from domain.messages import LetterOrder, Party
from domain.plain_english import Reader
from domain.policy import Policy
from domain.refusals.deferral import grounds
from domain.rehearsal import Rehearsal
from letters.languages import ENGLISH, LANGUAGES, Language
from letters.letter_context import LetterContext, LetterDesk
from letters.pdf import Postal
from letters.rendering import Rendered, Renderer
from starter import scenario
from starter.scenario import Scenario, Step
from starter.step import NotAsExpected, check, due_day, of_agencies

_GALLERY = Path(scenario.__file__).parent / "scenarios" / "gallery"
_BODIES = ("police", "council", "icb", "landlord")
_BY_BODY = ("accounts", "unconfirmed")
APPLICANT, REPRESENTATIVE, NEWCOMER = "P1", "P2", "P3"
_NEWCOMER = Representative(
    name="Tess Whitlow", email="tess.whitlow@example.org", phone="01632 960177", relation="friend", victim_consents=True
)
NEIGHBOUR = "P4"
_NEIGHBOUR = FurtherPerson(
    name="Idris Vaughan", email="idris.vaughan@example.org", address=("10 Sample Close", "Sampleton", "ZZ1 1ZZ"),
    needs="He works at night and sleeps in the day.",
)  # fmt: skip
_SIDE = (Party.APPLICANT, Party.REPRESENTATIVE, Party.FURTHER)


@dataclass(frozen=True)
class StoryLetter:
    """A letter of a story: its order, the event it tells of, what it could print, and what it says."""

    story: str
    policy: Policy
    persons: Mapping[str, Person]
    order: LetterOrder
    event: e.Event
    context: LetterContext
    rendered: Rendered
    seats: tuple[e.Seat, ...]
    on: dt.date

    @property
    def reference(self) -> str:
        return self.order.reference

    @property
    def kind(self) -> str:
        return self.order.letter

    @property
    def reader(self) -> Reader:
        return Reader.APPLICANT if self.order.to.party in _SIDE else Reader.OFFICIAL

    @property
    def language(self) -> Language:
        """The one it is written in, which is English where there is no such letter in the reader's."""
        tag = self.rendered.written.letterhead.language
        return next((language for language in LANGUAGES.values() if language.tag == tag), ENGLISH)

    def pdf(self, renderer: Renderer) -> bytes:
        """On paper, as this reader has it."""
        to = Postal(self.context.to_name, self.context.to_address)
        return renderer.pdf(self.rendered, to=to, large=self.context.large_print)


def of_every_kind(policy: Policy | None = None) -> Iterator[Scenario]:
    """The stories that together hold every kind of letter, whatever the council.

    A body of theirs that is not in the policy’s directory has its part taken by one that is. A story in which a
    decision is put off is left out where the policy publishes no ground for it.
    """
    parts = _stand_ins(policy) if policy else {}
    for path in sorted(_GALLERY.glob("*.toml")):
        content = tomllib.loads(path.read_text("utf-8"))
        if policy is None or grounds(policy) or not _puts_off(content):
            yield scenario.read(_recast(content, parts), path.stem, path.parent)


def _puts_off(content: Mapping[str, Any]) -> bool:
    return any(step.get("act") == e.ThresholdDeferred.act for step in content["steps"])


def _stand_ins(policy: Policy) -> Mapping[str, str]:
    """For each body of the stories that the policy does not know, one that it does: another for each, if there is."""
    known = [agency.id for agency in policy.agencies]
    free = [id for id in known if id not in _BODIES] or known
    missing = [body for body in _BODIES if body not in known]
    return dict(zip(missing, itertools.cycle(free), strict=False))


def _recast(content: Any, parts: Mapping[str, str]) -> Any:
    """A story with each body’s id, wherever it stands alone, replaced by that of its stand-in."""
    if isinstance(content, dict):
        return {
            key: {parts.get(body, body): said for body, said in value.items()}
            if key in _BY_BODY
            else _recast(value, parts)
            for key, value in content.items()
        }
    if isinstance(content, list):
        return [_recast(value, parts) for value in content]
    return parts.get(content, content) if isinstance(content, str) else content


class Story(Rehearsal):
    """A scenario as it goes, under its own policy or another. P3 is somebody who may act for the applicant later, P4
    a neighbour who may join them.

    ``link`` is the address that letters give as their readers' own page; none where it is empty.
    """

    def __init__(
        self,
        scenario: Scenario,
        renderer: Renderer,
        now: dt.datetime,
        *,
        policy: Policy | None = None,
        link: str = "",
    ) -> None:
        received = scenario.received_at(now)
        self.scenario = scenario
        self.renderer = renderer
        self.link = link
        self.letters: list[StoryLetter] = []
        self.day = received.astimezone(LONDON).date()
        self.working_days = scenario.calendar(self.day)
        form = scenario.form(received, self.working_days)
        self.persons: dict[str, Person] = {APPLICANT: form.applicant}
        if form.representative:
            self.persons[REPRESENTATIVE] = form.representative
        self.persons[NEWCOMER] = _NEWCOMER
        self.persons[NEIGHBOUR] = _NEIGHBOUR
        application = carried(form, APPLICANT, REPRESENTATIVE if form.representative else "")
        policy = policy or scenario.load_policy()
        reference = f"{policy.id.replace('-', '')[:3].upper()}-{self.day.year}-0001"
        actor = e.Actor(role=e.Role.APPLICANT, name="the applicant")
        super().__init__(policy, self.working_days, application, received, reference=reference, by=actor)

    def gathered(self) -> None:
        self._desk = LetterDesk(self.policy, self.working_days, self.case.events, self.now, self.persons)

    def posted(self, order: LetterOrder, state: e.LetterState) -> e.LetterPosted:
        event = next(event for event in reversed(self.case.events) if event.id == order.event)
        addressed = self._desk.context(order, self.link if self._desk.own_page(order) else "")
        letter = self.renderer.render(order.letter, addressed.context)
        panel = self.case.panel
        self.letters.append(
            StoryLetter(
                story=self.scenario.name,
                policy=self.policy,
                persons=self.persons,
                order=order,
                event=event,
                context=addressed,
                rendered=letter,
                seats=(panel.chair, *panel.members) if panel else (),
                on=self.today,
            )
        )
        left = {Means.POST: e.LetterState.IN_TRAY, None: e.LetterState.REFUSED}.get(addressed.by, state)
        more = {
            "told": letter.told,
            "by": addressed.by,
            "then": addressed.then if left is e.LetterState.REFUSED else None,
        }
        return super().posted(order, left).model_copy(update=more)

    def wait_until(self, day: dt.date) -> Self:
        """Time passes; on each working day the office posts what lies in its print tray."""
        while self._has_tray and (next_day := self._tomorrow) <= day:
            super().wait_until(next_day)
            for key in [key for key, letter in self.case.letters.items() if letter.in_tray]:
                posted = e.LetterDispatched(key=key, on=next_day)
                self._do(posted, self._office, None, f"{self.scenario.name}, the post")
        return super().wait_until(day)

    @property
    def _has_tray(self) -> bool:
        return any(person.ways[:1] == (Means.POST,) for person in self.persons.values())

    @property
    def _tomorrow(self) -> dt.date:
        return self.working_days.next_working_day(self.today + dt.timedelta(days=1))

    @property
    def _office(self) -> e.Actor:
        return e.Actor(role=e.Role.OFFICER, name=self.scenario.officer)

    def live(self) -> Story:
        """Every step of the scenario. Raises NotAsExpected where it goes another way than its file says."""
        for number, step in enumerate(self.scenario.steps, start=1):
            self._step(step, f"{self.scenario.name}, steps.{number}")
        if expected := self.scenario.expect:
            check(expected, self.stage, self.waiting.words, self.case.events, f"{self.scenario.name}, the end")
        return self

    def _step(self, step: Step, where: str) -> None:
        if step.after:
            due = due_day(self.deadlines, step.after.at_deadline, where) if step.after.at_deadline else None
            self.day = step.after.day(self.day, self.working_days, due)
            self.wait_until(self.day)
        officer = self.scenario.officer
        for deed in step.deeds:
            what = self._within_limits(deed.what(self.day, self.working_days))
            self._do(what, deed.actor(officer), deed.expect_refusal, where)
        for what, by in tuple(of_agencies(self.case, step, self.day)):
            self._do(what, by, None, where)
        for deed in step.then:
            self._do(deed.what(self.day, self.working_days), deed.actor(officer), deed.expect_refusal, where)
        if step.expect:
            check(step.expect, self.stage, self.waiting.words, self.case.events, where)

    def _within_limits(self, what: e.Body) -> e.Body:
        """An extension as long as this policy allows, where the story has a longer one."""
        if isinstance(what, e.Extended):
            longest = self.policy.extensions.at_most
            return what.model_copy(update={"working_days": min(what.working_days, longest)})
        return what

    def _do(self, what: e.Body, by: e.Actor, refusal: str | None, where: str) -> None:
        sentence = self.act(what, by)
        if sentence and (refusal is None or refusal not in sentence):
            raise NotAsExpected(f"{where}: {what.act} was refused: {sentence}")
        if refusal and sentence is None:
            raise NotAsExpected(f"{where}: {what.act} should be refused with “{refusal}” and was accepted.")
