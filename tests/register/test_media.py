"""What a file is by its content: what is taken, what is refused and in which words, and names that play tricks."""

import io
import zipfile
from pathlib import Path

import pytest

from register.media import NotTaken, harmless, named, recognised
from register.shelf import on_disk
from tests.register import papers

PDF = papers.pdf()
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x01" * 40 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x01" * 20 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
MP3 = b"ID3\x04\x00\x00" + b"\x00" * 40
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00" + b"\x00\x00\x00\x08moov"
M4A = b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00" + b"\x00\x00\x00\x08moov"
MOV = b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00" + b"\x00\x00\x00\x08moov"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00" + b"\x00" * 8 + b"\x00\x00\x00\x08meta" + b"\x00" * 40
OPUS = b"OggS\x00\x02" + b"\x00" * 20 + b"\x01\x13OpusHead\x01\x01" + b"\x00" * 40


def riff(kind: bytes, chunk: bytes) -> bytes:
    inside = kind + chunk + b"\x04\x00\x00\x00abcd"
    return b"RIFF" + len(inside).to_bytes(4, "little") + inside


def archive(method: int = zipfile.ZIP_STORED, /, **files: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", method) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/"), content)
    return kept.getvalue()


DOCX = papers.word()
ODT_TYPE = papers.ODT_TYPE
ODT = archive(mimetype=ODT_TYPE, **{"content.xml": b"<x/>"})
PACKED = archive(zipfile.ZIP_DEFLATED, mimetype=ODT_TYPE)


