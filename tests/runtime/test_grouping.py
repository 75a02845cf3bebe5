"""Results do not depend, in any bit, on threads or on which cells are simulated side by side."""

from __future__ import annotations

import numpy as np
import pytest
from runtime.cells import AMPLITUDE, SHAPES, probes, pulse, same

import excitable as ex
from excitable.frozen import replace

DURATION = 6.0
MOST = 33


def amplitudes(shape: str, count: int) -> np.ndarray:
    """The first of the same row of 33 amplitudes."""
    return AMPLITUDE[shape] * (0.4 + 0.05 * np.arange(MOST))[:count]


def swept(shape: str, count: int, threads: int, **more: object) -> ex.Recording:
    over = ex.vary("pulse", "amplitude", amplitudes(shape, count))
    return ex.sweep(
        SHAPES[shape](), DURATION, over, protocol=[pulse(1.0)], record=probes(shape), dt=0.025, threads=threads, **more
    )


def alone(shape: str, run: int, **more: object) -> ex.Recording:
    stimulus = pulse(float(amplitudes(shape, MOST)[run]))
    return ex.run(SHAPES[shape](), DURATION, protocol=[stimulus], record=probes(shape), dt=0.025, **more)


@pytest.mark.parametrize("method", [ex.staggered, ex.backward_euler], ids=repr)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 33])
def test_each_run_of_a_sweep_is_that_run_alone(shape: str, count: int, method: ex.methods.Method) -> None:
    together = swept(shape, count, threads=2, method=method)
    assert together.signals["v"].values.max() > -30.0 or count < 10
    for run in sorted({0, count // 2, count - 1}):
        assert same(together, alone(shape, run, method=method), run) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_threads_change_nothing(shape: str) -> None:
    for count in (5, 33):
        one = swept(shape, count, threads=1)
        assert sum(spikes.size for spikes in one.spikes["spikes"].times) > 0
        for threads in (2, 3, 4):
            assert same(swept(shape, count, threads=threads), one) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_identical_cells_are_identical(shape: str) -> None:
    over = ex.vary("pulse", "amplitude", np.full(11, AMPLITUDE[shape]))
    made = ex.sweep(SHAPES[shape](), DURATION, over, protocol=[pulse(1.0)], record=probes(shape), dt=0.025, threads=2)
    for signal in made.signals.values():
        assert all(row.tobytes() == signal.values[0].tobytes() for row in signal.values)


@pytest.mark.parametrize(
    ("owner", "name", "values"),
    [
        (ex.SquidSodium, "conductance", [0.08, 0.12, 0.15]),
        (ex.SquidPotassium, "reversal", [-80.0, -77.0, -72.0]),
        ("cell", "temperature", [6.3, 9.0, 12.0]),
        ("cell", "capacitance", [0.9, 1.0, 1.3]),
        ("cell", "initial_voltage", [-70.0, -65.0, -60.0]),
        ("pulse", "start", [0.5, 0.7125, 1.0]),
    ],
    ids=str,
)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_number_that_can_be_swept(shape: str, owner: object, name: str, values: list[float]) -> None:
    """A number given by a sweep is the same number given in the description, to rounding."""
    cell, stimulus = SHAPES[shape](), pulse(AMPLITUDE[shape])
    over = ex.vary(owner, name, values)
    together = ex.sweep(cell, DURATION, over, protocol=[stimulus], record=probes(shape), dt=0.025, threads=1)
    for run, value in enumerate(values):
        other, given = described(cell, stimulus, owner, name, value)
        single = ex.run(other, DURATION, protocol=[given], record=probes(shape), dt=0.025)
        for label, signal in together.signals.items():
            np.testing.assert_allclose(
                signal.values[run], single.signals[label].values, rtol=1e-6, atol=1e-9, err_msg=f"{label} at {value}"
            )
        np.testing.assert_allclose(together.spikes["spikes"].times[run], single.spikes["spikes"].times[0], atol=1e-7)


def described(cell: ex.Cell, stimulus: object, owner: object, name: str, value: float) -> tuple[ex.Cell, object]:
    """The cell and the stimulus with that number in their description."""
    if owner == "pulse":
        return cell, pulse(**{"amplitude": stimulus.numbers["amplitude"], name: value})
    if owner == "cell":
        return replace(cell, **{name: value}), stimulus
    strokes = []
    for stroke in cell.paintings:
        what = stroke.what
        if isinstance(what, owner):
            what = owner(**{**{key: getattr(what, key) for key in what.parameters}, name: value})
        strokes.append(replace(stroke, what=what))
    return replace(cell, paintings=tuple(strokes)), stimulus
