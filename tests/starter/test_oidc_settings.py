"""What an installation may set about its provider, and the map of roles: right, or one sentence."""

import re
from pathlib import Path

import pytest

from connection.settings import Settings, SettingsError
from console.oidc.roles import RoleMap, claim

ROLES = """
[[roles]]
value = "asb-managers"
role = "manager"
council = "all"

[[roles]]
value = "asb-officers"
role = "officer"
council = "dover"
"""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ISSUER": "http://sso.example.org"}, "must begin with https://"),
        ({"ISSUER": "https://sso.example.org"}, "set CASEREVIEW_OIDC_CLIENT_ID and CASEREVIEW_OIDC_ROLES too"),
        ({"SCOPES": "profile"}, "must have openid among its scopes"),
        ({"CLIENT_SECRET": "x", "CLIENT_SECRET_FILE": "/x"}, "keep one"),
    ],
)
def test_settings_that_do_not_fit_are_one_sentence(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], words: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"CASEREVIEW_OIDC_{name}", value)
    with pytest.raises(SettingsError, match=re.escape(words)):
        Settings.load()


def test_nobody_is_shut_out_by_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEREVIEW_LOCAL_ACCOUNTS", "no")
    with pytest.raises(SettingsError, match="leaves nobody a way in"):
        Settings.load()


def test_the_secret_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    assert Settings(oidc_client_secret_file=tmp_path / "secret").oidc_secret == "s3cret"
    with pytest.raises(SettingsError, match="cannot be read"):
        _ = Settings(oidc_client_secret_file=tmp_path / "nothing").oidc_secret


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "roles"),
        ("roles = [", "is not TOML"),
        (ROLES.replace('officer"\ncouncil', 'boss"\ncouncil'), "roles.2.role"),
        (ROLES.replace('council = "dover"', 'council = "atlantis"'), "there is no council atlantis"),
        (ROLES.replace("asb-officers", "asb-managers"), "asb-managers is there more than once"),
        (ROLES + '[claim]\nroles = "x"', "claim"),
    ],
)
def test_a_map_of_roles_that_cannot_be_used_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "roles.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=f"CASEREVIEW_OIDC_ROLES.*{words}"):
        RoleMap.of(file, {"dover"})


def test_a_claim_is_found_by_its_name_or_its_path() -> None:
    claims = {"https://x.example/roles": ["a"], "realm_access": {"roles": ["b"]}, "deep": 1}
    assert claim(claims, "https://x.example/roles") == ["a"]
    assert claim(claims, "realm_access.roles") == ["b"]
    assert claim(claims, "deep.roles") is None
