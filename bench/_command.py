"""A measurement as a command: ``--times``, ``--json``."""

import argparse
import json
from collections.abc import Callable
from typing import Any


def run(name: str, about: str, times: str, measure: Callable[[int], dict[str, Any]], show: Callable[..., None]) -> int:
    """Read the command line, measure at least once, print. ``times`` says what ``--times`` counts, 3 by default."""
    parser = argparse.ArgumentParser(prog=f"bench/{name}", description=about.splitlines()[0])
    parser.add_argument("--times", type=int, default=3, help=f"{times} (default 3)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    figures = measure(max(1, given.times))
    if given.json:
        print(json.dumps(figures))
    else:
        show(figures)
    return 0
