"""Documents made by hand, part by part: good ones, and ones with a part that does harm."""

import io
import zipfile
from collections.abc import Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, String

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
ODT_TYPE = b"application/vnd.oasis.opendocument.text"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


def archive(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Those parts in their order."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", method) as made:
        for name, content in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else method
            made.writestr(name, content, compress_type=stored)
    return kept.getvalue()


def relation(kind: str, target: str, *, external: bool = True) -> str:
    """A row of a .rels part; a kind without its address is one of Office's own."""
    whole = kind if "://" in kind else f"{_RELATIONS}/{kind}"
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="r{abs(hash((kind, target)))}" Type="{whole}" Target="{target}"{mode}/>'


def relations(*rows: str) -> bytes:
    return (
        f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">{"".join(rows)}</Relationships>'.encode()
    )


def types(*rows: str, main: str = _MAIN, document: str = "/word/document.xml") -> bytes:
    return (
        f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="{document}" ContentType="{main}"/>{"".join(rows)}</Types>'
    ).encode()


def text(body: str = "<w:p><w:r><w:t>Music until two.</w:t></w:r></w:p>") -> bytes:
    return f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'.encode()


def word(*rows: str, **parts: bytes) -> bytes:
    """A Word document with these relations, and these parts instead of its own or beside them."""
    made = {
        "[Content_Types].xml": types(),
        "_rels/.rels": relations(relation("officeDocument", "word/document.xml", external=False)),
        "word/document.xml": text(),
        "word/_rels/document.xml.rels": relations(*rows),
    }
    return archive(made | {name.replace("__", "/"): content for name, content in parts.items()})


def field(*pieces: str) -> bytes:
    """A text whose one field is cut into those pieces."""
    return text(f"<w:p>{_field(''.join(map(_code, pieces)))}</w:p>")


def nested(outer: str, inner: str) -> bytes:
    """A text with a field whose code ends in another field."""
    return text(f"<w:p>{_field(_code(outer) + _field(_code(inner)))}</w:p>")


def _code(words: str) -> str:
    return f"<w:r><w:instrText>{words}</w:instrText></w:r>"


def _field(runs: str) -> str:
    begin, end = ('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    return f"{begin}{runs}{end}"


def opendocument(body: str = "", **parts: bytes) -> bytes:
    """An OpenDocument text with that in its body, and these parts beside it."""
    names = (
        'xmlns:office="urn:o" xmlns:text="urn:t" xmlns:draw="urn:d" xmlns:script="urn:s" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    made = {
        "mimetype": ODT_TYPE,
        "content.xml": f"<office:document {names}><office:body>{body}</office:body></office:document>".encode(),
        "META-INF/manifest.xml": b'<m:manifest xmlns:m="urn:m"><m:file-entry/></m:manifest>',
    }  # fmt: skip
    return archive(made | {name.replace("__", "/"): content for name, content in parts.items()})


def pdf(change: Mapping[str, object] | None = None, *, packed: bool = False, **page: object) -> bytes:
    """A PDF of one page: ``change`` in its catalogue, ``page`` in its page, all in object streams where ``packed``."""
    with pikepdf.new() as made:
        made.add_blank_page()
        for key, value in (change or {}).items():
            made.Root[Name(key)] = value
        for key, value in page.items():
            made.pages[0].obj[Name(f"/{key}")] = value
        return saved(made, packed=packed)


def saved(made: pikepdf.Pdf, *, packed: bool = False) -> bytes:
    kept = io.BytesIO()
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    made.save(kept, object_stream_mode=mode, compress_streams=packed)
    return kept.getvalue()


def script(words: str = "app.alert(1)") -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(words))


def link(action: Dictionary) -> Array:
    """A page's one link, which does that at a click."""
    return Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)])
