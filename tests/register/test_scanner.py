"""Documents go through a scanner: clean, infected, or unknown because it does not answer; nothing is lost for that."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.events import Actor, Role
from register import documents, taking_in, unsent
from register.database import Database
from register.media import NotTaken
from register.scanner import NotScanned, Scanner
from register.shelf import Shelf
from tests.register import examples
from tests.register.clamd import EICAR, FOUND, Clamd

NOW = examples.NOW
LATER = NOW + timedelta(hours=1)
APPLICANT = Actor(role=Role.APPLICANT, name="Asha")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "documents")


def free_place() -> str:
    """Where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize("by_socket", [False, True])
async def test_a_scanner_sees_every_byte_and_says_what_it_found(tmp_path: Path, by_socket: bool) -> None:
    clamd = Clamd()
    async with clamd.at_work(tmp_path / "clamd.sock" if by_socket else None) as place:
        content = bytes(range(256)) * 1_000
        assert await Scanner(place).scan(content) == ""
        assert await Scanner(place).scan(b"Diary " + EICAR) == FOUND
        assert await Scanner(place).scan(b"") == ""
    assert clamd.seen == [content, b"Diary " + EICAR, b""]


async def test_a_scanner_that_hangs_refuses_or_is_not_there_leaves_the_question_open() -> None:
    async with Clamd(silent=True).at_work() as place:
        with pytest.raises(NotScanned, match="does not answer"):
            await Scanner(place, within=0.3).scan(b"Diary")
    async with Clamd(largest=100_000).at_work() as place:
        with pytest.raises(NotScanned, match=r"size limit exceeded|cannot be reached"):
            await Scanner(place).scan(bytes(9_000_000))
    for words in ("stream: some error ERROR", "", "FOUND it", "OKAY"):
        async with Clamd(says=words or "?").at_work() as place:
            with pytest.raises(NotScanned, match="the scanner says"):
                await Scanner(place).scan(b"Diary")
    for place in (free_place(), "/nonexistent/clamd.sock"):
        with pytest.raises(NotScanned, match="cannot be reached"):
            await Scanner(place).scan(b"Diary")


async def test_a_clean_document_is_kept_as_scanned_and_an_infected_one_is_refused_and_recorded(
    database: Database, shelf: Shelf
) -> None:
    begun = await unsent.begin(database, "dover", "b1", NOW)
    async with Clamd().at_work() as place:
        scanner = Scanner(place)
        kept = await documents.add(
            database, shelf, b"Diary", "diary.txt", scanner=scanner, by=APPLICANT, now=NOW, unsent=begun.id
        )
        with pytest.raises(NotTaken, match=r"^A virus was found in “bad.txt”, so it was not kept; have the computer"):
            await documents.add(
                database, shelf, EICAR, "bad.txt", scanner=scanner, by=APPLICANT, now=NOW, unsent=begun.id
            )
    assert (kept.scanned_at, kept.virus) == (NOW, "")
    assert [one.name for one in await documents.of_unsent(database, begun.id)] == ["diary.txt"]
    assert len([path for path in shelf.folder.rglob("*") if path.is_file()]) == 1
    start = await taking_in.take_in(
        database, examples.form(), examples.policy(), examples.CALENDAR, by=APPLICANT, now=NOW, intake_key=begun.id
    )
    await unsent.sent(database, begun.id, start.reference, NOW)
    assert await documents.refused(database, start.reference) == [documents.Refusal("bad.txt", FOUND, APPLICANT, NOW)]


async def test_where_the_scanner_does_not_answer_a_document_is_kept_and_scanned_later(
    database: Database, shelf: Shelf
) -> None:
    begun = await unsent.begin(database, "dover", "b1", NOW)
    for content, name in ((b"Diary", "diary.txt"), (EICAR, "bad.txt")):
        kept = await documents.add(
            database, shelf, content, name, scanner=Scanner(free_place()), by=APPLICANT, now=NOW, unsent=begun.id
        )
        assert (kept.scanned_at, kept.virus) == (None, "")
        assert documents.file(shelf, kept)
    assert await documents.scan_waiting(database, shelf, Scanner(free_place()), LATER) == 0
    async with Clamd().at_work() as place:
        assert await documents.scan_waiting(database, shelf, Scanner(place), LATER) == 2
        assert await documents.scan_waiting(database, shelf, Scanner(place), LATER) == 0
    bad, diary = sorted(await documents.of_unsent(database, begun.id), key=lambda one: one.name)
    assert [(one.name, one.scanned_at, one.virus) for one in (bad, diary)] == [
        ("bad.txt", LATER, FOUND),
        ("diary.txt", LATER, ""),
    ]
    assert documents.file(shelf, diary)
    assert documents.file(shelf, bad) is None


async def test_what_was_refused_goes_with_an_application_that_was_never_sent(database: Database, shelf: Shelf) -> None:
    begun = await unsent.begin(database, "dover", "b1", NOW)
    async with Clamd().at_work() as place:
        with pytest.raises(NotTaken):
            await documents.add(
                database, shelf, EICAR, "bad.txt", scanner=Scanner(place), by=APPLICANT, now=NOW, unsent=begun.id
            )
    assert await unsent.forget(database, NOW + unsent.KEPT_FOR) == 1


@pytest.fixture
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """ClamAV's own daemon with one signature, EICAR's; its socket."""
    program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/bin")
    if program is None:
        pytest.skip("clamd is not installed (Debian: clamav-daemon)")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "db").mkdir()
    (folder / "db" / "eicar.ndb").write_text(f"{FOUND}:0:*:{EICAR.hex()}\n")
    settings = folder / "clamd.conf"
    settings.write_text(
        f"DatabaseDirectory {folder / 'db'}\nLocalSocket {folder / 'clamd.sock'}\nForeground yes\nStreamMaxLength 25M\n"
    )
    daemon = subprocess.Popen([program, "--config-file", str(settings)], stdout=subprocess.PIPE, text=True)
    try:
        assert daemon.stdout
        for line in daemon.stdout:
            if "Self checking" in line:
                break
        yield str(folder / "clamd.sock")
    finally:
        daemon.kill()
        daemon.wait()


@pytest.mark.long
async def test_the_real_daemon_says_the_same(real: str) -> None:
    assert await Scanner(real).scan(b"Diary") == ""
    assert await Scanner(real).scan(bytes(9_900_000)) == ""
    assert FOUND in await Scanner(real).scan(EICAR)
