"""Every letter on paper: tagged, in its window, the same bytes each time, and only the words that were written."""

import datetime as dt
import hashlib
import io
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from letters.letterhead import Letterhead, Unrenderable
from letters.pdf import FONTS, LAYOUT, Postal, Typesetter
from letters.rendering import Rendered, Renderer
from tests.letters.paper import MM, below, glyphs, seen, squashed

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
TUESDAY = dt.date(2026, 6, 9)
HEAD = Letterhead(
    "Kent District Council",
    "Community Safety Unit",
    "Case review officer",
    "01234 567890",
    "community.safety.partnership@kent-district.example.org",
    ("Council Offices", "1 High Street", "Kent", "KE1 1AA"),
)
TO = Postal("Rose Applicant", ("Flat 2", "The Old Maltings", "1 High Street", "Dover", "Kent", "CT16 1AA"))
TABLE = "| Report | When it happened | Why |\n|---|---|---|\n| I1 | 8 May 2026 | Counted: it was reported in time. |\n"
URL = "https://review.example.org/progress/AbC123"

HOSTILE = [
    "#panic(1)",
    "$x$ @label <label> #let x = 1; #x",
    "*a* _b_ `c` [d] = e - f + g / h",
    "<b>bold</b><script>alert(1)</script>",
    "back\\slash \\u{41} \\\\ // no /* comment */",
    '"quoted" #"x" #sys.inputs #read("/etc/passwd")',
    "[x](javascript:alert(1)) ![x](https://evil.example.org/x.png)",
    "# 1. heading | a | b",
    "~ -- --- ... 'single' http://evil.example.org",
    "Subject: x\r\nBcc: all@example.org",
    "Łódź ŵ ŷ żółć Straße",
    "Καλημέρα Привет",
    pytest.param("x" * 5000, marks=pytest.mark.long),
]
NOT_LATIN = ["שלום", "مرحبا", "ਪੰਜਾਬੀ", "বাংলা", "हिन्दी", "ગુજરાતી", "தமிழ்", "😀", "👩‍👩‍👧", "🇬🇧", "1️⃣"]


def renderer(folder: Path, body: str, subject: str = "Your case") -> Renderer:
    letters = folder / "letters"
    letters.mkdir(exist_ok=True)
    for name in ("_footer.md.j2", "_shell.html.j2", LAYOUT):
        shutil.copy(TEMPLATES / "letters" / name, letters)
    if not (folder / "fonts").exists():
        (folder / "fonts").symlink_to(TEMPLATES / "fonts")
    source = f"{{% block subject %}}{subject}{{% endblock %}}\n{{% block body %}}\n{body}\n{{% endblock %}}\n"
    (letters / "L.md.j2").write_text(source, "utf-8")
    return Renderer(folder)


