"""What a document may not hold: whatever runs, loads or unpacks itself on the machine of whoever opens it."""

from __future__ import annotations

import re
from enum import StrEnum

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_DISK = re.compile(r"(?:file:///|/)?[a-z][:|][/\\](?![/\\])|(?:file://(?:localhost)?)?/(?![/\\%])", re.IGNORECASE)
_LINKS = frozenset({"http", "https", "mailto", "tel", "sms", "ftp", "ftps"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVES = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MSCF\0\0\0\0")
_PROGRAMS = (b"\x7fELF", b"\xca\xfe\xba\xbe", b"L\0\0\0\x01\x14\x02\0", b"{\\rt", b"%PDF-")


class ContentFault(StrEnum):
    """Why a document is not taken; the sentences for it are in ``register.media``."""

    PROGRAM = "program"
    EMBEDDED = "embedded"
    LOADS = "loads"
    LOCKED = "locked"
    UNPACKS = "unpacks"
    ANOTHER = "another"
    DAMAGED = "damaged"


class ContentRefused(Exception):
    """A document holds what it may not."""

    def __init__(self, fault: ContentFault) -> None:
        self.fault = fault
        super().__init__(fault.value)


def another_file(content: bytes) -> bool:
    """Whether a part of a document is a file of its own: an OLE container, an archive, a program."""
    if content.startswith((OLE, *_ARCHIVES, *_PROGRAMS)):
        return True
    header = int.from_bytes(content[60:64], "little")
    return content.startswith(b"MZ") and content[header : header + 4] == b"PE\0\0"


def leads_away(address: str) -> bool:
    """Whether an address is outside its document: a server's, or a place on a disk."""
    plain = address.strip()
    return bool(_SCHEME.match(plain)) or plain.startswith(("/", "\\", "../", "..\\"))


def on_own_disk(address: str) -> bool:
    """Whether an address is on a disk of the machine that opens it, such as ``file:///C:\\Templates\\Letter.dotx``."""
    return bool(_DISK.match(address.strip()))


def plain_link(address: str) -> bool:
    """Whether an address is one to be followed by a click and by nothing else, and runs nothing then."""
    plain = address.strip()
    if on_own_disk(plain) or not leads_away(plain) or plain.startswith(("../", "..\\")):
        return True
    scheme = _SCHEME.match(plain)
    return scheme is not None and scheme[1].casefold() in _LINKS
