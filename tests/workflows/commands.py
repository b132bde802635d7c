"""The fingerprint of the story: what the code commands in each kept case, read off its replay without a server.

Temporal itself compares the kind of each command, and the name of an activity. The fingerprint also holds what a turn
keeps and sends and when a timer ends: a case whose replay differs there goes on in silence, with other events than its
register has. Words for people (summaries, details, a letter's text) are no part of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import (
    Replayer,
    UnsandboxedWorkflowRunner,
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowRunner,
)
from temporalio.workflow import Info, _Definition

import worker

MEND = (
    "Cases that run would stop, or go on with other events than their register has: put the new way behind "
    'workflow.patched("a-name-for-it"), with the old way in its else; see "A change of the story under running cases" '
    "in CONTRIBUTING.md."
)


async def commanded(history: WorkflowHistory, changed: type | None = None) -> list[str]:
    """What the code as it is, or with ``changed`` as the review, commands in a history, a line for each command."""
    noting = _Noting()
    replayer = Replayer(
        workflows=[changed] if changed else worker.WORKFLOWS,
        data_converter=pydantic_data_converter,
        workflow_runner=noting,
        build_id="the code as it is",
        debug_mode=True,
    )
    await replayer.replay_workflow(history, raise_on_replay_failure=False)
    return noting.lines


def difference(case: str, was: Sequence[str], present: Sequence[str]) -> str:
    """The first place where the two differ and what to do, in words; empty where they are the same."""
    for number, (then, now) in enumerate(zip_longest(was, present, fillvalue="nothing more"), start=1):
        if then != now:
            return f"{case}, command {number}: it was “{then}”, and this code does “{now}”. {MEND}"
    return ""


class _Noting(WorkflowRunner):
    """Runs a workflow as it is and notes what it commands."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._within = UnsandboxedWorkflowRunner()

    def prepare_workflow(self, defn: _Definition) -> None:
        self._within.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _Noted(self._within.create_instance(det), self.lines)


class _Noted(WorkflowInstance):
    def __init__(self, instance: WorkflowInstance, lines: list[str]) -> None:
        self._instance, self._lines = instance, lines

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        done = self._instance.activate(act)
        self._lines += map(_line, done.successful.commands)
        return done

    def get_serialization_context(self, command_info: Any) -> Any:
        return self._instance.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> Any:
        return self._instance.get_external_store_context(command_info)

    def get_info(self) -> Info:
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        return self._instance.get_thread_id()


def _line(command: WorkflowCommand) -> str:
    kind = command.WhichOneof("variant") or ""
    match kind:
        case "start_timer":
            return f"timer of {command.start_timer.start_to_fire_timeout.ToTimedelta()}"
        case "schedule_activity":
            asked = command.schedule_activity
            return " ".join((asked.activity_type, *_turn([json.loads(one.data) for one in asked.arguments])))
        case "upsert_workflow_search_attributes":
            return " ".join(
                ("attributes", *sorted(command.upsert_workflow_search_attributes.search_attributes.indexed_fields))
            )
        case "set_patch_marker":
            return f"patched {command.set_patch_marker.patch_id}"
        case "update_response":
            return f"update {command.update_response.WhichOneof('response')}"
        case _:
            return kind.replace("_", " ")


def _turn(arguments: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What a turn keeps, by the ids of its events, and what it sends, by the keys of its letters."""
    for turn in arguments:
        yield from (numbered["event"]["id"] for numbered in turn["events"])
        yield from (f"+{letter['key']}" for letter in turn["letters"])
