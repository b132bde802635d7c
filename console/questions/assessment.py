"""The threshold held against the reports of a form, before the application is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import ValidationError

from console.questions.fields import Field, content
from console.web.posted_forms import Posted
from domain.application import WrittenIncident
from domain.policy import Policy
from domain.threshold import Assessment, assess


def assessed(policy: Policy, fields: Sequence[Field], form: Posted, today: date) -> Assessment | None:
    """The threshold held against the reports typed so far; those not complete yet are left out."""
    typed, _ = content(fields, form)
    told = []
    for number, row in enumerate(typed.get("incidents") or (), start=1):
        try:
            told.append(WrittenIncident.model_validate({**row, "id": f"I{number}"}))
        except ValidationError:
            continue
    made_on = date.fromisoformat(typed["made_at"]) if typed.get("made_at") else today
    same_problem = typed.get("same_problem", True) is True
    return assess(policy, tuple(told), made_on, same_problem=same_problem) if told else None
