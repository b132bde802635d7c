"""The cases of an earlier release, kept in ``tests/histories``, go on under the code as it is."""

from __future__ import annotations

import pytest
from temporalio import workflow
from temporalio.api.history.v1 import HistoryEvent
from temporalio.contrib.pydantic import pydantic_data_converter

from tests.histories import kept
from tests.histories.__main__ import LIVES
from tests.workflows.gate import Chattier, Sleepier, Unchanged, gate

KEPT = [(release, name) for release in kept.releases() for name in kept.cases(release)]


def said(event: HistoryEvent) -> str:
    return event.SerializeToString().decode("utf-8", "replace")


def test_every_release_kept_its_cases_and_this_one_did_too() -> None:
    release = kept.this_release()
    assert release in kept.releases(), "live this release's cases once: make histories"
    assert [name for name in LIVES if name not in kept.cases(release)] == [], "live the missing ones: make histories"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("appeal-upheld-and-remitted", ['"remitted"', "panel.held"]),
        ("refusal-with-appeal", ["lodge-appeal", '"dismissed"']),
        ("withdrawal", ["withdraw"]),
        ("silent-agency", ['"rung":"escalation"', "information:police"]),
        ("late-letters", ["send_letter", '"state":"waiting"', "act.refused"]),
        ("second-volume", ['"progress":{', "information:police"]),
    ],
)
@pytest.mark.parametrize("release", kept.releases())
def test_a_history_holds_what_it_is_kept_for(release: str, name: str, words: list[str]) -> None:
    whole = "".join(map(said, kept.history(release, name).events))
    assert [word for word in words if word not in whole] == []


@pytest.mark.parametrize(("release", "name"), KEPT)
async def test_a_kept_case_replays_under_the_code_as_it_is(release: str, name: str) -> None:
    result = await gate(pydantic_data_converter).replay_workflow(kept.history(release, name))
    assert result.replay_failure is None


@pytest.mark.parametrize(("release", "name"), KEPT)
@pytest.mark.parametrize("changed", [Chattier, Sleepier])
async def test_a_workflow_that_does_something_more_fails_a_kept_case(release: str, name: str, changed: type) -> None:
    with pytest.raises(workflow.NondeterminismError, match="TMPRL1100"):
        await gate(pydantic_data_converter, changed).replay_workflow(kept.history(release, name))


@pytest.mark.parametrize(("release", "name"), KEPT)
async def test_the_same_workflow_by_another_class_passes_a_kept_case(release: str, name: str) -> None:
    await gate(pydantic_data_converter, Unchanged).replay_workflow(kept.history(release, name))


@pytest.mark.parametrize(("release", "name"), KEPT)
def test_a_history_names_no_machine(release: str, name: str) -> None:
    for event in kept.history(release, name).events:
        assert "binary/encrypted" not in said(event)
        assert "/tmp/" not in said(event)
        assert "127.0.0.1" not in said(event)
