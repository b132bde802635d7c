"""Where the letters' sources stand, and who writes from them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import policies
from letters.rendering import Renderer
from policies.wording import LETTERS

TEMPLATES = LETTERS.parent
COUNCILS = Path(policies.__file__).parent


def renderer(policy: str = "") -> Renderer:
    """The letters' sources with the wordings of the councils; ``policy`` is an id, or a file that has them beside it.

    Raises Unrenderable.
    """
    return _renderer(Path(policy).resolve().parent if policy.endswith(".toml") else COUNCILS)


@cache
def _renderer(councils: Path) -> Renderer:
    return Renderer(TEMPLATES, councils)
