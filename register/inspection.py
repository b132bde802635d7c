"""A document opened where it can do no harm: by another process, without secrets, for so long and with so much."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from register.active_content import ContentFault
from register.inspector import TAKEN

PATIENCE = 90
"""Seconds by the clock; a document that is too much has used up the processor's thirty before."""
_log = logging.getLogger("casereview.documents")
LOOKING = ThreadPoolExecutor(2, "inspection")
"""Where it is waited for: two at a time, so that no number of documents keeps anything else waiting."""
_ROOT = Path(__file__).parents[1]


class NotInspected(Exception):
    """No process could be had to look; the document itself may be good."""


def fault(kind: str, content: bytes) -> ContentFault | None:
    """What is wrong with a document of that kind, if anything; what cannot be read within the bounds is damaged.

    Raises NotInspected.
    """
    command = [sys.executable, "-m", "register.inspector", kind]
    own = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    try:
        looked = subprocess.run(
            command, input=content, capture_output=True, timeout=PATIENCE, check=False,
            env={**own, "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONSAFEPATH": "1"},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInspected from error
    said = looked.stdout.decode("ascii", "replace").strip()
    if looked.returncode == 0 and said == TAKEN:
        return None
    if said in set(ContentFault):
        return ContentFault(said)
    _log.warning("a %s could not be looked through (%d)", kind, looked.returncode)
    return ContentFault.DAMAGED
