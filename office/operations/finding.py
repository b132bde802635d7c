"""What operations staff are told: one finding, and what each kind of them means and asks for.

No finding holds personal data: a case by its reference, a letter by its kind, an error by a sentence of ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What was found. The names stand in metrics and in JSON, so they stay as they are."""

    TURN_FAILS = "turn_fails"
    CASE_HALTED = "case_halted"
    LETTER_UNWRITTEN = "letter_unwritten"
    LETTER_WAITS = "letter_waits"
    CASE_UNREADABLE = "case_unreadable"
    CASE_WITHOUT_WORKFLOW = "case_without_workflow"
    WORKFLOW_WITHOUT_CASE = "workflow_without_case"
    REGISTER_BEHIND = "register_behind"
    TEMPORAL_BEHIND = "temporal_behind"
    ACT_WAITS = "act_waits"
    MESSAGE_REFUSED = "message_refused"
    DOCUMENT_UNTOLD = "document_untold"
    REGISTER_DOWN = "register_down"
    TEMPORAL_DOWN = "temporal_down"
    NO_WORKER = "no_worker"
    WORKER_SILENT = "worker_silent"
    KEYS_UNFIT = "keys_unfit"
    SWEEP_LATE = "sweep_late"
    CERTIFICATE_ENDS = "certificate_ends"
    CALENDAR_ENDS = "calendar_ends"
    DISK_FULL = "disk_full"
    NOT_LOOKED = "not_looked"


@dataclass(frozen=True)
class Finding:
    """One thing that was found: ``words`` is a sentence, ``since`` by the case's own clock where it has one.

    ``number`` is how many things it stands for, ``council`` whose case it is about, empty where it is about none.
    """

    kind: Kind
    words: str
    reference: str = ""
    council: str = ""
    since: datetime | None = None
    number: int = 1

    @property
    def meaning(self) -> Meaning:
        return MEANINGS[self.kind]

    def as_json(self) -> dict[str, object]:
        return {
            "kind": self.kind.value,
            "words": self.words,
            "reference": self.reference,
            "council": self.council,
            "since": self.since,
            "number": self.number,
            "means": self.meaning.means,
            "do": self.meaning.do,
            "runbook": self.meaning.heading,
        }


