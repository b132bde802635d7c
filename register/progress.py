"""How far a letter has come."""

from enum import StrEnum


class LetterProgress(StrEnum):
    """How far a letter has come; those from ``accepted`` to ``in_tray`` are the states of a ``letter.posted`` event.

    ``handing_over``: the mail server may have it. Found so when it is reserved, an earlier process died in
    between, and the letter is uncertain. The last three are what became of it after that.
    """

    RENDERED = "rendered"
    HANDING_OVER = "handing_over"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    IN_TRAY = "in_tray"
    POSTED = "posted"
    BOUNCED = "bounced"
    RETURNED = "returned"
