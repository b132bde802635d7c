"""Whatever is asked of a person, or set in a policy, is read by something (invariant 13).

A field counts as read where an attribute of its name is read of something that holds its model, outside the files that
declare the models: in code of a value annotated with it, looped over or taken from a field that holds it; in a template
of a name that such a value has there. In those files themselves only what a method reads of its own model counts, where
somebody else calls the method. What is only carried from the form to the case is not read.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from domain.application import Application, ApplicationForm
from domain.policy import Policy

HERE = Path(__file__).parents[1]
DECLARED = frozenset({"domain/application.py", "domain/definitions.py", "domain/policy.py", "domain/source.py"})
FOLDERS = (
    *("domain", "workflows", "activities", "letters", "post", "register", "connection"),
    *("office", "console", "starter"),
)

NAMES = {
    "p": "Person", "person": "Person", "applicant": "Person", "reader": "Person", "details": "Person",
    "who": "Identity", "moves": "Extensions", "told": "Publication", "said": "Incident", "given": "Incident",
    "listed": "Step", "row": "Redress", "layer": "AppealRoute", "form": "ApplicationForm", "chosen": "Policy",
}  # fmt: skip
"""Names that a template or a function gives to a model without saying so."""
UNREAD: Mapping[str, str] = {
    "Figures.appeals": "office/procedure.py reads a year's figures by the names of the policy's measures",
}
"""Fields of which no attribute is read, each with the reason."""
WALKED = "source"
"""Every Source of a policy is read where the linter walks through them: domain/lint.py."""


def _models() -> dict[str, type[BaseModel]]:
    """The models that a policy or an application is made of, by name."""
    found: dict[str, type[BaseModel]] = {}

    def walk(annotation: Any) -> None:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation.__name__ not in found:
            found[annotation.__name__] = annotation
            for field in annotation.model_fields.values():
                walk(field.annotation)
        for part in get_args(annotation):
            walk(part)

    for root in (Policy, ApplicationForm, Application):
        walk(root)
    return found


MODELS = _models()


def _held(annotation: Any) -> set[str]:
    """The models that an annotation names."""
    names = {annotation.__name__} if isinstance(annotation, type) else set()
    return (names | {name for part in get_args(annotation) for name in _held(part)}) & MODELS.keys()


@cache
def _holders() -> dict[str, set[str]]:
    """What a name holds wherever it stands: a field's models, and each model under its own name in lower case."""
    known: dict[str, set[str]] = defaultdict(set)
    for model in MODELS.values():
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
        for name in (snake, snake.rpartition("_")[2]):
            known[name].add(model.__name__)
        for name, field in model.model_fields.items():
            known[name] |= _held(field.annotation)
    for name, model_name in NAMES.items():
        known[name].add(model_name)
    return known


def _annotated(node: ast.expr | None) -> set[str]:
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} if node else set()
    return names & MODELS.keys()


