"""The fields of an application in words, for the API's page and its OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.application import ApplicationForm

UNSAFE = ("email", "post", "text", "phone", "voicemail")
_PERSON = {
    "name": "As letters are to be addressed.",
    "email": "Where letters go, unless unsafe says otherwise.",
    "phone": "A telephone number.",
    "address": "The lines of a postal address, postcode last.",
    "large_print": "Whether letters are to be in large print.",
    "language": "The code of the language they read: en, cy, pl.",
    "prefers": "The way letters are to go; another is used where that fails. A text message tells of a letter and "
    "links to it; it needs a UK mobile number, and a council that sends text messages.",
    "unsafe": "What must never be used because somebody else could see or hear it. Where it has phone, no text message "
    "goes either.",
}
MEANINGS: Mapping[str, str] = {
    "made_at": "When the application was made; now, where it is left out. Without an offset it is London time. "
    "The six months of section 104 count back from that day.",
    "channel": "How it reached the council.",
    "anonymous": "Whether they give no name; applicant then needs none.",
    "applicant": "The victim, or who applies for them.",
    **{f"applicant.{name}": words for name, words in _PERSON.items()},
    "representative": "Somebody who acts for the victim.",
    **{f"representative.{name}": words for name, words in _PERSON.items()},
    "representative.relation": "What they are to the victim: daughter, solicitor, councillor.",
    "representative.victim_consents": "Whether the victim agrees that they act for them.",
    "representative.authority": "By what right they act; all but consent stand in for a victim who cannot give it.",
    "representative.scope": "What they may do, where that is not everything.",
    "representative.until": "The last day on which they may act; the case then writes to the victim.",
    "consent_to_share": "Whether details may be shared with the agencies. Without it the application keeps its "
    "date and the applicant is asked.",
    "tenure": "How the victim holds their home.",
    "landlord": "Their landlord’s name.",
    "incidents": "Each report of anti-social behaviour on its own.",
    "incidents.id": "Left empty: the council numbers them.",
    "incidents.occurred": "The day it happened, or began.",
    "incidents.occurred_until": "The last day of behaviour that went on, or, where it is not sure, the last it can "
    "have been.",
    "incidents.occurred_unsure": "Whether nobody knows the day for sure: it was one from occurred to occurred_until, "
    "or about occurred.",
    "incidents.reported": "The day it was reported, or the first on which it can have been.",
    "incidents.reported_until": "The last day on which it can have been reported, where the day is not sure.",
    "incidents.reported_unsure": "Whether nobody knows the day of the report for sure.",
    "incidents.reported_to": "To whom: council, police, landlord, or another body’s name.",
    "incidents.reference": "The number they gave for the report.",
    "incidents.what": "What happened, in the applicant’s own words.",
    "incidents.category": "What it was about.",
    "incidents.reporter": "Who reported it, where that was somebody else.",
    "incidents.reporter_consents": "Whether agencies may have the reporter’s name; without it none gets it.",
    "incidents.premises": "Where it came from or happened.",
    "same_problem": "Whether the reports are all about the same problem.",
    "impact": "What it does to them, in their own words.",
    "needs": "Who is vulnerable, and what they need.",
    "wanted": "What they would like to happen.",
    "attendance": "How they would like to take part in a panel.",
}


@dataclass(frozen=True)
class Row:
    """A field by its path, what it holds, and whether it must be there."""

    path: str
    holds: str
    needed: bool
    meaning: str


def schema() -> dict[str, Any]:
    """The JSON Schemas of an application and its parts by name, each field with its meaning."""
    whole = ApplicationForm.model_json_schema(ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = whole.pop("$defs")
    schemas = {"ApplicationForm": whole, **parts}
    groups = {"ApplicationForm": "", "Person": "applicant.", "Representative": "representative.",
              "WrittenIncident": "incidents."}  # fmt: skip
    for name, prefix in groups.items():
        for field, inside in schemas[name]["properties"].items():
            inside["description"] = MEANINGS[prefix + field]
            if field == "unsafe":
                inside["items"] = {"type": "string", "enum": list(UNSAFE)}
    return schemas


def rows() -> list[Row]:
    """Every field in order, those of a group after it."""
    schemas = schema()
    return list(_rows(schemas, schemas["ApplicationForm"], ""))


def _rows(all: Mapping[str, Any], group: Mapping[str, Any], prefix: str) -> Iterator[Row]:
    for name, field in group["properties"].items():
        inner = _inner(all, field)
        yield Row(prefix + name, _holds(all, field), name in group.get("required", ()), field["description"])
        if inner:
            yield from _rows(all, inner, f"{prefix}{name}.")


def _inner(all: Mapping[str, Any], field: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for choice in (field, field.get("items", {}), *field.get("anyOf", ())):
        target = all.get(str(choice.get("$ref", "")).rpartition("/")[2])
        if target and "properties" in target:
            return dict(target)
    return None


def _holds(all: Mapping[str, Any], field: Mapping[str, Any]) -> str:
    if "anyOf" in field:
        return _holds(all, next(choice for choice in field["anyOf"] if choice.get("type") != "null"))
    if "$ref" in field:
        field = all[field["$ref"].rpartition("/")[2]]
    if "enum" in field:
        return f"one of {', '.join(field['enum'])}"
    match field["type"]:
        case "array":
            of = _holds(all, field["items"])
            return f"list of {of}" if "maxItems" not in field else f"list of {field['minItems']} to {field['maxItems']}"
        case "object":
            return "group"
        case "boolean":
            return "true or false"
        case _:
            kinds = {"date": "date", "date-time": "date and time"}
            text = f"text of at most {field['maxLength']:,} characters" if "maxLength" in field else "text"
            return kinds.get(field.get("format", ""), text)
