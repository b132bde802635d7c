"""How every test runs: properties look at fewer examples than hypothesis would by itself, so that it stays short.

``HYPOTHESIS_PROFILE=thorough`` looks at many more.
"""

import os

from hypothesis import settings

settings.register_profile("short", max_examples=30, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))
