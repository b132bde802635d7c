"""The service's own figures for Prometheus: what the last look found and what the register counts.

They are kept in memory and served from there, so a scrape waits for nothing. No label holds a reference or a name.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from importlib.metadata import version

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from connection.alongside import alongside
from connection.logs import Ours
from connection.ports import PortTaken
from domain.calendar import LONDON
from office.operations import upkeep
from office.operations.finding import Kind
from office.operations.ground import Ground
from office.operations.lookout import PATIENCE, Look, Lookout
from register import gauges
from register.gauges import Gauges

EVERY = 15.0
_log = logging.getLogger("casereview.operations")


class Figures(Collector):
    """The figures as last refreshed; those that could not be had are left out until they can."""

    def __init__(self) -> None:
        self.look: Look | None = None
        self.counted: Gauges | None = None
        self.swept: datetime | None = None

    async def refresh(self, lookout: Lookout) -> None:
        """Bring every figure up to date. Never raises for what does not answer."""
        look, office, now = await lookout.now(), lookout.office, datetime.now(UTC)
        ground = Ground(office.settings, office.client, office.database, now)
        counted, swept = None, None
        with _as_it_can("the register's figures"):
            async with asyncio.timeout(PATIENCE):
                counted = await gauges.counted(office.database, now.astimezone(LONDON).date())
        with _as_it_can("the sweep"):
            async with asyncio.timeout(PATIENCE):
                swept = await upkeep.last_sweep(ground)
        self.look, self.counted, self.swept = look, counted, swept

    def collect(self) -> Iterator[Metric]:
        built = GaugeMetricFamily("casereview_build_info", "The release that runs.", labels=["version"])
        built.add_metric([version("asb-case-review")], 1)
        yield built
        if self.look:
            yield from _of_look(self.look)
        if self.counted:
            yield from _of_register(self.counted)
        if self.swept:
            yield _gauge(
                "casereview_sweep_last_run_timestamp_seconds", "When the sweep last began.", self.swept.timestamp()
            )


def _of_look(look: Look) -> Iterator[Metric]:
    found = GaugeMetricFamily("casereview_findings", "What stands still or is about to, by kind.", labels=["kind"])
    for kind in Kind:
        found.add_metric([kind.value], sum(one.number for one in look.findings if one.kind is kind))
    yield found
    down = {one.kind for one in look.findings}
    for name, what, kind in (
        ("casereview_register_up", "Whether the register answers.", Kind.REGISTER_DOWN),
        ("casereview_temporal_up", "Whether Temporal answers.", Kind.TEMPORAL_DOWN),
    ):
        yield _gauge(name, what, kind not in down)
    yield _gauge("casereview_look_timestamp_seconds", "When the last look was.", look.at.timestamp())


def _of_register(counted: Gauges) -> Iterator[Metric]:
    opened = GaugeMetricFamily("casereview_open_cases", "Open cases by stage.", labels=["council", "stage"])
    for (council, stage), number in counted.open.items():
        opened.add_metric([council, stage], number)
    yield opened
    breached = GaugeMetricFamily("casereview_breached_cases", "Open cases that missed a date.", labels=["council"])
    for council in {council for council, _ in counted.open}:
        breached.add_metric([council], counted.breached.get(council, 0))
    yield breached
    due = GaugeMetricFamily("casereview_deadlines_due", "Duties still to be done, by when.", labels=["within"])
    for within, number in counted.due.items():
        due.add_metric([within], number)
    yield due
    letters = GaugeMetricFamily("casereview_letters", "Letters kept, by how far they came.", labels=["state"])
    for state, number in counted.letters.items():
        letters.add_metric([state], number)
    yield letters
    acts = GaugeMetricFamily("casereview_pending_acts", "Acts on their way to their cases.", labels=["state"])
    for state, number in counted.acts.items():
        acts.add_metric([state], number)
    yield acts
    yield _gauge("casereview_silent_enquiries", "Enquiries that an agency let pass their day.", counted.silent)


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=float(value))


@contextlib.contextmanager
def _as_it_can(what: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        _log.warning("Cannot measure %s: %s", Ours(what), type(error).__name__)


@contextlib.asynccontextmanager
async def served(lookout: Lookout) -> AsyncIterator[int]:
    """``/metrics`` on the port the settings name, until the block ends; the port, 0 where none is named.

    Raises PortTaken.
    """
    settings = lookout.office.settings
    if settings.metrics_port is None:
        yield 0
        return
    figures, registry = Figures(), CollectorRegistry()
    registry.register(figures)
    try:
        server, thread = start_http_server(settings.metrics_port, settings.metrics_host, registry)
    except OSError:
        raise PortTaken(settings.metrics_port, "the metrics", "CASEREVIEW_METRICS_PORT") from None
    try:
        async with alongside(_keep(figures, lookout)):
            yield server.server_port
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        await asyncio.to_thread(thread.join)


async def _keep(figures: Figures, lookout: Lookout) -> None:
    while True:
        await figures.refresh(lookout)
        await asyncio.sleep(EVERY)
