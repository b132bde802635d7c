"""A document of Word or Excel (Office Open XML, ECMA-376): only text, tables, pictures and plain links are taken."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from register.active_content import ContentFault, ContentRefused, leads_away, on_own_disk, plain_link
from register.zip_parts import Attributes, is_xml, parts, read_xml

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_TYPES = "[Content_Types].xml"
_PROGRAMS = frozenset({
    "vbaproject", "wordvbadata", "control", "activexcontrolbinary", "xlmacrosheet", "xlintlmacrosheet", "extensibility",
    "attachedtoolbars", "webextension", "webextensiontaskpanes", "taskpanes", "dialogsheet",
})  # fmt: skip
_FILES = frozenset({"oleobject", "package", "afchunk", "subdocument", "externallink", "externallinkpath", "frame"})
_QUERIES = frozenset({"connections", "querytable", "volatiledependencies", "xmlmaps"})
_PROGRAM_TYPES = ("macroenabled", "vbaproject", "vbadata", "activex", "macrosheet", "webextension", "msdownload")
_FILE_TYPES = ("oleobject", "officedocument.package")
_LOADING_FIELDS = frozenset({"DDE", "DDEAUTO", "LINK", "INCLUDETEXT", "INCLUDE", "IMPORT", "DATABASE", "RD"})
_PROGRAM_FIELDS = frozenset({"MACRO", "CONTROL", "HTMLCONTROL", "HTMLACTIVEX", "PRINT"})
_PICTURE = "INCLUDEPICTURE"
_FETCHES = re.compile(r"\b(?:WEBSERVICE|IMPORTDATA|RTD|CALL|EXEC|REGISTER(?:\.ID)?)\s*\(|\|\s*['\"!]", re.IGNORECASE)
"""What fetches or runs in the formula of a cell: a function that does, or another program by DDE."""
_ANOTHER = " {} "
"""What stands in a field's code for a field within it: its words come of it when it is opened."""


@dataclass
class _Package:
    """What the content types and the relations of a package say, gathered while its parts are read."""

    names: set[str] = field(default_factory=set)
    by_name: dict[str, str] = field(default_factory=dict)
    by_ending: dict[str, str] = field(default_factory=dict)
    main: str = ""

    def type_of(self, name: str) -> str:
        ending = name.rpartition(".")[2].casefold()
        return self.by_name.get(name.casefold(), self.by_ending.get(ending, ""))


def inspect(content: bytes, main: str = MAIN) -> None:
    """Raises ContentRefused for macros, ActiveX and add-ins wherever they are named, for embedded files, for what is
    loaded from elsewhere, for fields and formulas that fetch or run, and for what is no document of the kind ``main``
    (``MAIN``, a text; ``SHEETS``, a workbook)."""
    package = _Package()
    for name, part in parts(content):
        package.names.add(name)
        if is_xml(part):
            _Part(package, name).read(part)
    for name in package.names:
        _typed(package.type_of(name).casefold())
    if package.type_of(package.main) != main or package.main.casefold() not in map(str.casefold, package.names):
        raise ContentRefused(ContentFault.ANOTHER)


class _Part:
    """One part as it is read: its relations, its types, and its fields, whose words may be cut into many pieces."""

    def __init__(self, package: _Package, name: str) -> None:
        self._package, self._name = package, name
        self._fields: list[list[str]] = []
        self._loose: list[str] = []
        self._formula: list[str] = []
        self._in_code = self._in_formula = False

    def read(self, part: bytes) -> None:
        read_xml(part, self._begin, self._text, self._end)
        self._judge(self._loose)
        for code in self._fields:
            self._judge(code)

    def _begin(self, element: str, given: Attributes) -> None:
        match element:
            case "Relationship":
                self._relation(given)
            case "Override" if self._name == _TYPES:
                self._package.by_name[given.get("PartName", "").lstrip("/").casefold()] = given.get("ContentType", "")
            case "Default" if self._name == _TYPES:
                self._package.by_ending[given.get("Extension", "").casefold()] = given.get("ContentType", "")
            case "fldSimple":
                self._judge([given.get("instr", "")])
            case "fldChar" if given.get("fldCharType") == "begin":
                if self._fields:
                    self._fields[-1].append(_ANOTHER)
                self._fields.append([])
            case "fldChar":
                self._judge(self._fields.pop() if self._fields else [])
                if given.get("fldCharType") == "separate":
                    self._fields.append([])
            case "instrText" | "delInstrText":
                self._in_code = True
            case "f" | "definedName" if self._name.startswith("xl/"):
                self._in_formula, self._formula = True, []
        if leads_away(given.get("src", "")):
            raise ContentRefused(ContentFault.LOADS)

    def _text(self, words: str) -> None:
        if self._in_code:
            (self._fields[-1] if self._fields else self._loose).append(words)
        elif self._in_formula:
            self._formula.append(words)

    def _end(self, element: str) -> None:
        if element in ("instrText", "delInstrText"):
            self._in_code = False
        elif element in ("f", "definedName") and self._in_formula:
            self._in_formula = False
            if _FETCHES.search("".join(self._formula)):
                raise ContentRefused(ContentFault.LOADS)

    def _relation(self, given: Attributes) -> None:
        kind = given.get("Type", "").rstrip("/").rpartition("/")[2].casefold()
        target = given.get("Target", "")
        external = given.get("TargetMode", "").casefold() == "external"
        if kind in _PROGRAMS:
            raise ContentRefused(ContentFault.PROGRAM)
        if kind in _FILES and not external:
            raise ContentRefused(ContentFault.EMBEDDED)
        if kind in _QUERIES:
            raise ContentRefused(ContentFault.LOADS)
        if kind == "hyperlink" and external:
            if not plain_link(target):
                raise ContentRefused(ContentFault.PROGRAM)
        elif kind == "attachedtemplate" and external and (on_own_disk(target) or not leads_away(target)):
            return
        elif external or "://" in target or target.startswith("\\"):
            raise ContentRefused(ContentFault.LOADS)
        elif kind == "officedocument" and self._name == "_rels/.rels":
            self._package.main = posixpath.normpath(target).lstrip("/")

    def _judge(self, code: list[str]) -> None:
        """A field's code begins with what it does (ECMA-376 part 1, 17.16.5)."""
        words = "".join(code).split(maxsplit=1)
        does = words[0].upper() if words else ""
        if does in _PROGRAM_FIELDS:
            raise ContentRefused(ContentFault.PROGRAM)
        where = words[-1].strip('"“” ') if does == _PICTURE else ""
        away = _ANOTHER.strip() in where or (leads_away(where) and not on_own_disk(where))
        if does in _LOADING_FIELDS or away:
            raise ContentRefused(ContentFault.LOADS)


def _typed(kind: str) -> None:
    if any(known in kind for known in _PROGRAM_TYPES):
        raise ContentRefused(ContentFault.PROGRAM)
    if any(known in kind for known in _FILE_TYPES):
        raise ContentRefused(ContentFault.EMBEDDED)
