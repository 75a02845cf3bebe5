"""Products join the sums that use them, where that costs nothing."""

import random

import numpy as np
import pytest

from excitable.compiler.fusion import fuse
from excitable.expressions import evaluate, symbol, walk
from excitable.expressions.node import constant, node

a, b, c, d, e = (symbol(name) for name in "abcde")


def fma(x, y, z):
    return node("fma", (x, y, z))


CASES = {
    "a b + c": (a * b + c, fma(a, b, c)),
    "c + a b": (c + a * b, fma(a, b, c)),
    "a b - c": (a * b - c, fma(a, b, -c)),
    "c - a b": (c - a * b, fma(-a, b, c)),
    "a b - 3": (a * b - 3.0, fma(a, b, constant(-3.0))),
    "c - 2 a": (c - 2.0 * a, fma(constant(-2.0), a, c)),
    "c - a 2": (c - a * 2.0, fma(a, constant(-2.0), c)),
    "-(a b) + c": (-(a * b) + c, fma(-a, b, c)),
    "c - -(a b)": (c - -(a * b), fma(a, b, c)),
    "c - (-a) b": (c - (-a) * b, fma(a, b, c)),
    "a b - -c": (a * b - -c, fma(a, b, c)),
    "a b + c d: the left one": (a * b + c * d, fma(a, b, c * d)),
    "a b + c (d e): the deeper one": (a * b + c * (d * e), fma(c, d * e, a * b)),
    "(a b + c) d + e": ((a * b + c) * d + e, fma(fma(a, b, c), d, e)),
    "a b": (a * b, a * b),
    "a + b": (a + b, a + b),
    "-(a b)": (-(a * b), -(a * b)),
    "a b + a b": (a * b + a * b, a * b + a * b),
}


@pytest.mark.parametrize("name", CASES)
def test_shape(name):
    given, expected = CASES[name]
    assert fuse([given]) == [expected]


def test_a_product_that_others_need_stays():
    shared = a * b
    assert fuse([shared + c, shared / d]) == [shared + c, shared / d]
    assert fuse([shared + c, shared]) == [shared + c, shared]
    assert fuse([-shared + c, -shared]) == [-shared + c, -shared]


def test_one_root_given_twice_is_one_need_more():
    assert fuse([a * b + c, a * b + c]) == [fma(a, b, c)] * 2


def test_fusing_twice_changes_nothing():
    once = fuse([(a * b + c) * d - e * a])
    assert fuse(once) == once


@pytest.mark.parametrize("seed", range(60))
def test_random_graphs_keep_their_value_and_grow_no_operation(seed):
    dice = random.Random(seed)
    pool = [a, b, c, d, e, constant(2.0), constant(-0.5)]
    for _ in range(30):
        x, y = dice.choice(pool[-8:]), dice.choice(pool)
        pool.append(dice.choice([x + y, x - y, x * y, x * y, -x, x / (y * y + 1.0)]))
    roots = pool[-3:]
    joined = fuse(roots)
    at = {name: np.array([dice.uniform(-1, 1) for _ in range(5)]) for name in "abcde"}
    for before, after in zip(roots, joined, strict=True):
        np.testing.assert_array_equal(evaluate(after, at), evaluate(before, at))
    assert work(joined) <= work(roots)


def work(roots):
    return sum(1 for x in walk(roots) if x.arguments and x.kind != "negative")
