"""A council's own wording in its letters: chosen by council and day, versioned, and never without a promised day."""

import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from letters.letterhead import Letterhead, Unrenderable
from letters.rendering import Rendered, Renderer

ROOT = Path(__file__).parents[2]
LAYOUT = ROOT / "templates" / "letters"
HEAD = Letterhead("Dover District Council", "Community Safety Unit", logo="dover/logo.png")
DAY = date(2026, 6, 1)  # Mon
BASE = "{% block subject %}s{% endblock %}{% block body %}{% block support %}Ours.{% endblock %} Rest.{% endblock %}"
FRONT = '{#\nversion = "1"\neffective_from = 2026-01-01\n#}\n'
OWN = FRONT + '{% extends "L-16.md.j2" %}\n{% block support %}\n{{ super() }} And {{ who }}.\n{% endblock %}\n'


def renderer(folder: Path, base: str = BASE, own: str = OWN, kind: str = "L-16") -> Renderer:
    letters, councils = folder / "templates" / "letters", folder / "councils" / "dover" / "letters"
    for made in (letters, councils):
        made.mkdir(parents=True, exist_ok=True)
    for name in ("_footer.md.j2", "_shell.html.j2", "_letter.typ"):
        shutil.copy(LAYOUT / name, letters)
    (letters / f"{kind}.md.j2").write_text(base, "utf-8")
    (councils / f"{kind}.md.j2").write_text(own, "utf-8")
    return Renderer(folder / "templates", folder / "councils")


def write(made: Renderer, council: str = "dover", day: date = DAY, kind: str = "L-16", **more: object) -> Rendered:
    policy = SimpleNamespace(id=council)
    context = {"letterhead": HEAD, "policy": policy, "as_of": day, "who": "<b>*we*</b>", **more}
    return made.render(kind, context)


def test_a_councils_wording_is_its_own_and_from_its_first_day(tmp_path: Path) -> None:
    made = renderer(tmp_path)
    assert "Ours. And <b>*we*</b>. Rest." in " ".join(write(made).text.split())
    assert "Ours. Rest." in " ".join(write(made, council="medway").text.split())
    assert "Ours. Rest." in " ".join(write(made, day=date(2025, 12, 31)).text.split())  # Wed
    assert made.kinds == ("L-16",)


def test_a_letter_in_a_wording_of_its_own_names_it_and_has_a_version_of_its_own(tmp_path: Path) -> None:
    made = renderer(tmp_path)
    own, common = write(made), write(made, council="medway")
    assert (own.template, common.template) == ("dover/L-16.md.j2", "L-16.md.j2")
    again = write(renderer(tmp_path, own=OWN + " "))
    based = write(renderer(tmp_path, base=BASE + " "))
    assert len({one.template_version for one in (own, common, again, based)}) == 4
    assert write(renderer(tmp_path, own=OWN + " "), council="medway").template_version == common.template_version


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (OWN.replace("support", "body").replace("{{ super() }}", ""), "“body” leaves out what the letter has to say"),
        (OWN.replace("extends", "include"), "does not extend the letter"),
        (OWN.replace("{{ who }}", "{{ who ~ who }}"), "in place of a ~ b"),
        (OWN.replace("{{ who }}", "{% include '_gone.md.j2' %}"), "_gone.md.j2"),
    ],
)
def test_a_wording_that_does_not_hold_stops_the_renderer(own: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(Unrenderable, match=said):
        renderer(tmp_path, own=own)


@pytest.mark.parametrize(("kind", "key"), [("L-04", "appeal_window"), ("L-08", "response")])
def test_a_letter_that_does_not_tell_the_promised_day_is_not_written(kind: str, key: str, tmp_path: Path) -> None:
    base = "{% block subject %}s{% endblock %}{% block body %}{% if told %}{{ due | date }}{% endif %}{% endblock %}"
    letters = tmp_path / "templates" / "letters"
    letters.mkdir(parents=True)
    for name in ("_footer.md.j2", "_shell.html.j2", "_letter.typ"):
        shutil.copy(LAYOUT / name, letters)
    (letters / f"{kind}.md.j2").write_text(base, "utf-8")
    made = Renderer(tmp_path / "templates")
    due = date(2026, 7, 6)  # Mon
    facts: dict[str, object] = {
        "event": SimpleNamespace(step=key),
        "appeals": ["one"],
        "ahead": lambda asked: asked == key,
        "deadline": lambda asked: SimpleNamespace(due=due) if asked == key else None,
        "due": due,
    }
    assert "Monday\u00a06\u00a0July\u00a02026" in write(made, kind=kind, told=True, **facts).text
    with pytest.raises(Unrenderable, match=r"date|appeal, Monday 6 July 2026"):
        write(made, kind=kind, told=False, **facts)
    if kind == "L-04":
        assert write(made, kind=kind, told=False, **facts | {"appeals": []})


def test_a_councils_logo_stands_in_its_letters_and_only_there(tmp_path: Path) -> None:
    renderer(tmp_path)
    (tmp_path / "councils" / "dover" / "logo.png").write_bytes(b"\x89PNG")
    made = Renderer(tmp_path / "templates", tmp_path / "councils")
    assert 'src="data:image/png;base64,iVBORw=="' in write(made).html
    plain = write(made, letterhead=Letterhead("Medway Council", "Team", logo="medway/logo.png"))
    assert "<img" not in plain.html
