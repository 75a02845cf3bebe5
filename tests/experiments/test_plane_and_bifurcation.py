"""Phase planes and bifurcation diagrams against published tables, proofs and closed forms."""

from __future__ import annotations

import numpy as np
import pytest

import excitable as ex
from excitable import experiments as do
from excitable.experiments.equilibrium import spectrum
from excitable.experiments.equilibrium.plane import zero_curves

from .cells import NANOAMPERE, PATCH, SIDE, Scheme, morris_lecar, morris_lecar_circle, squid


class Cubic(ex.Channel):
    """FitzHugh's cubic with its recovery, in mV and ms. Source: FitzHugh 1961, Biophys J 1:445, eqs 1 and 2."""

    a = ex.parameter(0.7, "mV", "offset of the recovery")
    b = ex.parameter(0.8, "1", "slope of the recovery")
    pace = ex.parameter(0.08, "1/ms", "rate of the recovery")
    w = ex.state_variable("recovery", "mV", start=0.0)

    def rates(self, v):
        return {"w": self.pace * (v + self.a - self.b * self.w)}

    def current(self, v):
        return 1e-3 * (v * (v * v / 3 - 1) + self.w)  # 1 µF/cm2: dv/dt = v - v³/3 - w in mV/ms


def bonhoeffer(**numbers):
    return ex.paint(ex.Cell(PATCH.morphology, ex.per_branch(1), initial_voltage=-1.2), ex.everywhere, Cubic(**numbers))


class FastMorrisLecar(ex.Channel):
    """The fast Morris-Lecar equations of the manual of MatCont, example of an equilibrium curve."""

    w = ex.gate("activation")

    def rates(self, v):
        x = (v - 0.1) / 0.145
        cosh = 0.5 * (ex.exp((v - 0.1) / 0.29) + ex.exp(-(v - 0.1) / 0.29))
        return {"w": 1.15 * cosh * (0.5 * (1 + ex.tanh(x)) - self.w)}

    def current(self, v):
        m = 0.5 * (1 + ex.tanh((v + 0.01) / 0.15))
        return 0.5 * (v + 0.5) + 2 * self.w * (v + 0.7) + m * (v - 1.0)


def fast_morris_lecar():
    """In mV and ms: 1000 µF/cm² make dv/dt the current in mA/cm²; 1 mA/cm² on 10⁻⁴ cm² is 100 nA."""
    cell = ex.Cell(ex.single_compartment(SIDE), ex.per_branch(1), capacitance=1000.0, initial_voltage=0.0)
    return ex.paint(cell, ex.everywhere, FastMorrisLecar())


# ---------------------------------------------------------------- the phase plane
def test_the_three_fixed_points_of_the_barnacle_muscle():
    # Rinzel & Ermentrout 1989, figure 4: rest at (-41.84, 0.002), saddle, unstable spiral, at 30 µA/cm².
    found = do.phase_plane(morris_lecar_circle(), current=3)
    assert [each.kind for each in found.fixed_points] == ["stable node", "saddle", "unstable focus"]
    rest, saddle, spiral = found.fixed_points
    assert (rest.v, rest.w) == pytest.approx((-41.84, 0.002), abs=0.01)
    assert (saddle.v, spiral.v) == pytest.approx((-19.56, 3.87), abs=0.01)
    wanted = do.rest(morris_lecar_circle(), current=3)
    assert rest.v == pytest.approx(wanted.voltage, abs=1e-9)
    np.testing.assert_allclose(rest.eigenvalues, wanted.eigenvalues, rtol=1e-9)
    assert found.name == "MorrisLecarPotassium.w"


def test_nullclines_are_where_a_variable_stands_still():
    found = do.phase_plane(bonhoeffer(), current=0.5 * NANOAMPERE, voltages=(-2.5, 2.5), values=(-1.5, 2.0))
    (cubic,), (line,) = found.v_nullclines, found.w_nullclines
    np.testing.assert_allclose(cubic[1], cubic[0] - cubic[0] ** 3 / 3 + 0.5, atol=1e-9)
    np.testing.assert_allclose(line[1], (line[0] + 0.7) / 0.8, atol=1e-9)
    # Each is one curve from edge to edge of the plane.
    assert np.abs(np.diff(cubic, axis=1)).max() < 0.06
    assert np.ptp(line[1]) == pytest.approx(3.5, abs=0.01)


def test_the_type_of_a_fixed_point_is_that_of_its_trace_and_determinant():
    for density in (0.0, 0.3, 0.5, 1.0, 1.6):
        (point,) = do.phase_plane(bonhoeffer(), current=density * NANOAMPERE, voltages=(-3, 3)).fixed_points
        (v,) = (root.real for root in np.roots([-1 / 3, 0, 1 - 1.25, density - 0.875]) if abs(root.imag) < 1e-9)
        assert point.v == pytest.approx(v, abs=1e-9)
        trace, determinant = 1 - v**2 - 0.064, -(1 - v**2) * 0.064 + 0.08
        word = "unstable" if trace > 0 else "stable"
        assert point.kind == f"{word} {'focus' if trace**2 < 4 * determinant else 'node'}"
        np.testing.assert_allclose(point.eigenvalues.sum().real, trace, atol=1e-9)


