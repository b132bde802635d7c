"""The installation's own files are its account's alone: folders 0700, files 0600."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_OTHERS = 0o077


def keep_private(*folders: Path) -> int:
    """Take from everybody else what older installations left open to them, in those folders and all below; how many.

    A link is not followed, and what belongs to another account or lies on a disk that cannot be written stays as it
    is. The key ring is left alone: one that others could read is refused where it is loaded, and said.
    """
    return sum(_mended(path) for folder in folders for path in _within(folder))


def _within(folder: Path) -> list[Path]:
    found = [folder]
    for place, names, files in os.walk(folder):
        found += (Path(place, name) for name in (*names, *files) if name != "keys.json")
    return found


def _mended(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode) or not mode & _OTHERS:
            return False
        path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
    except OSError:
        return False
    return True
