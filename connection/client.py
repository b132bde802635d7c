"""The one way to a Temporal client: address, credentials, converter, codec."""

import asyncio
import logging
import os
import re
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

from temporalio.client import Client, Interceptor, Plugin
from temporalio.common import HeaderCodecBehavior
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

from connection.codec import EncryptionCodec
from connection.converter import MessageConverter
from connection.keys import Keys
from connection.ports import claim
from connection.settings import Settings, SettingsError

PATIENCE = timedelta(seconds=3)
_PAUSE = 0.2


class ServerNotRunning(ConnectionError):
    """Nothing that speaks Temporal answers at `address`."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(
            f"No Temporal server answers at {address}. Start one with `casereview up`, or set TEMPORAL_ADDRESS."
        )


class ServerRefused(ConnectionError):
    """A Temporal server answers at `address` and turns this client away."""

    def __init__(self, address: str, reason: str) -> None:
        self.address = address
        super().__init__(
            f"The server at {address} refused this client ({reason}); "
            "check TEMPORAL_API_KEY, TEMPORAL_TLS and TEMPORAL_ADDRESS."
        )


def data_converter(ring: Keys) -> DataConverter:
    """Pydantic payloads, each sealed with `ring` for the workflow it is for, and nothing else taken; failure messages
    and stack traces are sealed too.

    Every client, worker and replayer uses this one.
    """
    return DataConverter(
        payload_converter_class=MessageConverter,
        payload_codec=EncryptionCodec(ring),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


def target(settings: Settings) -> ClientConnectConfig:
    """Address, namespace and credentials.

    From the `TEMPORAL_*` variables, then the profile file, then the local server.
    Raises `SettingsError` where the profile or its file cannot be used.
    """
    file = os.environ.get("TEMPORAL_CONFIG_FILE")
    if file and not Path(file).is_file():
        raise SettingsError(f"TEMPORAL_CONFIG_FILE names {file}, which is not a file; correct the path or unset it.")
    try:
        config = ClientConfig.load_client_connect_config()
    except Exception as error:
        raise SettingsError(
            f"The Temporal profile cannot be used ({error}); "
            "correct TEMPORAL_PROFILE or the file TEMPORAL_CONFIG_FILE names."
        ) from None
    config.setdefault("target_host", f"localhost:{settings.temporal_port}")
    config.setdefault("namespace", settings.namespace)
    return config


@cache
def spoken_aside(metrics: str = "") -> Runtime:
    """The runtime of this process: what Temporal’s core warns of is logged; its default prints that on stdout.

    ``metrics`` is the `host:port` at which it serves the SDK's figures, empty for nowhere.
    """
    level = TelemetryFilter(core_level="WARN", other_level="ERROR")
    logger = LogForwardingConfig(logging.getLogger("temporalio.core"))
    logged = LoggingConfig(filter=level, forwarding=logger)
    if not metrics:
        return Runtime(telemetry=TelemetryConfig(logging=logged))
    figures = PrometheusConfig(metrics, counters_total_suffix=True, unit_suffix=True, durations_as_seconds=True)
    return Runtime(telemetry=TelemetryConfig(logging=logged, metrics=figures))


def measured(settings: Settings) -> Runtime:
    """The runtime of a worker or a console, which serves the SDK's figures where a port is set. Raises PortTaken."""
    if settings.temporal_metrics_port is None:
        return spoken_aside()
    port = claim(settings.temporal_metrics_port, "the SDK's metrics", "CASEREVIEW_TEMPORAL_METRICS_PORT")
    return spoken_aside(f"{settings.metrics_host}:{port}")


async def connect(
    settings: Settings,
    *,
    ring: Keys | None = None,
    address: str | None = None,
    runtime: Runtime | None = None,
    identity: str | None = None,
    interceptors: Sequence[Interceptor] = (),
    plugins: Sequence[Plugin] = (),
    patience: timedelta = PATIENCE,
    lazy: bool = False,
) -> Client:
    """A connected client.

    `address` (`host:port`) overrides the environment, `ring` the installation's key ring. `lazy`: it connects
    when it is first used, and nothing is raised for a server that does not answer. Raises `ServerNotRunning`
    when nothing answers within `patience`, `ServerRefused`, `SettingsError`, `KeyRingError`.
    """
    config = target(settings)
    if address is not None:
        config["target_host"] = address
    host = config["target_host"]
    converter = data_converter(ring or settings.key_ring())
    deadline = asyncio.get_running_loop().time() + patience.total_seconds()
    while True:
        left = deadline - asyncio.get_running_loop().time()
        try:
            return await asyncio.wait_for(
                Client.connect(
                    **config,
                    data_converter=converter,
                    header_codec_behavior=HeaderCodecBehavior.CODEC,
                    runtime=runtime or spoken_aside(),
                    identity=identity,
                    interceptors=interceptors,
                    plugins=plugins,
                    lazy=lazy,
                ),
                max(left, _PAUSE),
            )
        except TimeoutError:
            raise ServerNotRunning(host) from None
        except RuntimeError as error:
            refusal = re.search(r'Status \{ code: (\w+), message: "([^"]*)"', str(error))
            if refusal and refusal[1] not in ("Unavailable", "DeadlineExceeded"):
                raise ServerRefused(host, f"{refusal[1]}: {refusal[2]}" if refusal[2] else refusal[1]) from None
            if left <= _PAUSE:
                raise ServerNotRunning(host) from None
        except ValueError as error:
            raise SettingsError(
                f"{host} is not a Temporal address ({error}); set TEMPORAL_ADDRESS to host:port."
            ) from None
        await asyncio.sleep(_PAUSE)
