"""Exponentials that share, and chains joined by twos: the value is kept, and the shape is what was wanted."""

from __future__ import annotations

import numpy as np
import pytest

import excitable as ex
from excitable.compiler.balance import balance
from excitable.compiler.exponentials import LARGEST_POWER, share_exponentials
from excitable.compiler.passes import PASSES, prepared
from excitable.expressions import evaluate, evaluate_all, exp, linoid, simplify, symbol, walk

V = symbol("v")
VOLTAGE = np.concatenate(
    [np.linspace(-150.0, 150.0, 6001), -40.0 + np.logspace(-14, 0, 200), -40.0 - np.logspace(-14, 0, 200)]
)


def count(kind: str, *roots: ex.expressions.Expression) -> int:
    return sum(1 for node in walk(roots) if node.kind == kind)


def test_the_rates_of_the_squid_axon_need_two_exponentials():
    rates = [
        linoid(-(V + 40.0) / 10.0),
        4.0 * exp(-(V + 65.0) / 18.0),
        0.07 * exp(-(V + 65.0) / 20.0),
        1.0 / (1.0 + exp(-(V + 35.0) / 10.0)),
        0.1 * linoid(-(V + 55.0) / 10.0),
        0.125 * exp(-(V + 65.0) / 80.0),
    ]
    before = [simplify(rate) for rate in rates]
    after = share_exponentials(before)
    assert count("exp", *before) + count("linoid", *before) == 6
    assert count("exp", *after) == 2
    assert count("linoid", *after) == 0
    for plain, shared in zip(evaluate_all(before, {"v": VOLTAGE}), evaluate_all(after, {"v": VOLTAGE}), strict=True):
        np.testing.assert_allclose(shared, plain, rtol=2e-13)


@pytest.mark.parametrize("power", range(1, LARGEST_POWER + 1))
def test_every_power_up_to_the_largest(power: int):
    pair = [exp(0.01 * V), exp(simplify(0.01 * power * V + 3.0))]
    shared = share_exponentials(pair)
    assert count("exp", *shared) == 1 or pair[0] is pair[1]
    assert evaluate(shared[1], {"v": VOLTAGE}) == pytest.approx(np.exp(0.01 * power * VOLTAGE + 3.0), rel=1e-14 * power)


def test_what_is_not_a_whole_multiple_stays():
    apart = [exp(V / 18.0), exp(V / 80.0), exp(-V / 18.0)]
    assert share_exponentials(apart) == apart


def test_exponentials_of_exponentials_are_left_alone():
    inner = exp(0.1 * V)
    nested = [exp(2.0 * inner), exp(4.0 * inner), inner]
    shared = share_exponentials(nested)
    values = evaluate_all(shared, {"v": np.linspace(-20.0, 10.0, 50)})
    expected = evaluate_all(nested, {"v": np.linspace(-20.0, 10.0, 50)})
    for a, b in zip(values, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-13)


def test_what_is_known_late_is_multiplied_last():
    g, m, h = symbol("g"), exp(V), symbol("h")
    (joined,) = balance([((g * (m * m)) * m) * h])
    # The exponential passes through two multiplications, not four.
    assert depth(joined, m) == 2
    assert evaluate(joined, {"g": 2.0, "v": 0.5, "h": 3.0}) == pytest.approx(6.0 * np.exp(1.5), rel=1e-15)


def test_a_product_that_somebody_else_needs_stays_whole():
    a, b, c, d = (symbol(name) for name in "abcd")
    shared = a * b
    first, second = balance([(shared * c) * d, shared])
    assert second is shared
    assert shared in walk([first])


def test_all_passes_keep_the_value_of_every_channel():
    for name in ("SquidSodium", "SquidPotassium"):
        channel = getattr(ex, name)()
        for state in channel.states:
            steady, slope = channel._traced_law(state)
            numbers = {key: getattr(channel, key) for key in channel.parameters}
            values = {"v": VOLTAGE, "temperature": 6.3, **numbers}
            for plain in (steady, slope):
                (ready,) = prepared([simplify(plain)])
                np.testing.assert_allclose(evaluate(ready, values), evaluate(plain, values), rtol=1e-12)


def test_the_order_of_the_passes():
    assert [name for name, _ in PASSES][-2:] == ["lower elementary functions", "fuse products into sums"]


def depth(root: ex.expressions.Expression, leaf: ex.expressions.Expression) -> int:
    """The longest way from a root to a leaf."""
    if root is leaf:
        return 0
    ways = [depth(argument, leaf) for argument in root.arguments]
    return max((1 + way for way in ways if way >= 0), default=-1)