def both(folder: Path, body: str, subject: str = "Your case", **given: Any) -> tuple[Rendered, bytes]:
    """A letter and its PDF; `given` is what its source prints, and how it is posted."""
    form = {name: given.pop(name) for name in ("to", "large", "progress_url") if name in given}
    made = renderer(folder, body, subject)
    context = {"letterhead": HEAD, "as_of": TUESDAY, "reference": "CR-2026-0042", **given}
    letter = made.render("L", context)
    return letter, made.pdf(letter, **{"to": TO, **form})


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def structure(pdf: bytes) -> list[str]:
    """The tags of the document in reading order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(str(node.S).removeprefix("/"))
            walk(node.get("/K"))

    with opened(pdf) as document:
        walk(document.Root.StructTreeRoot.get("/K"))
    return found


def test_a_pdf_is_tagged_named_and_in_its_language(tmp_path: Path) -> None:
    _, pdf = both(tmp_path, "Dear Rose,\n\n## Why\n\n" + TABLE + "\n- one\n- two\n", "We will not hold a review")
    with opened(pdf) as document:
        assert bool(document.Root.MarkInfo.Marked)
        assert str(document.Root.Lang) == "en-GB"
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
        with document.open_metadata() as xmp:
            assert xmp["dc:title"] == "We will not hold a review"
            assert xmp["pdfuaid:part"] == "1"
            assert xmp["dc:creator"] == ["Kent District Council"]
    tags = structure(pdf)
    headings = [tag for tag in tags if re.fullmatch(r"H\d", tag)]
    assert headings == ["H1", "H2"]
    assert tags.count("TH") == 3
    assert tags.count("TD") == 3
    assert {"L", "LI", "LBody", "P", "Table"} <= set(tags)


def test_a_letter_in_welsh_says_so(tmp_path: Path) -> None:
    head = Letterhead("Cyngor Caint", "Tîm", language="cy-GB")
    _, pdf = both(tmp_path, "Annwyl Rose", letterhead=head)
    with opened(pdf) as document:
        assert str(document.Root.Lang) == "cy-GB"


def test_every_font_is_embedded_and_is_one_of_ours(tmp_path: Path) -> None:
    body = "**b** *i* ***bi*** " + " ".join(NOT_LATIN) + " Привет"
    _, pdf = both(tmp_path, body)
    names = set()
    with opened(pdf) as document:
        fonts = [font for page in document.pages for font in page.Resources.Font.values()]
        for font in fonts:
            for descendant in font.get("/DescendantFonts", [font]):
                names.add(str(descendant.BaseFont).split("+")[1].split("-")[0])
                described = descendant.FontDescriptor
                assert {"/FontFile2", "/FontFile3"} & set(described.keys()), descendant.BaseFont
    assert names <= {re.sub(r"\W", "", family) for family in FONTS}
    assert len(names) >= 7


def test_the_fonts_of_the_layout_are_there_beside_their_licences() -> None:
    files = sorted((TEMPLATES / "fonts").iterdir())
    assert sum(file.stat().st_size for file in files) < 3_000_000
    assert {file.name for file in files if file.suffix == ".txt"} == {
        "LICENSE-DejaVu.txt",
        "OFL-AtkinsonHyperlegibleNext.txt",
        "OFL-Noto.txt",
    }


@pytest.mark.parametrize("large", [False, True])
def test_the_address_stands_in_the_window_and_everything_else_out_of_it(large: bool, tmp_path: Path) -> None:
    seven = Postal(
        "Rose Applicant", ("Flat 2", "The Old Maltings and Granary Annexe", "1 High St", "A", "B", "CT16 1AA")
    )
    long = Postal("R" * 5000, tuple("Ж" * 300 for _ in range(12)))
    for to in (TO, seven, long, Postal("Rose")):
        _, pdf = both(tmp_path, "word " * 1200, to=to, large=large, progress_url=URL)
        found = glyphs(pdf)
        pages = max(g.page for g in found)
        assert pages > 2
        for g in found:
            assert g.left >= 15, g
            assert g.right <= 195, g
            assert g.top >= 5, g
            assert g.bottom <= 292, g
        first = [g for g in found if g.page == 1 and g.top > 25]
        for g in first:
            window = g.left >= 24.5 and g.right <= 120 and g.top >= 39.5 and g.bottom <= 66.3
            sender = g.left >= 125 and g.bottom <= 95
            assert window or sender or g.top >= 95, g
        address = "".join(g.text for g in first if g.top < 67 and g.right <= 121)
        assert squashed(to.name)[:20] in address
        assert "".join(g.text for g in first if g.left >= 125 and g.top < 95).startswith("CommunitySafetyUnit")


def test_poppler_measures_the_window_alike(tmp_path: Path) -> None:
    _, pdf = both(tmp_path, "Dear Rose")
    boxes = [(g.left, g.top, g.right, g.bottom) for g in glyphs(pdf) if 25 < g.top < 95 and g.right < 121]
    if tool := shutil.which("pdftotext"):
        (tmp_path / "letter.pdf").write_bytes(pdf)
        page = subprocess.run(
            [tool, "-bbox", "letter.pdf", "-"], cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout
        words = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">', page)
        found = [tuple(float(edge) / MM for edge in word) for word in words]
        boxes += [box for box in found if 25 < box[1] < 95 and box[2] < 121]
    assert boxes
    for left, top, right, bottom in boxes:
        assert left >= 24.5
        assert top >= 39.5
        assert right <= 120
        assert bottom <= 66.3


def test_each_page_has_its_number_and_each_after_the_first_the_reference(tmp_path: Path) -> None:
    _, pdf = both(tmp_path, "word " * 1200)
    found = glyphs(pdf)
    pages = max(g.page for g in found)
    for number in range(1, pages + 1):
        foot = "".join(g.text for g in found if g.page == number and g.top > 277)
        head = "".join(g.text for g in found if g.page == number and g.top < 18)
        assert foot == f"Page{number}of{pages}"
        assert ("ReferenceCR-2026-0042" in head) == (number > 1)


def test_large_print_is_large_and_a_table_too_wide_becomes_lines(tmp_path: Path) -> None:
    wide = "| " + " | ".join(f"Heading{n}" for n in range(8)) + " |\n" + "|---" * 8 + "|\n"
    wide += "| " + " | ".join(f"value{n}" for n in range(8)) + " |\n"
    _, pdf = both(tmp_path, "Dear Rose\n\n" + wide, large=True, progress_url=URL)
    found = glyphs(pdf)
    outside = [g for g in found if not (g.page == 1 and 39 < g.top < 67 and g.right <= 121)]
    assert min(g.size for g in outside) >= 16
    assert "Heading7:value7" in below(pdf)
    assert "Table" not in structure(pdf)
    assert "DearRose" in "".join(g.text for g in found if g.size == 18)


def test_a_table_over_two_pages_repeats_its_headings(tmp_path: Path) -> None:
    rows = "".join(f"| I{n} | 8 May 2026 | It was loud. |\n" for n in range(80))
    _, pdf = both(tmp_path, "| Report | When | Why |\n|---|---|---|\n" + rows)
    found = glyphs(pdf)
    for page in range(1, max(g.page for g in found) + 1):
        assert "".join(g.text for g in found if g.page == page).count("Why") == 1
    assert structure(pdf).count("TH") == 3


def test_the_progress_page_is_written_and_is_a_picture_with_words(tmp_path: Path) -> None:
    _, plain = both(tmp_path, "Dear Rose")
    _, pdf = both(tmp_path, "Dear Rose", progress_url=URL)
    assert squashed(URL) in below(pdf)
    assert f"Email:{HEAD.email}Address" in below(plain)
    assert URL not in below(plain)
    assert "Figure" in structure(pdf)
    assert "Figure" not in structure(plain)
    _, long = both(tmp_path, "Dear Rose", progress_url=URL + "x" * 4000)
    assert "Figure" not in structure(long)


def test_the_same_letter_is_the_same_bytes_in_threads_and_in_another_process(tmp_path: Path) -> None:
    script = f"""
