"""The cases of an earlier release, kept in ``tests/histories``, go on under the code as it is."""

from __future__ import annotations

import gzip
from functools import cache

import pytest
from temporalio import workflow
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter

from tests.histories.__main__ import HERE, SCENARIOS, releases, this_release
from tests.workflows.gate import Chattier, Sleepier, Unchanged, gate

KEPT = [f"{release}/{name}" for release in releases() for name in SCENARIOS]


@cache
def kept(case: str) -> WorkflowHistory:
    """The history of a case, named by its release and its scenario."""
    return WorkflowHistory.from_json(case, gzip.decompress((HERE / f"{case}.json.gz").read_bytes()).decode())


def said(event: HistoryEvent) -> str:
    return event.SerializeToString().decode("utf-8", "replace")


def test_every_release_kept_a_case_of_every_scenario_and_this_one_did_too() -> None:
    assert {str(path.relative_to(HERE)) for path in HERE.glob("**/*.gz")} == {f"{case}.json.gz" for case in KEPT}
    assert this_release() in releases(), "live this release's cases once: make histories"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("appeal-upheld-and-remitted", ['"remitted"', "panel.held"]),
        ("refusal-with-appeal", ["lodge-appeal", '"dismissed"']),
        ("withdrawal", ["withdraw"]),
        ("silent-agency", ['"rung":"escalation"', "information:police"]),
    ],
)
@pytest.mark.parametrize("release", releases())
def test_a_history_holds_what_it_is_kept_for(release: str, name: str, words: list[str]) -> None:
    whole = "".join(map(said, kept(f"{release}/{name}").events))
    assert [word for word in words if word not in whole] == []


@pytest.mark.parametrize("case", KEPT)
async def test_a_kept_case_replays_under_the_code_as_it_is(case: str) -> None:
    result = await gate(pydantic_data_converter).replay_workflow(kept(case))
    assert result.replay_failure is None


@pytest.mark.parametrize("case", KEPT)
@pytest.mark.parametrize("changed", [Chattier, Sleepier])
async def test_a_workflow_that_does_something_more_fails_a_kept_case(case: str, changed: type) -> None:
    with pytest.raises(workflow.NondeterminismError, match="TMPRL1100"):
        await gate(pydantic_data_converter, changed).replay_workflow(kept(case))


@pytest.mark.parametrize("case", KEPT)
async def test_the_same_workflow_by_another_class_passes_a_kept_case(case: str) -> None:
    await gate(pydantic_data_converter, Unchanged).replay_workflow(kept(case))


@pytest.mark.parametrize("case", KEPT)
def test_a_history_names_no_machine(case: str) -> None:
    for event in kept(case).events:
        assert "binary/encrypted" not in said(event)
        assert "/tmp/" not in said(event)
        assert "127.0.0.1" not in said(event)
