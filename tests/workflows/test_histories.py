"""The cases of an earlier release, kept in ``tests/histories``, go on under the code as it is."""

from __future__ import annotations

import gzip
from functools import cache

import pytest
from temporalio import workflow
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter

from connection.client import data_converter
from connection.keys import KeyRing
from tests.histories.__main__ import HERE, SCENARIOS
from tests.workflows.gate import Chattier, Sleepier, Unchanged, gate


@cache
def kept(name: str) -> WorkflowHistory:
    return WorkflowHistory.from_json(name, gzip.decompress((HERE / f"{name}.json.gz").read_bytes()).decode())


def said(event: HistoryEvent) -> str:
    return event.SerializeToString().decode("utf-8", "replace")


def test_every_history_is_one_of_a_scenario_and_every_one_is_there() -> None:
    assert {path.name for path in HERE.glob("*.gz")} == {f"{name}.json.gz" for name in SCENARIOS}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("appeal-upheld-and-remitted", ['"remitted"', "panel.held"]),
        ("refusal-with-appeal", ["lodge-appeal", '"dismissed"']),
        ("withdrawal", ["withdraw"]),
        ("silent-agency", ['"rung":"escalation"', "information:police"]),
    ],
)
def test_a_history_holds_what_it_is_kept_for(name: str, words: list[str]) -> None:
    whole = "".join(map(said, kept(name).events))
    assert [word for word in words if word not in whole] == []


@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_kept_case_replays_under_the_code_as_it_is(name: str) -> None:
    result = await gate(data_converter(KeyRing.fresh())).replay_workflow(kept(name))
    assert result.replay_failure is None


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("changed", [Chattier, Sleepier])
async def test_a_workflow_that_does_something_more_fails_a_kept_case(name: str, changed: type) -> None:
    with pytest.raises(workflow.NondeterminismError, match="TMPRL1100"):
        await gate(pydantic_data_converter, changed).replay_workflow(kept(name))


@pytest.mark.parametrize("name", SCENARIOS)
async def test_the_same_workflow_by_another_class_passes_a_kept_case(name: str) -> None:
    await gate(pydantic_data_converter, Unchanged).replay_workflow(kept(name))


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_history_names_no_machine(name: str) -> None:
    for event in kept(name).events:
        assert "binary/encrypted" not in said(event)
        assert "/tmp/" not in said(event)
        assert "127.0.0.1" not in said(event)
