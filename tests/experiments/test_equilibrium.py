"""The equations of a whole cell: Jacobian, elimination, conserved sums, eigenvalues, against dense algebra."""

from __future__ import annotations

import numpy as np
import pytest

import excitable as ex
from excitable.compiler.gather import gather
from excitable.experiments.equilibrium.conserved import conserved, held
from excitable.experiments.equilibrium.dynamics import Dynamics
from excitable.experiments.equilibrium.newton import follow, newton, settle_states
from excitable.experiments.equilibrium.search import steady_current
from excitable.experiments.equilibrium.spectrum import _slowest, count_growing, spectrum, without

from .cells import PATCH, Scheme, squid


def tree_cell(sodium=0.12, compartments=3, resistivity=100.0):
    """A soma with a branched dendrite: junctions, and two kinds of membrane."""
    shape = ex.balanced_tree(2, "60 um", "2 um")
    cell = ex.Cell(shape, ex.per_branch(compartments), axial_resistivity=resistivity)
    cell = ex.paint(cell, ex.everywhere, ex.SquidSodium(conductance=sodium), ex.SquidPotassium(), ex.SquidLeak())
    return ex.paint(cell, ex.distance_greater_than(60), Scheme())


def dynamics_of(cell):
    return Dynamics(gather(cell, (), ()))


def differences(dynamics, point):
    """The Jacobian by central differences."""
    matrix = np.empty((dynamics.size, dynamics.size))
    for k in range(dynamics.size):
        step = np.zeros((dynamics.size, 1))
        step[k] = 1e-5
        matrix[:, [k]] = (dynamics.rates(point + step) - dynamics.rates(point - step)) / 2e-5
    return matrix


@pytest.mark.parametrize("shift", [0.3, -0.05, 0.2 + 1.0j])
def test_the_tree_solves_what_dense_algebra_solves(shift):
    dynamics = dynamics_of(tree_cell())
    assert dynamics.nodes > dynamics.compartments  # there are junctions
    dice = np.random.default_rng(0)
    point = dynamics.start() + dice.normal(size=(dynamics.size, 1)) * 0.01
    residual, linear = dynamics.linearise(point)
    np.testing.assert_array_equal(residual, dynamics.rates(point))
    matrix = differences(dynamics, point) - shift * np.diag(dynamics.mass[:, 0])
    right = dice.normal(size=(dynamics.size, 1))
    np.testing.assert_allclose(linear.solve(right, shift), np.linalg.solve(matrix, right), rtol=1e-6, atol=1e-7)


def test_many_points_at_once_are_as_each_alone():
    dynamics = dynamics_of(tree_cell())
    points = dynamics.at(np.linspace(-80, -40, 4)[None] + np.zeros((dynamics.nodes, 1)))
    right = np.random.default_rng(0).normal(size=points.shape)
    together = dynamics.linearise(points)[1].solve(right, 0.1)
    for k in range(4):
        alone = dynamics.linearise(points[:, [k]])[1].solve(right[:, [k]], 0.1)
        np.testing.assert_allclose(together[:, [k]], alone, rtol=1e-12)


def test_the_whole_matrix_leaves_junctions_out():
    dynamics = dynamics_of(tree_cell())
    point = dynamics.start()
    full, nodes, inner = differences(dynamics, point), dynamics.nodes, dynamics.compartments
    joints = np.arange(inner, nodes)
    rest = np.r_[0:inner, nodes : dynamics.size]
    part = np.linalg.solve(full[np.ix_(joints, joints)], full[np.ix_(joints, rest)])
    wanted = (full[np.ix_(rest, rest)] - full[np.ix_(rest, joints)] @ part) / dynamics.mass[rest]
    np.testing.assert_allclose(dynamics.linearise(point)[1].whole(), wanted, rtol=1e-5, atol=1e-6)


def test_a_scheme_conserves_the_sum_of_its_states_and_nothing_else_does():
    assert conserved(dynamics_of(squid())).words == ()
    totals = conserved(dynamics_of(ex.paint(squid(), ex.everywhere, Scheme())))
    assert totals.words == ("Scheme.closed + Scheme.open + Scheme.inactivated",)
    np.testing.assert_allclose(totals.values[0], 1.0, rtol=1e-14)
    # In a tree each compartment has its own.
    dynamics = dynamics_of(tree_cell())
    with_scheme = dynamics.kinds[1].count
    assert [values.shape for values in conserved(dynamics).values] == [(0, 3, 1), (1, with_scheme, 1)]
    assert with_scheme == 18


def test_held_equations_are_regular_and_lead_to_the_total():
    dynamics = dynamics_of(ex.paint(squid(), ex.everywhere, Scheme()))
    totals = conserved(dynamics)
    point = dynamics.start()
    point[-3:] = 0.2  # a total of 0.6
    solved = newton(dynamics, totals, point)
    assert solved.settled.all()
    assert solved.points[-3:].sum() == pytest.approx(1.0, rel=1e-14)
    residual, _ = held(totals, dynamics, point, *dynamics.linearise(point))
    assert -0.4 in residual.ravel().round(12)


