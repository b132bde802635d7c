"""Telling a case of its documents: once each, by an Update whose id is the document's, however often it is tried."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain.events import DocumentAdded
from domain.messages import Accepted, act_of
from register import documents
from register.database import Database
from register.documents import Document

ANSWER_WITHIN = timedelta(seconds=15)
_log = logging.getLogger(__name__)


class NotTold(Exception):
    """The case did not answer; the document is kept, and the next sweep tells it."""


class Refused(Exception):
    """The case does not take the document; the text is its own sentence."""


async def tell(client: Client, database: Database, document: Document) -> Accepted:
    """Tell a document's case that it came. Raises NotTold, or Refused, and then the document is taken out again."""
    what = fact(document)
    handle = client.get_workflow_handle(document.reference or "")
    try:
        accepted: Accepted = await asyncio.wait_for(
            handle.execute_update(
                what.act or "", act_of(document.by, what), id=f"document-{document.id}", result_type=Accepted
            ),
            ANSWER_WITHIN.total_seconds(),
        )
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        await documents.refuse(database, document.id)
        raise Refused(cause.message if isinstance(cause, ApplicationError) else str(cause)) from None
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
        raise NotTold("no worker answered") from None
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND and "already completed" in error.message:
            await documents.refuse(database, document.id)
            raise Refused(f"{document.reference} is closed; nothing more can be added to it") from None
        raise NotTold(f"Temporal answered {error.status.name}") from None
    except RuntimeError:
        raise NotTold("Temporal cannot be reached") from None
    await documents.mark_told(database, document.id)
    return accepted


async def tell_all(client: Client, database: Database, reference: str | None = None) -> int:
    """Tell every case, or one, of the documents it has not heard of; how many were told."""
    told = 0
    for document in await documents.untold(database, reference):
        try:
            await tell(client, database, document)
        except (NotTold, Refused) as error:
            _log.warning("A document of %s is not told: %s.", document.reference, error)
        else:
            told += 1
    return told


def fact(document: Document) -> DocumentAdded:
    """What the case hears of a document."""
    return DocumentAdded(
        document=document.id, name=document.name, media_type=document.media_type, size=document.size,
        sha256=document.sha256, given_by=document.given_by, about=document.about,
    )  # fmt: skip
