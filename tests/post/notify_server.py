"""A server that answers as GOV.UK Notify's API does (docs.notifications.service.gov.uk/rest-api.html), on loopback."""

import base64
import contextlib
import json
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"casereview-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
PAGE = 3
_FAILED = {"permanent-failure", "temporary-failure", "technical-failure"}
_ERRORS = {
    "invalid": (400, "ValidationError", "email_address is not a valid email address"),
    "trial": (400, "BadRequestError", "Can't send to this recipient when service is in trial mode"),
    "rate": (429, "RateLimitError", "Exceeded rate limit for key type live of 3000 requests per 60 seconds"),
    "broken": (500, "Exception", "Internal server error"),
}


@dataclass
class Service:
    """What it was given, oldest first, and how it takes the next letters.

    ``behaves``, one word for each letter to come: an error's name, "drop" (it hangs up and has nothing), "vanish" (it
    has the letter and hangs up), "slow" (it has the letter and answers too late); then it answers as it should.
    """

    given: list[dict[str, Any]] = field(default_factory=list)
    behaves: list[str] = field(default_factory=list)
    asked: int = 0
    blind: bool = False
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fails(self, reference: str, status: str) -> None:
        for one in self.given:
            if one["reference"] == reference:
                one["status"] = status

    def page(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        """One page, newest first, as the filters say."""
        found = list(reversed(self.given))
        if "older_than" in query:
            ids = [one["id"] for one in found]
            found = found[ids.index(query["older_than"][0]) + 1 :]
        if "reference" in query:
            found = [one for one in found if one["reference"] == query["reference"][0]]
        if wanted := set(query.get("status", ())):
            wanted |= _FAILED if "failed" in wanted else set()
            found = [one for one in found if one["status"] in wanted]
        return found[:PAGE]


class _Answers(BaseHTTPRequestHandler):
    service: Service

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._known():
            return
        how = self.service.behaves.pop(0) if self.service.behaves else ""
        if how == "drop":
            return self._hang_up()
        if how in _ERRORS:
            return self._error(*_ERRORS[how])
        kind = self.path.rpartition("/")[2]
        if kind == "letter" and not base64.b64decode(body["content"]).startswith(b"%PDF-"):
            return self._error(400, "BadRequestError", "Letter content is not a valid PDF")
        if kind in ("email", "sms") and body["template_id"] != TEMPLATE:
            return self._error(400, "BadRequestError", "Template not found")
        status = "pending-virus-check" if kind == "letter" else "sending"
        self.service.given.append({"id": str(uuid.uuid4()), "type": kind, "status": status, "body": body, **body})
        if how == "vanish":
            return self._hang_up()
        if how == "slow":
            time.sleep(1.5)
        given = self.service.given[-1]
        return self._answer(201, {"id": given["id"], "reference": given["reference"], "uri": self.path})

    def do_GET(self) -> None:
        if not self._known():
            return
        self.service.asked += 1
        if self.service.blind:
            return self._error(*_ERRORS["broken"])
        parts = urlsplit(self.path)
        page = self.service.page(parse_qs(parts.query))
        links = {"current": self.path} | ({"next": f"{parts.path}?older_than={page[-1]['id']}"} if page else {})
        shown = [{name: one[name] for name in ("id", "reference", "type", "status")} for one in page]
        return self._answer(200, {"notifications": shown, "links": links})

    def _known(self) -> bool:
        try:
            claims = jwt.decode(self.headers["Authorization"].partition(" ")[2], SECRET, algorithms=["HS256"])
        except jwt.InvalidTokenError:
            claims = {}
        if claims.get("iss") != SERVICE:
            self._error(403, "AuthError", "Invalid token: API key not found")
        return claims.get("iss") == SERVICE

    def _error(self, code: int, kind: str, words: str) -> None:
        self._answer(code, {"status_code": code, "errors": [{"error": kind, "message": words}]})

    def _answer(self, code: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        with contextlib.suppress(OSError):
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def _hang_up(self) -> None:
        self.close_connection = True

    def log_message(self, *words: object) -> None:
        """It keeps no log."""


@contextlib.contextmanager
def serving(port: int = 0) -> Iterator[Service]:
    """The service until the block ends."""
    service = Service()
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Answers", (_Answers,), {"service": service}))
    service.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
