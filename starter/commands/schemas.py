"""JSON Schema of the files people write, for editors and for the systems that send them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from office.faults import one_of
from starter import output

_FILES = ("application", "policy", "scenario")


def add_to(app: typer.Typer) -> None:
    app.command("schema", rich_help_panel="Look ahead")(schema)


def schema(
    of: Annotated[str, typer.Argument(metavar="SHAPE", help="application, policy, scenario, or the name of an act.")],
) -> None:
    """The JSON Schema of an application, a policy or a scenario file, or of an act's fields."""
    output.as_json({"$schema": "https://json-schema.org/draft/2020-12/schema"} | _schema(of.strip().lower()))


def _schema(of: str) -> dict[str, Any]:
    match of:
        case "application":
            from domain.application import ApplicationForm

            return ApplicationForm.model_json_schema()
        case "policy":
            from domain.policy import Policy

            return Policy.model_json_schema()
        case "scenario":
            from starter.scenario import Scenario

            return Scenario.model_json_schema()
    return _of_act(of)


def _of_act(act: str) -> dict[str, Any]:
    """An act's fields as ``--file`` and ``letter preview --from`` take them; the event's own name is left out."""
    from domain.events import acts

    if act not in acts():
        raise one_of("shape", act, [*_FILES, *sorted(acts())])
    schema = acts()[act].model_json_schema()
    schema["properties"].pop("kind")
    return schema | {"title": act, "additionalProperties": False}
