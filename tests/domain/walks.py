"""People doing whatever comes to their mind with a case, in any order, and what must hold all the while."""

from __future__ import annotations

from datetime import date

from domain import events as e
from domain import rules
from domain.case import Stage
from domain.fold import fold
from domain.messages import LetterOrder
from domain.policy import Milestone
from tests.domain.service import Service
from tests.domain.stages import (
    MET,
    OUTCOME,
    agreed,
    answer,
    decision,
    done,
    follow_up,
    held,
    plausible,
)


def assert_one_sentence(sentence: str) -> None:
    assert sentence == sentence.strip()
    assert "\n" not in sentence
    assert ". " not in sentence.replace("s.104", "").replace("para.", "")
    assert not sentence.endswith((".", ";", ":", ","))
    assert ": ;" not in sentence
    assert "None" not in sentence


def walk(service: Service, moves: list[int]) -> Service:
    """Whatever people do in whatever order, with days between; every refusal is a sentence."""
    for move in moves:
        if service.stage.over:
            break
        acts = [act for act in rules.possible(service.case) if act not in ("withdraw", "end-case") or move % 7 == 0]
        chosen = move % (len(acts) + 4)
        if chosen >= len(acts):
            service.wait(1 + move % 11)
            continue
        bodies = list(plausible(service, acts[chosen]))
        sentence = service.act(bodies[move // 50 % len(bodies)])
        if sentence is not None:
            assert_one_sentence(sentence)
        holds(service)
    return service


def holds(service: Service) -> None:
    """What must hold of a case at every moment."""
    case = service.case
    words = service.waiting
    assert "\n" not in words.words
    assert bool(words.must_act) is (not case.stage.over or case.lost is not None)
    assert case.made_on == date(2026, 4, 2)  # Thu
    if "threshold.decided" in service.kinds:
        assert service.kinds.index("application.passed_on") < service.kinds.index("threshold.decided")
    for number, event in enumerate(case.events):
        if isinstance(event.what, e.ThresholdDecided) and not event.what.met:
            before = fold(case.policy, case.calendars[0], case.events[:number])
            assert not rules.assessment(before).met
            assert event.what.approved_by.casefold() != event.what.decided_by.casefold()
    if case.stage is Stage.CLOSED:
        assert case.open_items == []
        assert case.has(Milestone.OUTCOME_SENT) or (case.refusal and case.has(Milestone.THRESHOLD_TOLD))
        assert any(letter.posted.letter == "L-15c" for letter in case.letters.values())
    if case.stage is Stage.WITHDRAWN:
        assert any(letter.posted.letter == "L-16" for letter in case.letters.values())


def finish(service: Service) -> Service:
    """Everybody does their part from here on; the case must come to an end."""
    for _ in range(80):
        if service.stage.over:
            return service
        forward(service)
    raise AssertionError(f"stuck at {service.stage}: {service.waiting.words}")


def forward(service: Service) -> None:
    """Whoever's turn it is does their part, or time passes until somebody can."""
    case, today = service.case, service.today
    lost = [key for key, letter in case.letters.items() if letter.needs_somebody]
    if lost:
        service.must(*(e.LetterSettled(key=key, arrived=True, how="Read out by phone.") for key in lost))
        return
    if hold := case.on_hold(today):
        service.wait_until(hold.end)
        return
    match service.stage:
        case Stage.THRESHOLD:
            service.must(MET.model_copy(update={"discretion": "The harm is great."}))
        case Stage.GATHERING | Stage.ARRANGING:
            _arrange(service)
        case Stage.PANEL if case.panel:
            service.wait_until(case.panel.on).must(held(service.today, "police"))
        case Stage.PLAN if case.has(Milestone.PLAN_PUT):
            service.must(e.PlanCommented(comments="Good."))
        case Stage.OUTCOME if case.outcome is None:
            service.must(OUTCOME)
        case Stage.APPEAL if case.appeal and case.appeal.hearing and case.appeal.hearing.on > today:
            service.wait_until(case.appeal.hearing.on)
        case Stage.APPEAL if case.appeal and not case.appeal.decided:
            heard = None if case.appeal.heard_on else today
            service.must(decision(today).model_copy(update={"heard_on": heard}))
        case Stage.FOLLOW_UP:
            _follow_up(service)
        case Stage.NOT_MET if case.objection:
            service.must(e.ClosureNotified(reason="We visited and it has stopped."))
        case _:
            service.wait(4)


def _arrange(service: Service) -> None:
    service.must(agreed(service, service.today))


def _follow_up(service: Service) -> None:
    case = service.case
    if case.looks_again and not case.open_items:
        service.must(follow_up(service.today))
        return
    for item in list(case.open_items):
        if item.answer is None:
            service.must(answer(item.id))
        else:
            service.must(done(item.id, service.today))
    if service.stage is not Stage.FOLLOW_UP or case.open_items:
        return
    if case.objection:
        service.must(e.ClosureNotified(reason="We visited and it has stopped."))
    elif not case.has(Milestone.FOLLOWED_UP):
        opens = next((d.opens for d in service.deadlines if d.step == "follow_up" and d.opens), service.today)
        service.wait_until(opens)
        if service.stage is Stage.FOLLOW_UP:
            service.must(follow_up(service.today))


class Unlucky:
    """A post in which every so many letters are lost."""

    def __init__(self, every: int) -> None:
        self.every, self.sent = every, 0

    def __call__(self, order: LetterOrder) -> e.LetterState:
        self.sent += 1
        return e.LetterState.UNCERTAIN if self.sent % self.every == 0 else e.LetterState.ACCEPTED
