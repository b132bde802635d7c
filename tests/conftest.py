"""How every test runs: properties look at fewer examples than hypothesis would by itself, so that it stays short.

``HYPOTHESIS_PROFILE=thorough`` looks at many more. Databases of tests lie in memory where the machine has a file system
there: a third of the time of a case's life is spent waiting until a disk has kept it, and no test outlives its machine.
The machine's certificates, which every client over HTTP reads anew in 50 ms, are read once.
"""

import gc
import os
import shutil
import ssl
from functools import cache
from pathlib import Path

import httpcore2 as httpcore
import pytest
from hypothesis import settings

settings.register_profile("short", max_examples=6, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))


MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3


_read = httpcore.default_ssl_context


def _certificates(*, _trust_env: bool = True) -> ssl.SSLContext:
    return _once(_trust_env, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _once(trust: bool, file: str | None, folder: str | None) -> ssl.SSLContext:
    return _read(_trust_env=trust)


def pytest_configure(config: pytest.Config) -> None:
    gc.set_threshold(50_000, 20, 100)
    httpcore.default_ssl_context = _certificates
    chosen = config.option.basetemp or os.environ.get("PYTEST_DEBUG_TEMPROOT")
    if not chosen and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for a server comes first, so that no worker ends on it alone."""
    items.sort(key=lambda item: item.get_closest_marker("temporal") is None)
