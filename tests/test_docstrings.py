"""What is public is documented; what is raised is our own, and each test of a message reads it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "excitable"
MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def decorators(node: Definition) -> set[str]:
    return {ast.unparse(each).rpartition(".")[2] for each in node.decorator_list}


def undocumented(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    """Public classes, functions, methods and properties without a docstring."""
    for node in body:
        if not isinstance(node, Definition) or node.name.startswith("_"):
            continue
        # A setter or an overload is documented where it is first defined.
        if not decorators(node) & {"overload", "setter"} and not ast.get_docstring(node):
            yield prefix + node.name
        if isinstance(node, ast.ClassDef):
            yield from undocumented(node.body, f"{prefix}{node.name}.")


def foreign_raises(node: ast.AST, function: str = "") -> Iterator[tuple[str, str]]:
    """Built-in exceptions raised outside special methods, whose protocol asks for them: (which, where)."""
    for child in ast.iter_child_nodes(node):
        name = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else function
        if isinstance(child, ast.Raise) and isinstance(child.exc, ast.Call | ast.Name):
            raised = ast.unparse(child.exc.func if isinstance(child.exc, ast.Call) else child.exc)
            own = not isinstance(getattr(builtins, raised, None), type)
            # A call with the wrong arguments is a TypeError, as it is for every function of Python.
            if not own and raised != "TypeError" and not (name.startswith("__") and name.endswith("__")):
                yield raised, f"line {child.lineno}: {raised} in {name}"
        yield from foreign_raises(child, name)


def caught(paths: list[Path]) -> set[str]:
    """The exceptions that some module catches: a room may raise what it turns into an error of our own."""
    handlers = (
        node.type
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and node.type
    )
    return {name.id for handler in handlers for name in ast.walk(handler) if isinstance(name, ast.Name)}


def unread_messages(tree: ast.AST) -> Iterator[str]:
    """Uses of `pytest.raises` and `pytest.warns` that do not look at the message."""
    for node in ast.walk(tree):
        expects = isinstance(node, ast.Call) and ast.unparse(node.func) in ("pytest.raises", "pytest.warns")
        # An interrupt carries no message.
        if expects and "match" not in {keyword.arg for keyword in node.keywords} | {
            "match" for argument in node.args if ast.unparse(argument) == "KeyboardInterrupt"
        }:
            yield f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_public_names_have_docstrings(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "a module opens with one sentence"
    if not any(part.startswith("_") and part != "__init__.py" for part in path.relative_to(PACKAGE).parts):
        assert list(undocumented(tree.body)) == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_users_meet_only_errors_of_our_own(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    in_the_room = caught(sorted(path.parent.glob("*.py")))
    assert [where for raised, where in foreign_raises(tree) if raised not in in_the_room] == []
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)] == []


@pytest.mark.parametrize("path", TESTS, ids=relative)
def test_tests_read_the_messages(path: Path) -> None:
    assert list(unread_messages(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_the_checks_find_what_is_wrong() -> None:
    tree = ast.parse("class A:\n    'x'\n    def f(self): raise ValueError('x')\n    def _g(self): raise UnitError\n")
    assert list(undocumented(tree.body)) == ["A.f"]
    assert list(foreign_raises(tree)) == [("ValueError", "line 3: ValueError in f")]
    assert list(unread_messages(ast.parse("with pytest" + ".raises(ValueError): pass"))) != []
