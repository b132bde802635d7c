"""What a file is by its content, whatever its name says; only what an ASB Case Review needs is taken.

A file must begin and end as its kind does and hold no second kind (decision 25); a document is looked through as well
for what runs, loads or unpacks itself.
"""

from __future__ import annotations

import io
import mmap
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from register.active_content import OLE, ContentFault
from register.inspection import NotInspected, fault

Content = bytes | mmap.mmap
"""A file's bytes: in memory, or as they lie on a disk, so that a film does not fill the memory."""
LARGEST = 150_000_000
"""Bytes of one file where nobody says otherwise; a minute of film by a telephone is about 130 million."""
_LONGEST_TEXT = 10_000_000
LONGEST_NAME = 120
_FIRST, _LAST, _TAIL = 1024, 2048, 66_000
_PNG_END = b"IEND\xaeB`\x82"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_OTHER_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?php|\?xml)", re.IGNORECASE)
_BRANDS = {
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    b"qt  ": "video/quicktime",
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42"), "video/mp4"),
    **dict.fromkeys((b"avc1", b"M4V ", b"MSNV", b"3gp4", b"3gp5", b"3gp6"), "video/mp4"),
}  # fmt: skip
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"mif1")
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_OGG_SOUND = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")
_AMR = (b"#!AMR\n", b"#!AMR-WB\n")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OLD_WORD, _OLD_EXCEL = "application/msword", "application/vnd.ms-excel"
_ODT = "application/vnd.oasis.opendocument.text"
_LOOKED_THROUGH = {
    "application/pdf": "pdf", _WORD: "word", _EXCEL: "excel", _OLD_WORD: "old word", _OLD_EXCEL: "old excel",
    _ODT: "opendocument",
}  # fmt: skip
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))})


@dataclass(frozen=True)
class Media:
    """A kind of file: its media type, what people call it, and the endings its name may have, the usual one first."""

    type: str
    words: str
    endings: tuple[str, ...]


TAKEN = {
    media.type: media
    for media in (
        Media("application/pdf", "a PDF", ("pdf",)),
        Media("image/jpeg", "a JPEG picture", ("jpg", "jpeg", "jpe", "jfif")),
        Media("image/png", "a PNG picture", ("png",)),
        Media("image/heic", "a HEIC picture", ("heic", "heif", "hif")),
        Media("image/webp", "a WebP picture", ("webp",)),
        Media("text/plain", "plain text", ("txt", "text", "log", "md")),
        Media(_WORD, "a Word document", ("docx",)),
        Media(_OLD_WORD, "an old Word document", ("doc",)),
        Media(_EXCEL, "an Excel workbook", ("xlsx",)),
        Media(_OLD_EXCEL, "an old Excel workbook", ("xls",)),
        Media(_ODT, "an OpenDocument text", ("odt",)),
        Media("audio/mpeg", "an MP3 recording", ("mp3",)),
        Media("audio/mp4", "an M4A recording", ("m4a", "m4b", "mp4")),
        Media("audio/ogg", "an Ogg or Opus recording", ("ogg", "opus", "oga")),
        Media("audio/wav", "a WAV recording", ("wav", "wave")),
        Media("audio/amr", "an AMR recording", ("amr", "awb", "3ga")),
        Media("video/mp4", "an MP4 film", ("mp4", "m4v", "m4a", "3gp")),
        Media("video/quicktime", "a QuickTime film", ("mov", "qt")),
    )
}
KINDS = (
    "PDF, Word, Excel or OpenDocument, plain text, JPEG, PNG, HEIC or WebP pictures, "
    "MP3, M4A, Opus, Ogg, WAV, AMR, MP4 or MOV recordings"
)
_REFUSED = {
    ContentFault.PROGRAM: "has macros or other programs in it; save it as a PDF without them and send that",
    ContentFault.EMBEDDED: "has another file inside it; save it as a PDF and send that, and the other file by itself",
    ContentFault.LOADS: "fetches something from elsewhere when it is opened; save it as a PDF and send that",
    ContentFault.LOCKED: "is locked with a password; save it without one and send that",
    ContentFault.UNPACKS: "unpacks to far more than it seems to be; save it anew as a PDF and send that",
    ContentFault.ANOTHER: f"is a kind of file that we cannot take; it must be one of these: {KINDS}",
    ContentFault.DAMAGED: "is damaged and cannot be checked; save it anew as a PDF and send that",
}


