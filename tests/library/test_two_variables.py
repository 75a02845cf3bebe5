"""FitzHugh-Nagumo, Bonhoeffer-van der Pol, Morris-Lecar and Hindmarsh-Rose: their printed equations, and LSODA."""

from __future__ import annotations

import numpy as np
import pytest
from library.integrated import Patch
from scipy.integrate import solve_ivp

import excitable as ex
from excitable.library import find, perform
from excitable.library.morris_lecar import fibre, other
from excitable.library.preparation import Experiment
from excitable.mechanisms import BarnacleCalcium, BarnaclePotassium, FitzHughNagumo, HindmarshRose


def experiment(name: str, which: str) -> Experiment:
    preparation = find(name)
    values = preparation.defaults
    found = preparation.experiments(preparation.cell(values), values)
    return next(each for each in found if each.name == which)


def test_fitzhugh_nagumo_is_printed_so() -> None:
    """v' = v - v³/3 - w + I and w' = 0.08 (v + 0.7 - 0.8 w), integrated as it is printed."""
    made = perform(experiment("fitzhugh_nagumo", "train"), duration=100.0)

    def slope(t: float, y: np.ndarray) -> list[float]:
        v, w = y
        return [v - v**3 / 3.0 - w + (0.5 if t >= 10.0 else 0.0), 0.08 * (v + 0.7 - 0.8 * w)]

    start = [made["v"].values[0], made["w"].values[0]]
    found = solve_ivp(slope, (0.0, 100.0), start, "LSODA", made.time, rtol=1e-10, atol=1e-12, max_step=0.1)
    np.testing.assert_allclose(made["v"].values, found.y[0], atol=2e-4)
    np.testing.assert_allclose(made["w"].values, found.y[1], atol=1e-4)


def test_bonhoeffer_van_der_pol_is_printed_so() -> None:
    """x' = c (y + x - x³/3 + z) and y' = -(x - a + b y)/c, with x = -v and y = w."""
    made = perform(experiment("bonhoeffer_van_der_pol", "train"), duration=40.0)

    def slope(t: float, u: np.ndarray) -> list[float]:
        x, y = u
        z = -0.4 if t >= 2.0 else 0.0
        return [3.0 * (y + x - x**3 / 3.0 + z), -(x - 0.7 + 0.8 * y) / 3.0]

    start = [-made["v"].values[0], made["w"].values[0]]
    found = solve_ivp(slope, (0.0, 40.0), start, "LSODA", made.time, rtol=1e-10, atol=1e-12, max_step=0.02)
    np.testing.assert_allclose(-made["v"].values, found.y[0], atol=5e-4)


def test_one_unit_of_current_is_one_microampere_per_square_centimetre() -> None:
    v, w = 0.3, -0.2
    assert 1e3 * FitzHughNagumo().bind(w=w).current(v) == pytest.approx(-(v - v**3 / 3.0 - w), rel=1e-14)
    x, y, z = 0.3, -0.2, 1.1
    model = HindmarshRose().bind(y=y, z=z)
    assert 1e3 * model.current(x) == pytest.approx(-(y - x**3 + 3.0 * x**2 - z), rel=1e-14)
    assert model.rates(x)["y"] == pytest.approx(1.0 - 5.0 * x**2 - y, rel=1e-14)
    assert model.rates(x)["z"] == pytest.approx(0.001 * (4.0 * (x + 1.6) - z), rel=1e-14)


