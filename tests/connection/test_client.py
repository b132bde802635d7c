import asyncio
import time
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from connection.client import ServerNotRunning, ServerRefused, connect, target
from connection.keys import KeyRing
from connection.ports import free_port
from connection.server import LocalServer
from connection.settings import Settings, SettingsError

SOON = timedelta(seconds=0.5)


async def test_a_server_that_is_not_there_is_said_not_to_be_there(tmp_path: Path, ring: KeyRing) -> None:
    settings = Settings(home=tmp_path, temporal_port=free_port())
    began = time.monotonic()
    with pytest.raises(ServerNotRunning) as refusal:
        await connect(settings, ring=ring)
    assert 2 < time.monotonic() - began < 5
    assert str(refusal.value) == (
        f"No Temporal server answers at localhost:{settings.temporal_port}. "
        "Start one with `casereview up`, or set TEMPORAL_ADDRESS."
    )


async def test_a_server_that_accepts_and_stays_silent_is_given_up(settings: Settings, ring: KeyRing) -> None:
    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(silence, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    with pytest.raises(ServerNotRunning):
        await connect(settings, ring=ring, address=f"127.0.0.1:{port}", patience=SOON)
    silent.close()


async def test_a_server_that_is_not_temporal_is_said_to_refuse(settings: Settings, ring: KeyRing) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(64)
        writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    other = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]
    with pytest.raises((ServerNotRunning, ServerRefused)):
        await connect(settings, ring=ring, address=f"127.0.0.1:{port}", patience=SOON)
    other.close()


@pytest.mark.temporal
async def test_the_address_comes_from_the_environment(
    server: LocalServer, settings: Settings, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", server.address)
    client = await connect(settings, ring=ring, identity="console@test")
    assert isinstance(client, Client)
    assert client.service_client.config.target_host == server.address
    assert client.identity == "console@test"
    assert client.namespace == "default"


def test_the_address_comes_from_a_profile_file(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text('[profile.live]\naddress = "temporal.example.org:7233"\nnamespace = "cases"\n')
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(file))
    monkeypatch.setenv("TEMPORAL_PROFILE", "live")
    assert target(settings) == {"target_host": "temporal.example.org:7233", "namespace": "cases"}
    monkeypatch.setenv("TEMPORAL_ADDRESS", "other.example.org:7233")
    assert target(settings)["target_host"] == "other.example.org:7233"


def test_without_any_of_these_the_local_server_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert target(Settings(home=tmp_path, temporal_port=7300, namespace="trial")) == {
        "target_host": "localhost:7300",
        "namespace": "trial",
    }


def test_a_profile_that_does_not_exist_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_PROFILE", "nowhere")
    with pytest.raises(SettingsError, match=r"Profile 'nowhere' not found\); correct TEMPORAL_PROFILE"):
        target(settings)


def test_a_profile_file_that_does_not_exist_is_named(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none.toml"))
    with pytest.raises(SettingsError, match=r"TEMPORAL_CONFIG_FILE names .*none\.toml, which is not a file"):
        target(settings)


@pytest.mark.parametrize("address", ["", "not an address", "host:port:more"])
async def test_an_address_that_is_none_is_refused(settings: Settings, ring: KeyRing, address: str) -> None:
    with pytest.raises((SettingsError, ServerNotRunning)) as refusal:
        await connect(settings, ring=ring, address=address, patience=SOON)
    assert "TEMPORAL_ADDRESS" in str(refusal.value)