class NotTaken(ValueError):
    """A file that is not taken; the text is one sentence that says what to do."""


def recognised(content: Content, name: str, largest: int = LARGEST) -> Media:
    """What a file of at most ``largest`` bytes is. Raises NotTaken where it is empty, too large, of no known kind, two
    kinds at once, where its name's ending says another kind, or where it holds what a document may not. Takes up to a
    minute.
    """
    shown = harmless(name)
    if not content:
        raise NotTaken(f"“{shown}” is empty; choose another file.")
    if len(content) > largest:
        raise NotTaken(f"“{shown}” is larger than {largest // 1_000_000} MB; send a smaller one, or several parts.")
    kind = _kind(content)
    if kind is None:
        raise NotTaken(f"“{shown}” is a kind of file that we cannot take; {_advice(content)}.")
    media = TAKEN[kind]
    if _second(content, kind):
        raise NotTaken(f"“{shown}” is {media.words} and something else at once; save it anew and send that.")
    ending = PurePosixPath(shown).suffix.removeprefix(".").casefold()
    if ending and ending.isalnum() and ending not in media.endings and _known(ending):
        raise NotTaken(f"“{shown}” is {media.words} inside; give its name the ending .{media.endings[0]} and send it.")
    if kind in _LOOKED_THROUGH:
        _look_through(_LOOKED_THROUGH[kind], content, shown)
    return media


def _look_through(kind: str, content: Content, shown: str) -> None:
    try:
        found = fault(kind, content[:])
    except NotInspected:
        raise NotTaken(f"“{shown}” could not be checked just now; send it again in a few minutes.") from None
    if found is not None:
        raise NotTaken(f"“{shown}” {_REFUSED[found]}.")


def _advice(content: Content) -> str:
    if content[4:8] == b"ftyp" and content[8:12] in (b"avif", b"avis", b"msf1", b"hevc"):
        return "save the picture as JPEG"
    if content[:16].startswith((OLE, b"{\\rt")):
        return "save it as a PDF, without a password, and send that"
    return f"it must be one of these: {KINDS}"


def harmless(name: str) -> str:
    """A name without folders, control characters and tricks of direction, of at most 120 characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(
        character for character in last if unicodedata.category(character)[0] != "C" and character not in '<>:"|?*'
    )
    plain = " ".join(plain.split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > LONGEST_NAME:
        plain = f"{stem[: LONGEST_NAME - 11]}.{ending}" if dot and len(ending) <= 10 else plain[:LONGEST_NAME]
    if plain.partition(".")[0].casefold() in _RESERVED:
        plain = f"_{plain}"
    return plain or "document"


def named(name: str, media: Media) -> str:
    """The name under which a file is handed out: harmless, and with an ending of its kind."""
    plain = harmless(name)
    ending = PurePosixPath(plain).suffix.removeprefix(".").casefold()
    return plain if ending in media.endings else f"{plain}.{media.endings[0]}"


def _kind(content: Content) -> str | None:
    head = content[:16]
    if head.startswith(b"%PDF-") and b"%%EOF" in content[-_LAST:]:
        return "application/pdf"
    if head.startswith(b"\xff\xd8\xff") and content.find(b"\xff\xd9", 16) >= 0:
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n") and content.find(_PNG_END, 16) >= 0:
        return "image/png"
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12]) if _whole_riff(content) else None
    if head.startswith(b"OggS\0\2"):
        return "audio/ogg" if any(mark in content[28:64] for mark in _OGG_SOUND) else None
    if head.startswith(_AMR):
        return "audio/amr"
    if head.startswith(OLE):
        return _old_office(content)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF and b"meta" in content[:_FIRST]:
        return "image/heic"
    if head[4:8] == b"ftyp" and (content.find(b"moov") >= 0 or content.find(b"moof") >= 0):
        return _BRANDS.get(head[8:12])
    if head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xf3", b"\xf2", b"\xfa")):
        return "audio/mpeg"
    if head.startswith(b"PK\x03\x04"):
        return _office(content[:])
    return "text/plain" if len(content) <= _LONGEST_TEXT and _plain(content[:]) else None


def _office(content: bytes) -> str | None:
    """A text document, not unpacked yet; an OpenDocument's type is stored as it is (OpenDocument 1.3 part 2, 3.3)."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            first = archive.infolist()[0] if names else None
            odt = (
                first is not None and first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED
                and first.file_size == len(_ODT) and archive.read(first) == _ODT.encode()
            )  # fmt: skip
    except (zipfile.BadZipFile, ValueError, RuntimeError, EOFError, OSError):
        return None
    if odt:
        return _ODT
    if "[Content_Types].xml" not in names:
        return None
    if any(name.startswith("word/") for name in names):
        return _WORD
    return _EXCEL if any(name.startswith("xl/") for name in names) else None


