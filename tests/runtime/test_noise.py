"""Noise depends on its seed, the run and the step, and on nothing else; its numbers are independent and normal."""

from __future__ import annotations

import math

import numpy as np
import pytest
from runtime.cells import SHAPES, same

import excitable as ex
from excitable.runtime.samples import normals

DT = 0.025


def noise(seed: int = 7, name: str = "noise", **more: float) -> ex.protocols.Stimulus:
    return ex.current_noise(at=ex.root, seed=seed, name=name, **{"mean": 0.1, "deviation": 0.3, **more})


def integrated(stimuli: list[ex.protocols.Stimulus], duration: float, **more: object) -> np.ndarray:
    """The current of each step in nA, from the jumps of a compartment that only has a capacitance of 12.566 pF."""
    cell = ex.paint(ex.Cell(ex.single_compartment(20.0)), ex.everywhere, ex.Leak(conductance=1e-15))
    voltage = ex.run(cell, duration, protocol=stimuli, dt=DT, **more).signals["voltage at root"].values
    return np.diff(voltage) * (4e-3 * math.pi) / DT


def test_mean_deviation_and_shape() -> None:
    current = integrated([noise()], 1000.0)
    count = current.size
    assert current.mean() == pytest.approx(0.1, abs=4.0 * 0.3 / math.sqrt(count))
    z = (current - 0.1) / 0.3
    assert z.var() == pytest.approx(1.0, abs=4.0 * math.sqrt(2.0 / count))
    assert (z**3).mean() == pytest.approx(0.0, abs=4.0 * math.sqrt(15.0 / count))
    assert (z**4).mean() == pytest.approx(3.0, abs=4.0 * math.sqrt(96.0 / count))


def test_steps_are_independent() -> None:
    """No correlation with any later step up to 200, within what chance allows; nor in the squares."""
    z = (integrated([noise()], 1000.0) - 0.1) / 0.3
    for series in (z, (z**2 - 1.0) / math.sqrt(2.0)):
        power = np.abs(np.fft.rfft(series, 2 * series.size)) ** 2
        correlation = np.fft.irfft(power)[1:200] / series.size
        assert np.abs(correlation).max() < 5.0 / math.sqrt(series.size)


def test_runs_seeds_and_names_are_independent() -> None:
    rows = [normals(7, "noise", 0, 0, 20_000), normals(7, "noise", 1, 0, 20_000)]
    rows += [normals(8, "noise", 0, 0, 20_000), normals(7, "other", 0, 0, 20_000)]
    correlation = np.corrcoef(rows) - np.eye(4)
    assert np.abs(correlation).max() < 5.0 / math.sqrt(20_000)


def test_any_part_of_the_series_is_that_part() -> None:
    whole = normals(3, "noise", 5, 0, 100)
    for first in range(9):
        for count in range(1, 9):
            assert normals(3, "noise", 5, first, count).tobytes() == whole[first : first + count].tobytes()


@pytest.mark.parametrize("shape", SHAPES)
def test_noise_is_the_same_for_any_grouping(shape: str) -> None:
    """The first runs of a large sweep are the runs of a small one, whatever the number of threads."""
    cell, record = SHAPES[shape](), [ex.voltage(at=ex.root, label="v")]

    def swept(count: int, threads: int) -> np.ndarray:
        over = ex.vary("noise", "mean", np.linspace(0.0, 0.2, 33)[:count])
        made = ex.sweep(cell, 3.0, over, protocol=[noise()], record=record, dt=DT, threads=threads)
        return made.signals["v"].values

    large = swept(33, 1)
    assert len({row.tobytes() for row in large}) == 33
    for count, threads in ((1, 1), (2, 3), (5, 2), (7, 4), (33, 4)):
        assert swept(count, threads).tobytes() == large[:count].tobytes()


def test_noise_is_reproducible_and_seeds_differ() -> None:
    cell = SHAPES["cable"]()
    first, again, other = (ex.run(cell, 3.0, protocol=[noise(seed)], dt=DT) for seed in (1, 1, 2))
    assert same(first, again) == []
    assert same(first, other) == ["voltage at root"]


def test_another_stimulus_does_not_move_the_noise() -> None:
    alone = integrated([noise()], 10.0)
    second = ex.current_noise(at=ex.root, deviation=0.5, seed=7, name="second")
    constant = ex.current_pulse(at=ex.root, amplitude=1.0, duration=1000.0)
    both = integrated([constant, second, noise()], 10.0)
    np.testing.assert_allclose(both, alone + 1.0 + integrated([second], 10.0), atol=1e-9)


def test_noise_keeps_to_its_window() -> None:
    current = integrated([noise(start=2.0, duration=3.0)], 10.0)
    times = DT * np.arange(current.size)
    inside = (times > 1.99) & (times < 4.99)
    np.testing.assert_allclose(current[~inside], 0.0, atol=1e-9)
    assert current[inside].std() == pytest.approx(0.3, rel=0.2)


@pytest.mark.parametrize("seed", [-1, 1.5, "one", True])
def test_a_seed_is_a_whole_number(seed: object) -> None:
    with pytest.raises(ex.RequestError, match="A seed is a whole number"):
        noise(seed)  # type: ignore[arg-type]
