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


def excel(*rows: str, **parts: bytes) -> bytes:
    """An Excel workbook, as ``word`` makes a text."""
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    sheet = b'<worksheet xmlns="urn:x"><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>'
    made = {
        "[Content_Types].xml": types(main=main, document="/xl/workbook.xml"),
        "_rels/.rels": relations(relation("officeDocument", "xl/workbook.xml", external=False)),
        "xl/workbook.xml": b'<workbook xmlns="urn:x"/>',
        "xl/worksheets/sheet1.xml": sheet,
        "xl/_rels/workbook.xml.rels": relations(*rows),
    }
    return archive(made | {name.replace("__", "/"): content for name, content in parts.items()})


_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(**streams: bytes) -> bytes:
    """A compound file with these streams, each of its own sectors; ``__`` in a name stands for the storage it is in."""
    rows: list[tuple[str, int, bytes]] = [("Root Entry", 5, b"")]
    inside: dict[str, list[int]] = {"": []}
    for path, content in streams.items():
        *storages, name = path.split("__")
        within = ""
        for storage in storages:
            known = f"{within}/{storage}"
            if known not in inside:
                inside[known] = []
                inside[within].append(len(rows))
                rows.append((storage, 1, b""))
            within = known
        inside[within].append(len(rows))
        rows.append((name, 2, content.ljust(4096, b"\0")))
    paths = {"": 0} | dict(_storages(rows, inside))
    data, chains = b"", {}
    for number, (_, _, content) in enumerate(rows):
        if content:
            chains[number] = len(data) // 512
            data += content.ljust(-(-len(content) // 512) * 512, b"\0")
    entries = b"".join(_entry(number, row, rows, inside, paths, chains) for number, row in enumerate(rows))
    entries = entries.ljust(-(-len(entries) // 512) * 512, b"\0")
    directory = len(data) // 512
    fat = [_FREE] * 0
    for number, (_, _, content) in enumerate(rows):
        size = -(-len(content) // 512)
        fat += [*(chains[number] + at + 1 for at in range(size - 1)), _END] if size else []
    fat += [*(directory + at + 1 for at in range(len(entries) // 512 - 1)), _END]
    pages = -(-(len(fat) + 8) // 128)
    at = len(fat)
    fat += [_FAT] * pages
    table = b"".join(number.to_bytes(4, "little") for number in fat).ljust(pages * 512, b"\xff")
    head = bytearray(512)
    head[:8] = OLE[:8]
    for place, value, length in (
        (24, 0x3E, 2), (26, 3, 2), (28, 0xFFFE, 2), (30, 9, 2), (32, 6, 2), (44, pages, 4), (48, directory, 4),
        (56, 4096, 4), (60, _END, 4), (68, _END, 4),
    ):  # fmt: skip
        head[place : place + length] = value.to_bytes(length, "little")
    head[76:] = b"\xff" * 436
    for page in range(pages):
        head[76 + 4 * page : 80 + 4 * page] = (at + page).to_bytes(4, "little")
    return bytes(head) + data + entries + table


def _storages(rows: list[tuple[str, int, bytes]], inside: dict[str, list[int]]) -> list[tuple[str, int]]:
    found = []
    for path in inside:
        if path:
            above, _, name = path.rpartition("/")
            number = next(n for n in inside[above] if rows[n][0] == name and rows[n][1] == 1)
            found.append((path, number))
    return found


def _entry(
    number: int, row: tuple[str, int, bytes], rows: list[tuple[str, int, bytes]], inside: dict[str, list[int]],
    paths: dict[str, int], chains: dict[int, int],
) -> bytes:  # fmt: skip
    name, kind, content = row
    own = next((path for path, at in paths.items() if at == number), None)
    within = next((members for members in inside.values() if number in members), [])
    following = within[within.index(number) + 1] if number in within[:-1] else _FREE
    child = inside[own][0] if own is not None and inside[own] else _FREE
    written = name.encode("utf-16-le") + b"\0\0"
    made = written.ljust(64, b"\0") + len(written).to_bytes(2, "little") + bytes((kind, 1))
    made += _FREE.to_bytes(4, "little") + following.to_bytes(4, "little") + child.to_bytes(4, "little")
    made = made.ljust(116, b"\0") + chains.get(number, 0).to_bytes(4, "little")
    return (made + len(content).to_bytes(4, "little")).ljust(128, b"\0")
