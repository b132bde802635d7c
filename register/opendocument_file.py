"""An OpenDocument text (ISO/IEC 26300): only text, pictures, drawings and plain links are taken."""

from __future__ import annotations

from register.active_content import ContentFault, ContentRefused, leads_away, plain_link
from register.zip_parts import Attributes, is_xml, parts, read_xml

_PROGRAM_PARTS = ("basic/", "scripts/", "dialogs/")
_PROGRAMS = frozenset({"event-listener", "event", "library-embedded", "library-linked", "source-code", "applet"})
_FILES = frozenset({"object-ole", "plugin", "floating-frame"})
_LOADS = frozenset({
    "dde-source", "dde-connection", "dde-connection-decl", "dde-link", "section-source", "table-source",
    "cell-range-source", "database-source-sql", "connection-resource", "auto-reload",
})  # fmt: skip
_CLICKED = frozenset({"a", "area-rectangle", "area-circle", "area-polygon", "button", "form", "template"})


def inspect(content: bytes) -> None:
    """Raises ContentRefused for macros, embedded programs and files, and for what is loaded from elsewhere."""
    for name, part in parts(content):
        if name.casefold().startswith(_PROGRAM_PARTS):
            raise ContentRefused(ContentFault.PROGRAM)
        if is_xml(part):
            read_xml(part, _begin)


def _begin(element: str, given: Attributes) -> None:
    address = given.get("href", "")
    if element == "encryption-data":
        raise ContentRefused(ContentFault.LOCKED)
    if element in _PROGRAMS:
        raise ContentRefused(ContentFault.PROGRAM)
    if element in _FILES:
        raise ContentRefused(ContentFault.EMBEDDED)
    if element in _CLICKED and not plain_link(address):
        raise ContentRefused(ContentFault.PROGRAM)
    if element in _LOADS or (element not in _CLICKED and leads_away(address)):
        raise ContentRefused(ContentFault.LOADS)
