"""The parts of a document that is an archive, unpacked within hard limits and each exactly once."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat

from register.active_content import ContentFault, ContentRefused, another_file

MOST_PARTS = 2_000
MOST_BYTES = 100_000_000
"""Bytes of all parts together, unpacked."""
UNSUSPECTED = 10_000_000
LARGEST_RATIO = 100
"""Bytes unpacked for each packed one, where they come to more than ten million."""
_ENCRYPTED, _UTF8 = 0x1, 0x800
_HEADER = 30

Attributes = Mapping[str, str]


def parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Every part by its name. Raises ContentRefused for an archive that is damaged, locked, unpacks to too much, has
    two readings, or holds a file within a part."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, ValueError, RuntimeError, EOFError, OSError, NotImplementedError):
        raise ContentRefused(ContentFault.DAMAGED) from None
    _bounded(entries, len(content))
    _unambiguous(entries)
    for entry in entries:
        part = _unpacked(content, entry)
        if another_file(part):
            raise ContentRefused(ContentFault.EMBEDDED)
        yield entry.filename, part


def _bounded(entries: list[zipfile.ZipInfo], packed: int) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_PARTS or total > MOST_BYTES or total > max(UNSUSPECTED, LARGEST_RATIO * packed):
        raise ContentRefused(ContentFault.UNPACKS)


def _unambiguous(entries: list[zipfile.ZipInfo]) -> None:
    """One program must not find other parts in it than the next."""
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) != len(names) or any(_outside(name) for name in names):
        raise ContentRefused(ContentFault.DAMAGED)
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end or (end == 0 and entry.header_offset):
            raise ContentRefused(ContentFault.ANOTHER)
        end = entry.header_offset + _HEADER + len(entry.orig_filename) + entry.compress_size


def _outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or not name.isprintable()


def _unpacked(content: bytes, entry: zipfile.ZipInfo) -> bytes:
    """A part whose own header, size and sum agree with the directory, to the last byte."""
    if entry.flag_bits & _ENCRYPTED:
        raise ContentRefused(ContentFault.LOCKED)
    at = entry.header_offset
    header = content[at : at + _HEADER]
    name_length, extra = (int.from_bytes(header[place : place + 2], "little") for place in (26, 28))
    name = entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8 else "cp437")
    begins = at + _HEADER + name_length + extra
    packed = content[begins : begins + entry.compress_size]
    method = int.from_bytes(header[8:10], "little")
    same = header[:4] == b"PK\x03\x04" and content[at + _HEADER : at + _HEADER + name_length] == name
    if not same or method != entry.compress_type or len(packed) != entry.compress_size:
        raise ContentRefused(ContentFault.DAMAGED)
    part = packed if method == zipfile.ZIP_STORED else _inflated(packed, method, entry.file_size)
    if len(part) != entry.file_size or zlib.crc32(part) != entry.CRC:
        raise ContentRefused(ContentFault.DAMAGED)
    return part


def _inflated(packed: bytes, method: int, size: int) -> bytes:
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        part = inflating.decompress(packed, size + 1) if method == zipfile.ZIP_DEFLATED else b""
    except zlib.error:
        raise ContentRefused(ContentFault.DAMAGED) from None
    if not inflating.eof or inflating.unused_data or inflating.unconsumed_tail:
        raise ContentRefused(ContentFault.UNPACKS if len(part) > size else ContentFault.DAMAGED)
    return part


def is_xml(part: bytes) -> bool:
    """Whether a part is read as XML, in UTF-8 or UTF-16."""
    return part[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] == b"<"


def read_xml(
    part: bytes,
    begin: Callable[[str, Attributes], None],
    text: Callable[[str], None] = lambda _: None,
    end: Callable[[str], None] = lambda _: None,
) -> None:
    """Go through a part's elements by their local names, and their attributes by theirs. Raises ContentRefused for what
    is no XML, or declares entities."""

    def declared(*_: object) -> None:
        raise ContentRefused(ContentFault.UNPACKS)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = lambda name, given: begin(_local(name), {_local(key): given[key] for key in given})
    parser.CharacterDataHandler = text
    parser.EndElementHandler = lambda name: end(_local(name))
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError):
        raise ContentRefused(ContentFault.DAMAGED) from None


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
