"""A policy held against the Anti-social Behaviour, Crime and Policing Act 2014, s.104, s.105 and Sch.4."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from pydantic import BaseModel

from domain.application import Tenure
from domain.calendar import Unit
from domain.findings import Finding, Severity, finding
from domain.lint_chasing import escalations
from domain.lint_dates import clocks, in_turn, months
from domain.policy import (
    AppealBody,
    AppealRoute,
    Clock,
    Effect,
    Limit,
    Measure,
    Milestone,
    Policy,
    Route,
    Rung,
    Scope,
    Source,
    StepId,
    Subject,
)

__all__ = ["Finding", "Severity", "lint"]


def lint(policy: Policy, on: date | None = None) -> tuple[Finding, ...]:
    """What is wrong with ``policy`` from ``on`` (by default the day it takes effect) on, errors first."""
    day = on or policy.effective_from
    findings = [fault for check in _CHECKS for fault in check(policy, day)]
    if not any(fault.severity is Severity.ERROR for fault in findings):
        findings += in_turn(policy, day)
    return tuple(sorted(findings, key=lambda fault: fault.severity is Severity.FINDING))


_COMMISSIONER = re.compile(r"\bO?PCCs?\b|police and crime commissioner", re.IGNORECASE)
_COMMISSIONERS_END = date(2028, 5, 31)
_ENDED = (
    (
        re.compile(r"\bCCGs?\b|clinical commissioning group", re.I),
        date(2022, 6, 30),
        "the integrated care board",
    ),
    (
        re.compile(r"\bIPCC\b|independent police complaints commission", re.I),
        date(2018, 1, 7),
        "the Independent Office for Police Conduct",
    ),
    (
        re.compile(r"local government ombudsman", re.I),
        date(2017, 12, 31),
        "the Local Government and Social Care Ombudsman",
    ),
    (_COMMISSIONER, _COMMISSIONERS_END, "the local policing body that follows the commissioner"),
)
_DEFEATS = re.compile(
    r"\b(closed|on-?going|still being|investigat\w*|crim(e|es|inal\w*)|no action|(submit|make) a complaint"
    r"|complaints? procedures?|unhappy|anonymous|prejudicial|discriminatory|malicious|unreasonable"
    r"|vexatious|frivolous|serious\w*)\b",
    re.IGNORECASE,
)
_ANONYMOUS = re.compile(r"anonymous applications", re.IGNORECASE)
_WRONG_DUTY = re.compile(r"not mean that (they|you) are not obliged", re.IGNORECASE)
_QUOTED = (
    ("wrong-duty-quoted", _WRONG_DUTY),
    ("consent-confused", re.compile(r"you agree to allow your details", re.IGNORECASE)),
    (
        "no-action-required",
        re.compile(r"no action (has been|was|is) taken|not been (appropriately )?(addressed|dealt with)", re.I),
    ),
)
_ADDRESS = re.compile(r"https?://[^\s/.]+\.[^\s/]+(/\S*)?")
_RECEIPT = (Milestone.OUTCOME_RECEIVED, Milestone.THRESHOLD_RECEIVED)
_APPEAL_ANCHORS = {
    "bundle": (Milestone.APPEAL_LODGED,),
    "hearing": (Milestone.APPEAL_LODGED, Milestone.BUNDLE_SENT),
    "decision": (Milestone.APPEAL_LODGED, Milestone.BUNDLE_SENT, Milestone.APPEAL_HEARD),
}
_STATUTORY = (Measure.APPLICATIONS, Measure.NOT_MET, Measure.REVIEWS, Measure.RECOMMENDATIONS)
_RELEVANT = (
    ("the council", re.compile(r"council", re.IGNORECASE)),
    ("the police", re.compile(r"police|constabulary", re.IGNORECASE)),
    ("the integrated care board", re.compile(r"integrated care board|\bICB\b|health board", re.IGNORECASE)),
)


def _sources(value: object, where: str = "") -> Iterator[tuple[str, Source]]:
    """Every source in a policy, with its path."""
    if isinstance(value, Source):
        yield where, value
    for path, child in _children(value, where):
        yield from _sources(child, path)


def _live(value: object, day: date, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text that may still reach a letter or a page on ``day``: no quotation, nothing that has ended."""
    if isinstance(value, Source) or where in ("consulted", "notes"):
        return
    if isinstance(value, (AppealRoute, AppealBody)) and value.until and value.until < day:
        return
    if isinstance(value, str):
        yield where, value
    for path, child in _children(value, where):
        yield from _live(child, day, path)


