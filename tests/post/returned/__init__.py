"""Mail as servers send it back, each file as one kind of server writes it; its letter's Message-ID is filled in."""

from pathlib import Path

LETTER = "<0123456789abcdef0123456789abcdef01234567@council.example.org>"


def mail(name: str, message_id: str = LETTER) -> bytes:
    """The bytes of one of the files beside this one, such as "exim"."""
    text = (Path(__file__).parent / f"{name}.eml").read_text(encoding="utf-8")
    return text.replace("MESSAGE-ID", message_id).encode()
