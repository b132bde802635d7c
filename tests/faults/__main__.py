"""``make test-faults``: parts of the service are killed at random in the middle of cases' lives; nothing is lost."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import signal
import sys
import tempfile
from pathlib import Path

from tests.faults.run import Report, run
from tests.register.postgres import binaries

_REGISTERS = ("sqlite", "postgresql")


def main() -> int:
    """0 where everything ended right, 1 where something did not, 2 where a register cannot be had."""
    parser = argparse.ArgumentParser(prog="make test-faults", description=(__doc__ or "").replace("``", ""))
    parser.add_argument("--kills", type=int, default=20, help="for each register")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--register", choices=_REGISTERS, action="append", help="both where none is named")
    parser.add_argument("--at-once", type=int, default=5, help="how many cases live at a time")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logging.disable(logging.CRITICAL)
    print(f"SEED={given.seed} KILLS={given.kills}", flush=True)
    reports: list[Report] = []
    for register in given.register or _REGISTERS:
        programs = binaries() if register == "postgresql" else None
        if register == "postgresql" and programs is None:
            print("There is no PostgreSQL server here: install the package postgresql.", file=sys.stderr)
            return 2
        with tempfile.TemporaryDirectory(prefix="casereview-faults-", ignore_cleanup_errors=True) as folder:
            reports.append(
                asyncio.run(
                    run(
                        Path(folder) / "run", kills=given.kills, seed=given.seed, at_once=given.at_once,
                        postgres=programs, say=lambda sentence: print(sentence, file=sys.stderr, flush=True),
                    )
                )
            )  # fmt: skip
        print("\n".join(reports[-1].lines()), flush=True)
    return int(any(report.troubles for report in reports))


if __name__ == "__main__":
    sys.exit(main())
