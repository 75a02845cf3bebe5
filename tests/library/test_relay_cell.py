"""The relay cell: spike times of NEURON, and what happens without its T-channels.

Reference times were computed with NEURON 9.0.2 from the mechanisms of ModelDB 279, at 34 °C.
"""

from __future__ import annotations

import numpy as np
import pytest

from excitable.library import find, perform
from excitable.library.preparation import Experiment
from excitable.library.readings import spike_times

RELAY = find("relay_cell")
# First and last spike after 600 ms, with second-order steps of 0.00125 ms.
FINE = {"rebound": (717.948865, 740.187432), "burst": (636.117582, 668.692084), "tonic": (621.376515, 887.573135)}


def experiments(**settings: float) -> dict[str, Experiment]:
    values = {**RELAY.defaults, **settings}
    return {each.name: each for each in RELAY.experiments(RELAY.cell(values), values)}


@pytest.mark.parametrize("name", FINE)
def test_spikes_come_when_those_of_neuron_come(name: str) -> None:
    found = spike_times(perform(experiments()[name], dt=0.0025))
    found = found[found > 600.0]
    np.testing.assert_allclose(found[[0, -1]], FINE[name], atol=2e-3)


def test_times_converge_with_second_order() -> None:
    first, second, third = (spike_times(perform(experiments()["burst"], dt=dt))[-1] for dt in (0.01, 0.005, 0.0025))
    assert np.log2((first - second) / (second - third)) == pytest.approx(2.0, abs=0.15)


def test_without_t_channels_there_is_no_rebound() -> None:
    quiet = experiments(dendritic=1e-7)
    assert spike_times(perform(quiet["rebound"])).size == 0
    assert spike_times(perform(quiet["tonic"], duration=900.0)).size > 5


def test_a_deeper_hyperpolarisation_gives_a_longer_burst() -> None:
    """NEURON 9.0.2 finds none at -0.05 nA, five at -0.1 and seven at -0.2."""
    counts = [spike_times(perform(experiments(hyperpolarisation=i)["rebound"])).size for i in (-0.05, -0.1, -0.2)]
    assert counts == [0, 5, 7]