@dataclass(frozen=True)
class Meaning:
    """``title`` is also the heading in docs/runbook.md, ``means`` and ``do`` are sentences. ``urgent`` where people
    wait for it now."""

    title: str
    means: str
    do: str
    urgent: bool = False

    @property
    def heading(self) -> str:
        """Where the runbook has it: the heading as an address has it."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower().replace("’", "")).strip("-")


MEANINGS: Mapping[Kind, Meaning] = {
    Kind.TURN_FAILS: Meaning(
        "A case’s turn fails",
        "What happened in the case since then is not kept and its letters do not go out, while its dates run on.",
        "Mend what the error names. It is tried again every few minutes; nothing is lost.",
        urgent=True,
    ),
    Kind.CASE_HALTED: Meaning(
        "A case cannot go on",
        "A worker takes the case up and fails each time, before anything happens in it. Acts on it wait.",
        "Give the worker the right key ring, or go back to the release before. The case goes on by itself after that.",
        urgent=True,
    ),
    Kind.LETTER_UNWRITTEN: Meaning(
        "A letter is ordered and not written",
        "The case needs the letter, and its text could not be made. After a day an officer is asked to settle it.",
        "Mend the template or the address that the reason names. It is tried again at the latest every half hour.",
        urgent=True,
    ),
    Kind.LETTER_WAITS: Meaning(
        "Letters wait to be sent",
        "The mail server or GOV.UK Notify does not take them. Each is tried for a day, then an officer settles it.",
        "Mend the mail server, Notify or the setting that the reason names. The letters then go by themselves.",
        urgent=True,
    ),
    Kind.CASE_UNREADABLE: Meaning(
        "A case cannot be read",
        "The register holds something of the case that this version does not understand. Its page cannot be shown.",
        "Go back to the release that wrote it, or restore the row from a backup. Do not edit it by hand.",
        urgent=True,
    ),
    Kind.CASE_WITHOUT_WORKFLOW: Meaning(
        "A case has no workflow",
        "The register has the case and Temporal does not run it: no date is kept and no letter is sent.",
        "Where it is newly taken in, the sweep begins it. Otherwise Temporal lost it: run casereview rebuild.",
        urgent=True,
    ),
    Kind.WORKFLOW_WITHOUT_CASE: Meaning(
        "A workflow has no case",
        "Temporal runs a case that the register does not know: its turns fail, and nobody sees it in the console.",
        "The sweep brings it back within a quarter of an hour, casereview rebuild at once. Read the note it leaves.",
        urgent=True,
    ),
    Kind.REGISTER_BEHIND: Meaning(
        "The register is behind",
        "Temporal knows of things that happened in the case and the register has not got them.",
        "The sweep has the workflow tell it within a quarter of an hour, casereview rebuild at once.",
        urgent=True,
    ),
    Kind.TEMPORAL_BEHIND: Meaning(
        "Temporal is behind",
        "The register knows of things that happened in the case and its workflow does not: it would do them again.",
        "Stop the worker, end that workflow, run casereview rebuild for the case, then start the worker.",
        urgent=True,
    ),
    Kind.ACT_WAITS: Meaning(
        "Acts wait to be taken up",
        "People did something and their case has not answered. It is kept and sent again, once, in its order.",
        "See that a worker runs and that the case itself is not listed here. Nothing need be typed again.",
        urgent=True,
    ),
    Kind.MESSAGE_REFUSED: Meaning(
        "A message was refused",
        "Something was sent to a case that it does not take: against the rules, or not under the council’s key.",
        "Read the reason on the case’s page. If nobody here sent it, find out who can reach Temporal’s port.",
    ),
    Kind.DOCUMENT_UNTOLD: Meaning(
        "A document waits for its case",
        "The document is kept, and its case has not heard of it: it does not show in the story yet.",
        "The sweep tells the case. If it does not, see whether the case itself is listed here.",
    ),
    Kind.REGISTER_DOWN: Meaning(
        "The register does not answer",
        "What happens cannot be kept. Pages say so; letters and dates wait.",
        "Bring the database back, or give its disk room. Nothing is lost meanwhile.",
        urgent=True,
    ),
    Kind.TEMPORAL_DOWN: Meaning(
        "Temporal does not answer",
        "No case moves and no date is kept. What people do is kept and taken up later.",
        "Start Temporal again; on a machine of its own, casereview up starts everything.",
        urgent=True,
    ),
    Kind.NO_WORKER: Meaning(
        "No worker runs",
        "Nobody asks Temporal for work on the cases’ queue: no case moves and no letter goes out.",
        "Start one with casereview worker, and see that CASEREVIEW_TASK_QUEUE is the same for all.",
        urgent=True,
    ),
    Kind.WORKER_SILENT: Meaning(
        "A worker runs and does not answer",
        "A worker asks for work, and a case that is asked something gets no answer from it.",
        "Read the reason and the worker’s log: its key ring, its release, or too much to do.",
        urgent=True,
    ),
    Kind.KEYS_UNFIT: Meaning(
        "A key file does not fit",
        "A process goes on with the keys it has. Once it ends it cannot start again, nor can anything beside it.",
        "Put the installation’s own key file back; it is well again within seconds, without a restart.",
        urgent=True,
    ),
    Kind.SWEEP_LATE: Meaning(
        "The sweep has not run",
        "Applications that were not begun, acts that were left and e-mail that came back are not taken up.",
        "Start a worker: it sets the schedule take-up-cases. If it is paused in the Temporal UI, unpause it.",
    ),
    Kind.CERTIFICATE_ENDS: Meaning(
        "A certificate is about to end",
        "After that day browsers, or Temporal, refuse the connection.",
        "Renew it and have the proxy or the service read the new one.",
    ),
    Kind.CALENDAR_ENDS: Meaning(
        "The bank holidays end too soon",
        "Dates that lie behind the last known year cannot be counted, so they are not promised and not kept.",
        "Install a release with a newer calendar, then give it to running cases with casereview change-calendar.",
    ),
    Kind.DISK_FULL: Meaning(
        "A disk is nearly full",
        "When it is full nothing can be kept: no act, no letter, no document.",
        "Make room or give the service a larger disk.",
        urgent=True,
    ),
    Kind.NOT_LOOKED: Meaning(
        "Something could not be looked at",
        "What it would have told is not on this page; the rest is.",
        "See whether the register and Temporal answer, then load the page again.",
    ),
}
"""Each kind's title, what it means and what to do, in the order in which they are told."""
