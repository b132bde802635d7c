"""Jinja as letters are written in it: what a source may do, and how each value it prints becomes literal Markdown.

A line of nothing but tags prints nothing, not even its line break. A variable is never Markdown: finished text comes
from blocks and macros alone.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, DictLoader, StrictUndefined, TemplateSyntaxError
from jinja2.bccache import Bucket
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from letters.languages import ENGLISH, Language
from letters.letterhead import Unrenderable
from letters.markdown_values import Printed

_TAG_LINE = re.compile(r"(?m)^[ \t]*((?:\{[%#](?:(?![%#]\}).)*[%#]\}[ \t]*)+)\n")
_FILTERS = (
    *(
        "abs",
        "batch",
        "capitalize",
        "count",
        "default",
        "dictsort",
        "first",
        "groupby",
        "int",
        "items",
        "last",
    ),
    *("length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "round", "select"),
    *("selectattr", "sort", "sum", "title", "trim", "unique", "upper"),
)


class _LetterSyntax(Extension):
    """Drops lines of nothing but tags; refuses `a ~ b`, which would let a variable past the escape."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _TAG_LINE.sub(r"\1{#\n#}", source)

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.type == "tilde":
                raise TemplateSyntaxError("write {{ a }}{{ b }} in place of a ~ b", token.lineno, stream.name)
            yield token


class Compiled(BytecodeCache):
    """Each source compiled once in a process, by its name and text, whichever folder it was read from."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


@cache
def compiled(kind: str) -> Compiled:
    """The sources compiled for one kind of environment: letters of a language, or pages."""
    return Compiled()


class LetterEnvironment(ImmutableSandboxedEnvironment):
    """Jinja in which `Markup` means "Markdown already": blocks and macros, never a variable."""

    intercepted_binops = frozenset({"+", "%", "*"})

    def __init__(self, sources: Mapping[str, str], language: Language = ENGLISH) -> None:
        printed = Printed(language)
        super().__init__(
            loader=DictLoader(sources),
            autoescape=True,
            finalize=printed.literal,
            undefined=StrictUndefined,
            extensions=[_LetterSyntax],
            bytecode_cache=compiled(language.code),
        )
        self.globals = {"range": self.globals["range"], "namespace": self.globals["namespace"]}
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.filters |= {"date": printed.date, "short_date": printed.short_date, "time": printed.time}
        self.filters |= {"join": printed.join, "paragraphs": printed.paragraphs}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, Markup) or isinstance(right, Markup):
            raise Unrenderable(f"it joins finished text by {operator}: write each part in its own {{{{ }}}}.")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Markup):
            return self.unsafe_undefined(obj, attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Markup):
            return self.unsafe_undefined(obj, argument)
        return super().getitem(obj, argument)
