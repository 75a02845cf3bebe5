"""One object for each formula, and errors where Python is asked for what a formula cannot give."""

import copy
import gc
import math
import pickle
import threading

import numpy as np
import pytest

from excitable import expressions
from excitable.errors import MechanismError, UnknownNameError
from excitable.expressions import (
    absolute,
    as_expression,
    cos,
    equal,
    evaluate,
    evaluate_all,
    exp,
    exprel,
    floor,
    linoid,
    log,
    maximum,
    minimum,
    sin,
    sqrt,
    symbol,
    symbols_of,
    tanh,
    walk,
    where,
)
from excitable.expressions.node import constant, node, rebuild

v, w = symbol("v"), symbol("w")


# ---------------------------------------------------------------- identity
def test_equal_formulas_are_one_object():
    assert 2.0 * v + w is 2 * symbol("v") + w
    assert v + w is not w + v
    assert len({v + 1.0, v + 1.0, v + 2.0}) == 2


def test_zero_and_minus_zero_differ():
    assert constant(0.0) is not constant(-0.0)
    assert math.copysign(1.0, evaluate(constant(-0.0), {})) == -1.0


def test_there_is_one_not_a_number():
    assert constant(math.nan) is constant(float("nan"))


def test_copies_and_pickles_are_the_same_object():
    formula = exp(v * 2.0) + exprel(w)
    assert copy.copy(formula) is formula
    assert copy.deepcopy({"rate": [formula]})["rate"][0] is formula
    assert pickle.loads(pickle.dumps(formula)) is formula


def test_formulas_that_no_one_holds_are_forgotten():
    key = ("symbol", (), "a name that is used once")
    symbol(key[2])
    gc.collect()
    assert key not in expressions.node.__globals__["_interned"]


def test_threads_agree_on_one_object():
    found: list[object] = [None] * 8
    ready = threading.Barrier(8)

    def build(k):
        ready.wait()
        formula = v
        for n in range(200):
            formula = formula * 1.5 + float(n) - 777.0
        found[k] = formula

    threads = [threading.Thread(target=build, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(formula) for formula in found}) == 1


def test_walk_puts_arguments_first_and_each_node_once():
    formula = (v + w) * (v + w)
    order = walk([formula, v])
    assert order == [v, w, v + w, formula]
    assert symbols_of(formula, symbol("u")) == {"v", "w", "u"}


def test_rebuild_puts_one_node_in_place_of_another():
    assert rebuild([exp(v) + 1.0], {exp(v): w}) == [w + 1.0]


# ---------------------------------------------------------------- operators
OPERATORS = {
    "v + w": (v + w, "add"), "1 + w": (1 + w, "add"),
    "v - w": (v - w, "subtract"), "1 - w": (1 - w, "subtract"),
    "v * w": (v * w, "multiply"), "2 * w": (2 * w, "multiply"), "v / w": (v / w, "divide"),
    "1 / w": (1 / w, "divide"), "v ** w": (v**w, "power"), "2 ** w": (2**w, "power"), "-v": (-v, "negative"),
    "abs(v)": (abs(v), "absolute"), "v < w": (v < w, "less"), "v <= w": (v <= w, "less_equal"),
    "v > w": (v > w, "less"), "v >= w": (v >= w, "less_equal"), "&": ((v < 1) & (w < 1), "both"),
    "|": ((v < 1) | (w < 1), "either"), "~": (~(v < 1), "opposite"),
}  # fmt: skip


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_trace(name):
    found, kind = OPERATORS[name]
    assert found.kind == kind


def test_greater_is_less_the_other_way_round():
    assert (v > w) is (w < v)
    assert (v >= 1.0) is (constant(1.0) <= v)
    assert +v is v


