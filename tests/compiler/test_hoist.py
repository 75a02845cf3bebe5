"""What does not change during a run leaves the loop over time: the shape of what is left, and its value."""

from __future__ import annotations

import random

import numpy as np
import pytest
from compiler.models import FORMS, MECHANISMS, planned, squid, with_ions

import excitable as ex
from excitable.compiler.hoist import hoist
from excitable.compiler.program import Extent
from excitable.expressions import Expression, evaluate, exp, log, sqrt, symbol, symbols_of, walk
from excitable.expressions.node import constant, node

x, v = symbol("x"), symbol("v")
uniform, along, across, each = (symbol(name) for name in ("uniform", "along", "across", "each"))
EXTENTS = {
    "x": Extent.STATE, "v": Extent.NODE, "t": Extent.STEP, "sample": Extent.SERIES, "uniform": Extent.UNIFORM,
    "along": Extent.COMPARTMENT, "across": Extent.CELL, "each": Extent.ELEMENT,
}  # fmt: skip
s0, s1 = symbol("steady0"), symbol("steady1")

CASES: dict[str, tuple[list[Expression], list[Expression], list[tuple[Extent, Expression]]]] = {
    "nothing steady": ([x * v], [x * v], []),
    "a symbol stays": ([x * along], [x * along], []),
    "a number stays": ([x * 2.0], [x * 2.0], []),
    "the largest part": ([exp(uniform * 2.0) * x], [s0 * x], [(Extent.UNIFORM, exp(uniform * 2.0))]),
    "a part that two use": (
        [sqrt(along) * x, sqrt(along) + v], [s0 * x, s0 + v], [(Extent.COMPARTMENT, sqrt(along))],
    ),
    "a part inside a part": (
        [exp(along) * x + log(exp(along))], [s0 * x + s1],
        [(Extent.COMPARTMENT, exp(along)), (Extent.COMPARTMENT, log(exp(along)))],
    ),
    "a root that is steady": ([exp(across)], [s0], [(Extent.CELL, exp(across))]),
    "a root that is a symbol": ([across], [across], []),
    "along and across": ([(along * across) * x], [s0 * x], [(Extent.ELEMENT, along * across)]),
    "across and everywhere": ([(uniform * across) * x], [s0 * x], [(Extent.CELL, uniform * across)]),
    "in every element": ([(each + uniform) * x], [s0 * x], [(Extent.ELEMENT, each + uniform)]),
    "numbers only": ([node("exp", (constant(1.0),)) * x], [s0 * x], [(Extent.UNIFORM, node("exp", (constant(1.0),)))]),
    "the time moves": ([exp(symbol("t")) * x], [exp(symbol("t")) * x], []),
    "samples move": ([symbol("sample") * 2.0], [symbol("sample") * 2.0], []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_shape(name: str) -> None:
    given, expected, steady = CASES[name]
    found = hoist(given, EXTENTS)
    assert list(found.expressions) == expected
    assert list(found.steady.values()) == steady
    assert list(found.steady) == [f"steady{k}" for k in range(len(steady))]


@pytest.mark.parametrize("seed", range(40))
def test_value_and_that_nothing_steady_is_left(seed: int) -> None:
    dice = random.Random(seed)
    pool: list[Expression] = [x, v, uniform, along, across, each, constant(2.0), constant(-0.25)]
    for _ in range(40):
        a, b = dice.choice(pool), dice.choice(pool[-10:])
        pool.append(dice.choice([a + b, a - b, a * b, -a, a / (b * b + 1.0), sqrt(a * a + 1.0)]))
    roots = pool[-4:]
    found = hoist(roots, EXTENTS)
    numbers = {name: np.array([dice.uniform(-1, 1) for _ in range(3)]) for name in EXTENTS}
    steady = {name: evaluate(part, numbers) for name, (_, part) in found.steady.items()}
    for before, after in zip(roots, found.expressions, strict=True):
        np.testing.assert_array_equal(evaluate(after, {**numbers, **steady}), evaluate(before, numbers))
    for current in walk(found.expressions):
        if current.arguments:
            assert symbols_of(current) & {"x", "v"}, current


def test_hoisting_twice_changes_nothing() -> None:
    once = hoist([exp(along) * x + log(across * along) * v], EXTENTS)
    extents = {**EXTENTS, **{name: extent for name, (extent, _) in once.steady.items()}}
    twice = hoist(once.expressions, extents)
    assert twice.expressions == once.expressions
    assert not twice.steady


@pytest.mark.parametrize("name", MECHANISMS)
def test_nothing_of_a_mechanism_that_reads_no_voltage_stays_in_the_loop(name: str) -> None:
    """No exponential of the temperature, no logarithm of concentrations that nothing moves."""
    cell = ex.paint(FORMS["compartment"](), ex.everywhere, *with_ions(MECHANISMS[name]()))
    for part in planned(cell).program.membranes:
        steady = {key for key, source in part.reads.items() if source.extent is Extent.UNIFORM}
        for current in walk(e for _, e in part.writes):
            if current.arguments:
                assert symbols_of(current) - steady, current


def test_numbers_are_kept_where_they_vary() -> None:
    """One number where all agree, a column along the cell, a row from cell to cell, or both."""
    overrides = {
        ("SquidPotassium", "reversal"): np.array([-80.0, -70.0]),
        ("cell", "temperature"): np.array([6.0, 9.0]),
    }
    made = planned(squid("tree"), overrides=overrides, cells=2)
    seen = set()
    for part, kind in zip(made.program.membranes, made.system.kinds, strict=True):
        rows = len(kind.compartments)
        expected = {Extent.UNIFORM: (), Extent.COMPARTMENT: (rows, 1), Extent.CELL: (1, 2), Extent.ELEMENT: (rows, 2)}
        for name, source in part.reads.items():
            if source.array in made.values:
                assert np.shape(made.values[source.array]) == expected[source.extent], name
                seen.add(source.extent)
    assert seen == {Extent.UNIFORM, Extent.COMPARTMENT, Extent.CELL}
