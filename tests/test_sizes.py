"""Size limits with teeth: a file of at most 400 lines, a function of at most 60."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

FILE_LINES, FUNCTION_LINES = 400, 60
# Tables of coefficients may be longer; each is listed with its reason, as "file.py" or "file.py::function".
EXCEPTIONS: dict[str, str] = {}

PACKAGE = Path(__file__).parents[1] / "src" / "excitable"
MODULES = sorted(PACKAGE.rglob("*.py"))


def too_long(name: str, text: str) -> list[str]:
    """What is longer than its limit in the text of a module."""
    found = []
    lines = text.count("\n")
    if lines > FILE_LINES and name not in EXCEPTIONS:
        found.append(f"{name} has {lines} lines")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES and f"{name}::{node.name}" not in EXCEPTIONS:
                found.append(f"{name}::{node.name} has {length} lines")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_module_is_short(path: Path) -> None:
    assert too_long(path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8")) == []


def test_exceptions_are_still_needed() -> None:
    names = {path.relative_to(PACKAGE).as_posix() for path in MODULES}
    assert [name for name in EXCEPTIONS if name.partition("::")[0] not in names] == []


def test_the_check_finds_what_is_too_long() -> None:
    text = "def f():\n" + "    x = 1\n" * 60 + "\n" * 400
    assert too_long("long.py", text) == ["long.py has 461 lines", "long.py::f has 61 lines"]
