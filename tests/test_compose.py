"""The compose file of a council's own server, held against the code it starts."""

import os
import re
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import policies
from connection.client import target
from connection.settings import PREFIX, Settings
from console.oidc.roles import RoleMap
from console.web.security import hosts
from workflows.attributes import registration

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
NAMESPACE_SCRIPT = ROOT / "deploy" / "temporal-namespace.sh"
SCHEMA_SCRIPT = ROOT / "deploy" / "temporal-schema.sh"

VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?:(?P<how>:[-?])(?P<rest>[^}]*))?\}")

HEALTHY = "service_healthy"
DONE = "service_completed_successfully"
ONE_SHOTS = {"temporal-schema", "temporal-namespace", "migrate"}

LIBPQ = {"PGPASSFILE"}
UVICORN = {"FORWARDED_ALLOW_IPS"}
TRACES = {"OTEL_EXPORTER_OTLP_ENDPOINT"}
ENVCONFIG = {"TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE"}
POSTGRES_IMAGE = {"POSTGRES_USER", "POSTGRES_PASSWORD_FILE"}
SERVER_IMAGE = {
    "DB",
    "DB_PORT",
    "POSTGRES_SEEDS",
    "POSTGRES_USER",
    "POSTGRES_PWD_FILE",
    "NUM_HISTORY_SHARDS",
    "BIND_ON_IP",
    "DYNAMIC_CONFIG_FILE_PATH",
    "PROMETHEUS_ENDPOINT",
}
UI_IMAGE = {
    "TEMPORAL_ADDRESS",
    "TEMPORAL_DEFAULT_NAMESPACE",
    "TEMPORAL_CORS_ORIGINS",
    "TEMPORAL_NOTIFY_ON_NEW_VERSION",
    "TEMPORAL_CODEC_ENDPOINT",
    "TEMPORAL_CODEC_INCLUDE_CREDENTIALS",
    "TEMPORAL_AUTH_ENABLED",
    "TEMPORAL_AUTH_PROVIDER_URL",
    "TEMPORAL_AUTH_CLIENT_ID",
    "TEMPORAL_AUTH_CLIENT_SECRET_FILE",
    "TEMPORAL_AUTH_CALLBACK_URL",
    "TEMPORAL_AUTH_SCOPES",
}
SQL_VISIBILITY_COLUMNS = {
    "Keyword": 10,
    "Bool": 3,
    "Datetime": 3,
    "Int": 3,
    "Double": 3,
    "Text": 3,
    "KeywordList": 3,
}

DIGESTS = ("POSTGRES", "TEMPORAL_SERVER", "TEMPORAL_TOOLS", "TEMPORAL_UI", "PYTHON")
FILLED_IN = {
    **{f"{name}_DIGEST": f"@sha256:{'0' * 64}" for name in DIGESTS},
    "CASEREVIEW_SMTP_HOST": "mail.example.org",
    "CASEREVIEW_MAIL_FROM": "asb@example.org",
    "CASEREVIEW_CONSOLE_URL": "https://asb.example.gov.uk",
}


def interpolate(text: str, values: dict[str, str]) -> str:
    """`text` as compose reads it: `${NAME:-default}` and `${NAME:?message}`."""

    def value(match: re.Match[str]) -> str:
        name, how, rest = match["name"], match["how"], match["rest"]
        if values.get(name):
            return values[name]
        assert how == ":-", f"{name} has neither a value nor a default"
        return str(rest)

    return VARIABLE.sub(value, text)


def environment(service: str, values: dict[str, str]) -> dict[str, str]:
    """What the container sees; a name without a value is passed on only where `values` has it."""
    written: dict[str, Any] = SERVICES[service].get("environment", {})
    passed = {name: values[name] for name, value in written.items() if value is None and name in values}
    return passed | {name: interpolate(str(value), values) for name, value in written.items() if value is not None}


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)
    elif isinstance(node, str):
        yield node


