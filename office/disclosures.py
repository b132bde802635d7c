"""A case's disclosure log: what was shared with whom, on what basis, and what was withheld.

It is worked out from the letters and papers that were sent, and from what somebody recorded besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain import events as e
from domain.case import Case, local_date
from domain.disclosure import SHARED
from domain.messages import Party
from domain.policy import Policy
from office.spreadsheet import as_csv
from register.letter_rows import LetterProgress, LetterRow

HEADS = ("On", "To", "What", "Basis", "Withheld", "How", "By")
_OF_A_REFERRAL = "kept to the staff of the case"
_OUTSIDE = frozenset(
    {Party.AGENCY, Party.SENIOR, Party.CHAIR, Party.MEMBER, Party.APPEAL_BODY, Party.SAFETY}
)  # fmt: skip
_LEFT = {
    LetterProgress.ACCEPTED: "", LetterProgress.POSTED: "",
    LetterProgress.UNCERTAIN: ", which may or may not have gone",
    LetterProgress.BOUNCED: ", which came back", LetterProgress.RETURNED: ", which came back",
}  # fmt: skip


@dataclass(frozen=True)
class Disclosure:
    """One thing shared: the day, with whom, what, the basis, what was kept back, how it went and who did it."""

    on: date
    to: str
    what: str
    basis: str
    withheld: str
    how: str
    by: str

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.on.isoformat(), self.to, self.what, self.basis, self.withheld, self.how, self.by)


def disclosures(
    case: Case, policy: Policy, letters: Sequence[LetterRow], *, whole: bool = True
) -> tuple[Disclosure, ...]:
    """The log, the latest first. Without ``whole`` a safety referral's basis is left out, which may say who is at risk
    of what."""
    known = (*_sent(case, policy, letters, whole), *_answered(case, policy), *_recorded(case))
    return tuple(sorted(known, key=lambda shared: shared.on, reverse=True))


def _sent(case: Case, policy: Policy, letters: Sequence[LetterRow], whole: bool) -> Iterator[Disclosure]:
    events = {event.id: event for event in case.events}
    for letter in letters:
        shared = SHARED.get(letter.kind)
        if shared is None or letter.to_party not in _OUTSIDE or letter.state not in _LEFT:
            continue
        event = events.get(letter.event_id)
        on = letter.posted_on or local_date(letter.settled_at or letter.rendered_at)
        yield Disclosure(
            on, letter.to_name or policy.called(letter.to_id), shared.what, _basis(case, event, shared.basis, whole),
            shared.withheld, f"letter {letter.kind}{_LEFT[letter.state]}", event.by.name if event else "",
        )  # fmt: skip


def _basis(case: Case, event: e.Event | None, known: str, whole: bool) -> str:
    match event.what if event else None:
        case e.SafetyReferred(consent=True):
            return "consent of the person at risk"
        case e.SafetyReferred(basis=basis):
            return f"without consent: {basis if whole else _OF_A_REFERRAL}"
        case e.BundleSent() | e.AppealLodged() if case.appeals and case.appeals[-1].lodged.consent_to_transfer:
            return f"{known}, and the applicant's consent"
    return known


def _answered(case: Case, policy: Policy) -> Iterator[Disclosure]:
    """What agencies gave the council, and what they kept back."""
    for event in case.events:
        if isinstance(event.what, e.EnquiryAnswered):
            answer, enquiry = event.what, case.enquiries[event.what.enquiry]
            what = "its account" if answer.account else "what its records say of the reports"
            yield Disclosure(
                local_date(event.at), policy.identity.council, what, "Schedule 4, paragraph 7", answer.withheld,
                "its answer", case.policy.called(enquiry.agency),
            )  # fmt: skip


def _recorded(case: Case) -> Iterator[Disclosure]:
    for event in case.disclosures:
        if isinstance(event.what, e.DisclosureMade):
            made = event.what
            yield Disclosure(made.on, made.to, made.what, made.basis, made.withheld, "recorded", event.by.name)


def csv_of(log: Sequence[Disclosure]) -> str:
    """The log as CSV."""
    return as_csv(HEADS, (shared.cells for shared in log))


def json_of(log: Sequence[Disclosure]) -> list[dict[str, str]]:
    """The log for JSON, each with the heads in small letters."""
    return [dict(zip((head.casefold() for head in HEADS), shared.cells, strict=True)) for shared in log]
