"""A letter written from a source of the test's own, and its page as a reader's program sees it."""

import shutil
from html.parser import HTMLParser
from pathlib import Path

from letters.letterhead import Letterhead
from letters.rendering import Rendered, Renderer

LAYOUT = Path(__file__).parents[2] / "templates" / "letters"
HEAD = Letterhead(
    "Kent District Council",
    "Community Safety Unit",
    "Case review officer",
    "01234 567890",
    "csu@example.org",
    ("1 High Street", "Kent"),
)
VOID = {"meta", "br", "hr", "link"}


class Page(HTMLParser):
    """What a reader of the HTML form sees, and what it is made of. A link reads "text (address)"."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.seen: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.seen.append("\n")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.seen.append("\n")

    def handle_data(self, data: str) -> None:
        if not {"title", "style"} & set(self.open):
            self.seen.append(data)

    @property
    def names(self) -> list[str]:
        return [tag for tag, _ in self.tags]

    @property
    def links(self) -> list[str | None]:
        return [attrs["href"] for tag, attrs in self.tags if tag == "a"]

    @property
    def words(self) -> list[str]:
        return "".join(self.seen).split()


def renderer(folder: Path, **sources: str) -> Renderer:
    letters = folder / "letters"
    if not letters.exists():
        letters.mkdir()
        for name in ("_footer.md.j2", "_shell.html.j2", "_letter.typ"):
            shutil.copy(LAYOUT / name, letters)
    for name, source in sources.items():
        (letters / f"{name}.md.j2").write_text(source, "utf-8")
    return Renderer(folder)


def letter(body: str, subject: str = "Your case") -> str:
    return f"{{% block subject %}}{subject}{{% endblock %}}\n{{% block body %}}\n{body}\n{{% endblock %}}\n"


def write(folder: Path, body: str, subject: str = "Your case", **context: object) -> Rendered:
    return renderer(folder, L=letter(body, subject)).render("L", {"letterhead": HEAD, **context})
