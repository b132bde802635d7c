"""A case's life as a file: an application, and who does what how many working days later; see docs/scenarios.md."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, ValidationError, model_validator

import policies
from domain.application import ApplicationForm, Line, Text, Written
from domain.calendar import LONDON, Calendar, words
from domain.case import Stage
from domain.events import Actor, Body, Purpose, Role, acts
from domain.policy import Policy
from office import faults
from office.bank_holidays import snapshot
from office.faults import WrongInput
from starter.timing import After, Closure, Nearest, dated, text_date

OPENING = dt.time(10)
_HERE = Path(__file__).parent / "scenarios"
_SAMPLE = dt.date(2027, 3, 1)  # Mon


class ScenarioRefused(WrongInput):
    """A scenario that cannot be lived: one sentence for each field in ``faults``."""

    def __init__(self, name: str, lines: Sequence[str]) -> None:
        super().__init__(f"The scenario {name} cannot be used:", lines)


def _known(act: str) -> str:
    if act not in acts():
        raise ValueError(f"there is no act {act!r}{faults.near(act, acts())}; the acts are {', '.join(sorted(acts()))}")
    return act


ActName = Annotated[str, AfterValidator(_known)]


class Deed(Written):
    """One act: ``with`` is the body of its Update; ``expect_refusal`` is part of the sentence that must refuse it."""

    act: ActName
    by: Actor | None = None
    body: Annotated[Mapping[str, Any], Field(alias="with")] = {}
    expect_refusal: str | None = None

    @property
    def kind(self) -> type[Body]:
        return acts()[self.act]

    def what(self, day: dt.date, calendar: Calendar) -> Body:
        """The body with its dates, counted from ``day``."""
        return self.kind.model_validate(dated(self.body, day, calendar), extra="forbid")

    def actor(self, officer: str) -> Actor:
        if self.by is not None:
            return self.by
        who = self.kind.who
        names = {Role.OFFICER: officer, Role.APPLICANT: "the applicant"}
        return Actor(role=who, name=names.get(who, ""))


class AgenciesAnswer(Written):
    """Agencies answer their open enquiries on one day, each confirming what was reported to it.

    ``accounts`` gives an agency's account by its id, and ``unconfirmed`` the incidents of which it has no record.
    """

    purpose: Purpose
    agencies: Literal["all"] | tuple[str, ...] = "all"
    exclude: Annotated[tuple[str, ...], Field(alias="except")] = ()
    accounts: Mapping[str, Text] = {}
    unconfirmed: Mapping[str, tuple[str, ...]] = {}

    def includes(self, agency: str) -> bool:
        return (self.agencies == "all" or agency in self.agencies) and agency not in self.exclude


class RecommendationsAnswered(Written):
    """Every addressee answers its open recommendations on one day: accepted, but for those named with their reasons."""

    declined: Mapping[str, Text] = {}
    in_part: Mapping[str, Text] = {}
    only: tuple[str, ...] = ()


class ActionsDone(Written):
    """Accepted recommendations are reported done on one day; ``evidence`` says of each how anyone can see it."""

    evidence: Mapping[str, Text] = {}
    only: tuple[str, ...] = ()
    exclude: Annotated[tuple[str, ...], Field(alias="except")] = ()


class Expected(Written):
    """What must be so: the stage, and letters that must or must not have gone out by then, by kind."""

    stage: Stage | None = None
    letters: tuple[str, ...] = ()
    no_letters: tuple[str, ...] = ()


class Step(Written):
    """One day of the case. Everything in it is done at once, but what is in ``then`` comes after the rest of it.

    Without ``after`` it is the day of the step before. ``demo_stops_here``: ``up --demo`` leaves the case there.
    """

    after: After | None = None
    act: ActName | None = None
    by: Actor | None = None
    body: Annotated[Mapping[str, Any], Field(alias="with")] = {}
    expect_refusal: str | None = None
    also: tuple[Deed, ...] = ()
    then: tuple[Deed, ...] = ()
    agencies_answer: AgenciesAnswer | None = None
    recommendations_answered: RecommendationsAnswered | None = None
    actions_done: ActionsDone | None = None
    expect: Expected | None = None
    demo_stops_here: bool = False

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """What is done at once: the step's own act and ``also``."""
        if self.act is None:
            return self.also
        own = Deed(act=self.act, by=self.by, expect_refusal=self.expect_refusal, **{"with": self.body})
        return (own, *self.also)

    @property
    def named(self) -> Iterator[tuple[str, Deed]]:
        """Every deed with where its ``with`` stands in the step."""
        own = 1 if self.act else 0
        for place, deed in enumerate(self.deeds):
            yield ("" if place < own else f"also.{place - own + 1}."), deed
        for place, deed in enumerate(self.then, start=1):
            yield f"then.{place}.", deed

    @model_validator(mode="after")
    def _act_first(self) -> Step:
        if self.act is None and (self.by or self.body or self.expect_refusal):
            raise ValueError("by, with and expect_refusal say more of an act; give act too")
        return self