@pytest.mark.parametrize(
    ("content", "name", "type_"),
    [
        (PDF, "Diary.PDF", "application/pdf"),
        (JPEG, "IMG 1.jpeg", "image/jpeg"),
        (JPEG + b"\0" * 300 + b"trailer of a telephone", "a.jpg", "image/jpeg"),
        (PNG, "a.png", "image/png"),
        (MP3, "a.mp3", "audio/mpeg"),
        (b"\xff\xfb\x90\x00" + b"\x00" * 40, "a.mp3", "audio/mpeg"),
        (MP4, "a.mp4", "video/mp4"),
        (M4A, "Memo.m4a", "audio/mp4"),
        (MOV, "a.mov", "video/quicktime"),
        (HEIC, "IMG_1.HEIC", "image/heic"),
        (riff(b"WEBP", b"VP8 "), "a.webp", "image/webp"),
        (riff(b"WAVE", b"fmt "), "Memo.WAV", "audio/wav"),
        (OPUS, "PTT-20260401-WA0003.opus", "audio/ogg"),
        (OPUS.replace(b"OpusHead", b"\x01vorbis"), "a.ogg", "audio/ogg"),
        (b"#!AMR\n" + b"\x0c" * 40, "a.amr", "audio/amr"),
        ("Łukasz rang at 2".encode("utf-16"), "diary.txt", "text/plain"),
        ("\ufeffMonday: music".encode("utf-16-be"), "diary.txt", "text/plain"),
        (DOCX, "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (ODT, "a.odt", "application/vnd.oasis.opendocument.text"),
        (b"Monday: music until two.\r\n", "diary.txt", "text/plain"),
        ("Łukasz rang at 2 – no answer".encode(), "diary", "text/plain"),
        ("No sleep – café".encode("cp1252"), "notes.md", "text/plain"),
    ],
)
def test_what_people_send_is_known_by_its_content(content: bytes, name: str, type_: str) -> None:
    assert recognised(content, name).type == type_


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.pdf", "is empty; choose another file"),
        (b"MZ\x90\x00" + b"\0" * 60, "a.pdf", "a kind of file that we cannot take; it must be one of these: PDF"),
        (b"\x7fELF" + b"\0" * 60, "a", "cannot take"),
        (b"#!/bin/sh\nrm -rf /\n", "diary.txt", "cannot take"),
        (b"<html><script>alert(1)</script>", "diary.txt", "cannot take"),
        (b"  <svg onload=alert(1)>", "a.png", "cannot take"),
        (b"{\\rtf1 text}", "a.txt", "cannot take"),
        (b"GIF89a" + b"\0" * 30, "a.gif", "cannot take"),
        (HEIC.replace(b"heic", b"avif"), "IMG_1.avif", "save the picture as JPEG"),
        (riff(b"WEBP", b"VP8 ") + b"MZ" * 20, "a.webp", "cannot take"),
        (riff(b"AVI ", b"LIST"), "a.avi", "cannot take"),
        (OPUS.replace(b"OpusHead", b"\x80theora"), "a.ogv", "cannot take"),
        ("<script>alert(1)</script>".encode("utf-16"), "a.txt", "cannot take"),
        (HEIC, "a.jpg", "is a HEIC picture inside; give its name the ending .heic"),
        (archive(a__txt=b"x"), "a.zip", "cannot take"),
        (PACKED, "a.odt", "cannot take"),
        (PACKED.replace(PACKED[38:50], b"\xff" * 12, 1), "a.odt", "cannot take"),
        (PDF[:20], "a.pdf", "cannot take"),
        (PDF, "a.png", "is a PDF inside; give its name the ending .pdf"),
        (PNG, "a.exe", "is a PNG picture inside"),
        (b"just words", "a.html", "is plain text inside"),
        (PNG, "letter.pdf.exe", "is a PNG picture inside"),
        (JPEG + archive(a__txt=b"x"), "a.jpg", "is a JPEG picture and something else at once"),
        (PDF + archive(a__txt=b"x"), "a.pdf", "is a PDF and something else at once"),
        (PNG + PDF, "a.png", "something else at once"),
        (JPEG[:20] + PDF + JPEG[20:], "a.jpg", "something else at once"),
        (JPEG[:20] + b"<script>alert(1)</script>" + JPEG[20:], "a.jpg", "something else at once"),
        (PNG + b"MZ" + b"\1" * 50, "a.png", "something else at once"),
        (DOCX + b"\0" * 10 + JPEG, "a.docx", "something else at once"),
    ],
)  # fmt: skip
def test_what_lies_or_is_two_things_or_is_no_document_is_refused_in_one_sentence(
    content: bytes, name: str, said: str
) -> None:
    with pytest.raises(NotTaken, match=r"^“") as refused:
        recognised(content, name)
    assert said in str(refused.value)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/shadow", "shadow"),
        ("a\0b.pdf", "ab.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("\u202egpj.exe", "gpj.exe"),
        ("a\u200b\u2066b.png", "ab.png"),
        ('<img src="x">.png', "img src=x.png"),
        ("...", "document"),
        ("", "document"),
        (".htaccess", "htaccess"),
        ("con.txt", "_con.txt"),
        ("NUL", "_NUL"),
        ("  diary   of  May .txt ", "diary of May .txt"),
        ("cafe\u0301.pdf", "café.pdf"),
        ("x" * 500 + ".pdf", "x" * 109 + ".pdf"),
        ("x" * 500, "x" * 120),
    ],
)
def test_a_name_that_plays_tricks_comes_out_harmless(name: str, plain: str) -> None:
    assert harmless(name) == plain
    assert len(plain) <= 120


def test_a_file_is_handed_out_under_a_name_that_ends_as_its_kind_does() -> None:
    assert named("diary", recognised(b"words", "diary")) == "diary.txt"
    assert named("a.JPEG", recognised(JPEG, "a.JPEG")) == "a.JPEG"
    assert named("=cmd.csv", recognised(b"=1+1,2", "=cmd.csv")) == "=cmd.csv.txt"
    assert named("notes 14.1", recognised(PDF, "notes 14.1")) == "notes 14.1.pdf"


def test_a_file_on_a_disk_is_known_as_one_in_memory_is_and_may_be_as_large_as_is_said(tmp_path: Path) -> None:
    film = MP4 + b"\0" * 3_000_000
    path = tmp_path / "film.mp4"
    path.write_bytes(film)
    assert recognised(on_disk(path), "a.mp4", 4_000_000).type == "video/mp4"
    for content in (film, on_disk(path)):
        with pytest.raises(NotTaken, match=r"^“a\.mp4” is larger than 2 MB; send a smaller one, or several parts\.$"):
            recognised(content, "a.mp4", 2_000_000)
    for content, name in ((PDF, "a.pdf"), (DOCX, "a.docx"), (JPEG, "a.jpg"), (PNG, "a.png"), (HEIC, "a.heic")):
        path.write_bytes(content)
        assert recognised(on_disk(path), name) == recognised(content, name)
