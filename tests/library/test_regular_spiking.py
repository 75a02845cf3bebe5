"""The regular-spiking cell against the same equations solved by LSODA with a tolerance of 1e-10."""

from __future__ import annotations

import numpy as np
import pytest

from excitable.library.regular_spiking import TIMES, regular_spiking
from excitable.library.studies import perform, study


def test_the_measured_numbers_hold() -> None:
    done = study(regular_spiking)
    assert [row.quantity for row in done.measured if row.holds is not True] == []
    assert len(done.measured) == 15
    assert {figure.name for figure in done.figures} == {"train", "gates", "firing_curve"}


def test_spikes_converge_with_second_order() -> None:
    values = regular_spiking.defaults
    step = regular_spiking.experiments(regular_spiking.cell(values), values)[0]
    times = [perform(step, dt=dt).spikes["spikes"].times[0] for dt in (0.02, 0.01, 0.005, 0.000625)]
    np.testing.assert_allclose(times[-1], TIMES, atol=0.003)
    errors = np.array([each - times[-1] for each in times[:-1]])[:, 1:]
    np.testing.assert_allclose(np.log2(errors[:-1] / errors[1:]), 2.0, atol=0.1)


@pytest.mark.parametrize("dt", [None, 0.025])
def test_the_count_holds_with_large_steps(dt: float | None) -> None:
    values = regular_spiking.defaults
    first = regular_spiking.experiments(regular_spiking.cell(values), values)[0]
    assert perform(first, dt=dt).spikes["spikes"].count == 5