def _children(value: object, where: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield f"{where}.{name}" if where else name, getattr(value, name)
    elif isinstance(value, tuple):
        for number, child in enumerate(value):
            yield f"{where}[{number}]", child


def _identity(policy: Policy, day: date) -> Iterator[Finding]:
    if policy.effective_to and policy.effective_to < policy.effective_from:
        yield finding("dates-order", "effective_to", start=policy.effective_from)
    if not _ADDRESS.fullmatch(policy.identity.url):
        yield finding("address-missing", "identity.url", url=policy.identity.url)
    named: dict[str, Iterable[str]] = {
        "routes": (route.id for route in policy.routes),
        "exclusions": (exclusion.id for exclusion in policy.exclusions),
        "agencies": (agency.id for agency in policy.agencies),
        "steps": (step.id.value for step in policy.steps),
        "care.safety": (contact.id for contact in policy.care.safety),
        "appeals": (route.id for route in policy.appeals),
    }
    for where, ids in named.items():
        for id, times in Counter(ids).items():
            if times > 1:
                yield finding("duplicate-id", where, id=id)
    if policy.identity.next_review is None:
        yield finding("review-date-missing", "identity.next_review")
    if not policy.consulted:
        yield finding("consultation-missing", "consulted")


def _threshold(policy: Policy, day: date) -> Iterator[Finding]:
    if not any(_is_floor(route) for route in policy.routes):
        yield finding("floor-above-three", "routes")
    for number, route in enumerate(policy.routes):
        for name in ("report_within", "apply_within", "recent"):
            limit: Limit | None = getattr(route, name)
            if limit and limit.unit not in (Unit.MONTHS, Unit.DAYS):
                yield finding("route-unit", f"routes[{number}].{name}.unit", unit=limit.unit)
    if not policy.definitions.crimes_may_count:
        yield finding("crimes-excluded", "definitions.crimes_may_count")


def _is_floor(route: Route) -> bool:
    return (
        route.minimum <= 3
        and route.scope is Scope.ANYONE
        and route.category is None
        and route.recent is None
        and (route.report_within is None or months(route.report_within) >= 1)
        and months(route.apply_within) >= 6
    )


def _exclusions(policy: Policy, day: date) -> Iterator[Finding]:
    for number, exclusion in enumerate(policy.exclusions):
        where, says = f"exclusions[{number}]", exclusion.source.says
        if exclusion.defeats_statute:
            yield finding("exclusion-set-aside", where, title=exclusion.title)
        elif exclusion.effect is not Effect.DEFER and _DEFEATS.search(f"{exclusion.title} {says}"):
            yield finding("exclusion-defeats-statute", f"{where}.defeats_statute", title=exclusion.title)
        if _ANONYMOUS.search(says):
            yield finding("anonymous-rejected", where)


def _appeals(policy: Policy, day: date) -> Iterator[Finding]:
    if gap := _uncovered(policy, day, (Subject.THRESHOLD,)):
        yield finding("appeal-refusal-missing", "appeals", day=gap)
    if gap := _uncovered(policy, day, (Subject.OUTCOME, Subject.HANDLING)):
        yield finding("appeal-review-missing", "appeals", day=gap)
    published = [route for route in policy.appeals if not route.statutory_minimum]
    if published and {subject for route in published for subject in route.subjects} == {Subject.OUTCOME}:
        yield finding("appeal-on-outcome-only", f"appeals[{policy.appeals.index(published[0])}].subjects")
    going_on = {route.id for route in policy.appeals if not route.final}
    for number, route in enumerate(policy.appeals):
        yield from _appeal(route, f"appeals[{number}]")
        if route.after and route.after not in going_on:
            yield finding("appeal-layer", f"appeals[{number}].after", after=route.after)


def _uncovered(policy: Policy, day: date, subjects: tuple[Subject, ...]) -> date | None:
    """The first day from ``day`` on with no route, or no body, for any of ``subjects``; None if never."""
    ends = [route.until for route in policy.appeals]
    ends += [body.until for route in policy.appeals for body in route.bodies]
    for turn in sorted({day} | {end + timedelta(days=1) for end in ends if end and end >= day}):
        over = policy.effective_to is not None and turn > policy.effective_to
        if not over and not any(route.body_on(turn) for route in policy.appeals_on(turn, subjects)):
            return turn
    return None


def _appeal(route: AppealRoute, where: str) -> Iterator[Finding]:
    limits = {"window": route.window, "hearing": route.hearing, "decision": route.decision}
    chosen = [name for name, clock in limits.items() if clock and not clock.source.says]
    if route.statutory_minimum:
        yield finding("appeal-gap-filled", where, subjects=" or ".join(route.subjects))
    elif chosen:
        yield finding("appeal-limit-chosen", f"{where}.{chosen[0]}", clocks=", ".join(chosen))
    if not route.window.limit:
        yield finding("appeal-window-none", f"{where}.window.limit")
    if route.window.anchor not in ((Milestone.APPEAL_TOLD,) if route.after else _RECEIPT):
        yield finding("appeal-window-anchor", f"{where}.window.anchor", anchor=route.window.anchor)
    for name, anchors in _APPEAL_ANCHORS.items():
        clock: Clock | None = getattr(route, name)
        if clock and clock.anchor not in anchors:
            between = {"clock": name, "anchor": clock.anchor, "instead": anchors[-1]}
            yield finding("appeal-clock-anchor", f"{where}.{name}.anchor", **between)
    for number, body in enumerate(route.bodies):
        if _COMMISSIONER.search(body.name) and (body.until is None or body.until > _COMMISSIONERS_END):
            path = f"{where}.bodies[{number}].until"
            yield finding("body-ends", path, name=body.name, last=_COMMISSIONERS_END)


def _contact(policy: Policy, day: date) -> Iterator[Finding]:
    if policy.contact is None:
        yield finding("contact-missing", "contact")
    elif not policy.contact.source.says:
        yield finding("contact-chosen", "contact")
    offered = {intake.channel for intake in policy.channels if intake.source.says}
    if len(offered) < 3:
        yield finding("channels-few", "channels", number=len(offered) or "none")


def _bodies(policy: Policy, day: date) -> Iterator[Finding]:
    for pattern, last, instead in _ENDED:
        if day <= last:
            continue
        for where, text in _live(policy, day):
            if pattern.search(text):
                yield finding("body-gone", where, text=text, day=day, instead=instead)
        if quoted := next((where for where, source in _sources(policy) if pattern.search(source.says)), None):
            yield finding("body-gone-quoted", quoted, instead=instead)


def _wording(policy: Policy, day: date) -> Iterator[Finding]:
    for where, text in _live(policy, day):
        if _WRONG_DUTY.search(text):
            yield finding("wrong-duty", where)
    for code, pattern in _QUOTED:
        quoted = (where for where, source in _sources(policy) if pattern.search(source.says.replace("*", "")))
        if first := next(quoted, None):
            yield finding(code, first)


def _promises(policy: Policy, day: date) -> Iterator[Finding]:
    for number, step in enumerate(policy.steps):
        for place, clock in enumerate(step.clocks):
            if step.public and clock.source.choice:
                path = f"steps[{number}].clocks[{place}]"
                yield finding("promise-chosen", path, title=step.title, choice=clock.source.choice)
    owed = {step.id for step in policy.steps if step.public}
    for route in policy.appeals:
        owed |= {StepId.APPEAL_HEARING, StepId.APPEAL_DECISION} if route.hearing else {StepId.APPEAL_DECISION}
    letters = [chase for chase in policy.chasing.ladder if chase.rung is Rung.DELAY_LETTER]
    explained = {id for chase in letters for id in chase.steps} & set(policy.extensions.steps)
    if late := sorted(owed - explained):
        yield finding("delay-unexplained", "chasing.ladder", steps=", ".join(late))


def _governance(policy: Policy, day: date) -> Iterator[Finding]:
    if policy.participation.minutes < 1:
        yield finding("participation-none", "participation.minutes", minutes=policy.participation.minutes)
    if not policy.panel.independent_chair:
        yield finding("chair-not-independent", "panel.independent_chair")
    if absent := [measure.value for measure in _STATUTORY if measure not in policy.publication.measures]:
        yield finding("measures-few", "publication.measures", measures=", ".join(absent))
    if not policy.figures:
        yield finding("figures-missing", "figures")
    names = [f"{agency.role}, {agency.name}" for agency in policy.relevant_bodies]
    for body, pattern in _RELEVANT:
        if not any(pattern.search(name) for name in names):
            yield finding("relevant-body-missing", "agencies", body=body)


def _safety(policy: Policy, day: date) -> Iterator[Finding]:
    for support, what in ((False, "a referral of somebody in danger"), (True, "a referral to a support service")):
        if not any(contact.support is support for contact in policy.care.safety):
            yield finding("safety-missing", "care.safety", what=what)


def _redress(policy: Policy, day: date) -> Iterator[Finding]:
    if not policy.redress:
        yield finding("redress-missing", "redress")
    tenants = {Tenure.COUNCIL_TENANT, Tenure.HOUSING_ASSOCIATION_TENANT}
    for number, redress in enumerate(policy.redress):
        housing = "housing ombudsman" in redress.ombudsman.casefold()
        if housing and not (redress.tenures and tenants.issuperset(redress.tenures)):
            yield finding("redress-tenure", f"redress[{number}].tenures")


_CHECKS: tuple[Callable[[Policy, date], Iterator[Finding]], ...] = (
    _identity,
    _threshold,
    _exclusions,
    _appeals,
    _contact,
    clocks,
    _bodies,
    _wording,
    _promises,
    escalations,
    _governance,
    _safety,
    _redress,
)
