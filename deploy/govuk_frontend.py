"""Vendor GOV.UK Frontend's stylesheet without what belongs to GOV.UK alone: its font, its crest, its footer's crown.

    npm pack govuk-frontend@6.3.0 && tar xzf govuk-frontend-6.3.0.tgz
    python deploy/govuk_frontend.py package

A council is not GOV.UK: GDS Transport and the royal arms are licensed to gov.uk services only. What is left is MIT.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

STATIC = Path(__file__).parents[1] / "templates" / "console" / "static"
_RULE = re.compile(r"[^{}]+\{[^{}]*\}")
_EMPTY = re.compile(r"@(?:media|supports)[^{};]*\{\}")
_OWN = re.compile(r"@font-face|govuk-footer|crown|crest")
FORBIDDEN = ("GDS Transport", "@font-face", "crest", "crown", "url(")


def stripped(css: str) -> str:
    """The stylesheet in Arial, with no font, no crest and nothing to fetch. Raises ValueError where some is left."""
    css = _RULE.sub(lambda rule: "" if _OWN.search(rule.group()) else rule.group(), css)
    css = css.replace("font-family:GDS Transport,arial,sans-serif", "font-family:arial,sans-serif")
    css = re.sub(r"/\*[#!].*?\*/", "", css)
    css = _EMPTY.sub("", css)
    left = [word for word in FORBIDDEN if word in css]
    if left:
        raise ValueError(f"The stylesheet still has {', '.join(left)}; teach this script to take it out.")
    return css.strip() + "\n"


def main(package: Path) -> None:
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    css = (package / "dist" / "govuk" / "govuk-frontend.min.css").read_text("utf-8")
    (STATIC / "govuk-frontend.css").write_text(stripped(css), "utf-8")
    print(f"govuk-frontend {version}: {len(css)} characters in, {len(stripped(css))} out")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
