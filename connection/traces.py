"""Traces for OpenTelemetry where an endpoint is set, from a web request to the letter; without, nothing is imported.

A span has a name of ours, and of facts only those listed here: no address, no text, no error's words.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from temporalio.client import Interceptor

from connection.settings import SettingsError
from connection.trace_interceptor import CaseTracing

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
FACTS = ("case", "act", "event", "letter", "attempt", "route", "method", "status")
_NAMES: Mapping[str, str] = {
    "route": "http.route",
    "method": "http.request.method",
    "status": "http.response.status_code",
}


class Traces:
    """One process's spans, sent to the endpoint in the background; ``service`` is what the process is called there."""

    def __init__(self, service: str) -> None:
        try:
            self._api: Any = import_module("opentelemetry.trace")
            sdk: Any = import_module("opentelemetry.sdk.trace")
            export: Any = import_module("opentelemetry.sdk.trace.export")
            resources: Any = import_module("opentelemetry.sdk.resources")
            otlp: Any = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
            propagation: Any = import_module("opentelemetry.trace.propagation.tracecontext")
        except ModuleNotFoundError:
            raise SettingsError(
                "OTEL_EXPORTER_OTLP_ENDPOINT is set and OpenTelemetry is not installed; "
                "install requirements/otel.txt, or unset it."
            ) from None
        self._provider = sdk.TracerProvider(resource=resources.Resource.create({"service.name": service}))
        self._provider.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("casereview")
        self._propagator = propagation.TraceContextTextMapPropagator()

    @contextmanager
    def span(self, name: str, *, parent: str = "", **facts: object) -> Iterator[Callable[..., None]]:
        """A span for as long as the block lasts; what is given takes its later name and further facts.

        ``parent`` is the trace it goes on with, that of the block around it where none is given.
        """
        context = self._propagator.extract({"traceparent": parent}) if parent else None
        with self._tracer.start_as_current_span(
            name, context, attributes=_told(facts), record_exception=False, set_status_on_exception=False
        ) as span:

            def more(renamed: str = "", **later: object) -> None:
                if renamed:
                    span.update_name(renamed)
                span.set_attributes(_told(later))

            try:
                yield more
            except Exception as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(self._api.StatusCode.ERROR)
                raise

    def passed(self, name: str, parent: str, **facts: object) -> str:
        """Something that took no time by its own clock, as a workflow's steps: what goes on from it."""
        with self.span(name, parent=parent, **facts):
            return self.current()

    def current(self) -> str:
        """The trace the caller is in, as a ``traceparent``; empty outside of any."""
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier)
        return carrier.get("traceparent", "")

    def end(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


_traces: Traces | None = None


def begin(service: str) -> None:
    """Trace this process from now on, where an endpoint is set. Raises SettingsError."""
    global _traces
    if _traces is None and any(os.environ.get(name) for name in ENDPOINTS):
        _traces = Traces(service)


def end() -> None:
    """Send what is left and trace no more."""
    global _traces
    if _traces is not None:
        _traces.end()
        _traces = None


def interceptors() -> Sequence[Interceptor]:
    """What a client, and a worker of it, needs to go on with the trace they are asked in."""
    return (CaseTracing(_traces),) if _traces else ()


@contextmanager
def span(name: str, **facts: object) -> Iterator[Callable[..., None]]:
    """A span of this process; nothing at all where nothing is traced."""
    if _traces is None:
        yield _nothing
        return
    with _traces.span(name, parent="", **facts) as more:
        yield more


def _nothing(renamed: str = "", **later: object) -> None:
    return None


def _told(facts: Mapping[str, object]) -> dict[str, str | int]:
    told: dict[str, str | int] = {}
    for name, value in facts.items():
        if name in FACTS and isinstance(value, (str, int)) and value != "":
            told[_NAMES.get(name, f"casereview.{name}")] = value
    return told
