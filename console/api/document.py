"""The API as an OpenAPI 3.1 document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from console.api import example, fields
from console.api.submissions import PATH, Progress, Taken
from console.web.problems import KINDS, MEDIA, ProblemDetails

_ALWAYS = (400, 401, 429, 500, 503)


def document(version: str, today: date) -> dict[str, Any]:
    """The whole document; its examples are of ``today``."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ASB Case Review: applications",
            "version": version,
            "description": "Send an application for an ASB Case Review (Anti-social Behaviour, Crime and Policing Act "
            "2014, section 104) from a form platform, and ask where its case stands.",
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": {
            PATH: {"post": _post(today)},
            PATH + "/{reference}": {"get": _get()},
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _post(today: date) -> dict[str, Any]:
    return {
        "operationId": "sendApplication",
        "summary": "Send an application",
        "description": "The same Idempotency-Key with the same application is one case, however often it is sent.",
        "parameters": [
            {
                "name": "Idempotency-Key", "in": "header", "required": True,
                "description": "A key of the application’s own, such as a UUID.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]{1,255}$"},
            },
            {
                "name": "council", "in": "query", "required": False,
                "description": "The council it is for: a key of another one is then refused.",
                "schema": {"type": "string"},
            },
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {
                "schema": _ref("ApplicationForm"), "example": example.application(today),
            }},
        },
        "responses": {
            "201": _taken("Taken in, and its case has begun.", today),
            "200": _taken("It was taken in before.", today),
            "202": _taken("Taken in; its case begins as soon as Temporal answers.", today),
            **_problems((*_ALWAYS, 403, 413, 415, 422)),
        },
    }  # fmt: skip


def _get() -> dict[str, Any]:
    return {
        "operationId": "whereItStands",
        "summary": "Ask where a case stands",
        "description": "Of an application that this source sent. Every look is recorded.",
        "parameters": [
            {"name": "reference", "in": "path", "required": True, "schema": {"type": "string"}},
        ],
        "responses": {
            "200": {"description": "Where it stands.", "content": {"application/json": {"schema": _ref("Progress")}}},
            **_problems((*_ALWAYS, 404)),
        },
    }


def _taken(words: str, today: date) -> dict[str, Any]:
    return {
        "description": words,
        "headers": {"Location": {"schema": {"type": "string"}, "description": "Where to ask how it stands."}},
        "content": {"application/json": {"schema": _ref("Taken"), "example": example.answer(today)}},
    }


def _problems(statuses: Sequence[int]) -> dict[str, Any]:
    by_status: dict[str, Any] = {}
    for status in sorted(statuses):
        words = " Or: ".join(f"{kind.title}. {kind.mend}" for kind in KINDS if kind.status == status)
        by_status[str(status)] = {"description": words, "content": {MEDIA: {"schema": _ref("ProblemDetails")}}}
    return by_status


def _schemas() -> dict[str, Any]:
    schemas = fields.schema()
    for model in (Taken, Progress, ProblemDetails):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        schemas |= schema.pop("$defs", {})
        schemas[model.__name__] = schema
    return schemas


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