class ClosedPotassium(ex.Channel):
    """A potassium conductance whose potassium comes from a closed space inside. Source: made for this test."""

    ion = "k"
    conductance = ex.parameter(1e-4, "S/cm2", "conductance")
    inside = ex.state_variable("potassium inside", "mM", start=100.0)

    def rates(self, i_k):
        return {"inside": -1e-2 * i_k}  # so many mM/ms for each mA/cm2

    def current(self, v):
        return self.conductance * (v - 25.0 * ex.log(10.0 / self.inside))


def test_the_charge_of_a_closed_cell_is_conserved_with_its_voltage():
    cell = ex.paint(PATCH, ex.everywhere, ClosedPotassium())
    found = ex.experiments.rest(cell)
    # 1 µF/cm2: a current of 1 mA/cm2 moves the voltage by -1000 mV/ms, and the concentration by -0.01 mM/ms.
    (word,) = found.conserved
    assert word in ("v - 1e+05 ClosedPotassium.inside", "-1e-05 v + ClosedPotassium.inside")
    inside = found.states["ClosedPotassium.inside"][0]
    assert found.voltage == pytest.approx(25.0 * np.log(10.0 / inside), abs=1e-9)
    assert found.voltage + 65.0 == pytest.approx(1e5 * (inside - 100.0), rel=1e-6)
    assert found.kind == "stable node"
    assert len(found.eigenvalues) == 1  # the other is the zero of the conserved charge
    later = ex.run(cell, "200 ms")["voltage at root"].values[-1]
    assert later == pytest.approx(found.voltage, abs=1e-6)


def random_points(count):
    """Cells and points at which some eigenvalues grow, with and without junctions."""
    dice = np.random.default_rng(3)
    for _ in range(count):
        cell = tree_cell(0.12 * dice.uniform(0, 8), int(dice.choice([1, 2])), float(dice.uniform(30, 3000)))
        dynamics = dynamics_of(cell)
        yield dynamics, dynamics.at(np.full((dynamics.nodes, 1), dice.uniform(-80, 20)))


def test_growing_eigenvalues_are_counted_exactly():
    counts = []
    for dynamics, point in random_points(20):
        totals = conserved(dynamics)
        _, linear = dynamics.linearise(point)
        reduced = without(totals, linear)
        true = int((np.linalg.eigvals(reduced.whole()).real > 0.0).sum())
        assert count_growing(reduced) == true
        assert spectrum(dynamics, totals, point).growing == true
        counts.append(true)
    assert len(set(counts)) >= 3  # the sample is not all of one kind


def test_the_slowest_eigenvalues_of_a_large_cell_are_those_of_the_dense_matrix():
    dynamics = dynamics_of(tree_cell(compartments=2))
    totals = conserved(dynamics)
    point = follow(dynamics, totals, dynamics.start()).points
    reduced = without(totals, dynamics.linearise(point)[1])
    every = np.linalg.eigvals(reduced.whole())
    slowest = every[np.argsort(np.abs(every))][:5]
    found = _slowest(reduced, -1e-7)
    assert len(found) >= 4
    for each in found:
        assert np.abs(every - each).min() < 1e-8 * abs(each)
    assert np.abs(found - slowest[0]).min() < 1e-8


def test_the_steady_current_is_that_of_the_closed_form():
    patch = squid()
    dynamics = dynamics_of(patch)
    v = np.linspace(-90, -40, 6)
    flow, points = steady_current(dynamics, conserved(dynamics), v)
    sodium, potassium, leak = ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()
    m, h = (sodium.steady_state(name, v=v, temperature=6.3) for name in "mh")
    n = potassium.steady_state("n", v=v, temperature=6.3)
    outward = sodium.bind(m=m, h=h).current(v) + potassium.bind(n=n).current(v) + leak.current(v)
    np.testing.assert_allclose(flow, -outward * 1e-4 * 1e6, rtol=1e-12)  # mA/cm2 on 1e-4 cm2, in nA
    np.testing.assert_allclose(points[1], m, rtol=1e-12)


def test_states_settle_at_a_held_voltage():
    dynamics = dynamics_of(ex.paint(PATCH, ex.everywhere, ex.Leak(), Scheme()))
    held_there = settle_states(dynamics, conserved(dynamics), dynamics.at(np.array([[-50.0]])))
    closed, opened, inactivated = held_there.points[1:, 0]
    # Rates 1 and 1/2 between closed and open, 2 and 1 between open and inactivated: 1 : 2 : 4.
    assert (closed, opened, inactivated) == pytest.approx((1 / 7, 2 / 7, 4 / 7), rel=1e-12)
