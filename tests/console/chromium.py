"""Where a Chromium is on this machine: Debian's package, or one that ``CHROMIUM`` names.

The one that is only a shell, without windows, needs two thirds of the processor's time.
"""

import os
import shutil

MISSING = (
    "no Chromium here, so the console was not tried in a browser: "
    "apt-get install chromium-headless-shell, or set CHROMIUM=PATH"
)


def path() -> str | None:
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