class Scenario(Written):
    """A case from its receipt to as far as its steps go.

    ``policy`` is an id or a TOML file, sought beside the scenario's own. ``received`` is a day or an instant to
    come, ``{weekday, near}``, or left out for the next working day. A date inside ``application`` may be
    ``{days_before = 40}`` the receipt, and inside a step's ``with`` ``{working_days = 8}`` after the step's day.
    """

    title: Line
    policy: str
    received: Annotated[dt.datetime | dt.date | Nearest | None, BeforeValidator(text_date)] = None
    closures: tuple[Closure, ...] = ()
    officer: Line = "Maya Ellis"
    application: dict[str, Any]
    steps: tuple[Step, ...] = ()
    expect: Expected | None = None
    _name: str = PrivateAttr("")
    _folder: Path = PrivateAttr(Path())

    @property
    def name(self) -> str:
        """The packaged scenario's id, or the path of the file it was read from."""
        return self._name

    def received_at(self, now: dt.datetime) -> dt.datetime:
        """When the application reaches the council, aware: 10:00 in London where only the day is given.

        A case's clock can begin now or later, never before. Raises ScenarioRefused.
        """
        today = now.astimezone(LONDON).date()
        if self.received is None:
            day = snapshot(today).next_working_day(today + dt.timedelta(days=1))
        elif isinstance(self.received, Nearest):
            day = self.received.after(today)
        elif isinstance(self.received, dt.datetime):
            given = self.received
            received = given.replace(tzinfo=LONDON) if given.utcoffset() is None else given
            return self._not_past(received, received < now, now)
        else:
            day = self.received
        return self._not_past(dt.datetime.combine(day, OPENING, LONDON), day < today, now)

    def _not_past(self, received: dt.datetime, past: bool, now: dt.datetime) -> dt.datetime:
        if past:
            line = (
                f"received: {words(received.astimezone(LONDON).date())} is past and a case's clock only moves forward; "
                "give a day to come, {weekday, near}, or leave it out for the next working day"
            )
            raise ScenarioRefused(self.name, [line])
        return max(received, now)

    def calendar(self, received: dt.date) -> Calendar:
        """The working days the case is given: bank holidays, and the scenario's closures."""
        closures = [day for closure in self.closures for day in closure.days(received)]
        return snapshot(received, closures=closures)

    def form(self, received: dt.datetime, calendar: Calendar) -> ApplicationForm:
        """The application as it is made at ``received``. Raises pydantic's ValidationError."""
        day = received.astimezone(LONDON).date()
        return ApplicationForm.model_validate({**dated(self.application, day, calendar), "made_at": received})

    def under(self, policy: str) -> Scenario:
        """The same scenario under another council's policy, an id or the path of a TOML file here.

        Raises policies.PolicyRefused.
        """
        named = str(Path(policy).resolve()) if policy.endswith(".toml") else policy
        policies.load(named)
        return self.model_copy(update={"policy": named})

    def load_policy(self) -> Policy:
        """The policy it runs under. Raises policies.PolicyRefused."""
        if not self.policy.endswith(".toml"):
            return policies.load(self.policy)
        return policies.load(self._folder / self.policy)


def ids() -> tuple[str, ...]:
    """The ids of the packaged scenarios, in order."""
    return tuple(sorted(file.stem for file in _HERE.glob("*.toml")))


def load(path_or_id: str | Path) -> Scenario:
    """The packaged scenario with this id, or the one in a TOML or JSON file. Raises ScenarioRefused."""
    path = _file(path_or_id)
    name = path.stem if _HERE in path.parents else str(path_or_id)
    try:
        content = json.loads(path.read_bytes()) if path.suffix == ".json" else tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ScenarioRefused(name, [f"the file: it cannot be read ({error.strerror}); check the path"]) from None
    except ValueError as error:
        raise ScenarioRefused(name, [f"the file: it is not TOML or JSON ({error}); mend it there"]) from None
    return read(content, name, path.parent)


def read(content: object, name: str, folder: Path = Path()) -> Scenario:
    """The scenario in parsed ``content``. Raises ScenarioRefused with every field that is wrong."""
    if not isinstance(content, Mapping):
        raise ScenarioRefused(name, ["the file: it is not a table of fields; docs/scenarios.md has the form"])
    try:
        scenario = Scenario.model_validate(content)
    except ValidationError as error:
        raise ScenarioRefused(name, faults.of(error, Scenario)) from None
    scenario._name, scenario._folder = name, folder
    if lines := list(_faults(scenario)):
        raise ScenarioRefused(name, lines)
    return scenario


def _file(path_or_id: str | Path) -> Path:
    path = Path(path_or_id)
    if isinstance(path_or_id, Path) or path.suffix or len(path.parts) > 1:
        return path
    if path_or_id not in ids():
        line = f"there is no such scenario; give one of {', '.join(ids())}, or the path of a TOML or JSON file"
        raise ScenarioRefused(path_or_id, [line])
    return _HERE / f"{path_or_id}.toml"


def _faults(scenario: Scenario) -> Iterator[str]:
    """What only shows when the parts are held against the application form, the acts and the policy."""
    calendar = scenario.calendar(_SAMPLE)
    received = dt.datetime.combine(_SAMPLE, OPENING, LONDON)
    try:
        scenario.load_policy()
    except policies.PolicyRefused as error:
        yield f"policy: {str(error).splitlines()[0]}"
    try:
        scenario.form(received, calendar)
    except ValidationError as error:
        yield from (f"application.{line}" for line in faults.of(error, ApplicationForm))
    for number, step in enumerate(scenario.steps, start=1):
        for name, deed in step.named:
            try:
                deed.what(_SAMPLE, calendar)
            except ValidationError as error:
                yield from (f"steps.{number}.{name}with.{line}" for line in faults.of(error, deed.kind))
