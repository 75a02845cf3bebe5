"""What live NEURON returns: shape, order of the compartments, and the order of its two schemes."""

from __future__ import annotations

import numpy as np
import pytest

from references.neuron_reference import BRANCHED_CELL, SQUID_CABLE, neuron_traces
from references.rallpack import spike_times


def test_cable_conducts_from_the_injected_end() -> None:
    traces = neuron_traces(SQUID_CABLE, [0, 250, 750], duration=20.0)
    assert traces.voltage.shape == (801, 3)
    np.testing.assert_allclose(traces.times, np.arange(801) * 0.025, atol=1e-9)
    near, far = (spike_times(traces.times, traces.voltage[:, column])[0] for column in (1, 2))
    assert 5.0 / (far - near) == pytest.approx(0.5587, abs=0.001)


def test_tree_answers_at_the_soma_first() -> None:
    traces = neuron_traces(BRANCHED_CELL, [2, 507], duration=10.0)
    soma, tip = (spike_times(traces.times, traces.voltage[:, column]) for column in (0, 1))
    assert len(soma) == 1
    assert soma[0] == pytest.approx(1.52, abs=0.03)
    assert len(tip) == 0 or tip[0] > soma[0]


def test_schemes_converge_with_their_order() -> None:
    """The default halves its error with the step, the second-order scheme quarters it."""
    exact = peak_time(0.001, 2)
    first = [peak_time(dt, 0) - exact for dt in (0.02, 0.01)]
    second = [peak_time(dt, 2) - exact for dt in (0.08, 0.04)]
    assert np.log2(first[0] / first[1]) == pytest.approx(1.0, abs=0.1)
    assert np.log2(second[0] / second[1]) == pytest.approx(2.0, abs=0.2)


def peak_time(dt: float, second_order: int) -> float:
    """When the soma of the branched cell crosses 0 mV on its way up."""
    traces = neuron_traces(BRANCHED_CELL, [2], duration=4.0, dt=dt, second_order=second_order)
    return float(spike_times(traces.times, traces.voltage[:, 0])[0])
