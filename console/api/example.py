"""An application that is taken when it is sent as it stands, and what sends it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

_REPORTS = (
    (9, "police", "Bottles thrown over the fence until two in the morning."),
    (32, "council", "A bonfire of rubbish, and shouting at us when we asked them to stop."),
    (56, "landlord", "Loud music from Saturday noon to Sunday night."),
)


def application(today: date) -> dict[str, Any]:
    """Three reports of the last weeks before ``today``."""
    return {
        "applicant": {"name": "Asha Verma", "email": "asha.verma@example.org", "phone": "01632 960001"},
        "consent_to_share": True,
        "tenure": "private_tenant",
        "impact": "We cannot use the garden and my son will not sleep in his own room.",
        "incidents": [
            {
                "occurred": (today - timedelta(ago)).isoformat(),
                "reported": (today - timedelta(ago - 1)).isoformat(),
                "reported_to": to,
                "what": what,
            }
            for ago, to, what in _REPORTS
        ],
    }


def answer(today: date) -> dict[str, Any]:
    """What a source is told of it; the dates are for the look of it."""
    return {
        "reference": f"DOV-{today.year}-0001",
        "council": "dover",
        "received": today.isoformat(),
        "promised": [
            {"step": "response", "title": "Outcome letter to the applicant",
             "due": (today + timedelta(37)).isoformat()}
        ],
        "missing": [],
    }  # fmt: skip


def curl(address: str, today: date) -> str:
    """A command for a shell with the source's key in ``CASEREVIEW_KEY``."""
    body = json.dumps(application(today), indent=2, ensure_ascii=False)
    return (
        f"curl --fail-with-body {address}/api/applications \\\n"
        '  --header "Authorization: Bearer $CASEREVIEW_KEY" \\\n'
        '  --header "Idempotency-Key: example-$(date +%s)" \\\n'
        "  --header 'Content-Type: application/json' \\\n"
        f"  --data-binary @- <<'JSON'\n{body}\nJSON"
    )
