"""A panel's decision from another program: sealed with the council's key for one case, and taken once.

    python docs/examples/record_decision.py DOV-2026-0001 "Pat Chair" 2026-12-14

It needs this service's key ring (CASEREVIEW_KEYS, or keys.json in CASEREVIEW_HOME) and Temporal's address.
"""

import asyncio
import os
import sys
import uuid
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from connection.client import connect
from connection.settings import Settings
from domain.events import Actor, PanelHeld, Recommendation, Role
from domain.messages import act_of


async def main(reference: str, chair: str, held: str) -> None:
    client = await connect(Settings.load())
    decision = PanelHeld(
        on=date.fromisoformat(held),
        findings="The noise was reported six times and nobody joined the reports up.",
        recommendations=(Recommendation(to="police", text="Visit weekly for three months."),),
    )
    act = act_of(Actor(role=Role.CHAIR, name=chair), decision, id=uuid.uuid4().hex)
    await client.get_workflow_handle(reference).signal("record-panel-decision", act)


asyncio.run(main(*sys.argv[1:]))
os._exit(0)  # a Temporal client can crash the interpreter's own shutdown
