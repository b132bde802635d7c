"""Where the pages of each kind of link stand, and whether an address is one of them."""

from __future__ import annotations

from collections.abc import Mapping

from register.links import Purpose

HOMES: Mapping[Purpose, str] = {
    Purpose.PROGRESS: "/progress",
    Purpose.ENQUIRY: "/enquiry",
    Purpose.RECOMMENDATIONS: "/recommendations",
    Purpose.CHAIR: "/chair",
    Purpose.APPEAL: "/appeal",
}
_PUBLIC = ("/l", "/leave", "/exit", *HOMES.values())


def is_public(path: str) -> bool:
    """Whether a path is of the pages for people who came by a link."""
    return any(path == place or path.startswith(f"{place}/") for place in _PUBLIC)
