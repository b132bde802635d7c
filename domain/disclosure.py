"""What of a case each kind of official letter gives away, on what basis, and what it keeps back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Shared:
    """What a kind of letter holds of the applicant's, the basis in law, and what is withheld from its reader."""

    what: str
    basis: str
    withheld: str = ""


_TASK = "a review of the case, section 104"
_FROM_BODIES = "how it affects the applicant, who is vulnerable and what they would like"
_ASKED = "Schedule 4, paragraph 7, a request for information"
SHARED: Mapping[str, Shared] = {
    "A-01": Shared("the application: who applied, and the reports", "section 104(3)(b)", _FROM_BODIES),
    "A-02": Shared("who applied, and the reports that are checked", _ASKED, _FROM_BODIES),
    "A-03": Shared("who applied, and the reports", _ASKED, _FROM_BODIES),
    "A-04": Shared("that an answer is due in the case", _TASK, "everything else of the case"),
    "A-04e": Shared("that an answer is overdue in the case", _TASK, "everything else of the case"),
    "A-05": Shared("whether a review is held", "section 104(4) and (5)", "the reasons, which are the applicant's"),
    "A-06": Shared("who applied, and the day and place of the panel", _TASK, "the application itself"),
    "A-06c": Shared("that they are not needed in the case any more", _TASK, "everything else of the case"),
    "A-07": Shared(
        "the application, how it affects the applicant, who is vulnerable, the risk, the agencies' accounts",
        _TASK, "how the applicant is reached",
    ),
    "A-08": Shared("who applied, and the recommendation", "section 104(7)", "the papers of the panel"),
    "A-09": Shared("the action it accepted", "section 104(7)", "the papers of the panel"),
    "A-10": Shared("the papers of the appeal", "Schedule 4, paragraph 3"),
    "A-10h": Shared("who appeals, and the day and place of the hearing", "Schedule 4, paragraph 3"),
    "A-12": Shared("the danger, who is at risk, and how they are reached safely", ""),
    "A-13": Shared("what help is wanted, and how the person is reached safely", ""),
    "A-18": Shared("a date of the case that falls on them", _TASK, "everything else of the case"),
    "A-19": Shared("a link to their own part in the case", _TASK, "everything that is not their part"),
}  # fmt: skip
"""By the number of the letter; what is not here goes to nobody outside the council and the applicant's side."""
