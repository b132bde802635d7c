"""Councils by their names, in sentences of the register, which knows no policy and has their ids."""

import re

from policies import ids, load

_COUNCIL = re.compile(r"(\bof |\bcouncil: |→ )([a-z0-9-]+)")


def named(words: str) -> str:
    """A sentence about an account with "of Dover District Council" for "of dover"; an id that is no policy's stays."""
    known = ids()
    return _COUNCIL.sub(
        lambda found: found[1] + (load(found[2]).identity.council if found[2] in known else found[2]), words
    )
