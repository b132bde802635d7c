"""What a page says that cannot be shown: to staff, to whoever came by a link, and to somebody who applies."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console.web import problems
from console.web.link_homes import is_public
from console.web.pages import Pages
from console.web.posted_forms import Posted
from console.web.uploads import SentForm, typed

_SECRET = ("password", "code", "token")
_TOO_MUCH = "That is too much at once"
_STAFF = {
    400: ("That could not be read", "Your browser sent something the console cannot read. Go back and try again."),
    403: ("You cannot do this", "Your account does not let you see or do this. Ask a manager if it should."),
    404: ("Page not found", "There is no such page or case here, or it is not one of your council’s."),
    405: ("Page not found", "This address takes no such request. Go back to the page you came from."),
    413: (_TOO_MUCH, "Send a file of less than 10 MB, or shorten what you typed."),
    429: ("Too many at once", "Many forms were begun from this address. Wait 15 minutes, then try again."),
    503: ("The register cannot take this just now", "Nothing was done. Try again in a few minutes."),
}
_BY_LINK = {
    400: ("That could not be read", "Your browser sent something we cannot read. Go back and try again."),
    404: ("Page not found", "There is no such page here. Open the link in your letter again."),
    405: ("Page not found", "Open the link in your letter again."),
    413: (_TOO_MUCH, "Send a file of less than 10 MB, or shorten what you typed, and tell us the rest on the phone."),
    503: (
        "We cannot do this just now",
        "Nothing was done. Try again in a few minutes, or ring the number in your letter.",
    ),
}
_APPLYING = _STAFF | {
    403: ("That did not work", "Go back to the form and try again."),
    404: ("Page not found", "There is no such page. Go to the start and choose your council."),
    413: (_TOO_MUCH, "Send a file of less than 10 MB, or shorten what you typed. You can also ring us."),
    503: ("Something is down", "What you typed before this page is kept. Try again in a few minutes, or ring us."),
}
_BROKEN = ("Something went wrong", "Nothing was lost that was saved before. Try again; if it goes on, tell us.")
_BROKEN_BY_LINK = ("Sorry, something went wrong", "Try again. If it goes on, ring the number in your letter.")


async def what_was_sent(request: Request) -> SentForm:
    """What was typed into the form of a request that came to nothing; empty for a form with a password or a code, and
    where the form cannot be read any more."""
    nothing = SentForm(Posted())
    if request.method != "POST":
        return nothing
    try:
        sent = await typed(request)
    except (HTTPException, RuntimeError, ValueError):
        return nothing
    secret = any(word in name for name in sent.form.values for word in _SECRET)
    return nothing if secret else sent


def answer(
    pages: Pages,
    request: Request,
    status: int,
    headers: Mapping[str, str] | None = None,
    kept: SentForm | None = None,
) -> Response:
    """The page of an error, or for another system its problem. ``kept`` waits in the page to be sent again."""
    path = request.url.path
    again = {"again": kept.form.values if kept else {}, "file": bool(kept and kept.chosen)}
    if problems.concerns(path):
        return problems.of_status(status, headers)
    if is_public(path):
        title, words = _BY_LINK.get(status, _BROKEN_BY_LINK)
        return pages.public(request, "public_problem", "", status, title=title, words=words, **again)
    if path == "/apply" or path.startswith("/apply/"):
        title, words = _APPLYING.get(status, _BROKEN)
        council = _council(pages, path)
        return pages.public(request, "public_problem", council, status, title=title, words=words, **again)
    title, words = _STAFF.get(status, _BROKEN)
    return pages.show(request, "problem", status, title=title, words=words, path=path, **again)


def _council(pages: Pages, path: str) -> str:
    """Whose form a path is of; empty where no council is served by that name."""
    council = path.removeprefix("/apply/").partition("/")[0]
    return council if council in pages.policies else ""