def _old_office(content: Content) -> str | None:
    """A document of the programs before 2007, by the names in its directory; not looked through yet."""
    for name, kind in (("WordDocument", _OLD_WORD), ("Workbook", _OLD_EXCEL), ("Book", _OLD_EXCEL)):
        if content.find(f"{name}\0".encode("utf-16-le")) >= 0:
            return kind
    return None


def _whole_riff(content: Content) -> bool:
    """Whether a picture or a recording ends where it says; one that a telephone was cut off in may say nothing."""
    said = int.from_bytes(content[4:8], "little")
    return said in (0, 0xFFFFFFFF) or said + 8 <= len(content) <= said + 9


def _plain(content: bytes) -> bool:
    text = _text(content)
    if text is None:
        return False
    if text.lstrip().startswith(("<", "#!", "{\\rtf", "%!", "%PDF-", "MZ")):
        return False
    return not _CONTROL.search(text)


def _text(content: bytes) -> str | None:
    """A text in UTF-16 where it says so by its first mark, else in UTF-8 or as Windows kept it."""
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _second(content: Content, kind: str) -> bool:
    """Whether some other program would take the same bytes for something else."""
    first = content[:_FIRST]
    if kind != "application/pdf" and b"%PDF-" in first:
        return True
    if _MARKUP.search(first) and kind not in ("application/pdf", _WORD, _EXCEL, _ODT):
        return True
    if kind == "application/pdf" and _MARKUP.search(first[:64]):
        return True
    if kind == "image/png" and not content[-_TAIL:].rstrip(b"\0\r\n").endswith(_PNG_END):
        return True
    if kind in (_WORD, _EXCEL, _ODT):
        return not _ends_as_archive(content)
    return any(content.find(mark) >= 0 for mark in _OTHER_ARCHIVES) or _is_archive(content)


def _is_archive(content: Content) -> bool:
    """Whether an archive's directory ends it, with a comment of its own or not (APPNOTE 4.3.16)."""
    tail = content[-_TAIL:]
    directory = tail.rfind(b"PK\x05\x06")
    return 0 <= directory <= len(tail) - 22


def _ends_as_archive(content: Content) -> bool:
    directory = content.rfind(b"PK\x05\x06")
    return directory >= 0 and directory + 22 + int.from_bytes(
        content[directory + 20 : directory + 22], "little"
    ) == len(content)


def _known(ending: str) -> bool:
    """Whether an ending says what a file is: one of ours, or of a program."""
    programs = {"exe", "js", "html", "htm", "svg", "bat", "cmd", "com", "scr", "ps1", "vbs", "jar", "zip", "php", "hta",
                "msi", "lnk", "docm", "dotm", "xlsm", "xlsb", "xla", "gif", "xml"}  # fmt: skip
    return ending in programs or any(ending in media.endings for media in TAKEN.values())
