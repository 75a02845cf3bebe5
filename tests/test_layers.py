"""The story runs in one direction: a module imports only from its own room and from earlier rooms."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

STORY = (
    "version", "frozen", "errors", "constants", "units", "expressions", "physics", "morphology", "mechanisms",
    "cells", "networks",
    "protocols", "recordings", "methods", "compiler", "runtime", "measurements", "experiments", "library", "formats",
    "plots", "cli", "app",
)  # fmt: skip

# Third-party packages that every run needs, and those that load on use, inside a function.
NEEDED = {"numpy", "llvmlite"}
OPTIONAL = {
    "pint", "xarray", "pandas", "matplotlib", "rich", "h5netcdf", "h5py", "netCDF4", "zarr", "lark", "scipy",
    "dask", "mpi4py", "neuroml", "libsonata", "pynwb", "sksundae", "IPython", "tqdm",
}  # fmt: skip

PACKAGE = Path(__file__).parents[1] / "src" / "excitable"
# The front door and `python -m excitable` stand outside the story: they may name every room.
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).name != "__main__.py")


def room_of(path: Path) -> str:
    """The room that a module belongs to; "" for the front door."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def imports(tree: ast.AST, inside: bool = False) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Every import below a node, and whether it stands inside a function."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, inside
        deeper = inside or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from imports(child, deeper)


def targets(path: Path, statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """What a statement imports: ("room", name) or ("package", name)."""
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            yield "package", alias.name.partition(".")[0]
        return
    if statement.level == 0:
        yield "package", (statement.module or "").partition(".")[0]
        return
    here = path.relative_to(PACKAGE).parts[:-1]
    base = here[: len(here) - (statement.level - 1)]
    parts = (*base, *(statement.module or "").split(".")) if statement.module else base
    if parts:
        yield "room", parts[0]
    else:
        for alias in statement.names:
            yield "room", alias.name


def violations(path: Path, text: str) -> Iterator[str]:
    """Every import of a module that the story forbids."""
    room = room_of(path)
    if room and room not in STORY:
        yield f"room {room!r} is not in STORY"
        return
    allowed = set(STORY[: STORY.index(room) + 1]) if room else set(STORY)
    for statement, inside in imports(ast.parse(text)):
        for kind, name in targets(path, statement):
            line = f"line {statement.lineno}: {name!r}"
            if kind == "room":
                if name not in allowed:
                    yield f"{line} comes after {room!r} in the story"
                elif inside:
                    yield f"{line} is imported inside a function"
            elif name == "excitable":
                yield f"{line}: the package imports itself; write a relative import"
            elif name in OPTIONAL:
                if not inside:
                    yield f"{line} is optional: import it inside the function that needs it"
            elif name not in NEEDED and name not in sys.stdlib_module_names:
                yield f"{line} is not a declared dependency"
            elif inside:
                yield f"{line} is not optional: import it at the top"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_module_imports_only_what_came_before(path: Path) -> None:
    assert list(violations(path, path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("room", "text", "problem"),
    [
        ("units", "from ..physics import nernst", "'physics' comes after 'units' in the story"),
        ("units", "from .. import physics", "'physics' comes after 'units' in the story"),
        ("units", "def f():\n    from ..errors import UnitError", "'errors' is imported inside a function"),
        ("units", "import excitable.errors", "the package imports itself"),
        ("units", "import pint", "'pint' is optional"),
        ("units", "import requests", "'requests' is not a declared dependency"),
        ("units", "def f():\n    import numpy", "'numpy' is not optional"),
        (
            "units",
            "if True:\n    class A:\n        def f(self):\n            import numpy",
            "'numpy' is not optional",
        ),
        ("attic", "", "'attic' is not in STORY"),
    ],
)
def test_the_check_finds_what_is_wrong(room: str, text: str, problem: str) -> None:
    assert problem in " ".join(violations(PACKAGE / room / "module.py", text))


def test_the_check_lets_through_what_is_right() -> None:
    text = "import re\nimport numpy as np\nfrom ..errors import UnitError\nfrom .algebra import parse\n"
    assert list(violations(PACKAGE / "units" / "module.py", text + "def f():\n    import pint\n")) == []
