"""An authenticator app in a test: it reads the key from the page and makes the codes of its own clock."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from office.second_factor import App, step_at
from tests.support import clock


@dataclass
class Authenticator:
    """No code is given twice; two in a row are taken by a console that is up to half a minute slow to answer."""

    app: App
    given: int = 0

    @classmethod
    def scanning(cls, html: str) -> Authenticator:
        """With the key that a page shows in groups of four."""
        shown = re.search(r'class="app-key">(.*?)</p>', html)
        assert shown
        key = re.sub(r"<[^>]*>|\s", "", shown[1])
        assert len(key) == 32
        return cls(App(base64.b32decode(key), "jo@example.org"))

    def code(self) -> str:
        """One that was not given before, and that is taken now: of this half minute or of the next one."""
        self.given = max(self.given + 1, step_at(clock.now()))
        return self.app.code(self.given)

    @property
    def last(self) -> str:
        """The code given last, again."""
        return self.app.code(self.given)
