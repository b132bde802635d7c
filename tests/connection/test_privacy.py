"""The installation's files are its account's alone, also those that an older release left open."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from connection.keys import KeyRing, KeyRingError
from connection.privacy import keep_private
from register.shelf import Shelf


@pytest.fixture(autouse=True)
def _lax() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_others_could_read_they_cannot_read_after_a_start(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "documents" / "ab").mkdir(parents=True)
    paper = home / "documents" / "ab" / "paper"
    paper.write_bytes(b"Asha")
    assert (mode(home / "documents"), mode(paper)) == (0o755, 0o644)
    assert keep_private(home) == 4
    assert [mode(path) for path in (home, home / "documents", home / "documents" / "ab", paper)] == [
        0o700, 0o700, 0o700, 0o600,
    ]  # fmt: skip
    assert keep_private(home) == 0
    assert paper.read_bytes() == b"Asha"


async def test_the_folder_of_documents_is_made_for_its_account_alone(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    sha256 = await Shelf(folder).put(b"Asha")
    assert [mode(path) for path in (folder, folder / sha256[:2], folder / sha256[:2] / sha256)] == [0o700, 0o700, 0o600]


def test_what_a_link_leads_to_stays_as_it_is_and_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "shared").write_text("x")
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "link").symlink_to(elsewhere)
    (home / "gone").symlink_to(tmp_path / "nothing")
    assert keep_private(home, tmp_path / "none") == 0
    assert (mode(elsewhere), mode(elsewhere / "shared")) == (0o755, 0o644)
    assert not (tmp_path / "none").exists()


def test_a_key_ring_that_others_could_read_is_still_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    KeyRing.fresh().save(path)
    path.chmod(0o644)
    keep_private(tmp_path)
    with pytest.raises(KeyRingError, match="can be read by other accounts"):
        KeyRing.load(path)