def test_trajectories_are_what_a_run_gives():
    cell = morris_lecar_circle()
    found = do.phase_plane(cell, starts=[(-20.0, 0.1)], duration="60 ms")
    (way,) = found.trajectories
    start = ex.State(
        {"v": np.array([[-20.0]]), "MorrisLecarPotassium.w": np.array([[0.1]])}, {"steady": True, "step": 0}
    )
    w = ex.state("w", of="MorrisLecarPotassium", at=ex.soma, label="w")
    made = ex.run(cell, "60 ms", record=[ex.voltage(at=ex.soma, label="v"), w], dt=0.001, start=start)
    # Where both pass the same voltage on the way down, the other variable is the same.
    falls = way[:, np.argmax(way[0]) :]
    v = np.linspace(-35.0, falls[0].max() - 1.0, 20)
    late = slice(int(np.argmax(made["v"].values)), None)
    expected = np.interp(-v, -made["v"].values[late], made["w"].values[late])
    np.testing.assert_allclose(np.interp(-v, -falls[0], falls[1]), expected, atol=2e-4)


def test_separatrices_part_what_fires_from_what_does_not():
    found = do.phase_plane(morris_lecar_circle(), current=3)
    saddle = found.fixed_points[1]
    below = next(way for way in found.separatrices if way[1, -1] < saddle.w)
    at = np.interp(-0.02, np.sort(below[1]), below[0][np.argsort(below[1])])
    for side, fires in ((-0.3, False), (0.3, True)):
        paths = do.phase_plane(morris_lecar_circle(), current=3, starts=[(at + side, -0.02)], duration=200).trajectories
        assert (paths[0][0].max() > 10) == fires


def test_the_fast_plane_of_the_squid_membrane():
    # FitzHugh 1960: with h and n held at rest, m and v have a resting, a threshold and an excited state.
    found = do.phase_plane(squid(on=ex.Cell(PATCH.morphology, ex.per_branch(1))),
                           hold={"SquidSodium.h": 0.595, "SquidPotassium.n": 0.318})  # fmt: skip
    assert [each.kind for each in found.fixed_points] == ["stable node", "saddle", "stable node"]
    assert found.fixed_points[2].v > 40
    assert "held" in repr(found)


def test_curves_of_a_circle_close():
    lines = np.linspace(-1.5, 1.5, 61)
    grid = np.stack(np.meshgrid(lines, lines, indexing="ij"))
    (circle,) = zero_curves(lambda places: (places**2).sum(axis=0) - 1.0, lines, lines, (grid**2).sum(axis=0) - 1.0)
    np.testing.assert_allclose(np.hypot(*circle), 1.0, atol=1e-12)
    np.testing.assert_array_equal(circle[:, 0], circle[:, -1])
    assert zero_curves(lambda places: places[0] + 9.0, lines, lines, grid[0] + 9.0) == ()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, r"has 3 states that are not held: SquidSodium\.m, .* has one beside the voltage"),
        ({"hold": {"SquidSodium.x": 1.0}}, "has none of that name. Did you mean 'SquidSodium.m'"),
        ({"hold": {"SquidSodium.h": 0.6, "SquidPotassium.n": 0.3}, "voltages": (50, -50)}, "the lower one first"),
        ({"hold": {"SquidSodium.h": 0.6, "SquidPotassium.n": 0.3}, "values": (1, 0)}, r"Write values=\(0, 1\)"),
    ],
)
def test_planes_that_cannot_be_are_refused(options, message):
    with pytest.raises(ex.RequestError, match=message):
        do.phase_plane(squid(), **options)


def test_a_plane_has_one_voltage():
    with pytest.raises(ex.RequestError, match="is cut into 6 compartments"):
        do.phase_plane(squid(on=ex.Cell(ex.ball_and_stick(), ex.per_branch(3))))


