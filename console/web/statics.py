"""Stylesheets and icons by the hash of their content: kept by browsers for ever, and never out of date."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

FOLDER = Path(__file__).parents[2] / "templates" / "console" / "static"
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_TYPES = {".css": "text/css", ".svg": "image/svg+xml"}
_COLOUR = re.compile(r"[0-9a-f]{6}")

router = APIRouter()


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    """Every file by its public name: ``console-1a2b3c4d5e6f.css``."""
    files = {}
    for path in sorted(FOLDER.iterdir()):
        if path.suffix in _TYPES:
            content = path.read_bytes()
            hash = hashlib.sha256(content).hexdigest()[:12]
            files[f"{path.stem}-{hash}{path.suffix}"] = content, _TYPES[path.suffix]
    return files


def address(name: str) -> str:
    """Where a file of the folder is served. Raises KeyError where there is none of that name."""
    stem, _, suffix = name.rpartition(".")
    for public in _files():
        if public.rpartition("-")[0] == stem and public.endswith(f".{suffix}"):
            return f"/static/{public}"
    raise KeyError(name)


def brand(colour: str) -> str:
    """Where a stylesheet with a council's ``#1d4f91`` is served."""
    return f"/brand/{colour.removeprefix('#').lower()}.css"


@router.get("/static/{name}")
def static(name: str) -> Response:
    file = _files().get(name)
    if file is None:
        raise HTTPException(404)
    return Response(file[0], media_type=file[1], headers=FOR_EVER)


@router.get("/brand/{name}")
def branded(name: str) -> Response:
    colour = name.removesuffix(".css")
    if not _COLOUR.fullmatch(colour):
        raise HTTPException(404)
    css = f":root{{--govuk-brand-colour:#{colour}}}\n"
    return Response(css, media_type="text/css", headers=FOR_EVER)
