"""How a trace goes through Temporal: from a client over an Update, a Signal or a start to the activities that follow.

A case lives for months, so no trace is a case's own: what is begun within a minute of being asked for goes on with the
trace of who asked; what time brings about begins one of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import (
    Interceptor,
    OutboundInterceptor,
    SignalWorkflowInput,
    StartWorkflowInput,
    StartWorkflowUpdateInput,
    WorkflowHandle,
    WorkflowUpdateHandle,
)
from temporalio.converter import PayloadConverter
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    ExecuteWorkflowInput,
    HandleSignalInput,
    HandleUpdateInput,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.worker import Interceptor as WorkerInterceptor

_HEADER = "traceparent"
_GOES_ON = timedelta(minutes=1)
Headers = Mapping[str, Payload]


class Spans(Protocol):
    """What makes spans; see ``connection.traces``."""

    def span(self, name: str, *, parent: str = "", **facts: object) -> AbstractContextManager[Any]: ...

    def passed(self, name: str, parent: str, **facts: object) -> str: ...

    def current(self) -> str: ...


class CaseTracing(Interceptor, WorkerInterceptor):
    """For a client; a worker of that client uses it too."""

    def __init__(self, spans: Spans) -> None:
        self._spans = spans

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        return _Asking(next, self._spans)

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return _Doing(next, self._spans)

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:
        return type("_Heard", (_Hearing,), {"spans": self._spans})


class _Asking(OutboundInterceptor):
    def __init__(self, next: OutboundInterceptor, spans: Spans) -> None:
        super().__init__(next)
        self._spans = spans

    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:
        with self._spans.span(f"start {input.workflow}", case=input.id):
            input.headers = _with(input.headers, self._spans.current())
            return await super().start_workflow(input)

    async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> WorkflowUpdateHandle[Any]:
        with self._spans.span(f"ask for {input.update}", case=input.id, act=input.update, event=input.update_id or ""):
            input.headers = _with(input.headers, self._spans.current())
            return await super().start_workflow_update(input)

    async def signal_workflow(self, input: SignalWorkflowInput) -> None:
        with self._spans.span(f"leave word: {input.signal}", case=input.id, act=input.signal):
            input.headers = _with(input.headers, self._spans.current())
            await super().signal_workflow(input)


class _Doing(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, spans: Spans) -> None:
        super().__init__(next)
        self._spans = spans

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        info = activity.info()
        facts = {"case": info.workflow_id or "", "attempt": info.attempt}
        with self._spans.span(f"activity {info.activity_type}", parent=_read(input.headers), **facts):
            return await super().execute_activity(input)


class _Hearing(WorkflowInboundInterceptor):
    """Remembers the newest trace that asked this case for something. Nothing of it is part of the case's state."""

    spans: ClassVar[Spans]

    def __init__(self, next: WorkflowInboundInterceptor) -> None:
        super().__init__(next)
        self._newest: tuple[str, datetime] | None = None

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_Ordering(outbound, self))

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
        self._hear(f"workflow {workflow.info().workflow_type}", input.headers)
        return await super().execute_workflow(input)

    async def handle_signal(self, input: HandleSignalInput) -> None:
        self._hear(f"workflow takes {input.signal}", input.headers)
        await super().handle_signal(input)

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:
        self._hear(f"workflow takes {input.update}", input.headers)
        return await super().handle_update_handler(input)

    def _hear(self, name: str, headers: Headers) -> None:
        trace = _read(headers)
        if not trace:
            return
        if not workflow.unsafe.is_replaying():
            trace = self.spans.passed(name, trace, case=workflow.info().workflow_id)
        self._newest = (trace, workflow.now())

    @property
    def newest(self) -> str:
        """The trace that what is begun now goes on with; empty where nobody asked just now."""
        if self._newest is None or workflow.now() - self._newest[1] > _GOES_ON:
            return ""
        return self._newest[0]


class _Ordering(WorkflowOutboundInterceptor):
    def __init__(self, next: WorkflowOutboundInterceptor, hearing: _Hearing) -> None:
        super().__init__(next)
        self._hearing = hearing

    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:
        input.headers = _with(input.headers, self._hearing.newest)
        return super().start_activity(input)


def _with(headers: Headers, trace: str) -> Headers:
    return {**headers, _HEADER: PayloadConverter.default.to_payload(trace)} if trace else headers


def _read(headers: Headers) -> str:
    """The trace a message came in. Whatever else stands there is passed over: a header of a stranger's, of any form,
    must fail no task."""
    payload = headers.get(_HEADER)
    if payload is None:
        return ""
    try:
        return str(PayloadConverter.default.from_payload(payload, str))
    except Exception:
        return ""
