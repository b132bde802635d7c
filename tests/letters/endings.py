"""Cases that end for another cause than the applicant's wish, and cases that go on after an end."""

from collections.abc import Callable, Mapping
from datetime import date

from domain import events as e
from domain.policy import Policy
from tests.letters.stories import Story, application, begun, to_panel, to_the_end, withdrawn


def died(policy: Policy) -> Story:
    """Whoever acted for the applicant is told, and everybody who was asked for something; nobody else."""
    story = to_panel(policy, application(representative="P2", victim_consents=True))
    return story.tell(date(2026, 6, 24), e.CaseEnded(cause=e.Cause.DIED, on=date(2026, 6, 23)))  # Wed, Tue


def moved(policy: Policy) -> Story:
    ended = e.CaseEnded(
        cause=e.Cause.MOVED,
        on=date(2026, 6, 10),  # Wed
        council="Canterbury City Council",
        council_address="asb@canterbury.example.org",
        consent="She said yes on the telephone.",
    )
    return begun(policy).tell(date(2026, 6, 10), ended)  # Wed


def the_same(policy: Policy) -> Story:
    ended = e.CaseEnded(cause=e.Cause.DUPLICATE, same_as="CR-2026-0040", counts_from=date(2026, 5, 20))  # Wed
    return begun(policy).tell(date(2026, 6, 3), ended)  # Wed


def outside(policy: Policy) -> Story:
    ended = e.CaseEnded(cause=e.Cause.OUTSIDE_AREA, council="Ashford Borough Council")
    return begun(policy).tell(date(2026, 6, 3), ended)  # Wed


def for_another_reason(policy: Policy) -> Story:
    ended = e.CaseEnded(cause=e.Cause.OTHER, reason="A court has decided all of it.", approved_by="Eve Manager")
    return begun(policy).tell(date(2026, 6, 10), ended)  # Wed


def taken_back(policy: Policy) -> Story:
    return withdrawn(policy).tell(date(2026, 6, 12), e.CaseRestored(reason="She thought again."))  # Fri


def opened_again(policy: Policy) -> Story:
    restored = e.CaseRestored(reason="The panel never met.", found_by="The Ombudsman", on=date(2026, 11, 2))  # Mon
    return to_the_end(policy).tell(date(2026, 11, 3), restored)  # Tue


def called_off_and_on(policy: Policy) -> Story:
    """Withdrawn while an agency was asked, and taken back: it is asked again."""
    story = to_panel(policy).tell(date(2026, 6, 24), e.Withdrawn())  # Wed
    return story.tell(date(2026, 6, 25), e.CaseRestored(reason="She thought again."))  # Thu


STORIES: Mapping[str, Callable[[Policy], Story]] = {
    "died": died,
    "moved away": moved,
    "the same as another": the_same,
    "outside the area": outside,
    "ended otherwise": for_another_reason,
    "taken back": taken_back,
    "opened again": opened_again,
    "called off and on": called_off_and_on,
}
