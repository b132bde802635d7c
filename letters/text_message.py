"""The text message that tells somebody of a letter: whose news it is, where to read it, and a number to ring.

Somebody else may see the screen, so it says neither what the letter is, nor what it is about, nor anybody's name.
"""

from __future__ import annotations

LONGEST = 918
"""Characters that GOV.UK Notify sends as one text message."""


def text_message(council: str, link: str, phone: str) -> str:
    """What a telephone shows; the link stands alone on its line, so that nothing sticks to it."""
    return (
        f"{council}: there is news for you in a case review. Read it here:\n{link}\n"
        f"If you need help, or are not sure that this is from us, ring {phone}."
    )