import datetime as dt, hashlib, sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from letters.letterhead import Letterhead
from letters.pdf import Postal
from letters.rendering import Renderer
made = Renderer(Path({str(tmp_path)!r}))
context = dict(letterhead=Letterhead("C", "T"), as_of=dt.date(2026, 6, 9), reference="CR-1", name="Łódź 😀")
letter = made.render("L", context)
print(hashlib.sha256(made.pdf(letter, to=Postal("Rose"), progress_url={URL!r})).hexdigest())
"""
    made = renderer(tmp_path, "Dear {{ name }}\n\n" + TABLE)
    context = {"letterhead": Letterhead("C", "T"), "as_of": TUESDAY, "reference": "CR-1", "name": "Łódź 😀"}
    letter = made.render("L", context)
    digests: list[str] = []

    def set_it() -> None:
        pdf = made.pdf(letter, to=Postal("Rose"), progress_url=URL)
        digests.append(hashlib.sha256(pdf).hexdigest())

    set_it()
    threads = [threading.Thread(target=set_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    environment = {"TZ": "Pacific/Auckland", "PATH": "/usr/bin"}
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment)
    assert {*digests, done.stdout.strip()} == {digests[0]}
    assert len(digests) == 5


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_person_wrote_is_literal_in_all_three_forms(value: str, tmp_path: Path) -> None:
    table = "| A | B | C |\n|---|---|---|\n| one | {{ value }} | three |\n"
    body = f"Dear {{{{ value }}}},\n\n- **{{{{ value }}}}**\n\n{table}\n## {{{{ value }}}}\n"
    letter, pdf = both(tmp_path, body, "About {{ value }}", value=value, to=Postal(value, (value,)))
    literal = squashed(value)
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert squashed(letter.text).count(literal) == 5
    assert squashed(seen(letter.html)).count(literal) == 5
    if len(value) < 1000:
        assert below(pdf).count(literal) == 5
    else:
        assert below(pdf).count(value[0]) >= 5 * len(value)
    assert all(g.left >= 15 and g.right <= 195 for g in glyphs(pdf))
    with opened(pdf) as document:
        assert squashed(f"About {value}") == squashed(str(document.docinfo["/Title"]))


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_letterhead_says_is_literal(value: str, tmp_path: Path) -> None:
    said = value[:120]
    head = Letterhead(said, said, said, said, said, (said,))
    letter, pdf = both(tmp_path, "word " * 700, letterhead=head, reference=said)
    assert squashed(said) in squashed(letter.text)
    assert squashed(said) in below(pdf)
    found = glyphs(pdf)
    assert [g for g in found if g.left < 15 or g.right > 195 or g.top < 5 or g.bottom > 292] == []
    sender = [g for g in found if g.page == 1 and 25 < g.top < 95]
    assert [g for g in sender if g.left > 121 and (g.left < 125 or g.bottom > 95)] == []


@pytest.mark.parametrize("value", NOT_LATIN)
def test_other_scripts_and_emoji_come_out(value: str, tmp_path: Path) -> None:
    letter, pdf = both(tmp_path, "Dear {{ value }}.", value=value)
    assert value in letter.text
    assert value in letter.html
    assert "\ufffd" not in below(pdf)


@pytest.mark.parametrize(("value", "shown"), [("漢字 Rose", "\ufffd\ufffdRose"), ("a\ue000b\u0378", "a\ufffdb\ufffd")])
def test_a_letter_with_a_character_that_no_font_has_goes_out_all_the_same(
    value: str, shown: str, tmp_path: Path
) -> None:
    _, pdf = both(tmp_path, "Dear {{ value }}.", "About {{ value }}", value=value, to=Postal(value))
    assert below(pdf).count(shown) == 2


def test_thousands_of_characters_that_no_font_has_do_not_stop_a_letter(tmp_path: Path) -> None:
    value = "".join(chr(at) for at in range(0x3400, 0x4400)) + "".join(map(chr, range(0x300, 0x370)))
    _, pdf = both(tmp_path, "Dear {{ value }}.", value=value)
    assert "\ufffd" in below(pdf)


def test_a_heading_below_no_heading_of_the_next_level_is_raised(tmp_path: Path) -> None:
    _, pdf = both(tmp_path, "Dear Rose\n\n#### Deep\n\nwords\n\n###### Deeper\n\n## Why\n")
    assert [tag for tag in structure(pdf) if re.fullmatch(r"H\d", tag)] == ["H1", "H2", "H3", "H2"]


def test_every_part_of_the_markdown_is_set(tmp_path: Path) -> None:
    body = "> said\n> so\n\n3. three\n4. four\n   - inner\n\n---\n\nline\\\nbreak [a link](https://x.example.org/y)\n"
    letter, pdf = both(tmp_path, body)
    for words in ("saidso", "3.three", "4.four", "inner", "linebreakalink(https://x.example.org/y)"):
        assert words in below(pdf)
        assert words in squashed(letter.text).replace(">", "")
    assert "Link" in structure(pdf)


def test_the_version_of_a_letter_covers_its_layout_on_paper(tmp_path: Path) -> None:
    first, _ = both(tmp_path, "Dear Rose")
    layout = tmp_path / "letters" / LAYOUT
    layout.write_text(layout.read_text("utf-8") + "\n", "utf-8")
    made = Renderer(tmp_path)
    assert made.render("L", {"letterhead": HEAD}).template_version != first.template_version


def test_a_letter_without_a_date_is_not_set(tmp_path: Path) -> None:
    made = renderer(tmp_path, "Dear Rose")
    letter = made.render("L", {"letterhead": HEAD})
    with pytest.raises(Unrenderable, match="as_of"):
        made.pdf(letter, to=TO)


def test_a_missing_font_and_a_broken_layout_are_named(tmp_path: Path) -> None:
    with pytest.raises(Unrenderable, match="Atkinson Hyperlegible Next is not in"):
        Typesetter("", tmp_path)
    broken = Typesetter("#panic(1)", TEMPLATES / "fonts")
    with pytest.raises(Unrenderable, match=LAYOUT):
        broken.letter(HEAD, TO, TUESDAY, "CR-1", "Your case", [], [])
