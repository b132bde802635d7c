"""What the correction of a report changes of the threshold, and who was told otherwise (s.104(4))."""

from __future__ import annotations

from dataclasses import dataclass

from domain.assessment import assessment
from domain.case import Case
from domain.correction import Correction
from domain.policy import Milestone
from domain.threshold import Assessment


@dataclass(frozen=True)
class Reconsidered:
    """The threshold as it was worked out ``before`` a correction and is ``after`` it.

    ``decided``: somebody has decided it meanwhile; ``told``: and the applicant has read so.
    """

    correction: Correction
    before: Assessment
    after: Assessment
    decided: bool
    told: bool

    @property
    def turned(self) -> bool:
        """Whether the threshold is met now and was not, or the other way about."""
        return self.before.met != self.after.met

    @property
    def changes(self) -> bool:
        """Whether it turned, or what was decided rests on other reports than it did."""
        return self.turned or (self.decided and _counted(self.before) != _counted(self.after))


def reconsidered(case: Case, event: str) -> Reconsidered | None:
    """What the event of that id changed; ``case`` has it applied. None where it corrected no report."""
    correction = next((known for known in case.corrections if known.event == event), None)
    if correction is None:
        return None
    before = [correction.before if known.id == correction.after.id else known for known in case.incidents]
    return Reconsidered(
        correction=correction,
        before=assessment(case, before),
        after=assessment(case),
        decided=case.threshold is not None,
        told=case.has(Milestone.THRESHOLD_TOLD),
    )


def _counted(assessed: Assessment) -> frozenset[str]:
    return frozenset(complaint.incident for complaint in assessed.complaints if complaint.counted)
