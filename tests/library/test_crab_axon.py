"""The crab axon: its rheobase in closed form, its train by an independent integrator."""

from __future__ import annotations

import numpy as np
import pytest
from library.integrated import Patch
from scipy.optimize import brentq, minimize_scalar

from excitable.library import Preparation, find, perform
from excitable.library.crab_axon import LEAK, LEAK_REVERSAL, LEAK_REVERSAL_WITHOUT, REST, without
from excitable.library.preparation import Experiment
from excitable.mechanisms import Channel, CrabAxonPotassium, CrabAxonSodium, CrabAxonTransientPotassium

AXON: Preparation = find("crab_axon")


def experiment(name: str) -> Experiment:
    found = AXON.experiments(AXON.cell(AXON.defaults), AXON.defaults)
    return next(each for each in found if each.name == name)


def steady(channel: Channel, v: float) -> float:
    """The current of a channel whose gates have settled, µA/cm²."""
    settled = {name: channel.steady_state(name, v=v) for name in channel.states}
    return 1e3 * float(channel.bind(**settled).current(v))


def ionic(v: float) -> float:
    """Steady sodium and potassium current without the A-current, µA/cm²."""
    return steady(CrabAxonSodium(), v) + steady(CrabAxonPotassium(), v)


def total(v: float) -> float:
    return ionic(v) + steady(CrabAxonTransientPotassium(), v) + 1e3 * LEAK * (v - LEAK_REVERSAL)


def test_rest_is_the_zero_and_rheobase_the_maximum_of_the_steady_current() -> None:
    rest = brentq(total, -75.0, -62.0)
    assert rest == pytest.approx(REST, abs=5e-4)
    highest = minimize_scalar(lambda v: -total(v), bounds=(-67.0, -50.0), method="bounded")
    assert -highest.fun == pytest.approx(8.1141, abs=1e-4)
    assert highest.x == pytest.approx(-57.12, abs=0.01)


def test_without_the_a_current_the_rest_is_the_same() -> None:
    assert ionic(REST) + 1e3 * LEAK * (REST - LEAK_REVERSAL_WITHOUT) == pytest.approx(0.0, abs=1e-3)


def test_the_train_is_that_of_lsoda() -> None:
    step = experiment("step")
    made = perform(step, duration=120.0)
    wanted = Patch(step.cell).run(made.time, [(10.0, 300.0, 10.0)])
    times, expected = (found_spikes(trace, made.time) for trace in (made["voltage"].values, wanted["v"]))
    assert times.size == 3
    np.testing.assert_allclose(times, expected, atol=0.01)


def test_the_step_hardly_matters() -> None:
    """Second order: a step twice as long moves the third spike by less than 0.05 ms."""
    step = experiment("step")
    fine, coarse = (perform(step, duration=120.0, dt=dt).spikes["spikes"].times[0] for dt in (0.005, 0.01))
    assert 0.0 < coarse[2] - fine[2] < 0.05


def test_without_it_the_axon_fires_at_once() -> None:
    """At 7 µA/cm² one spike and then rest, at 7.5 µA/cm² a train: firing begins with a jump."""
    bare = without(AXON.cell(AXON.defaults))
    time = np.arange(0.0, 200.0, 0.02)
    few, many = (found_spikes(Patch(bare).run(time, [(10.0, 300.0, i)])["v"], time) for i in (7.0, 7.5))
    assert (few.size, many.size) == (1, 16)


def found_spikes(trace: np.ndarray, time: np.ndarray) -> np.ndarray:
    rises = np.flatnonzero((trace[:-1] < -10.0) & (trace[1:] >= -10.0))
    return time[rises] + (-10.0 - trace[rises]) / (trace[rises + 1] - trace[rises]) * (time[1] - time[0])
