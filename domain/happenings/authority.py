"""A representative's authority: fresh consent asked for, and the day on which it lapses."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from domain.happenings.body import ActKind, Body, Reasons
from domain.stage import ALIVE


class ConsentAsked(Body):
    """Whoever acts for the victim is asked for the victim's fresh consent, as for an appeal.

    They go on acting meanwhile. ``why`` is what the consent is for; they read it.
    """

    kind: Literal["consent.asked"] = "consent.asked"
    does: ClassVar[ActKind | None] = ActKind(
        "ask-consent", turn=ALIVE, any_time=True,
        title="Ask for the victim’s fresh consent", done="Fresh consent is asked for",
        lead="Whoever acts for the victim gets a letter. They go on acting until the victim says otherwise. When it "
        "comes, record it with “Record what the applicant supplied”.",
        words="Fresh consent asked for: {why}",
        letters=("R-01",),
    )  # fmt: skip
    why: Reasons


class AuthorityLapsed(Body):
    """The last day of a representative's authority has passed: the case writes to the victim again."""

    kind: Literal["representative.lapsed"] = "representative.lapsed"
    representative: str
    until: date


AuthorityHappening = ConsentAsked | AuthorityLapsed