class _Module(ast.NodeVisitor):
    """The fields that one module reads, as "Model.field"."""

    def __init__(self, tree: ast.Module, own: str = "") -> None:
        self.known: dict[str, set[str]] = defaultdict(set, {"self": {own} if own else set()})
        self.read: set[str] = set()
        for node in ast.walk(tree):
            match node:
                case (
                    ast.arg(arg=name, annotation=annotation)
                    | ast.AnnAssign(target=ast.Name(id=name), annotation=annotation)
                ):
                    self.known[name] |= _annotated(annotation)
                case (
                    ast.FunctionDef(name=name, returns=annotation) | ast.AsyncFunctionDef(name=name, returns=annotation)
                ):
                    self.known[name] |= _annotated(annotation)
        for _ in range(3):
            for node in ast.walk(tree):
                self._bind(node)
        for node in ast.walk(tree):
            match node:
                case ast.Attribute(value=value, attr=attr, ctx=ast.Load()):
                    self._reads(self.of(value), attr)
                case ast.MatchClass(cls=cls, kwd_attrs=names):
                    model = cls.id if isinstance(cls, ast.Name) else cls.attr if isinstance(cls, ast.Attribute) else ""
                    for name in names:
                        self._reads({model}, name)
                case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(attr)), *_]):
                    self._reads(self.of(value), attr)

    def _reads(self, models: set[str], attr: str) -> None:
        for model in models & MODELS.keys():
            if attr in MODELS[model].model_fields:
                self.read.add(f"{model}.{attr}")

    def _bind(self, node: ast.AST) -> None:
        match node:
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                self._name(target, value)
            case ast.Assign(targets=[target], value=value) | ast.NamedExpr(target=target, value=value):
                self._name(target, value)

    def _name(self, target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Tuple(elts=names), ast.Tuple(elts=values) if len(names) == len(values):
                for name, one in zip(names, values, strict=True):
                    self._name(name, one)
            case ast.Tuple(elts=[*_, last]), _:
                self._name(last, value)
            case ast.Name(id=name), _:
                self.known[name] |= self.of(value)

    def of(self, value: ast.expr | None) -> set[str]:
        """The models that an expression may hold."""
        match value:
            case ast.Name(id=name):
                return self.known.get(name, set()) | _holders().get(name, set())
            case ast.Attribute(attr=attr):
                return self.known.get(attr, set()) | _holders().get(attr, set())
            case ast.Call(func=func, args=args):
                return self.of(func).union(*(self.of(arg) for arg in args))
            case ast.Subscript(value=inner) | ast.Starred(value=inner):
                return self.of(inner)
            case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
                return set().union(*(self.of(part) for part in parts))
            case ast.IfExp(body=one, orelse=other):
                return self.of(one) | self.of(other)
            case ast.GeneratorExp(elt=one) | ast.ListComp(elt=one) | ast.SetComp(elt=one):
                return self.of(one)
        return set()


def _in_templates() -> Iterator[str]:
    for path in sorted((HERE / "templates").rglob("*.j2")) + sorted((HERE / "policies").rglob("*.j2")):
        source = path.read_text("utf-8")
        loops = dict(re.findall(r"(?:for|set) (\w+) (?:in|=) (?:\w+\.)*(\w+)", source))
        for base, attr in re.findall(r"(?=\b(\w+)\.(\w+))", source):
            for model in _holders().get(base, set()) | _holders().get(loops.get(base, ""), set()):
                if attr in MODELS[model].model_fields:
                    yield f"{model}.{attr}"


@cache
def read() -> frozenset[str]:
    """The fields that something reads."""
    found, called = set(_in_templates()), set[str]()
    for folder in FOLDERS:
        for path in sorted((HERE / folder).rglob("*.py")):
            if path.relative_to(HERE).as_posix() not in DECLARED:
                tree = ast.parse(path.read_text("utf-8"))
                found |= _Module(tree).read
                called |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return frozenset(found | set(_by_their_methods(called)))


def _by_their_methods(called: set[str]) -> Iterator[str]:
    """What a model's own methods read of it and of its parts, where somebody else calls them."""
    for path in sorted(DECLARED):
        for model in ast.walk(ast.parse((HERE / path).read_text("utf-8"))):
            if not isinstance(model, ast.ClassDef) or model.name not in MODELS:
                continue
            for method in model.body:
                if isinstance(method, ast.FunctionDef) and method.name in called:
                    held = ast.Module([method], [])
                    yield from _Module(held, own=model.name).read


def _passed_on(model: str, field: str) -> bool:
    """Whether a field is declared again, or for the file that is filled in, by a model whose field is read."""
    alike = {"ApplicationForm": "Application", "WrittenIncident": "Incident", "Representative": "Person"}
    own = MODELS[model]
    heirs = [name for name, other in MODELS.items() if issubclass(other, own) or issubclass(own, other)]
    alike_or_own = (model, alike.get(model, model), *heirs)
    return field == WALKED or any(f"{name}.{field}" in read() for name in alike_or_own)


FIELDS = [f"{name}.{field}" for name, model in MODELS.items() for field in model.model_fields]


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_read_by_something(field: str) -> None:
    model, _, name = field.partition(".")
    assert _passed_on(model, name) or UNREAD.get(field), f"nothing reads {field}: wire it, or ask for it no more"


def test_no_reason_is_kept_for_a_field_that_is_read() -> None:
    assert [field for field in UNREAD if field not in FIELDS or _passed_on(*field.split("."))] == []


def test_a_field_is_read_of_what_holds_it_and_not_of_anything_of_that_name() -> None:
    code = """
def closed(policy: Policy, letter: Letter) -> bool:
    first = next(route for route in policy.routes)
    return first.minimum > 1 and letter.title and any(chase.working_days for chase in policy.chasing.ladder)
"""
    read_here = _Module(ast.parse(code)).read
    assert read_here == {
        "Policy.routes", "Policy.chasing", "Chasing.ladder", "Route.minimum", "Chase.working_days",
    }  # fmt: skip


def test_the_models_of_every_part_of_a_policy_and_an_application_are_walked() -> None:
    assert {
        "Policy",
        "Exclusion",
        "Senior",
        "Clock",
        "Application",
        "WrittenIncident",
        "Representative",
    } <= MODELS.keys()
