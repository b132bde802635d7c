"""How every test runs: properties look at fewer examples than hypothesis would by itself, so that it stays short.

``HYPOTHESIS_PROFILE=thorough`` looks at many more.
"""

import os

import pytest
from hypothesis import settings

settings.register_profile("short", max_examples=15, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for a server comes first, so that no worker ends on it alone."""
    items.sort(key=lambda item: item.get_closest_marker("temporal") is None)