def example_variables() -> dict[str, str]:
    """Each variable of `.env.example`, commented out or not, with its value there."""
    found = re.findall(r"^#?([A-Z][A-Z0-9_]+)=(.*)$", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    return dict(found)


def packages() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    included: list[str] = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    return included


def test_every_service_waits_for_what_it_uses() -> None:
    waits = {
        name: {other: how["condition"] for other, how in service.get("depends_on", {}).items()}
        for name, service in SERVICES.items()
    }
    assert waits == {
        "temporal-db": {},
        "temporal-schema": {"temporal-db": HEALTHY},
        "temporal": {"temporal-db": HEALTHY, "temporal-schema": DONE},
        "temporal-namespace": {"temporal": HEALTHY},
        "temporal-ui": {"temporal": HEALTHY},
        "register-db": {},
        "migrate": {"register-db": HEALTHY},
        "worker": {"temporal": HEALTHY, "temporal-namespace": DONE, "register-db": HEALTHY, "migrate": DONE},
        "console": {"temporal": HEALTHY, "temporal-namespace": DONE, "register-db": HEALTHY, "migrate": DONE},
    }


def test_what_is_waited_for_can_say_that_it_is_ready_or_done() -> None:
    for service in SERVICES.values():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == HEALTHY:
                assert SERVICES[other]["healthcheck"]["test"][0] == "CMD", other
            else:
                assert other in ONE_SHOTS
                assert SERVICES[other].get("restart", "no").startswith(("no", "on-failure:")), other


def test_a_host_named_in_a_setting_is_a_service_that_is_waited_for() -> None:
    hosts = set(SERVICES)
    for name in SERVICES:
        for variable, value in environment(name, FILLED_IN).items():
            host = re.match(r"(?:.*@)?([a-z-]+)(?::\d+(?:/\w+)?)?$", value)
            if host and host[1] in hosts and not variable.endswith(("_USER", "NAMESPACE")):
                assert host[1] in SERVICES[name]["depends_on"], f"{name}: {variable}"


def test_what_runs_on_and_comes_back_after_a_reboot() -> None:
    for name, service in SERVICES.items():
        assert (service.get("restart") == "unless-stopped") == (name not in ONE_SHOTS), name


def test_the_schema_job_has_the_server_s_own_version() -> None:
    versions = {tag(SERVICES[name]["image"])["rest"] for name in ("temporal", "temporal-schema", "temporal-namespace")}
    assert versions == {"1.32.0"}


def tag(image: str) -> dict[str, str]:
    """The variable of an image's version, and its default."""
    found = VARIABLE.match(image.split(":", 1)[1])
    assert found, image
    return found.groupdict()


def test_every_image_has_a_version_with_a_default_and_a_digest_that_must_be_given() -> None:
    for name, service in SERVICES.items():
        version = tag(service["image"])
        assert version["how"] == ":-", name
        assert re.fullmatch(r"\d+(\.\d+)*", version["rest"]), name
        if "build" in service:
            assert service["build"]["args"]["PYTHON_DIGEST"] == "${PYTHON_DIGEST:?Set PYTHON_DIGEST in .env.}"
        else:
            digest = service["image"].rpartition("$")[2]
            assert re.fullmatch(r"\{(\w+_DIGEST):\?Set \1 in \.env\.\}", digest), name
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    assert set(bases) == {"python:${PYTHON_VERSION}-slim${PYTHON_DIGEST}"}


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_has_more_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert service["pids_limit"] <= 512
    assert re.fullmatch(r"(?:512m|[12]g)", service["mem_limit"])
    assert all("noexec" in place and ("size=" in place or "uid=" in place) for place in service["tmpfs"])
    assert any(place.startswith("/tmp:") for place in service["tmpfs"])
    assert not {"privileged", "network_mode", "pid", "ipc", "devices"} & set(service)


def test_the_accounts_of_the_containers_are_those_their_secrets_belong_to() -> None:
    script = (ROOT / "deploy" / "make-secrets.sh").read_text()
    accounts = dict(re.findall(r"([A-Z]+)=(\d+)", script))
    owners = {name: accounts[account] for name, account in re.findall(r'^keep (\S+) "\$(\w+)"', script, flags=re.M)}
    names = re.findall(r"^for name in (.*); do$", script, flags=re.M)[0].split()
    owners |= {f"casereview_{name}": accounts["SERVICE"] for name in names}
    assert {"keys", "oidc-roles", *owners} == set(COMPOSE["secrets"])
    for name, service in SERVICES.items():
        for secret in secrets(service):
            if secret not in ("keys", "oidc-roles"):
                assert service["user"] == f"{owners[secret]}:{owners[secret]}", (name, secret)
                assert COMPOSE["secrets"][secret] == {"file": f"./secrets/{secret}"}


def secrets(service: dict[str, Any]) -> set[str]:
    given = service.get("secrets", [])
    return {secret if isinstance(secret, str) else secret["source"] for secret in given}


def test_every_secret_goes_to_whoever_reads_it_and_to_nobody_else() -> None:
    readers: dict[str, set[str]] = {secret: set() for secret in COMPOSE["secrets"]}
    for name, service in SERVICES.items():
        for secret in secrets(service):
            readers[secret].add(name)
    assert readers == {
        "keys": {"worker", "console"},
        "oidc-roles": {"console"},
        "temporal-db": {"temporal-db"},
        "temporal-server": {"temporal", "temporal-schema"},
        "temporal-ui": {"temporal-ui"},
        "register-db": {"register-db"},
        "register-passfile": {"migrate", "worker", "console"},
        "casereview_smtp_password": {"worker", "console"},
        "casereview_bounces_password": {"worker"},
        "casereview_notify_key": {"worker", "console"},
        "casereview_notify_callback_token": {"console"},
        "casereview_oidc_client_secret": {"console"},
    }


def test_no_password_stands_in_the_environment() -> None:
    secret = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    ours = {f"{PREFIX}{name.upper()}" for name in secret}
    for name, service in SERVICES.items():
        for variable in service.get("environment", {}):
            assert variable not in ours, name
            secretive = re.search(r"(?:PASSWORD|PWD|SECRET|TOKEN|KEY)$", variable)
            assert not secretive or variable == "TEMPORAL_CODEC_PASS_ACCESS_TOKEN", (name, variable)
    assert not re.search(r"(?:PASSWORD|SECRET|TOKEN|KEY)=", (ROOT / ".env.example").read_text())
    mounted = {name.removeprefix("casereview_") for name in COMPOSE["secrets"] if name.startswith("casereview_")}
    assert mounted == secret - {"keys"}


def test_who_need_not_speak_with_each_other_cannot() -> None:
    on = {
        network: {name for name, service in SERVICES.items() if network in service["networks"]}
        for network in COMPOSE["networks"]
    }
    assert on == {
        "temporal-db": {"temporal-db", "temporal-schema", "temporal"},
        "temporal": {"temporal", "temporal-namespace", "worker", "console"},
        "temporal-ui": {"temporal", "temporal-ui"},
        "register": {"register-db", "migrate", "worker", "console"},
        "temporal-outside": {"temporal"},
        "ui-outside": {"temporal-ui"},
        "worker-outside": {"worker"},
        "console-outside": {"console"},
    }


def test_nothing_goes_out_of_a_network_that_two_share() -> None:
    for network, settings in COMPOSE["networks"].items():
        assert (settings == {"internal": True}) == (not network.endswith("-outside")), network
    for name, service in SERVICES.items():
        outside = any(network.endswith("-outside") for network in service["networks"])
        assert outside == (name in ("temporal", "temporal-ui", "worker", "console")), name
        assert outside or "ports" not in service


def test_the_service_image_has_the_project_s_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert interpolate(SERVICES["worker"]["image"], {}) == f"casereview:{project['version']}"
    assert SERVICES["migrate"]["image"] == SERVICES["worker"]["image"]


def test_ports_are_published_on_loopback_only_and_once() -> None:
    published = [interpolate(port, {}) for service in SERVICES.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in published), published
    outside = Counter(port.split(":")[1] for port in published)
    assert max(outside.values()) == 1, outside


def test_the_databases_are_not_published() -> None:
    assert "ports" not in SERVICES["temporal-db"]
    assert "ports" not in SERVICES["register-db"]


def test_every_mounted_file_exists_and_every_volume_is_declared() -> None:
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (ROOT / source).is_file(), f"{name}: {source}"
                assert volume.endswith(":ro"), f"{name}: {source}"
            else:
                assert source in COMPOSE["volumes"], f"{name}: {source}"


def test_every_mounted_script_is_what_its_container_runs() -> None:
    for name in ("temporal-schema", "temporal-namespace", "temporal", "temporal-ui"):
        scripts = [volume.split(":")[1] for volume in SERVICES[name]["volumes"] if ".sh:" in volume]
        assert SERVICES[name]["entrypoint"] == ["/bin/sh", *scripts]


def test_the_server_reads_the_mounted_dynamic_configuration() -> None:
    mounted = SERVICES["temporal"]["volumes"][0].split(":")[1]
    assert SERVICES["temporal"]["environment"]["DYNAMIC_CONFIG_FILE_PATH"] == mounted


def test_real_cases_keep_real_time_and_are_not_paused() -> None:
    values = yaml.safe_load((ROOT / "deploy" / "temporal-dynamic-config.yaml").read_text())
    assert values["frontend.WorkflowTimeSkippingEnabled"] == [{"value": False}]
    assert values["frontend.WorkflowPauseEnabled"] == [{"value": False}]


def test_the_history_has_its_lasting_number_of_shards() -> None:
    assert SERVICES["temporal"]["environment"]["NUM_HISTORY_SHARDS"] == 128


def test_every_environment_variable_is_read_by_what_it_is_given_to() -> None:
    ours = {f"{PREFIX}{field.upper()}" for field in Settings.model_fields} | {f"{PREFIX}SECRETS", "DATABASE_URL"}
    ours |= ENVCONFIG | LIBPQ | {"TMPDIR"}
    tools = set(re.findall(r"\$\{?([A-Z_]+)", SCHEMA_SCRIPT.read_text() + NAMESPACE_SCRIPT.read_text()))
    known = {
        "temporal-db": POSTGRES_IMAGE,
        "register-db": POSTGRES_IMAGE,
        "temporal": SERVER_IMAGE,
        "temporal-ui": UI_IMAGE,
        "temporal-schema": tools,
        "temporal-namespace": tools,
        "migrate": ours,
        "worker": ours | TRACES,
        "console": ours | UVICORN | TRACES,
    }
    for name, service in SERVICES.items():
        assert set(service.get("environment", {})) <= known[name], name


def test_the_example_names_every_variable_of_the_compose_file_with_its_default() -> None:
    example = example_variables()
    defaults = {match["name"]: match["rest"] for text in strings(SERVICES) for match in VARIABLE.finditer(text)}
    defaults |= {
        match["name"]: match["rest"] for text in strings(COMPOSE["secrets"]) for match in VARIABLE.finditer(text)
    }
    passed_on = {
        name for service in SERVICES.values() for name, value in service.get("environment", {}).items() if value is None
    }
    assert set(example) == set(defaults) | passed_on
    for name, value in example.items():
        assert value == ("" if name in FILLED_IN else defaults.get(name) or ""), name


def test_what_has_no_default_is_asked_for_in_a_sentence() -> None:
    required = {
        match["name"]: match["rest"]
        for text in strings(SERVICES)
        for match in VARIABLE.finditer(text)
        if match["how"] == ":?"
    }
    assert required == {name: f"Set {name} in .env." for name in FILLED_IN}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The secrets as their script makes them, all of this account."""
    script = ROOT / "deploy" / "make-secrets.sh"
    kept = {"PATH": os.environ["PATH"], "SAME_ACCOUNT": "yes"}
    subprocess.run(["sh", str(script), str(tmp_path / "secrets")], env=kept, check=True, capture_output=True)
    return tmp_path / "secrets"


def test_the_worker_s_settings_load_from_what_the_compose_file_gives_it(
    monkeypatch: pytest.MonkeyPatch, made: Path
) -> None:
    for name in [name for name in os.environ if name.startswith((PREFIX, "TEMPORAL_", "DATABASE_"))]:
        monkeypatch.delenv(name)
    given = FILLED_IN | {"CASEREVIEW_SMTP_USERNAME": "asb"}
    for name, value in (environment("worker", given) | {"CASEREVIEW_SECRETS": str(made)}).items():
        monkeypatch.setenv(name, value)
    (made / "casereview_smtp_password").write_text("correct horse\n")
    settings = Settings.load()
    assert settings.smtp_password
    assert settings.smtp_password.get_secret_value() == "correct horse"
    assert (settings.notify_key, settings.bounces_password) == (None, None)
    assert settings.register_url == "postgresql+psycopg://casereview@register-db:5432/casereview"
    assert (settings.smtp_host, settings.smtp_port, settings.smtp_starttls) == ("mail.example.org", 587, True)
    assert settings.mail_from == "asb@example.org"
    assert target(settings)["target_host"] == "temporal:7233"
    assert target(settings)["namespace"] == environment("temporal-namespace", FILLED_IN)["TEMPORAL_NAMESPACE"]


def test_the_console_s_settings_load_from_what_the_compose_file_gives_it(
    monkeypatch: pytest.MonkeyPatch, made: Path
) -> None:
    for name in [name for name in os.environ if name.startswith((PREFIX, "TEMPORAL_", "DATABASE_"))]:
        monkeypatch.delenv(name)
    provider = {"CASEREVIEW_OIDC_ISSUER": "https://sso.example.gov.uk", "CASEREVIEW_OIDC_CLIENT_ID": "console"}
    for given, issuer in ((FILLED_IN, ""), (FILLED_IN | provider, "https://sso.example.gov.uk")):
        for name, value in (environment("console", given) | {"CASEREVIEW_SECRETS": str(made)}).items():
            monkeypatch.setenv(name, value)
        settings = Settings.load()
        assert (settings.console_host, settings.console_port) == ("0.0.0.0", 8000)
        assert settings.console_url == "https://asb.example.gov.uk"
        assert (settings.oidc_issuer, settings.local_accounts) == (issuer, True)
    keys, roles, *_ = SERVICES["console"]["secrets"]
    assert keys == SERVICES["worker"]["secrets"][0]
    assert roles == {"source": "oidc-roles", "target": str(settings.oidc_roles)}
    assert SERVICES["console"]["ports"][0].endswith(f":{settings.console_port}")


def test_the_map_of_roles_that_is_mounted_is_one() -> None:
    file = ROOT / interpolate(COMPOSE["secrets"]["oidc-roles"]["file"], {})
    assert {part.council for part in RoleMap.of(file, policies.ids()).roles} == {"all", "dover"}


def test_the_console_is_asked_how_it_is_where_it_listens() -> None:
    console = SERVICES["console"]
    assert console["command"] == ["python", "-m", "starter.cli", "console"]
    assert console["read_only"] is True
    [asks] = [part for part in console["healthcheck"]["test"] if "urlopen" in part]
    assert "'http://127.0.0.1:8000/health'" in asks
    assert "127.0.0.1" in hosts(FILLED_IN["CASEREVIEW_CONSOLE_URL"])


def test_the_key_ring_is_mounted_where_the_settings_look_for_it() -> None:
    home = Path(environment("worker", FILLED_IN)["CASEREVIEW_HOME"])
    assert SERVICES["worker"]["secrets"][0] == {"source": "keys", "target": str(Settings(home=home).keys_path)}
    assert f"casereview-home:{home}" in SERVICES["worker"]["volumes"]


def test_neither_the_key_ring_nor_the_passwords_can_be_committed() -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert ".env" in ignored
    assert "secrets/" in ignored
    assert interpolate(COMPOSE["secrets"]["keys"]["file"], {}).startswith("./secrets/")


def test_the_search_attributes_fit_the_columns_of_postgresql() -> None:
    for kind, count in Counter(registration().values()).items():
        assert count <= SQL_VISIBILITY_COLUMNS[kind], kind


def test_the_image_holds_every_package_and_only_the_hashed_lock() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert re.findall(r"^COPY (\S+) (\S+)$", dockerfile, flags=re.MULTILINE) == [
        ("requirements/${LOCK}.txt", "/build/lock.txt"),
        *((package, package) for package in packages()),
    ]
    allowed = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), flags=re.MULTILINE)
    assert allowed == ["requirements/runtime.txt", "requirements/notify.txt", "requirements/otel.txt", *packages()]
    assert "ARG LOCK=runtime\n" in dockerfile
    assert re.findall(r"pip install (.*)$", dockerfile, flags=re.MULTILINE) == [
        "--no-cache-dir --require-hashes -r /build/lock.txt"
    ]


def test_the_image_runs_the_worker_as_nobody_special() -> None:
    last = (ROOT / "Dockerfile").read_text().split("\nFROM ")[-1]
    assert "\nUSER casereview\n" in last
    assert last.rstrip().endswith('CMD ["python", "worker.py"]')
    assert SERVICES["worker"]["command"] == ["python", "worker.py"]
