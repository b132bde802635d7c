"""How the files stand to each other: none imports, by whatever way round, what imports it."""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = (
    *("domain", "policies", "workflows", "activities", "register", "connection"),
    *("letters", "post", "office", "console", "starter"),
)


def files(root: Path, packages: tuple[str, ...] = PACKAGES) -> Mapping[str, Path]:
    """Every module by its name."""
    found = {path.stem: path for path in root.glob("*.py")}
    for package in packages:
        for path in (root / package).rglob("*.py"):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path) -> Iterator[str]:
    """What a file imports anywhere: at its head, inside a function, for its types alone."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def graph(modules: Mapping[str, Path]) -> dict[str, set[str]]:
    """Each module with those it imports."""
    found: dict[str, set[str]] = {}
    for name, path in modules.items():
        whole = (one if one in modules else one.rpartition(".")[0] for one in imported(path))
        found[name] = {one for one in whole if one in modules and one != name}
    return found


def circle(of: Mapping[str, set[str]]) -> str:
    """A circle among the modules as it runs, or an empty text."""
    try:
        TopologicalSorter(of).prepare()
    except CycleError as error:
        return " <- ".join(error.args[1])
    return ""


def test_no_circle_of_files_is_left_and_none_hides_in_a_function() -> None:
    assert circle(graph(files(ROOT))) == ""


def test_an_import_inside_a_function_or_for_types_alone_closes_a_circle_too(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "__init__.py").write_text("")
    (tmp_path / "house" / "door.py").write_text("from house import wall\n")
    for hidden in (
        "def late():\n    from house.door import knob\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house import door\n",
        "import house.door\n",
    ):
        (tmp_path / "house" / "wall.py").write_text(hidden)
        assert set(circle(graph(files(tmp_path, ("house",)))).split(" <- ")) == {"house.door", "house.wall"}
    (tmp_path / "house" / "wall.py").write_text("import os\n")
    assert circle(graph(files(tmp_path, ("house",)))) == ""
