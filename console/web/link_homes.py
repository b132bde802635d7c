"""Where the pages of each kind of link stand, and whether an address is one of them."""

from __future__ import annotations

from collections.abc import Mapping

from register.links import LinkPurpose

HOMES: Mapping[LinkPurpose, str] = {
    LinkPurpose.PROGRESS: "/progress",
    LinkPurpose.ENQUIRY: "/enquiry",
    LinkPurpose.RECOMMENDATIONS: "/recommendations",
    LinkPurpose.CHAIR: "/chair",
    LinkPurpose.APPEAL: "/appeal",
}
_PUBLIC = ("/l", "/leave", "/exit", "/survey", *HOMES.values())


def is_public(path: str) -> bool:
    """Whether a path is of the pages for people who came by a link."""
    return any(path == place or path.startswith(f"{place}/") for place in _PUBLIC)
