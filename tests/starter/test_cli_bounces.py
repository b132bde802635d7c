"""`casereview bounces` where it cannot read: one sentence that names the setting, and exit code 2."""

from pathlib import Path

import pytest

from starter.cli import run


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("", "CASEREVIEW_BOUNCES names no mailbox; set it to a Maildir or to imaps://user@host/FOLDER."),
        ("imap://asb@mail.example.org/INBOX", "CASEREVIEW_BOUNCES cannot be used: must be the path of a Maildir, or"),
        ("imaps://mail.example.org/INBOX", "CASEREVIEW_BOUNCES cannot be used: must be the path of a Maildir, or"),
        ("imaps://asb:secret@host/INBOX", "with no password in it."),
        ("imaps://asb@mail.example.org/Zur%C3%BCck", "must name a folder in plain letters"),
    ],
)
def test_a_setting_that_names_no_mailbox_is_one_sentence(
    setting: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASEREVIEW_HOME", str(tmp_path))
    monkeypatch.setenv("CASEREVIEW_BOUNCES", setting)
    assert run(["bounces"]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert "secret" not in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
