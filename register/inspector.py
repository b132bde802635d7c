"""The program that opens a document to see what it holds: a process of its own, bounded before it reads anything.

``python -m register.inspector KIND`` with the document on its standard input prints the fault it found, or ``taken``.
"""

from __future__ import annotations

import sys

from register.active_content import ContentFault, ContentRefused

TAKEN = "taken"
PROCESSOR_SECONDS = 30
MEMORY = 1_500_000_000
"""Bytes of address space."""


def found(kind: str, content: bytes) -> str:
    """The fault of a document of that kind, or ``taken``: ``pdf``, ``word``, ``excel``, ``old word``, ``old excel`` or
    ``opendocument``."""
    try:
        match kind:
            case "pdf":
                from register import pdf_file

                pdf_file.inspect(content)
            case "word":
                from register import word_file

                word_file.inspect(content)
            case "excel":
                from register import word_file

                word_file.inspect(content, word_file.SHEETS)
            case "old word":
                from register import old_office_file

                old_office_file.inspect_word(content)
            case "old excel":
                from register import old_office_file

                old_office_file.inspect_excel(content)
            case "opendocument":
                from register import opendocument_file

                opendocument_file.inspect(content)
            case _:
                raise ValueError(f"no document is of the kind {kind}")
    except ContentRefused as refused:
        return refused.fault.value
    except (MemoryError, RecursionError):
        return ContentFault.UNPACKS.value
    return TAKEN


def _bound() -> None:
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    _bound()
    print(found(sys.argv[1], sys.stdin.buffer.read()))
