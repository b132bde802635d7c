"""What keeps cases moving and what they stand on: workers, the sweep, certificates, calendars, disks."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import ssl
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from temporalio.client import ScheduleActionExecutionStartWorkflow, WorkflowExecutionStatus, WorkflowFailureError
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from connection.client import target
from domain.calendar import LONDON
from domain.dates import words as day_in_words
from office.bank_holidays import snapshot
from office.operations.finding import Finding, Kind
from office.operations.ground import Ground
from office.operations.silence import anybody_answers, explained, polled
from register import backlog, ring
from workflows.reconcile import SCHEDULE_ID

_WITHIN = timedelta(seconds=2)
_ASKED = 2
_SWEPT_WITHIN = timedelta(minutes=40)
_RENEWED_BEFORE = timedelta(days=21)
_CALENDAR_AHEAD = timedelta(days=400)
_LEAST_ROOM = 500_000_000
_LEAST_SHARE = 0.02


async def worker(ground: Ground) -> Sequence[Finding]:
    """Whether a worker asks for work, and answers for one of the newest cases."""
    client, queue = ground.client, ground.settings.task_queue
    if await polled(client, queue):
        asked = await backlog.newest(ground.database, _ASKED)
        if not asked or await anybody_answers(client, queue, asked):
            return ()
        why = await explained(client, queue, asked[0])
        return (Finding(Kind.WORKER_SILENT, f"{why.words[0].upper()}{why.words[1:]}."),)
    return (Finding(Kind.NO_WORKER, f"Nobody asked for work on the queue {queue} in the last minute and a half."),)


async def keys(ground: Ground) -> Sequence[Finding]:
    """The processes whose key file no longer fits the register, each with its own sentence."""
    standing = await ring.standing(ground.database)
    return [
        Finding(Kind.KEYS_UNFIT, f"{holder.words[0].upper()}{holder.words[1:]}: {holder.fault}")
        for holder in standing.holders
        if holder.fault
    ]


async def last_sweep(ground: Ground) -> datetime | None:
    """When the sweep last began; None where there is no schedule or it never did. Raises RPCError."""
    try:
        described = await ground.client.get_schedule_handle(SCHEDULE_ID).describe(rpc_timeout=_WITHIN)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    began = [action.started_at for action in described.info.recent_actions]
    return max(began, default=None)


async def sweep(ground: Ground) -> Sequence[Finding]:
    """Whether the sweep is set, runs and does its work."""
    try:
        described = await ground.client.get_schedule_handle(SCHEDULE_ID).describe(rpc_timeout=_WITHIN)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return (Finding(Kind.SWEEP_LATE, "Its schedule, take-up-cases, is not there: no worker has set it."),)
    if described.schedule.state.paused:
        return (Finding(Kind.SWEEP_LATE, "Its schedule, take-up-cases, is paused."),)
    actions = sorted(described.info.recent_actions, key=lambda action: action.started_at)
    since = actions[-1].started_at if actions else described.info.created_at
    if ground.now - since > _SWEPT_WITHIN:
        return (Finding(Kind.SWEEP_LATE, "It should run every quarter of an hour.", since=since),)
    for action in reversed(actions):
        if isinstance(action.action, ScheduleActionExecutionStartWorkflow):
            return await _failed(ground, action.action.workflow_id, action.started_at)
    return ()


async def _failed(ground: Ground, id: str, since: datetime) -> Sequence[Finding]:
    """The last sweep that ended badly, with its own sentence."""
    handle = ground.client.get_workflow_handle(id)
    try:
        if (await handle.describe(rpc_timeout=_WITHIN)).status is not WorkflowExecutionStatus.FAILED:
            return ()
        await handle.result(rpc_timeout=_WITHIN)
    except WorkflowFailureError as failure:
        cause: BaseException | None = failure.cause
        while isinstance(cause, ActivityError):
            cause = cause.cause
        ours = isinstance(cause, ApplicationError) and cause.type in ("NotRead", "NotStarted", "NotMended")
        words = str(cause.message) if ours and isinstance(cause, ApplicationError) else "its log says why"
        return (Finding(Kind.SWEEP_LATE, f"The last one ended early: {words.rstrip('.')}.", since=since),)
    except RPCError:
        return ()
    return ()


async def certificates(ground: Ground) -> Sequence[Finding]:
    """The certificates that browsers and Temporal are shown, where they end within three weeks."""
    ends = [one for one in await asyncio.gather(*(_end(*place) for place in _places(ground))) if one]
    return [
        Finding(
            Kind.CERTIFICATE_ENDS,
            f"The certificate of {where} {'ended' if end <= ground.now else 'ends'} on "
            f"{day_in_words(end.astimezone(LONDON).date())}.",
            since=end if end <= ground.now else None,
        )
        for where, end in ends
        if end - ground.now < _RENEWED_BEFORE
    ]


def _places(ground: Ground) -> Iterator[tuple[str, str | int | bytes]]:
    urls = (ground.settings.console_url, ground.settings.public_url)
    for netloc in dict.fromkeys(urlsplit(url).netloc for url in urls if url.startswith("https://")):
        yield netloc, netloc
    tls = target(ground.settings).get("tls")
    if certificate := getattr(tls, "client_cert", None):
        yield "this client at Temporal", certificate


async def _end(where: str, place: Any) -> tuple[str, datetime] | None:
    """When the certificate ends; None where it cannot be seen just now."""
    with contextlib.suppress(OSError, ValueError, TimeoutError):
        async with asyncio.timeout(_WITHIN.total_seconds()):
            if isinstance(place, bytes):
                return where, x509.load_pem_x509_certificate(place).not_valid_after_utc
            return where, await asyncio.to_thread(_shown_by, place)
    return None


def _shown_by(netloc: str) -> datetime:
    parts = urlsplit(f"//{netloc}")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # one that has ended is to be seen, too
    host, port = parts.hostname or "", parts.port or 443
    with (
        socket.create_connection((host, port), timeout=_WITHIN.total_seconds()) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        shown = secure.getpeercert(binary_form=True)
    if not shown:
        raise ValueError("no certificate")
    return x509.load_der_x509_certificate(shown).not_valid_after_utc


async def calendars(ground: Ground) -> Sequence[Finding]:
    """The calendars of open cases, and the one new cases are given, where they end within some thirteen months."""
    today = ground.now.astimezone(LONDON).date()
    found = [
        _ending(kept.horizon, f"{kept.cases} open case{'' if kept.cases == 1 else 's'} count by a calendar that ends",
                kept.cases)
        for kept in await backlog.calendars(ground.database)
        if kept.horizon - today < _CALENDAR_AHEAD
    ]  # fmt: skip
    try:
        horizon = snapshot(today).horizon
    except ValueError as error:
        return [*found, Finding(Kind.CALENDAR_ENDS, f"New cases cannot be given one: {str(error).rstrip('.')}.")]
    if horizon - today < _CALENDAR_AHEAD:
        found.append(_ending(horizon, "New cases are given a calendar that ends", 1))
    return found


def _ending(horizon: date, words: str, number: int) -> Finding:
    return Finding(Kind.CALENDAR_ENDS, f"{words} on {day_in_words(horizon)}.", number=number)


async def disks(ground: Ground) -> Sequence[Finding]:
    """The disks that the register, the documents and this installation's own files lie on."""
    folders = {"the service’s files": ground.settings.home, "the documents": ground.settings.documents_path}
    if ground.database.sqlite:
        folders["the register"] = Path(str(ground.database.url.database)).parent
    seen: dict[int, Finding] = {}
    for what, folder in folders.items():
        there = next((path for path in (folder, *folder.parents) if path.exists()), None)
        if there is None:
            continue
        usage, device = shutil.disk_usage(there), there.stat().st_dev
        if usage.free < _LEAST_ROOM or usage.free < usage.total * _LEAST_SHARE:
            megabytes = usage.free // 1_000_000
            seen[device] = Finding(Kind.DISK_FULL, f"The disk with {what} has {megabytes} MB left.")
    return list(seen.values())
