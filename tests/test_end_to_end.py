"""One case in real time, as a newcomer would live it: ``casereview up``, the commands, the inbox, Ctrl-C.

The service is a process of its own, and so are some of the commands; the others run here, which spares their imports.
"""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from starter import cli
from tests.support import clock

pytestmark = [pytest.mark.temporal]

ROOT = Path(__file__).parents[1]
PORTS = ("TEMPORAL_PORT", "UI_PORT", "CODEC_PORT", "INBOX_SMTP_PORT", "INBOX_PORT")


class Installation:
    """A service that is up, in a folder of its own on free ports."""

    def __init__(self, home: Path) -> None:
        self.home = home
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "CASEREVIEW_"))}
        kept.pop("DATABASE_URL", None)
        self.env = kept | {"CASEREVIEW_HOME": str(home), **{f"CASEREVIEW_{port}": "0" for port in PORTS}}
        self.process = self._start("up", "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.communicate()[1])
        self.addresses: dict[str, str] = json.loads(line)
        self.env["TEMPORAL_ADDRESS"] = self.addresses["temporal"]
        self.children = psutil.Process(self.process.pid).children(recursive=True)

    def _start(self, *words: str, **pipes: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(clock.argv("starter.cli", *words), cwd=ROOT, env=self.env, text=True, **pipes)

    def run(self, *words: str) -> tuple[int, str, str]:
        """A command's exit code, what it printed, and what it said on standard error."""
        process = self._start(*words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = process.communicate(timeout=30)
        return process.returncode, out, err

    def run_here(self, *words: str) -> tuple[int, str, str]:
        """The same of a command that runs in this process."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as environment, redirect_stdout(out), redirect_stderr(err):
            for name in os.environ.keys() - self.env.keys():
                environment.delenv(name)
            for name, value in self.env.items():
                environment.setenv(name, value)
            code = cli.run(words)
        return code, out.getvalue(), err.getvalue()

    def casereview(self, *words: str, apart: bool = False) -> Any:
        """What a command that must succeed prints as JSON; ``apart`` runs it as a process of its own."""
        code, out, err = (self.run if apart else self.run_here)(*words, "--json")
        assert code == 0, err
        return json.loads(out)

    def mails(self) -> list[dict[str, Any]]:
        """The letters in the inbox, oldest first."""
        with urllib.request.urlopen(f"{self.addresses['inbox']}/api/mails", timeout=5) as answer:
            return list(reversed(json.load(answer)))

    def mail(self, words: str) -> dict[str, Any]:
        """The letter with these words in its subject, once it has arrived."""
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            for mail in self.mails():
                if words in mail["subject"]:
                    return mail
            time.sleep(0.1)
        raise AssertionError(f"no letter “{words}” among {[mail['subject'] for mail in self.mails()]}")

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=20)
        return self.process.returncode


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path / "home")
    try:
        yield installation
    finally:
        if installation.process.poll() is None:
            installation.process.kill()
            installation.process.communicate()


def application(folder: Path) -> Path:
    today = clock.today()
    days = [(today - timedelta(days=20 * n)).isoformat() for n in (1, 2, 3)]
    file = folder / "application.json"
    incidents = [{"occurred": day, "reported": day, "reported_to": "council", "what": "Banging."} for day in days]
    applicant = {"name": "Asha Example", "email": "asha@example.org"}
    file.write_text(json.dumps({"applicant": applicant, "consent_to_share": True, "incidents": incidents}))
    return file


def answers(address: str) -> bool:
    host, _, port = address.rpartition("/")[2].rpartition(":")
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, int(port))) == 0


def test_a_case_lives_in_real_time_through_the_command_line(service: Installation, tmp_path: Path) -> None:
    today = clock.today().isoformat()
    case = service.casereview("apply", str(application(tmp_path)), "--policy", "kent-district", apart=True)
    reference = case["reference"]
    assert case["demo"] is False
    assert {deadline["step"] for deadline in case["deadlines"]} >= {"threshold", "response"}

    receipt = service.mail(f"({reference})")
    assert receipt["to"] == "Asha Example <asha@example.org>"
    assert receipt["reference"] == reference

    code, _, err = service.run("send-outcome", reference, "--reasons", "Too early.")
    assert code == 2
    assert "decide-threshold" in err
    assert len(err.strip().splitlines()) == 1

    decided = service.casereview("decide-threshold", reference, "--met", "--decided-by", "Sam Officer")
    assert decided["taken"] is True
    service.mail("full account")
    account = ("--account", "We visited twice.", "--confirm", "I1")
    answered = service.casereview("answer-enquiry", reference, "--enquiry", "information:council", *account)
    assert answered["stage"] == "arranging the panel"
    seats = ("--chair", "Pat Chair, Independent, pat@example.org", "--member", "A. Police, Kent Police, a@example.org",
             "--member", "B. Housing, Housing, b@example.org")  # fmt: skip
    service.casereview("arrange-panel", reference, "--on", today, "--place", "Town Hall", *seats)
    assert service.mail("anel")["reference"] == reference
    present = ("--present", "Pat Chair", "--present", "A. Police", "--present", "B. Housing")
    held = service.casereview(
        "record-panel-decision", reference, "--on", today, "--findings", "Nobody joined the reports up.", *present,
        "--recommend", "police: visit weekly",
    )  # fmt: skip
    assert held["stage"] == "plan with the applicant"
    service.mail("draft plan")
    service.casereview("comment-on-plan", reference, "--comments", "I agree.")
    service.casereview("send-outcome", reference, "--reasons", "The reports were not joined up.")
    assert service.mail("outcome")["to"] == "Asha Example <asha@example.org>"

    service.casereview("answer-recommendation", reference, "--recommendation", "R1", "--response", "accepted")
    service.mail("action")
    shown = service.casereview("show", reference)
    assert shown["stage"] == "appeal window"
    assert [one["response"] for one in shown["recommendations"]] == ["accepted"]
    assert {letter["state"] for letter in shown["letters"]} == {"accepted"}
    letters, mails = shown["letters"], service.mails()
    assert len(letters) == len(mails) == len({mail["message_id"] for mail in mails})
    kinds = [letter["letter"] for letter in letters]
    for kind in ("L-01", "A-01", "L-03", "A-03", "L-05", "A-06", "A-08", "L-10", "L-11", "A-09"):
        assert kind in kinds, kind

    assert service.stop() == 0
    assert not [child for child in service.children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    assert not [name for name in ("temporal", "ui", "codec", "inbox", "smtp") if answers(service.addresses[name])]
