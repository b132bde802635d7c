from pathlib import Path

import pytest

from connection.keys import KeyRing, NoKeyFile
from connection.settings import Settings, SettingsError


def test_everything_has_a_default_under_the_data_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    for name in ("CASEREVIEW_HOME", "DATABASE_URL", "CASEREVIEW_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    settings = Settings.load()
    assert settings.home == tmp_path / "casereview"
    assert settings.register_url == f"sqlite:///{tmp_path}/casereview/register.db"
    assert settings.keys_path == tmp_path / "casereview" / "keys.json"
    assert (settings.temporal_port, settings.ui_port, settings.smtp_port, settings.inbox_port) == (
        7233,
        8233,
        1025,
        8025,
    )
    assert settings.mail_from == "asb-case-review@example.org"
    assert settings.task_queue == "case-review"


def test_a_relative_data_directory_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "data")
    monkeypatch.delenv("CASEREVIEW_HOME", raising=False)
    assert Settings.load().home == Path.home() / ".local" / "share" / "casereview"


def test_the_database_is_read_from_either_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://one@localhost/r")
    assert Settings.load().register_url == "postgresql+psycopg://one@localhost/r"
    monkeypatch.setenv("CASEREVIEW_DATABASE_URL", "postgresql+psycopg://two@localhost/r")
    assert Settings.load().register_url == "postgresql+psycopg://two@localhost/r"


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("CASEREVIEW_SMTP_PORT", "x", "CASEREVIEW_SMTP_PORT cannot be used: input should be a valid integer"),
        ("CASEREVIEW_UI_PORT", "70000", "CASEREVIEW_UI_PORT cannot be used: input should be less than"),
        ("CASEREVIEW_MAIL_FROM", "me", "CASEREVIEW_MAIL_FROM cannot be used: value is not a valid email"),
        ("CASEREVIEW_SMTP_STARTTLS", "perhaps", "CASEREVIEW_SMTP_STARTTLS cannot be used: input should be"),
        ("CASEREVIEW_TASK_QUEUE", "", "CASEREVIEW_TASK_QUEUE cannot be used: string should have"),
        ("DATABASE_URL", "register.db", "DATABASE_URL cannot be used: must be a database URL"),
        ("CASEREVIEW_DATABASE_URL", "register.db", "CASEREVIEW_DATABASE_URL cannot be used: must be"),
        ("CASEREVIEW_SMTP_PASSWORD", "hush", "CASEREVIEW_SMTP_PASSWORD is set without"),
    ],
)
def test_a_bad_setting_is_refused_with_one_sentence_that_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as refusal:
        Settings.load()
    assert str(refusal.value).startswith(sentence)
    assert "\n" not in str(refusal.value)
    assert "hush" not in str(refusal.value)


def test_keys_in_the_environment_win_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ring: KeyRing
) -> None:
    monkeypatch.setenv("CASEREVIEW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CASEREVIEW_KEYS", ring.to_json())
    settings = Settings.load()
    assert settings.key_ring().ring == ring
    assert not settings.keys_path.exists()
    assert ring.to_json() not in repr(settings)


def test_without_keys_in_the_environment_those_of_the_file_are_held_and_none_are_made(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    with pytest.raises(NoKeyFile):
        settings.key_ring().active  # noqa: B018
    assert not settings.keys_path.exists()
    ring = KeyRing.make(settings.keys_path)
    assert settings.key_ring().ring == ring


def test_a_console_that_lets_other_machines_in_says_under_which_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEREVIEW_CONSOLE_HOST", "0.0.0.0")
    monkeypatch.delenv("CASEREVIEW_CONSOLE_URL", raising=False)
    with pytest.raises(SettingsError, match="set CASEREVIEW_CONSOLE_URL to the address they use"):
        Settings.load()
    monkeypatch.setenv("CASEREVIEW_CONSOLE_URL", "asb.example.gov.uk")
    with pytest.raises(
        SettingsError, match="CASEREVIEW_CONSOLE_URL cannot be used: must be an address such as https://"
    ):
        Settings.load()
    monkeypatch.setenv("CASEREVIEW_CONSOLE_URL", "https://asb.example.gov.uk/")
    assert Settings.load().console_url == "https://asb.example.gov.uk"
    assert Settings.load(console_port=0).console_port == 0


def test_a_secret_is_read_from_the_folder_of_secrets_unless_the_environment_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEREVIEW_SECRETS", str(tmp_path))
    monkeypatch.setenv("CASEREVIEW_SMTP_USERNAME", "asb")
    (tmp_path / "casereview_smtp_password").write_text("of the file\n")
    (tmp_path / "casereview_bounces_password").write_text("")
    settings = Settings.load()
    assert settings.smtp_password
    assert settings.smtp_password.get_secret_value() == "of the file"
    assert settings.bounces_password is None
    monkeypatch.setenv("CASEREVIEW_SMTP_PASSWORD", "of the environment")
    given = Settings.load().smtp_password
    assert given
    assert given.get_secret_value() == "of the environment"


def test_a_folder_of_secrets_that_is_not_there_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEREVIEW_SECRETS", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match=r"^CASEREVIEW_SECRETS: .* is no folder; name the one with the files of"):
        Settings.load()


@pytest.mark.parametrize("place", ["localhost", "localhost:", ":3310", "localhost:99999", "clamd.sock"])
def test_a_scanner_without_a_port_or_a_path_is_refused(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEREVIEW_CLAMD", place)
    with pytest.raises(SettingsError, match=r"CASEREVIEW_CLAMD .*host:port of a ClamAV daemon, or the path of its"):
        Settings.load()
