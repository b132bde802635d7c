"""What everybody hears who is part of an application besides the applicant: further victims and supporters."""

from __future__ import annotations

from collections.abc import Iterator

from domain import events as e
from domain.case import Case
from domain.messages import Party, Recipient

LETTER = "L-02a"
_TOLD = (
    e.ThresholdDecided, e.PanelArranged, e.PanelAdjourned, e.OutcomeDecided, e.AppealDecided, e.Closed, e.Withdrawn,
    e.CaseEnded, e.CaseRestored,
)  # fmt: skip


def told(case: Case, event: e.Event) -> Iterator[tuple[str, Recipient]]:
    """The letters an event causes to them: that they joined or left, what is decided, the end of the case and that it
    goes on after all."""
    match event.what:
        case e.PersonJoined(person=person) | e.PersonLeft(person=person):
            yield LETTER, Recipient(party=Party.FURTHER, id=person)
        case what if isinstance(what, _TOLD):
            yield from ((LETTER, Recipient(party=Party.FURTHER, id=person)) for person in case.others)