FUNCTIONS = {
    "exp": exp, "log": log, "sqrt": sqrt, "tanh": tanh, "sin": sin, "cos": cos, "floor": floor,
    "absolute": absolute, "linoid": linoid,
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_compute_on_numbers_and_trace_on_expressions(name):
    function = FUNCTIONS[name]
    assert function(v) is node(name, (v,))
    assert isinstance(function(0.5), float)
    assert function(np.array([0.5, 1.5])).shape == (2,)
    assert float(evaluate(function(v), {"v": 0.5})) == function(0.5)
    assert function.__name__ == name


def test_functions_of_several_arguments():
    assert minimum(v, 2.0).kind == "minimum"
    assert maximum(3.0, 2.0) == 3.0
    assert where(v < 1.0, 1.0, w).arguments[1] is constant(1.0)
    assert float(where(True, 1.0, 2.0)) == 1.0
    assert equal(2.0, 2.0)
    assert equal(v, 2.0).kind == "equal"
    assert float(exprel(1.0)) == pytest.approx(math.e - 1.0, rel=1e-15)
    assert isinstance(exprel(1.0), float)


def test_the_wrong_number_of_arguments():
    with pytest.raises(TypeError, match="minimum takes 2 arguments and was given 1"):
        minimum(v)


UFUNCS = {
    "exp": lambda: (np.exp(v), exp(v)),
    "absolute": lambda: (np.abs(v), abs(v)),
    "power": lambda: (np.power(v, 3), v**3),
    "square": lambda: (np.square(v), v**2),
    "divide": lambda: (np.divide(1.0, v), 1.0 / v),
    "a NumPy number on the left": lambda: (np.float64(2.0) * v, 2.0 * v),
    "a NumPy number compared": lambda: (np.float64(2.0) < v, constant(2.0) < v),
    "greater": lambda: (np.greater(v, w), w < v),
    "greater_equal": lambda: (np.greater_equal(v, 1.0), constant(1.0) <= v),
    "an array without axes": lambda: (np.array(2.0) + v, 2.0 + v),
    "logical_and": lambda: (np.logical_and(v < 1, w < 1), (v < 1) & (w < 1)),
    "equal": lambda: (np.equal(v, 1.0), equal(v, 1.0)),
}


@pytest.mark.parametrize("name", UFUNCS)
def test_numpy_functions_trace(name):
    found, expected = UFUNCS[name]()
    assert found is expected


# ---------------------------------------------------------------- errors
def test_a_formula_has_no_truth_value():
    with pytest.raises(MechanismError, match=r"`if`.* met v < 3, .*where\(condition, value_if_true"):
        assert v < 3.0
    with pytest.raises(MechanismError, match="chained comparison"):
        0.0 < v < 1.0  # noqa: B015


def test_math_takes_numbers_only():
    with pytest.raises(MechanismError, match=r"A plain number was asked of v \+ 1.*from excitable"):
        math.exp(v + 1.0)
    with pytest.raises(MechanismError, match="A plain number was asked of v"):
        int(v)
    with pytest.raises(MechanismError, match="A plain number was asked of v"):
        [0, 1][v]
    assert math.exp(constant(0.0)) == 1.0
    assert int(constant(3.0)) == 3


def test_a_formula_cannot_be_unpacked():
    with pytest.raises(MechanismError, match="v is one value and cannot be unpacked"):
        _a, _b = v


def test_a_numpy_function_without_counterpart():
    with pytest.raises(MechanismError, match=r"numpy.arctan met an expression.*'tanh'"):
        np.arctan(v)
    with pytest.raises(MechanismError, match=r"numpy.add met an expression"):
        np.add.reduce(v)
    with pytest.raises(MechanismError, match=r"numpy.greater met an expression"):
        np.greater(v, 1.0, where=True)


def test_an_array_meets_a_formula():
    with pytest.raises(MechanismError, match=r"An array of shape \(2,\) met an expression in add"):
        np.array([1.0, 2.0]) + v
    with pytest.raises(MechanismError, match="of type ndarray stands in an equation"):
        v + np.array([1.0, 2.0])
    with pytest.raises(MechanismError, match="of type ndarray stands in an equation"):
        v + np.array([1.0])
    with pytest.raises(MechanismError, match="of type ndarray stands in an equation"):
        where(v < 0.0, np.zeros(3), w)


@pytest.mark.parametrize("thing", ["3", None, 1j, [1.0], object()])
def test_what_is_no_number_stands_in_an_equation(thing):
    with pytest.raises(MechanismError, match=r"stands in an equation.*numbers, parameters, states"):
        v + thing


def test_as_expression_takes_what_has_a_value():
    assert as_expression(v) is v
    assert as_expression(np.float32(0.5)) is constant(0.5)
    assert as_expression(True) is constant(1.0)


def test_a_symbol_without_value():
    with pytest.raises(UnknownNameError, match=r"The equations need 'w', and it was not given.*Write w="):
        evaluate(v + w, {"v": 1.0})


def test_evaluate_shares_and_broadcasts():
    both = evaluate_all([v + 1.0, (v + 1.0) * w], {"v": np.arange(3.0), "w": 2.0})
    np.testing.assert_array_equal(both[1], [2.0, 4.0, 6.0])
