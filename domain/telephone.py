"""Telephone numbers: which of them a text message reaches."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[\s().\-\u2010-\u2015]+")
_BEFORE = re.compile(r"(?:\+|00)440?|0")
_MOBILE = re.compile(r"7(?:[1-57-9]\d{2}|624)\d{6}", re.ASCII)


def mobile(number: str) -> str:
    """A mobile number of the United Kingdom or its islands as "+447700900123"; empty for any other number.

    071 to 075, 077 to 079 and 07624 are mobiles; 070 is a personal number and 076 a pager (Ofcom, National Telephone
    Numbering Plan). A number with words beside it is for a person to read.
    """
    plain = _SEPARATORS.sub("", number)
    before = _BEFORE.match(plain)
    rest = plain[before.end() :] if before else ""
    return f"+44{rest}" if _MOBILE.fullmatch(rest) else ""
