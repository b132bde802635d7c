"""JSON Schema of the files people write, for editors and for the systems that send them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from pydantic import BaseModel

from starter import output


class Shape(StrEnum):
    """The files there is a schema for."""

    APPLICATION = "application"
    POLICY = "policy"
    SCENARIO = "scenario"


def add_to(app: typer.Typer) -> None:
    app.command("schema", rich_help_panel="Look ahead")(schema)


def schema(
    of: Annotated[Shape, typer.Argument(metavar="SHAPE", help="application, policy or scenario.")],
) -> None:
    """The JSON Schema of an application, a policy or a scenario file."""
    model = _model(of)
    output.as_json({"$schema": "https://json-schema.org/draft/2020-12/schema"} | model.model_json_schema())


def _model(of: Shape) -> type[BaseModel]:
    match of:
        case Shape.APPLICATION:
            from domain.application import ApplicationForm

            return ApplicationForm
        case Shape.POLICY:
            from domain.policy import Policy

            return Policy
        case Shape.SCENARIO:
            from starter.scenario import Scenario

            return Scenario