# ---------------------------------------------------------------- bifurcations
def test_the_bifurcations_of_the_squid_membrane():
    # Hassard 1978, J Theor Biol 71:401, and Rinzel & Miller 1980, Math Biosci 49:27: 9.78 and 154.5 µA/cm². Hendrick
    # 2026 proved 9.7754… and 154.5224… for the leak potential that table 3 prints, the lower one subcritical, the upper
    # one supercritical, and that both move by 0.3 µA/cm² for each mV of the leak potential.
    found = do.bifurcation(squid(leak=-65 + 10.613), at=ex.soma, between=(0, 18))
    lower, upper = found.of("Hopf")
    assert (lower.current / NANOAMPERE, upper.current / NANOAMPERE) == pytest.approx((9.7754, 154.5224), abs=1e-4)
    assert (lower.criticality, upper.criticality) == ("subcritical", "supercritical")
    assert lower.frequency == pytest.approx(93.3, abs=0.1)
    ours = do.bifurcation(squid(), at=ex.soma, between=(0, 18), trains=False).of("Hopf")
    shift = 0.3 * (10.7 - 10.613) * NANOAMPERE
    assert lower.current - ours[0].current == pytest.approx(shift, abs=1e-6)
    assert upper.current - ours[1].current == pytest.approx(shift, abs=1e-6)
    # Rinzel & Miller 1980: trains exist from 6.26 µA/cm² on; rest and firing are both stable up to the lower point.
    assert found.cycles.first / NANOAMPERE == pytest.approx(6.26, abs=0.02)
    ((low, high),) = found.bistable
    assert (low, high) == (found.cycles.first, lower.current)
    (branch,) = found.branches
    assert (np.diff(branch.currents) > 0).all()  # Hendrick 2026: one rest at every current
    assert "rests or fires" in repr(found)


def test_firing_goes_on_wherever_it_can():
    # Between 6.26 and 9.75 µA/cm² a firing cell may come to rest when its current changes at the wrong moment.
    found = do.bifurcation(squid(), at=ex.soma, between=(0.5, 1.1), currents=25).cycles
    inside = found.currents > 0.63
    assert found.lasting[inside].all()
    assert not found.lasting[found.currents < 0.62].any()
    assert np.isfinite(found.lowest[inside]).all()


def test_the_extremes_of_trains_are_those_of_runs():
    found = do.bifurcation(squid(), at=ex.soma, between=(1.0, 1.2), currents=3, duration="200 ms")
    step = ex.current_pulse(at=ex.soma, amplitude=found.cycles.currents[1], duration="1 s")
    trace = ex.run(squid(), "300 ms", protocol=[step])["voltage at root"].values[8000:]
    assert found.cycles.highest[1] == pytest.approx(trace.max(), abs=0.3)
    assert found.cycles.lowest[1] == pytest.approx(trace.min(), abs=0.05)
    assert found.cycles.period[1] == pytest.approx(14.2, abs=0.3)
    assert np.isnan(found.cycles.first)
    assert found.cycles.lasting.all()
    assert found.of("Hopf") == ()


def test_the_barnacle_muscle_with_hopf_bifurcations():
    # The parameters of Rinzel & Ermentrout 1989, figures 1 to 3. XPPAUT gives 93.86 and 212.0 µA/cm², both subcritical.
    found = do.bifurcation(morris_lecar(), at=ex.soma, between=(0, 30), trains=False)
    assert [each.current / NANOAMPERE for each in found.of("Hopf")] == pytest.approx([93.86, 212.02], abs=0.01)
    assert {each.criticality for each in found.of("Hopf")} == {"subcritical"}


def test_the_barnacle_muscle_with_folds():
    found = do.bifurcation(morris_lecar_circle(), at=ex.soma, between=(-2, 14), duration="2 s", currents=40)
    assert [each.current / NANOAMPERE for each in found.of("fold")] == pytest.approx([-9.95, 39.96], abs=0.01)
    (hopf,) = found.of("Hopf")
    assert hopf.current / NANOAMPERE == pytest.approx(97.79, abs=0.01)
    # The saddle-node lies on the cycle: trains begin where the rest ends, and end at 116.1, past the Hopf point.
    assert found.cycles.first / NANOAMPERE == pytest.approx(39.96, abs=0.2)
    assert found.cycles.last / NANOAMPERE == pytest.approx(116.1, abs=0.2)
    for each, side in zip(found.of("fold"), (1, -1), strict=True):
        # The eigenvalue that vanishes there does so as the square root of the distance.
        near = [
            do.rest(morris_lecar_circle(), current=each.current + side * away, near=each.voltage)
            for away in (4e-3, 16e-3)
        ]
        small = [np.abs(one.eigenvalues).min() for one in near]
        assert small[1] / small[0] == pytest.approx(2.0, abs=0.3)


def test_the_curve_that_matcont_computes():
    # The manual of MatCont, "the fast Morris-Lecar equations": Hopf at y = 0.075659, (0.036756, 0.294770), with a
    # positive first Lyapunov coefficient, and limit points at y = -0.020727 and 0.083257, v = -0.033738 and -0.244914.
    found = do.bifurcation(fast_morris_lecar(), at=ex.soma, between=(-5, 12), voltages=(-0.6, 0.3), trains=False)
    (hopf,) = found.of("Hopf")
    assert (hopf.current / 100, hopf.voltage) == pytest.approx((0.075659, 0.036756), abs=2e-6)
    assert hopf.criticality == "subcritical"
    folds = [(each.current / 100, each.voltage) for each in found.of("fold")]
    np.testing.assert_allclose(folds, [(-0.020727, -0.033738), (0.083257, -0.244914)], atol=2e-6)


