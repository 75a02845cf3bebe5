"""The check between passes: on in tests, off in production, and it finds what is wrong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from compiler.models import STIMULI, clamp, planned, squid, squid_probes

import excitable as ex
from excitable.compiler import check
from excitable.compiler.check import STAGES, check_expressions, check_program
from excitable.compiler.passes import PASSES, prepared
from excitable.compiler.program import Extent, Observer, Program, Source
from excitable.errors import InternalError
from excitable.expressions import Expression, exp, symbol, where
from excitable.expressions.node import constant, node
from excitable.frozen import replace

a, b, c = (symbol(name) for name in "abc")
KEPT = {"a": Source(Extent.STATE, "a"), "b": Source(Extent.UNIFORM, "b"), "c": Source(Extent.NODE, "c")}


def test_it_is_on_in_tests_and_off_otherwise() -> None:
    assert check.on
    script = "import excitable, excitable.compiler.check as c; raise SystemExit(c.on)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_every_pass_has_a_row() -> None:
    assert list(STAGES) == ["planning", "hoisting", *(name for name, _ in PASSES)]


ILLEGAL: dict[str, tuple[str, Expression, str]] = {
    "an operation of the compiler in a plan": ("planning", node("fma", (a, b, c)), "'fma', which is not legal there"),
    "a function after lowering": ("lower elementary functions", exp(a) * b, "'exp', which is not legal there"),
    "an unknown operation": ("planning", node("gamma", (a,)), "'gamma', which is not legal there"),
    "too few arguments": ("planning", node("add", (a,)), "has 1 arguments"),
    "not a number": ("planning", a * constant(float("nan")), "is not a number"),
    "a symbol from nowhere": ("planning", a * symbol("d"), "'?d'? is a symbol that is kept nowhere"),
    "a condition that is written": ("planning", a < b, "is a condition where a number is written"),
    "a condition in a sum": ("planning", node("add", (a < b, c)), "takes a number as argument 1"),
    "a number as a condition": ("planning", node("where", (a, b, c)), "takes a condition as argument 1"),
    "a number among conditions": ("planning", where(node("both", (a < b, c)), a, b), "takes a condition as argument 2"),
    "a steady part in the loop": ("hoisting", a * exp(b), r"exp\(b\) does not change during a run"),
    "a product that a sum could take": (
        "fuse products into sums", a * b + c, r"adds the product a \* b, which nobody else needs",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ILLEGAL)
def test_illegal_expressions(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, expression, message = ILLEGAL[name]
    with pytest.raises(InternalError, match=f"After {stage}, .*{message}.* Please report this"):
        check_expressions(stage, [expression], KEPT)
    monkeypatch.setattr(check, "on", False)
    check_expressions(stage, [expression], KEPT)


LEGAL = {
    "planning": exp(a) * b + where((a < b) & ~(c <= a), a, b),
    "hoisting": exp(a) * b + c,
    "share exponentials": node("fma", (exp(a), b, c)),
    "balance chains": exp(a) * b * c,
    "lower elementary functions": a * b + c,
    "fuse products into sums": node("fma", (a, b, c)) + constant(float("nan")),
}


@pytest.mark.parametrize("stage", STAGES)
def test_legal_expressions(stage: str) -> None:
    check_expressions(stage, [LEGAL[stage]], KEPT)


def test_a_product_that_two_need_stays_legal_after_fusing() -> None:
    check_expressions("fuse products into sums", [a * b + c, a * b])


# ---------------------------------------------------------------- programs
def whole() -> Program:
    return planned(squid("tree"), [STIMULI["noise"](), clamp()], squid_probes()).program


def with_first(program: Program, group: str, **changes: object) -> Program:
    first, *rest = getattr(program, group)
    return replace(program, **{group: (replace(first, **changes), *rest)})


def reading(group: str, extent: Extent) -> Callable[[Program], Program]:
    """The program whose first pass of a group keeps one of its symbols elsewhere."""

    def broken(program: Program) -> Program:
        reads = dict(getattr(program, group)[0].reads)
        reads[next(iter(reads))] = Source(extent, "elsewhere")
        return with_first(program, group, reads=reads)

    return broken


def unused(program: Program) -> Program:
    return with_first(program, "membranes", reads={**program.membranes[0].reads, "idle": Source(Extent.CELL, "idle")})


def unused_by_an_observer(program: Program) -> Program:
    return with_first(program, "observers", reads={**program.observers[0].reads, "idle": Source(Extent.CELL, "idle")})


def half_a_row(program: Program) -> Program:
    return with_first(program, "membranes", writes=program.membranes[0].writes[:-1])


def twice(program: Program) -> Program:
    writes = program.membranes[0].writes
    return with_first(program, "membranes", writes=(*writes, writes[0]))


def into_a_parameter(program: Program) -> Program:
    extra = (Source(Extent.UNIFORM, "dt"), program.membranes[0].writes[-1][1])
    return with_first(program, "membranes", writes=(*program.membranes[0].writes, extra))


def a_state_of_points(program: Program) -> Program:
    return with_first(program, "points", writes=((Source(Extent.STATE, "x"), program.points[0].writes[0][1]),))


def no_such_membrane(program: Program) -> Program:
    return replace(program, observers=(replace(program.observers[0], kind=7),))


def the_step_of_a_sample(program: Program) -> Program:
    looking = Observer(0, {"dt_states": Source(Extent.STEP, "dt_states")}, (symbol("dt_states"),))
    return replace(program, observers=(looking,))


BROKEN: dict[str, tuple[Callable[[Program], Program], str]] = {
    "a membrane that reads samples": (reading("membranes", Extent.SERIES), "of the membranes reads .* as series"),
    "points that read a state": (reading("points", Extent.STATE), "of the points reads .* as state"),
    "points that read a voltage": (reading("points", Extent.NODE), "of the points reads .* as node"),
    "a clamp that reads samples": (reading("clamps", Extent.SERIES), "'clamp0' of the clamps reads .* as series"),
    "an observer that reads samples": (reading("observers", Extent.SERIES), "of the observers reads .* as series"),
    "what is read and not used": (unused, "'kind0' reads idle and does not use it"),
    "what an observer reads and does not use": (unused_by_an_observer, "'observe0' reads idle and does not use it"),
    "a row without its right side": (half_a_row, "must write each of diagonal, right once"),
    "a state written twice": (twice, "'kind0' of the membranes writes"),
    "a parameter that is written": (into_a_parameter, "beside them only states"),
    "a state written at points": (a_state_of_points, "must write each of point_current once"),
    "an observer of no membrane": (no_such_membrane, "looks at membrane 7 of 2"),
    "an observer of a step": (the_step_of_a_sample, "or at what only steps have"),
    "an end that is not simple": (lambda p: replace(p, finish=symbol("y") * 2.0), "kept nowhere"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_programs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil, message = BROKEN[name]
    program = whole()
    check_program(program)
    with pytest.raises(InternalError, match=message):
        check_program(spoil(program))
    monkeypatch.setattr(check, "on", False)
    check_program(spoil(program))


def test_a_model_is_checked_while_it_is_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check is called: a table that allows nothing refuses every model."""
    stages = {stage: replace(row, operations=frozenset()) for stage, row in STAGES.items()}
    monkeypatch.setattr(check, "STAGES", stages)
    with pytest.raises(InternalError, match="After planning"):
        planned(ex.paint(squid("cable"), ex.everywhere, ex.Leak()))


@pytest.mark.parametrize("stage", [name for name, _ in PASSES])
def test_expressions_are_checked_after_each_pass(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "STAGES", {**STAGES, stage: replace(STAGES[stage], operations=frozenset())})
    with pytest.raises(InternalError, match=f"After {stage}, "):
        prepared([exp(a) * b + c])


def test_a_program_is_checked_when_it_is_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "READ", {group: frozenset() for group in check.READ})
    with pytest.raises(InternalError, match="'kind0' of the membranes reads"):
        whole()
