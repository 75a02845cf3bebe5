"""Compartments, junctions and edges: closed forms and laws."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excitable.errors import RequestError, UnitError, UnknownNameError
from excitable.morphology import (
    Discretisation,
    Morphology,
    Rule,
    balanced_tree,
    ball_and_stick,
    by_branch,
    cable,
    d_lambda,
    dendrite,
    discretise,
    from_points,
    from_table,
    frustum,
    max_length,
    per_branch,
)

LINE = [[0.0, 0, 0, 2], [10, 0, 0, 2]]


def resistance(parts: Discretisation) -> float:
    """Σ factor between the first and the last compartment of a chain."""
    return float(parts.edge_factors.sum())


def test_a_cable_is_cut_into_equal_parts() -> None:
    parts = discretise(cable(100, 2), per_branch(5))
    assert parts.length.tolist() == [20] * 5
    assert parts.diameter.tolist() == [2] * 5
    np.testing.assert_allclose(parts.area, 40 * math.pi, rtol=1e-15)
    np.testing.assert_allclose(parts.volume, 20 * math.pi, rtol=1e-15)
    np.testing.assert_allclose(parts.distance, [10, 30, 50, 70, 90])
    np.testing.assert_allclose(parts.centre, [[x, 0, 0] for x in (10, 30, 50, 70, 90)])
    np.testing.assert_allclose(parts.edge_factors, 10 / math.pi)
    assert parts.edges.tolist() == [[0, 1], [1, 2], [2, 3], [3, 4]]
    np.testing.assert_allclose(parts.position, [0.1, 0.3, 0.5, 0.7, 0.9])
    assert parts.order.tolist() == [0] * 5
    assert (parts.node_count, len(parts), parts.counts.tolist()) == (5, 5, [5])


@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_a_cone_is_integrated_exactly(count: int) -> None:
    parts = discretise(frustum(100, 4, 1), per_branch(count))
    x = np.linspace(0, 1, count + 1)
    d = 4 - 3 * x
    slant = math.hypot(100 / count, 1.5 / count)
    np.testing.assert_allclose(parts.area, math.pi / 2 * (d[1:] + d[:-1]) * slant, rtol=1e-13)
    np.testing.assert_allclose(parts.diameter, (d[1:] + d[:-1]) / 2, rtol=1e-13)
    np.testing.assert_allclose(parts.half_factors.sum(), 4 / math.pi * 100 / 4, rtol=1e-13)


def test_a_step_in_diameter_adds_its_ring_once() -> None:
    shape = from_points([[0, 0, 0, 2], [10, 0, 0, 2], [10, 0, 0, 4], [20, 0, 0, 4]])
    ring = math.pi * (4 - 1)
    for count in (1, 2, 3, 4):
        parts = discretise(shape, per_branch(count))
        assert math.isclose(parts.area.sum(), 20 * math.pi + 40 * math.pi + ring)
    assert math.isclose(discretise(shape, per_branch(2)).area[0], 20 * math.pi + ring)


def chain(attachments: list[float]) -> Morphology:
    rows = [("a", "dendrite", None, 0, LINE)]
    rows += [(f"b{i}", "dendrite", "a", x, LINE) for i, x in enumerate(attachments)]  # type: ignore[misc]
    return from_table(rows)


def test_two_cables_share_an_edge_and_three_a_junction() -> None:
    half = 5 / math.pi
    two = discretise(chain([1.0]), per_branch(1))
    assert (len(two.junctions), two.edges.tolist()) == (0, [[0, 1]])
    np.testing.assert_allclose(two.edge_factors, [[half, half]])
    three = discretise(chain([1.0, 1.0]), per_branch(1))
    assert three.junctions.tolist() == [3]
    assert sorted(three.edges.tolist()) == [[3, 0], [3, 1], [3, 2]]
    np.testing.assert_allclose(three.edge_factors, [[0, half]] * 3)


def test_cables_meet_at_the_start_of_the_root() -> None:
    two = discretise(chain([0.0]), per_branch(1))
    assert two.edges.tolist() == [[0, 1]]
    three = discretise(chain([0.0, 0.0]), per_branch(1))
    assert three.junctions.tolist() == [3]
    both = discretise(chain([0.0, 0.0, 1.0, 1.0]), per_branch(2))
    assert both.junctions.tolist() == [10, 11]


def test_a_branch_inside_another_joins_the_compartment_there() -> None:
    parts = discretise(chain([0.5, 0.3]), per_branch(4))
    edges = {(one, two): tuple(f) for (one, two), f in zip(parts.edges.tolist(), parts.edge_factors, strict=True)}
    half = 1.25 / math.pi
    assert edges[(2, 4)] == pytest.approx((0, half))
    assert edges[(1, 8)] == pytest.approx((0, half))
    assert len(parts.junctions) == 0


def test_a_branch_at_the_start_of_another_meets_it_where_that_one_grows() -> None:
    at_end = from_table([("a", "axon", None, 0, LINE), ("b", "axon", "a", 1, LINE), ("c", "axon", "b", 0, LINE)])
    assert discretise(at_end, per_branch(1)).junctions.tolist() == [3]
    inside = from_table([("a", "axon", None, 0, LINE), ("b", "axon", "a", 0.5, LINE), ("c", "axon", "b", 0, LINE)])
    parts = discretise(inside, per_branch(1))
    assert sorted(parts.edges.tolist()) == [[0, 1], [0, 2]]
    assert parts.edge_factors[:, 0].tolist() == [0, 0]


@st.composite
def shapes(draw: st.DrawFn) -> Morphology:
    number = st.floats(-50, 50).map(lambda x: round(x, 3))
    rows = []
    for index in range(draw(st.integers(1, 6))):
        count = draw(st.integers(2, 5))
        points = [[100.0 * k, draw(number), draw(number), draw(st.floats(0.1, 20))] for k in range(count)]
        parent = None if index == 0 else str(draw(st.integers(0, index - 1)))
        place = 0.0 if index == 0 else draw(st.sampled_from([0.0, 0.3, 0.5, 1.0]))
        rows.append((str(index), "dendrite", parent, place, points))
    return from_table(rows)


@settings(max_examples=60, deadline=None)
@given(shape=shapes(), count=st.integers(1, 9))
def test_every_cutting_keeps_area_volume_and_one_tree(shape: Morphology, count: int) -> None:
    parts = discretise(shape, per_branch(count))
    assert parts.area.sum() == pytest.approx(shape.area, rel=1e-12)
    assert parts.volume.sum() == pytest.approx(shape.volume, rel=1e-12)
    coarse = discretise(shape, per_branch(1))
    per_branch_factor = np.add.reduceat(parts.half_factors.sum(axis=1), parts.first[:-1])
    np.testing.assert_allclose(per_branch_factor, coarse.half_factors.sum(axis=1), rtol=1e-12)
    centres = shape.coordinates(parts.branch, parts.position)
    np.testing.assert_allclose(parts.centre, centres, atol=1e-9)
    assert len(parts.edges) == parts.node_count - 1
    assert (parts.edge_factors.sum(axis=1) > 0).all()
    group = np.arange(parts.node_count)
    for one, two in parts.edges.tolist():
        group[group == group[one]] = group[two]
    assert len(set(group.tolist())) == 1


@settings(max_examples=30, deadline=None)
@given(diameters=st.lists(st.floats(0.1, 10), min_size=2, max_size=6), count=st.integers(1, 7))
def test_a_cable_turned_round_is_its_mirror_image(diameters: list[float], count: int) -> None:
    points = np.array([[10.0 * k, 0, 0, d] for k, d in enumerate(diameters)])
    one = discretise(from_points(points), per_branch(count))
    turned = points[::-1].copy()
    turned[:, 0] = points[-1, 0] - turned[:, 0]
    two = discretise(from_points(turned), per_branch(count))
    np.testing.assert_allclose(one.area, two.area[::-1], rtol=1e-12)
    np.testing.assert_allclose(one.half_factors, two.half_factors[::-1, ::-1], rtol=1e-12)


def test_equal_compartments_are_equal_to_the_last_digit() -> None:
    parts = discretise(cable(1000, 2), per_branch(100_000))
    assert np.ptp(parts.area) == 0
    assert np.ptp(parts.half_factors) == 0


def test_a_discretisation_is_frozen_and_says_its_size() -> None:
    parts = discretise(balanced_tree(2), per_branch(2))
    with pytest.raises(ValueError, match="read-only"):
        parts.area[0] = 1
    assert repr(parts) == "Discretisation('balanced tree': 14 compartments, 3 junctions, 16 edges)"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (per_branch(2), [2, 2]),
        (max_length("15 um"), [2, 14]),
        (max_length(1000), [1, 1]),
        (max_length(20), [1, 10]),
        (by_branch({"dend*": 7}), [1, 7]),
        (by_branch({dendrite: max_length(50), "soma": 3}), [3, 4]),
        (by_branch({}, otherwise=4), [4, 4]),
    ],
    ids=repr,
)
def test_rules_count(rule: Rule, expected: list[int]) -> None:
    assert rule.counts(ball_and_stick()).tolist() == expected


def test_d_lambda_makes_odd_counts_that_grow_with_frequency() -> None:
    shape = balanced_tree(3, length=300)
    coarse = d_lambda(0.1, "100 Hz", "100 ohm cm", "1 uF/cm2").counts(shape)
    fine = d_lambda(0.1, "10 kHz").counts(shape)
    assert (coarse % 2 == 1).all()
    assert (fine > coarse).all()
    # The AC length constant of a cylinder, Hines and Carnevale 1997: ½ √(d / (π f Ra Cm)).
    constant = 1e5 * 0.5 * math.sqrt(2 / (math.pi * 100 * 100 * 1))
    assert d_lambda().counts(cable(10 * constant, 2)).tolist() == [101]


@dataclass(frozen=True)
class Broken:
    """A rule that gives no compartments."""

    def counts(self, morphology: Morphology) -> np.ndarray:
        return np.zeros(len(morphology), dtype=np.int64)


def test_rules_refuse_nonsense() -> None:
    shape = ball_and_stick()
    with pytest.raises(RequestError, match=r"compartments per branch is 0.*Write per_branch\(1\)"):
        per_branch(0)
    with pytest.raises(RequestError, match=r"compartments per branch is 1.5"):
        per_branch(1.5)  # type: ignore[arg-type]
    with pytest.raises(RequestError, match=r"The length of max_length is -1 um.*'20 um'"):
        max_length(-1)
    with pytest.raises(UnitError, match=r"the capacitance of d_lambda"):
        d_lambda(capacitance="1 mV")
    with pytest.raises(RequestError, match=r"does not say how to cut 'ball and stick'.*per_branch\(1\)"):
        discretise(shape, 3)  # type: ignore[arg-type]
    with pytest.raises(RequestError, match=r"gives the counts \[0, 0\] for the 2 branches"):
        discretise(shape, Broken())
    with pytest.raises(RequestError, match=r"would cut .* into .* compartments.*coarser rule"):
        discretise(shape, max_length("0.001 nm"))
    with pytest.raises(UnknownNameError, match=r"no branch 'axn'"):
        discretise(shape, by_branch({"axn": 3}))


def test_a_million_compartments_take_about_a_second() -> None:
    shape, rule = cable(1000, 2), per_branch(1_000_000)
    begin = time.perf_counter()
    assert len(discretise(shape, rule)) == 1_000_000
    assert time.perf_counter() - begin < 5  # 0.4 s on a quiet core