@pytest.mark.parametrize(("numbers", "word"), [({"b": 0.2, "a": 0.3}, "supercritical"), ({"b": 0.8}, "subcritical")])
def test_the_lyapunov_coefficient_of_the_cubic_is_its_closed_form(numbers, word):
    # x' = T x - w - v x² - x³/3, w' = ε x - T w about a point with trace zero: T = ε b = 1 - v². With y = (w - T x)/ω
    # this is the form of Guckenheimer & Holmes 1983, eq 3.4.11: r' = a r³, a = (4 v² T/ω² - 2)/16. An eigenvector whose
    # voltage is 1 makes r twice the size of its coordinate, so that the coefficient is 4 a/ω.
    found = do.bifurcation(bonhoeffer(**numbers), at=ex.soma, between=(-0.4, 0.7), voltages=(-3, 3), trains=False)
    trace = 0.08 * numbers["b"]
    v, omega = np.sqrt(1 - trace), np.sqrt(0.08 - trace**2)
    points = found.of("Hopf")
    assert sorted(each.voltage for each in points) == pytest.approx([-v, v], abs=1e-6)
    for each in points:
        assert each.lyapunov == pytest.approx((4 * v**2 * trace / omega**2 - 2) / 4 / omega, rel=1e-4)
        assert each.criticality == word
        assert each.frequency == pytest.approx(1e3 * omega / (2 * np.pi), rel=1e-6)


def test_many_compartments_with_junctions_and_a_conserved_scheme():
    # A tree so small that it is at one voltage has the bifurcations of its membrane, whatever else it carries.
    small = ex.Cell(ex.balanced_tree(2, "5 um", "10 um"), ex.per_branch(1))
    found = do.bifurcation(squid(on=small), at=ex.root, between=(0.0, 0.3), trains=False)
    area = small.discretise().area.sum()
    assert found.of("Hopf")[0].current * 1e5 / area == pytest.approx(9.749, abs=0.03)
    assert found.of("Hopf")[0].criticality == "subcritical"
    closed = ex.paint(squid(), ex.everywhere, Scheme(conductance=0.0))
    (hopf, _) = do.bifurcation(closed, at=ex.soma, between=(0, 18), trains=False).of("Hopf")
    assert hopf.current / NANOAMPERE == pytest.approx(9.7493, abs=1e-3)
    assert hopf.lyapunov == pytest.approx(
        do.bifurcation(squid(), at=ex.soma, between=(0, 2), trains=False).of("Hopf")[0].lyapunov, rel=1e-3
    )


def test_a_cell_too_large_for_all_its_eigenvalues_has_the_same_points(monkeypatch):
    cable = ex.Cell(ex.cable("20 um", "100 um"), ex.per_branch(9), axial_resistivity=10.0)
    area = cable.discretise().area.sum()
    small = do.bifurcation(squid(on=cable), at=ex.root, between=(0.4, 0.8), trains=False)
    for module in (do.bifurcation.__globals__, spectrum.__dict__):
        monkeypatch.setitem(module, "DENSE", 10)
    large = do.bifurcation(squid(on=cable), at=ex.root, between=(0.4, 0.8), trains=False)
    for found in (small, large):
        (hopf,) = found.of("Hopf")
        assert hopf.current * 1e5 / area == pytest.approx(9.749, abs=0.005)
        assert hopf.frequency == pytest.approx(93.3, abs=0.1)
    assert small.of("Hopf")[0].criticality == "subcritical"
    assert large.of("Hopf")[0].criticality == ""
    assert do.rest(squid(on=cable)).kind == do.rest(squid()).kind
    # What grows is found among the others.
    restless = do.rest(squid(on=cable), current=2e-4 * area, at=ex.root)
    assert (restless.growing, restless.kind) == (2, "unstable focus")
    assert (restless.eigenvalues.real > 0).sum() == 2
    patch = do.rest(squid(), current=2e-4 * 1e4).eigenvalues[0]  # the same density on the patch
    assert restless.eigenvalues[0] == pytest.approx(patch, rel=1e-3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"between": (1, 0)}, "the lower one first"),
        ({"between": 3}, "Expected two, the lower one first"),
        ({"between": (0, 1), "currents": 1}, "run at three or more"),
        ({"between": (0, 1), "voltages": (0, 10)}, "has no resting state between 0 and 1 nA"),
    ],
)
def test_diagrams_that_cannot_be_are_refused(options, message):
    with pytest.raises(ex.RequestError, match=message):
        do.bifurcation(squid(), at=ex.soma, **options)
