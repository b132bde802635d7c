"""The stylesheet is GOV.UK Frontend without what is GOV.UK's own, and every file is served by its content's hash."""

import pytest

from console.web import statics
from deploy.govuk_frontend import FORBIDDEN, STATIC, stripped


def test_the_stylesheet_has_no_font_crest_or_crown_of_gov_uk() -> None:
    css = (STATIC / "govuk-frontend.css").read_text("utf-8")
    assert not [word for word in FORBIDDEN if word in css]
    assert css.count("{") == css.count("}")
    for component in ("govuk-button", "govuk-error-summary", "govuk-generic-header", "govuk-task-list"):
        assert f".{component}" in css


def test_what_is_gov_uk_s_own_is_taken_out_and_what_is_left_over_is_an_error() -> None:
    css = (
        "@font-face{font-family:GDS Transport;src:url(/a.woff2)}.a{font-family:GDS Transport,arial,sans-serif}"
        "@media print{.govuk-footer{color:red}}.b,.c{color:blue}"
    )
    assert stripped(css) == ".a{font-family:arial,sans-serif}.b,.c{color:blue}\n"
    with pytest.raises(ValueError, match="url"):
        stripped(".d{background:url(/x.svg)}")


def test_a_file_s_address_changes_with_its_content() -> None:
    address = statics.address("console.css")
    assert address.startswith("/static/console-")
    answer = statics.static(address.removeprefix("/static/"))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    with pytest.raises(KeyError):
        statics.address("nothing.css")
