"""Passive properties against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from measurements.examples import AMPLITUDE, REST, recording, step

from excitable.errors import RequestError, UnitError
from excitable.measurements import (
    conduction_velocity,
    decay,
    input_resistance,
    length_constant,
    resting_potential,
    sag_ratio,
    time_constant,
)
from excitable.recordings import Place, Recording, Signal

TIME, TRACE = step()


def test_rest_is_the_median_before_anything_happens():
    noisy = TRACE + np.random.default_rng(1).normal(0, 1, TIME.size)
    assert resting_potential(noisy, TIME) == pytest.approx(REST, abs=0.2)
    assert resting_potential(TRACE, TIME, start=250, stop=300) == pytest.approx(REST - 5.0)
    assert resting_potential(recording(TIME, TRACE)) == REST


def test_input_resistance():
    assert input_resistance(TRACE, TIME, current="-100 pA", start=100, stop=300) == pytest.approx(50.0, rel=1e-6)
    rows = np.array([step(change=change)[1] for change in (5.0, 10.0, 16.0)])
    found = input_resistance(
        recording(TIME, rows, ("amplitude", "time"), axes=(AMPLITUDE,)),
        current=[0.1, 0.2, 0.3],
        start=100,
        stop=300,
    )
    np.testing.assert_allclose(found, [50.0, 50.0, 160 / 3], rtol=1e-6)
    noisy = TRACE + np.random.default_rng(1).normal(0, 0.1, TIME.size)
    assert input_resistance(noisy, TIME, current=-0.1, start=100, stop=300) == pytest.approx(50.0, rel=0.01)
    with pytest.raises(RequestError, match="not steady at the end of the step: its last tenth spans"):
        input_resistance(step(constant=300.0)[1], TIME, current=-0.1, start=100, stop=300)
    with pytest.raises(RequestError, match="is not zero"):
        input_resistance(TRACE, TIME, current=0.0, start=100, stop=300)
    with pytest.raises(RequestError, match=r"begins at 0.1 ms, and the trace at 0 ms. Expected at least 3 samples"):
        input_resistance(TRACE, TIME, current=0.1, start=0.1, stop=300)
    with pytest.raises(UnitError, match="the current of the step"):
        input_resistance(TRACE, TIME, current="1 mV", start=100, stop=300)


def test_sag():
    sagging = np.where((TIME > 100) & (TIME <= 300), REST - 6 - 4 * np.exp(-(((TIME - 130) / 10) ** 2)), REST)
    assert sag_ratio(sagging, TIME, start=100, stop=300) == pytest.approx(0.4, abs=1e-6)
    assert sag_ratio(2 * REST - sagging, TIME, start=100, stop=300) == pytest.approx(0.4, abs=1e-6)
    assert sag_ratio(TRACE, TIME, start=100, stop=300) == pytest.approx(0.0, abs=1e-6)
    with pytest.raises(RequestError, match="stays at -70 mV during the step"):
        sag_ratio(np.full(TIME.size, REST), TIME, start=100, stop=300)


@pytest.mark.parametrize("constant", [0.5, 10.0, 60.0])
def test_the_time_constant_of_one_exponential_is_exact(constant):
    time = np.arange(0, 6 * constant, constant / 100)
    trace = REST + 8 * np.exp(-time / constant)
    assert time_constant(trace, time) == pytest.approx(constant, rel=1e-9)
    assert decay(trace, time).constants.size == 1
    assert decay(trace, time).asymptote == pytest.approx(REST)
    assert decay(trace, time).amplitudes == pytest.approx([8.0])
    assert time_constant(trace, time, asymptote=REST) == pytest.approx(constant, rel=1e-9)


def test_faster_exponentials_do_not_shorten_it():
    time = np.arange(0, 100, 0.05)
    trace = REST + 6 * np.exp(-time / 20) + 3 * np.exp(-time / 3) + 2 * np.exp(-time / 0.5)
    found = decay(trace, time)
    np.testing.assert_allclose(found.constants, [20.0, 3.0, 0.5], rtol=1e-6)
    np.testing.assert_allclose(found.amplitudes, [6.0, 3.0, 2.0], rtol=1e-6)
    assert found.residual < 1e-9
    noisy = trace + np.random.default_rng(4).normal(0, 0.1, time.size)
    assert time_constant(noisy, time) == pytest.approx(20.0, rel=0.1)
    assert decay(trace, time, most=1).constants[0] < 19.0  # why one exponential is not enough


def test_the_charging_of_a_sealed_cable_gives_the_membrane_time_constant():
    # Rall 1969: constants τ / (1 + (nπ/L)²); here L = 1 and τ = 15 ms, at the injected end.
    time, number = np.arange(0.05, 120, 0.05), np.arange(40)
    constants = 15.0 / (1 + (number * np.pi) ** 2)
    weights = np.where(number == 0, 1.0, 2.0) * constants / 15.0
    trace = REST + 10 * (weights * np.exp(-time[:, None] / constants)).sum(axis=1)
    assert time_constant(trace, time) == pytest.approx(15.0, rel=1e-5)


def test_a_long_cable_is_peeled():
    # L = 2.8, of which three exponentials fitted to the whole trace make 9.4 ms instead of 10.
    time, number = np.arange(0.05, 100, 0.025), np.arange(60)
    constants = 10.0 / (1 + (number * np.pi / 2.83) ** 2)
    weights = np.where(number == 0, 1.0, 2.0) * constants / 10.0
    trace = REST + 2 * (weights * np.exp(-time[:, None] / constants)).sum(axis=1)
    assert decay(trace, time).constants[0] < 9.7
    assert time_constant(trace, time) == pytest.approx(10.0, rel=2e-3)
    noisy = trace + np.random.default_rng(8).normal(0, 0.05, time.size)
    assert time_constant(noisy, time) == pytest.approx(10.0, rel=0.15)


def test_long_and_noisy_traces():
    time = np.arange(0, 100, 0.001)
    trace = REST + 8 * np.exp(-time / 12)
    assert time_constant(trace, time) == pytest.approx(12.0, rel=1e-9)
    noisy = trace + np.random.default_rng(5).normal(0, 1.0, time.size)
    assert time_constant(noisy, time) == pytest.approx(12.0, rel=0.02)
    assert decay(noisy, time).constants.size == 1
    sweep = np.array([trace, REST + 4 * np.exp(-time / 12), np.full(time.size, REST)])
    np.testing.assert_allclose(time_constant(sweep, time), [12.0, 12.0, np.nan], rtol=1e-6)


def test_decays_that_are_none():
    time = np.arange(0, 100, 0.1)
    with pytest.raises(RequestError, match=r"the trace does not change from 0 to 99.9 ms \(it spans 0 mV\)"):
        time_constant(np.full(time.size, REST), time)
    with pytest.raises(RequestError, match="does not settle exponentially"):
        time_constant(np.random.default_rng(6).normal(0, 1, time.size), time)
    with pytest.raises(RequestError, match="does not settle exponentially"):
        time_constant(REST + 0.01 * time, time)
    with pytest.raises(RequestError, match=r"holds 2 traces"):
        decay(np.zeros((2, time.size)), time)


X = np.linspace(0, 1500, 16)


def test_the_length_constant_of_sealed_and_endless_cables():
    assert length_constant(5 * np.exp(-X / 300), X) == pytest.approx(300.0, rel=1e-9)
    sealed = 5 * np.cosh((1500 - X) / 700) / np.cosh(1500 / 700)
    assert length_constant(sealed, X, length="1.5 mm") == pytest.approx(700.0, rel=1e-9)
    assert length_constant(REST + sealed, X, length=1500, rest=REST) == pytest.approx(700.0, rel=1e-9)
    noisy = sealed + np.random.default_rng(7).normal(0, 0.02, X.size)
    assert length_constant(noisy, X, length=1500) == pytest.approx(700.0, rel=0.05)
    np.testing.assert_allclose(length_constant(np.array([sealed, -sealed]), X, length=1500), 700.0, rtol=1e-9)
    # A cable a hundred length constants long must not overflow.
    assert length_constant(np.exp(-X / 15), X, length=1500) == pytest.approx(15.0, rel=1e-6)


def test_the_length_constant_from_a_recording():
    places = tuple(Place(f"x{x:g}", distance=x) for x in X)
    time = np.arange(0, 100.0)
    steady = 5 * np.cosh((1500 - X) / 700)
    values = REST + steady[:, None] * (1 - np.exp(-time / 5))
    cable = recording(time, values, ("place", "time"), places)
    assert length_constant(cable, length=1500) == pytest.approx(700.0, rel=1e-6)


def test_length_constants_that_are_none():
    with pytest.raises(RequestError, match=r"shape \(2,\) and its distances shape \(2,\).*three or more"):
        length_constant([1.0, 0.5], [0.0, 1.0])
    with pytest.raises(RequestError, match="distances shape \\(0,\\)"):
        length_constant([1.0, 0.5, 0.2])
    with pytest.raises(RequestError, match="at 1500 µm of a cable whose end is at 1000 µm"):
        length_constant(np.exp(-X / 300), X, length=1000)
    with pytest.raises(RequestError, match="does not decay along the cable"):
        length_constant(np.exp(X / 300), X)


CLOCK = np.arange(0, 20, 0.01)


def wave(speed, time=CLOCK, distance=(0.0, 500.0, 1000.0, 2000.0), height=100.0):
    distance = np.array(distance)
    arrival = 5.0 + distance / 1e3 / speed
    values = REST + np.reshape(height, (-1, 1)) * np.exp(-(((time - arrival[:, None]) / 0.3) ** 2))
    return values, time, distance


@pytest.mark.parametrize("speed", [0.5, 18.74, -2.0])
def test_conduction_velocity(speed):
    values, time, distance = wave(speed)
    assert conduction_velocity(values, time, distance) == pytest.approx(speed, rel=1e-3)
    places = tuple(Place(f"{x:g}", distance=x) for x in distance)
    movie = recording(time, values, ("place", "time"), places)
    assert conduction_velocity(movie) == pytest.approx(speed, rel=1e-3)
    apart = {p.label: Signal(p.label, "voltage", "mV", row, places=(p,)) for p, row in zip(places, values, strict=True)}
    electrodes = Recording(time, apart)
    assert conduction_velocity(electrodes) == pytest.approx(speed, rel=1e-3)
    assert conduction_velocity(electrodes, probe=["500", "2000"]) == pytest.approx(speed, rel=1e-3)


def test_conduction_velocity_of_a_sweep():
    values, time, distance = wave(2.0)
    blocked = wave(2.0, height=[100.0, 100.0, 100.0, 50.0])[0]
    found = conduction_velocity(np.array([values, blocked]), time, distance)
    np.testing.assert_allclose(found, [2.0, np.nan], rtol=1e-3)


def test_waves_that_do_not_arrive():
    values, time, distance = wave(2.0, height=[100.0, 100.0, 50.0, 40.0])
    with pytest.raises(RequestError, match=r"did not reach 1000 µm \(at most -20 mV there\), nor 1 other place"):
        conduction_velocity(values, time, distance)
    with pytest.raises(RequestError, match="number 1 did not reach"):
        conduction_velocity(wave(2.0)[0], time, distance, spike=1)
    with pytest.raises(RequestError, match="at all 4 places at"):
        conduction_velocity(wave(1e12)[0], time, distance)
    with pytest.raises(RequestError, match=r"4 places and the distances are \[0\. 1\.\]"):
        conduction_velocity(values, time, [0.0, 1.0])
    with pytest.raises(RequestError, match="1 places and the distances are \\[\\]"):
        conduction_velocity(values[0], time)
    with pytest.raises(RequestError, match="together with times"):
        conduction_velocity(recording(time, values[0]), time)
    with pytest.raises(RequestError, match=r"holds no signal, and no voltage"):
        conduction_velocity(Recording(time, {}))
