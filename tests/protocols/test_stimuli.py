"""Injected currents: each step gets the mean of the current over that step, so that no charge is lost at edges."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from runtime.cells import tree
from scipy.integrate import quad

import excitable as ex
from excitable.frozen import replace

DT = 0.05
CAPACITANCE = 4e-3 * math.pi


def injected(*stimuli: ex.protocols.Stimulus, duration: float = 20.0, dt: float = DT) -> np.ndarray:
    """The current of each step in nA, from the jumps of a compartment that has nothing but its capacitance."""
    cell = ex.paint(ex.Cell(ex.single_compartment(20.0)), ex.everywhere, ex.Leak(conductance=1e-15))
    voltage = ex.run(cell, duration, protocol=stimuli, dt=dt).signals["voltage at root"].values
    return np.diff(voltage) * CAPACITANCE / dt


WAVE = (np.array([1.03, 2.0, 2.51, 9.0, 9.001]), np.array([0.0, 1.0, -2.0, 3.0, 0.5]))
SHAPES: dict[str, tuple[ex.protocols.Stimulus, Callable[[float], float], list[float]]] = {
    "pulse on the grid": (
        ex.current_pulse(at=ex.soma, amplitude=0.7, start=2.0, duration=5.0),
        lambda t: 0.7 if 2.0 <= t < 7.0 else 0.0, [2.0, 7.0],
    ),
    "pulse off the grid": (
        ex.current_pulse(at=ex.soma, amplitude=-0.7, start=2.013, duration=5.021),
        lambda t: -0.7 if 2.013 <= t < 7.034 else 0.0, [2.013, 7.034],
    ),
    "pulse inside a step": (
        ex.current_pulse(at=ex.soma, amplitude=3.0, start=2.013, duration=0.011),
        lambda t: 3.0 if 2.013 <= t < 2.024 else 0.0, [2.013, 2.024],
    ),
    "pulse beyond the end": (
        ex.current_pulse(at=ex.soma, amplitude=0.7, start=12.0, duration=1e9),
        lambda t: 0.7 if t >= 12.0 else 0.0, [12.0],
    ),
    "train": (
        ex.current_train(at=ex.soma, amplitude=0.5, start=1.01, period=3.33, width=0.77, count=4),
        lambda t: 0.5 if 0 <= t - 1.01 < 4 * 3.33 and (t - 1.01) % 3.33 < 0.77 else 0.0,
        [1.01 + 3.33 * k + w for k in range(4) for w in (0.0, 0.77)],
    ),
    "train of pulses shorter than a step": (
        ex.current_train(at=ex.soma, amplitude=0.5, start=0.99, period=0.037, width=0.011, count=100),
        lambda t: 0.5 if 0 <= t - 0.99 < 3.7 and (t - 0.99) % 0.037 < 0.011 else 0.0,
        [0.99 + 0.037 * k + w for k in range(101) for w in (0.0, 0.011)],
    ),
    "train without gaps": (
        ex.current_train(at=ex.soma, amplitude=0.5, start=2.0, period=1.5, width=1.5, count=3),
        lambda t: 0.5 if 2.0 <= t < 6.5 else 0.0, [2.0, 6.5],
    ),
    "ramp": (
        ex.current_ramp(at=ex.soma, first=-0.2, last=1.0, start=1.017, duration=9.031),
        lambda t: -0.2 + 1.2 * (t - 1.017) / 9.031 if 1.017 <= t < 10.048 else 0.0, [1.017, 10.048],
    ),
    "waveform": (
        ex.current_waveform(at=ex.soma, times=WAVE[0], samples=WAVE[1], amplitude=0.5),
        lambda t: 0.5 * float(np.interp(t, *WAVE, left=0.0, right=0.0)), WAVE[0].tolist(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_each_step_gets_the_mean_of_the_current(name: str) -> None:
    stimulus, current, breaks = SHAPES[name]
    found = injected(stimulus)
    expected = []
    for k in range(found.size):
        begin, end = k * DT, (k + 1) * DT
        edges = [begin, *sorted(b for b in breaks if begin < b < end), end]
        pieces = itertools.pairwise(edges)
        # Between its breaks each shape is a straight line: the middle is the mean.
        expected.append(sum(current(0.5 * (a + b)) * (b - a) for a, b in pieces) / DT)
    np.testing.assert_allclose(found, expected, atol=2e-10)


@pytest.mark.parametrize(("frequency", "phase"), [(40.0, 0.0), (150.0, 0.25), (0.5, 0.9)])
def test_a_sine_is_the_sine_at_the_middle_of_the_step(frequency: float, phase: float) -> None:
    stimulus = ex.current_sine(
        at=ex.soma, amplitude=0.3, frequency=frequency, start=1.0, duration=8.0, phase=phase, offset=0.1
    )
    found = injected(stimulus)
    middle = DT * (np.arange(found.size) + 0.5)
    exact = 0.1 + 0.3 * np.sin(2.0 * math.pi * (1e-3 * frequency * (middle - 1.0) + phase))
    inside = (middle > 1.0) & (middle < 9.0)
    np.testing.assert_allclose(found, np.where(inside, exact, 0.0), atol=2e-10)
    charge = quad(lambda t: 0.1 + 0.3 * math.sin(2.0 * math.pi * (1e-3 * frequency * (t - 1.0) + phase)), 1.0, 9.0)[0]
    assert DT * found.sum() == pytest.approx(charge, abs=1e-3)


def test_stimuli_at_one_place_add_up() -> None:
    pulses = [SHAPES[name][0] for name in ("pulse off the grid", "train", "ramp", "waveform")]
    second = ex.current_pulse(at=ex.soma, amplitude=0.2, start=0.5, duration=11.0, name="second")
    together = injected(*pulses, second)
    apart = sum(injected(each) for each in (*pulses, second))
    np.testing.assert_allclose(together, apart, atol=1e-9)


def test_stimuli_at_several_places_of_a_tree() -> None:
    """A linear cell: the answer to all is the sum of the answers, and each enters where it was placed."""
    cell = ex.Cell(tree().morphology, ex.max_length(17.0), initial_voltage=-65.0)
    cell = ex.paint(cell, ex.everywhere, ex.Leak(conductance=1e-4, reversal=-65.0))
    places = {"one": ex.soma, "two": ex.distal(ex.axon), "three": ex.at("dend[3]", 1.0)}
    pulses = [ex.current_pulse(at=at, amplitude=0.1, start=1.0, duration=3.0, name=name) for name, at in places.items()]
    record = [ex.voltage(at=ex.each(ex.everywhere), label="v")]

    def rise(*protocol: ex.protocols.Stimulus) -> np.ndarray:
        return ex.run(cell, 6.0, protocol=protocol, record=record, dt=DT).signals["v"].values + 65.0

    np.testing.assert_allclose(rise(*pulses), sum(rise(each) for each in pulses), rtol=1e-9, atol=1e-10)
    signal = ex.run(cell, 1.5, protocol=[pulses[2]], record=record, dt=DT).signals["v"]
    highest = signal.places[int(np.argmax(signal.values[:, -1]))]
    assert highest.branch == "dend[3]"
    assert highest.position > 0.8


@pytest.mark.parametrize(
    ("stimulus", "number", "values"),
    [
        (SHAPES["pulse off the grid"][0], "amplitude", [0.1, 0.5]),
        (SHAPES["pulse off the grid"][0], "duration", [1.01, 3.0]),
        (SHAPES["train"][0], "period", [2.0, 5.5]),
        (SHAPES["train"][0], "count", [1.0, 3.0]),
        (SHAPES["ramp"][0], "last", [-1.0, 2.0]),
        (SHAPES["waveform"][0], "amplitude", [1.0, -3.0]),
    ],
    ids=lambda x: getattr(x, "name", str(x)),
)
def test_numbers_of_a_stimulus_can_be_swept(stimulus: ex.protocols.Stimulus, number: str, values: list[float]) -> None:
    cell = ex.paint(ex.Cell(ex.single_compartment(20.0)), ex.everywhere, ex.Leak(conductance=1e-15))
    made = ex.sweep(cell, 20.0, ex.vary(stimulus, number, values), protocol=[stimulus], dt=DT)
    for row, value in zip(made.signals["voltage at root"].values, values, strict=True):
        single = replace(stimulus, numbers={**stimulus.numbers, number: value})
        np.testing.assert_allclose(np.diff(row) * CAPACITANCE / DT, injected(single), atol=1e-10)


def test_the_end_of_each_shape() -> None:
    assert SHAPES["pulse on the grid"][0].end == 7.0
    assert SHAPES["train"][0].end == pytest.approx(1.01 + 3 * 3.33 + 0.77)
    assert SHAPES["waveform"][0].end == 9.001
    assert ex.current_sine(at=ex.soma, amplitude=1.0, frequency=10.0).end > 1e14


def test_waveforms_with_units() -> None:
    plain = ex.current_waveform(at=ex.soma, times=[0.0, 1.0, 2.0], samples=[0.0, 0.1, 0.0])
    written = ex.current_waveform(at=ex.soma, times=["0 s", "1 ms", "2000 us"], samples=["0 nA", "100 pA", "0 A"])
    np.testing.assert_allclose(injected(plain), injected(written), rtol=1e-12)
