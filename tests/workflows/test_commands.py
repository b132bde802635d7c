"""The fingerprint of the story: an edit that changes what is commanded in a kept case fails, one of words does not."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter

import workflows
from domain import chasing, story
from domain import events as e
from domain.case import Case
from tests.histories import kept
from tests.workflows.commands import commanded, difference
from tests.workflows.gate import Chattier, Showier, Sleepier, Unchanged, gate
from workflows import display, effects
from workflows.file import CaseFile

CASES = [(release, name) for release in kept.releases() for name in kept.cases(release)]
Edit = Callable[[pytest.MonkeyPatch], type | None]


async def differences(changed: type | None = None) -> str:
    """What differs in the kept cases, with the way to mend it."""
    found = []
    for release, name in CASES:
        present = await commanded(kept.history(release, name), changed)
        found.append(difference(f"{release}/{name}", kept.commands(release)[name], present))
    return "\n".join(filter(None, found))


async def test_the_code_commands_in_every_kept_case_what_its_release_commanded() -> None:
    assert await differences() == ""


@pytest.mark.parametrize("release", kept.releases())
def test_a_release_keeps_the_commands_of_every_case_it_keeps(release: str) -> None:
    assert sorted(kept.commands(release)) == kept.cases(release)


def another_activity(_: pytest.MonkeyPatch) -> type:
    return Chattier


def a_timer_more(_: pytest.MonkeyPatch) -> type:
    return Sleepier


def attributes_before_the_turn(_: pytest.MonkeyPatch) -> type:
    return Showier


def a_later_timer(patched: pytest.MonkeyPatch) -> None:
    """Every moment that matters comes an hour later: Temporal takes that for the same."""
    at_its_time = chasing.next_moment

    def late(case: Case, *known: object) -> object:
        found = at_its_time(case, *known)  # type: ignore[arg-type]
        return found and (found[0].replace(hour=(found[0].hour + 1) % 24), found[1])

    patched.setattr(chasing, "next_moment", late)


def an_event_less(patched: pytest.MonkeyPatch) -> None:
    """Nobody asks the agencies; Temporal sees the same activities, while every event has another number."""
    whole = story.next_step

    def without(*known: object) -> e.Body | None:
        body = whole(*known)  # type: ignore[arg-type]
        return None if isinstance(body, e.EnquirySent) else body

    patched.setattr(story, "next_step", without)


def other_words(patched: pytest.MonkeyPatch) -> type:
    """What people read in the Temporal UI says something else."""

    def details(file: CaseFile, now: object) -> str:
        return f"{file.reference}: {file.case.stage}"

    patched.setattr(display, "details", details)
    patched.setattr(effects, "_turn_in_words", lambda turn: f"{len(turn.letters)} letters")
    return Unchanged


@pytest.mark.parametrize(
    "edit", [another_activity, a_timer_more, attributes_before_the_turn, a_later_timer, an_event_less]
)
async def test_an_edit_that_running_cases_would_not_survive_is_caught_and_told_how_to_mend(
    edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await differences(edit(monkeypatch))
    assert 'put the new way behind workflow.patched("a-name-for-it")' in told
    assert "CONTRIBUTING.md" in told


async def test_a_later_timer_is_caught_though_temporal_takes_it_for_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    a_later_timer(monkeypatch)
    for release, name in CASES:
        await gate(pydantic_data_converter, Unchanged).replay_workflow(kept.history(release, name))
    assert "it was “timer of" in await differences(Unchanged)


async def test_an_edit_of_words_alone_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await differences(other_words(monkeypatch)) == ""


def markers() -> set[str]:
    """The names that ``workflow.patched`` is asked for, anywhere in ``workflows``."""
    found = set()
    for info in pkgutil.iter_modules(workflows.__path__, "workflows."):
        module = importlib.import_module(info.name)
        for call in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "workflow.patched":
                (name,) = call.args
                found.add(name.value if isinstance(name, ast.Constant) else vars(module)[ast.unparse(name)])
    return found


def test_every_marker_is_named_in_the_changelog_so_that_whoever_goes_back_can_ask_for_it() -> None:
    changelog = (kept.ROOT / "CHANGELOG.md").read_text("utf-8")
    assert {name for name in markers() if f"`{name}`" not in changelog} == {"read-bounces"}, "or from before 0.1.0"
