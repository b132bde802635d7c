"""Asking the agencies: to confirm the reports before the threshold, and for their full account after it (FOL-19).

Each agency has its own date. The keeper of time reminds, escalates and in the end goes on without; nothing here waits
for an agency for ever, and no silence stops a clock.
"""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.events import Purpose
    from domain.routine import enquiry, unasked

from workflows.file import CaseFile


def ask(file: CaseFile, purpose: Purpose) -> None:
    """Put this round's enquiry to every body that holds records of the case; once, however often it is called."""
    for agency in unasked(file.case, purpose):
        file.happen(enquiry(file.case, agency, purpose), workflow.now())


async def heard(file: CaseFile, purpose: Purpose) -> None:
    """Wait until every agency asked has answered or was gone on without, or the case has moved past asking."""
    stage = file.case.stage
    await workflow.wait_condition(
        lambda: all(enquiry.settled for enquiry in file.case.of_round(purpose)) or file.case.stage is not stage
    )