def test_the_barnacle_without_units_is_the_one_with_units() -> None:
    """Rinzel & Ermentrout also print it without units: v over 120 mV, conductances over g_Ca = 4 mS/cm², φ 0.333."""
    calcium = BarnacleCalcium(conductance=4e-3)
    potassium = BarnaclePotassium(middle=12.0, width=17.4, pace=0.067)
    v, w = np.array([-0.5, -0.2, 0.0, 0.3]), 0.25
    steady = 0.5 * (1.0 + np.tanh((v - 0.1) / 0.145))
    np.testing.assert_allclose(potassium.steady_state("w", v=120.0 * v), steady, rtol=1e-12)
    rate = 0.335 * np.cosh((v - 0.1) / 0.29) / 5.0  # 5 ms are one unit of time
    np.testing.assert_allclose(1.0 / potassium.time_constant("w", v=120.0 * v), rate, rtol=1e-12)
    printed = 0.5 * (1.0 + np.tanh((v + 0.01) / 0.15)) * (v - 1.0) + 2.0 * w * (v + 0.7)
    found = calcium.current(120.0 * v) + potassium.bind(w=w).current(120.0 * v)
    np.testing.assert_allclose(1e3 * found / 480.0, printed, rtol=1e-12)


def test_rest_is_that_of_the_tutorial() -> None:
    """XPP tutorial of Ermentrout, the Hopf set with g_Ca = 4 mS/cm²: it begins at -60.899 mV and 0.014873."""
    quiet = ex.experiments.rest(fibre(4.0, 2.0, 30.0, 0.04, "tutorial"))
    assert quiet.voltage == pytest.approx(-60.899, abs=5e-4)
    assert quiet.states["BarnaclePotassium.w"][0] == pytest.approx(0.014873, abs=5e-7)


def test_the_rounded_width_moves_the_fold() -> None:
    found = ex.experiments.bifurcation(
        fibre(4.0, 12.0, 17.0, 1.0 / 15.0, "rounded"), at=ex.soma, between=(0.0, 6.0), trains=False
    )
    assert 10.0 * found.of("fold")[-1].current == pytest.approx(39.577, abs=1e-3)


@pytest.mark.parametrize(("which", "density"), [("hopf", 120.0), ("snic", 42.0)])
def test_the_barnacle_fires_as_lsoda_has_it(which: str, density: float) -> None:
    step = experiment("morris_lecar", which)
    made = perform(step, duration=400.0)
    wanted = Patch(step.cell).run(made.time, [(50.0, 1e4, density)])
    np.testing.assert_allclose(made["voltage"].values, wanted["v"], atol=0.05)


@pytest.mark.filterwarnings("ignore:The step dt")
def test_the_barnacle_rests_below_the_fold_and_fires_above() -> None:
    rising = ex.current_pulse(at=ex.soma, amplitude=0.0, duration=1e5, name="step")
    fired = ex.spikes(at=ex.soma, label="spikes", threshold=-10.0)
    over = ex.vary(rising, "amplitude", [3.99, 4.0])
    made = ex.sweep(other(), "4 s", over, protocol=[rising], record=[fired], dt=0.05)
    below, above = made.spikes["spikes"].count
    assert below <= 1 < above


def test_bursts_are_those_of_lsoda() -> None:
    step = experiment("hindmarsh_rose", "bursts")
    made = perform(step, duration=600.0)
    time = np.arange(0.0, 600.0, 0.01)
    wanted = Patch(step.cell).run(time, [(0.0, 1e5, 2.0)])
    rises = time[np.flatnonzero((wanted["v"][:-1] < 0.5) & (wanted["v"][1:] >= 0.5))]
    found = np.asarray(made.spikes["spikes"].times[0])
    assert found.size == rises.size == 18
    np.testing.assert_allclose(found, rises, atol=0.03)
    np.testing.assert_allclose(made["z"].values, np.interp(made.time, time, wanted["HindmarshRose.z"]), atol=2e-4)


def test_after_a_pulse_it_is_below_its_rest() -> None:
    """Adaptation outlives the pulse."""
    step = experiment("hindmarsh_rose", "pulse")
    made = perform(step)
    before, after = (made["x"].values[np.searchsorted(made.time, t)] for t in (990.0, 2100.0))
    assert before == pytest.approx(ex.experiments.rest(step.cell, between=(-5.0, 5.0)).voltage, abs=1e-6)
    assert after < before - 0.05
