"""A compound file (MS-CFB), in which Word and Excel kept documents until 2007: its storages and streams by their names,
read within hard limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from register.active_content import OLE, ContentFault, ContentRefused

MOST_ENTRIES = 4_000
_LAST_SECTOR = 0xFFFFFFFA
_ENTRY = 128
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass(frozen=True)
class Entry:
    """A storage or a stream; ``path`` has the names of the storages it lies in, each in small letters, then its own."""

    path: tuple[str, ...]
    stream: bool
    start: int
    size: int

    @property
    def name(self) -> str:
        return self.path[-1]


class CompoundFile:
    """Raises ContentRefused where the content cannot be read as one, or runs in circles."""

    def __init__(self, content: bytes) -> None:
        if len(content) < 512 or not content.startswith(OLE):
            raise ContentRefused(ContentFault.DAMAGED)
        shift, small = (int.from_bytes(content[at : at + 2], "little") for at in (30, 32))
        if shift not in (9, 12) or small != 6:
            raise ContentRefused(ContentFault.DAMAGED)
        self._content, self._sector = content, 1 << shift
        self._cutoff = self._number(content, 56)
        self._table = self._allocation()
        directory = self._chain(self._number(content, 48), self._table, self._sector, len(content))
        raw = [directory[at : at + _ENTRY] for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
        if not raw or len(raw) > MOST_ENTRIES:
            raise ContentRefused(ContentFault.UNPACKS if raw else ContentFault.DAMAGED)
        root_start, root_size = self._number(raw[0], 116), self._number(raw[0], 120)
        self._mini = self._chain(root_start, self._table, self._sector, root_size) if root_size else b""
        minis = self._chain(self._number(content, 60), self._table, self._sector, len(content))
        self._mini_table = [self._number(minis, at) for at in range(0, len(minis) - 3, 4)]
        self.entries = tuple(self._entries(raw))

    def streams(self, name: str) -> Iterator[bytes]:
        """What the streams of that name hold, wherever they lie."""
        for entry in self.entries:
            if entry.stream and entry.name == name:
                yield self.read(entry)

    def read(self, entry: Entry) -> bytes:
        if not entry.size:
            return b""
        if entry.size >= self._cutoff:
            return self._chain(entry.start, self._table, self._sector, entry.size)
        parts: list[bytes] = []
        at, seen = entry.start, 0
        while at <= _LAST_SECTOR and seen * 64 < entry.size:
            if at >= len(self._mini_table):
                raise ContentRefused(ContentFault.DAMAGED)
            parts.append(self._mini[at * 64 : (at + 1) * 64])
            at, seen = self._mini_table[at], seen + 1
        return b"".join(parts)[: entry.size]

    @staticmethod
    def _number(content: bytes, at: int) -> int:
        return int.from_bytes(content[at : at + 4], "little")

    def _at(self, sector: int) -> bytes:
        begins = (sector + 1) * self._sector
        return self._content[begins : begins + self._sector]

    def _allocation(self) -> list[int]:
        """The table of which sector follows which."""
        sectors = [self._number(self._content, at) for at in range(76, 512, 4)]
        more, seen = self._number(self._content, 68), 0
        while more <= _LAST_SECTOR:
            page = self._at(more)
            numbers = [self._number(page, at) for at in range(0, len(page) - 3, 4)]
            if not numbers or (seen := seen + 1) * self._sector > len(self._content):
                raise ContentRefused(ContentFault.DAMAGED)
            sectors += numbers[:-1]
            more = numbers[-1]
        table: list[int] = []
        for sector in sectors:
            if sector <= _LAST_SECTOR:
                page = self._at(sector)
                table += [self._number(page, at) for at in range(0, len(page) - 3, 4)]
        return table

    def _chain(self, start: int, table: list[int], size: int, most: int) -> bytes:
        parts: list[bytes] = []
        at, room = start, -(-most // size)
        while at <= _LAST_SECTOR and len(parts) < room:
            if at >= len(table):
                raise ContentRefused(ContentFault.DAMAGED)
            parts.append(self._at(at))
            at = table[at]
        return b"".join(parts)[:most]

    def _entries(self, raw: list[bytes]) -> Iterator[Entry]:
        """Every entry with its path; one that nothing leads to is named all the same, because a program may find it."""
        paths: dict[int, tuple[str, ...]] = {}
        waiting: list[tuple[int, tuple[str, ...]]] = [(self._number(raw[0], 76), ())]
        while waiting:
            number, within = waiting.pop()
            if number in paths or number >= len(raw):
                continue
            paths[number] = (*within, _name(raw[number]))
            waiting += [(self._number(raw[number], 68), within), (self._number(raw[number], 72), within)]
            if raw[number][66] == _STORAGE:
                waiting.append((self._number(raw[number], 76), paths[number]))
        for number, entry in enumerate(raw):
            if entry[66] in (_STORAGE, _STREAM) and number:
                path = paths.get(number, (_name(entry),))
                yield Entry(path, entry[66] == _STREAM, self._number(entry, 116), self._number(entry, 120))


def _name(entry: bytes) -> str:
    length = int.from_bytes(entry[64:66], "little")
    return entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").casefold()
