"""The squid membrane converges to the exact solution with the order of the method, under every kind of stimulus."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from methods.observed import METHODS, Traces, nanoampere, observed_order, wrong_orders
from methods.squid import PROBES, exact_membrane, membrane_cell, traces

import excitable as ex

DURATION = 24.0
# Each step is a quarter of the one before: what lies a third into a step lies a third into the finer steps too.
STEPS = (0.04, 0.01, 0.0025)
THIRD = STEPS[0] / 3.0


@dataclass(frozen=True)
class Case:
    """A stimulus of excitable, and the same current as a function of time."""

    stimulus: object
    current: Callable[[float], float]
    breaks: tuple[float, ...] = ()


def pulse(start: float, duration: float, density: float) -> Case:
    amplitude = nanoampere(density)
    end = start + duration
    made = ex.current_pulse(at=ex.soma, amplitude=amplitude, start=start, duration=duration)
    return Case(made, lambda t: amplitude if start <= t < end else 0.0, (start, end))


def ramp() -> Case:
    start, duration, last = 2.0 + THIRD, 18.0 + THIRD, nanoampere(25.0)
    made = ex.current_ramp(at=ex.soma, first=0.0, last=last, start=start, duration=duration)
    end = start + duration
    return Case(made, lambda t: last * (t - start) / duration if start <= t < end else 0.0, (start, end))


def sine() -> Case:
    start, duration, amplitude, offset = 1.0 + THIRD, 18.0, nanoampere(15.0), nanoampere(10.0)
    made = ex.current_sine(
        at=ex.soma, amplitude=amplitude, frequency=80.0, start=start, duration=duration, phase=0.2, offset=offset
    )

    def current(t: float) -> float:
        inside = start <= t < start + duration
        return offset + amplitude * math.sin(2.0 * math.pi * (0.08 * (t - start) + 0.2)) if inside else 0.0

    return Case(made, current, (start, start + duration))


def train() -> Case:
    start, period, width, amplitude = 1.0 + THIRD, 8.0, 1.2, nanoampere(30.0)
    made = ex.current_train(at=ex.soma, amplitude=amplitude, start=start, period=period, width=width, count=3)
    begins = [start + k * period for k in range(3)]
    edges = tuple(edge for begin in begins for edge in (begin, begin + width))
    return Case(made, lambda t: amplitude if any(b <= t < b + width for b in begins) else 0.0, edges)


def waveform() -> Case:
    times = np.array([1.0, 4.0, 9.0, 12.0, 20.0]) + THIRD
    samples = nanoampere(1.0) * np.array([5.0, 30.0, -10.0, 40.0, 0.0])
    made = ex.current_waveform(at=ex.soma, times=times, samples=samples)
    return Case(made, lambda t: float(np.interp(t, times, samples, left=0.0, right=0.0)), tuple(times))


CASES = {
    "steady current": pulse(0.0, 1000.0, 10.0),
    "pulse on the grid": pulse(1.0, 10.0, 15.0),
    "pulse off the grid": pulse(1.0 + THIRD, 10.0 + THIRD, 15.0),
    "ramp": ramp(),
    "sine": sine(),
    "train": train(),
    "waveform": waveform(),
}


@pytest.mark.parametrize("method", METHODS, ids=repr)
@pytest.mark.parametrize("name", CASES)
def test_error_shrinks_with_the_order_of_the_method(name: str, method: ex.methods.Method) -> None:
    case = CASES[name]
    times = STEPS[0] * np.arange(round(DURATION / STEPS[0]) + 1)
    reference = exact_membrane(case.current, times, case.breaks)
    assert np.ptp(reference["v"]) > 90.0, "the reference is meant to fire"

    def simulate(dt: float) -> Traces:
        return traces(ex.run(membrane_cell(), DURATION, protocol=[case.stimulus], record=PROBES, dt=dt, method=method))

    assert wrong_orders(observed_order(simulate, STEPS, reference), method.order) == {}


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_a_warm_membrane_converges_too(method: ex.methods.Method) -> None:
    """At 18.5 °C all gates are 3.8 times as fast: temperature reaches rates, steps and what is recorded."""
    steps = (0.02, 0.005, 0.00125)
    times = steps[0] * np.arange(round(8.0 / steps[0]) + 1)
    case = pulse(0.0, 1000.0, 40.0)
    reference = exact_membrane(case.current, times, temperature=18.5)
    assert np.ptp(reference["v"]) > 70.0

    def simulate(dt: float) -> Traces:
        return traces(ex.run(membrane_cell(18.5), 8.0, protocol=[case.stimulus], record=PROBES, dt=dt, method=method))

    assert wrong_orders(observed_order(simulate, steps, reference), method.order) == {}


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_a_pulse_shorter_than_a_step_keeps_its_charge(method: ex.methods.Method) -> None:
    """1 pC on 12.566 pF is 79.6 mV, wherever in the step it falls."""
    cell = ex.paint(ex.Cell(ex.single_compartment(20.0, 20.0)), ex.everywhere, ex.Leak(conductance=1e-12))
    for start in (0.9, 1.0, 1.0171, 1.0249):
        brief = ex.current_pulse(at=ex.soma, amplitude=1000.0, start=start, duration=0.001)
        made = ex.run(cell, 3.0, protocol=[brief], dt=0.025, method=method)
        rise = made.signals["voltage at root"].values[-1] + 65.0
        assert rise == pytest.approx(1e3 / (4.0 * math.pi), rel=1e-6)
