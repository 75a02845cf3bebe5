"""The four-cylinder cell and the densities of Hay et al. against numbers of NEURON 9.0 and the published counts.

Reference times were computed with NEURON 9.0 from the authors' own files (ModelDB 187474 with the channels of ModelDB
139653): the four-cylinder cell with the variable step at a tolerance of 1e-9.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest

import excitable as ex
from excitable.library.layer5_pyramidal import (
    REST,
    TUFT,
    excitatory_current,
    fired,
    layer5_pyramidal,
    paint_layer5,
    shape,
)
from excitable.library.preparation import Experiment
from excitable.library.studies import perform, study

PUBLISHED = {"coincident": 2, "pulse": 1, "epsc": 0, "step": 3}
# Spikes after the onset, ms.
CONVERGED = {
    "coincident": (2.89937, 15.52959),
    "pulse": (2.89937,),
    "step": (25.57662, 41.81173, 68.22693),
}


@functools.cache
def experiments(**settings: float) -> dict[str, Experiment]:
    values = {**layer5_pyramidal.defaults, **settings}
    found = layer5_pyramidal.experiments(layer5_pyramidal.cell(values), values)
    return {experiment.name: experiment for experiment in found}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_counts_hold_with_a_large_step(name: str) -> None:
    """With the default step they are among the measured numbers."""
    recording = perform(experiments()[name], dt=0.025)
    assert fired(recording).size == PUBLISHED[name]


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_counts_do_not_depend_on_the_temperature_of_the_calcium_reversal(name: str) -> None:
    recording = perform(experiments(calcium_temperature=34.0)[name], dt=0.025)
    assert fired(recording).size == PUBLISHED[name]


@pytest.mark.parametrize("name", CONVERGED)
def test_spikes_come_when_the_converged_ones_come(name: str) -> None:
    """Within 4 µs; 3 µs are the rest of 2 s in place of the 10.2 s of the deposit."""
    recording = perform(experiments()[name], dt=0.0025)
    np.testing.assert_allclose(fired(recording) - REST, CONVERGED[name], atol=0.004)


def test_times_converge_with_second_order() -> None:
    first, second, finest = (fired(perform(experiments()["step"], dt=step))[-1] for step in (0.025, 0.0125, 0.0025))
    assert np.log2((first - finest) / (second - finest)) == pytest.approx(2.0, abs=0.1)


def test_the_measured_numbers_hold() -> None:
    done = study(layer5_pyramidal)
    assert [row.quantity for row in done.measured if row.holds is not True] == []
    assert len(done.measured) == 14
    assert {figure.name for figure in done.figures} >= {"burst", "calcium_spike"}


def test_the_shape_is_that_of_the_paper() -> None:
    made = shape()
    assert [round(branch.length, 4) for branch in made] == [24.5235, 425.88, 399.775, 702.194]
    parts = ex.discretise(made, ex.per_branch(5))
    assert len(parts) == 20
    assert TUFT.compartments(parts).tolist() == [16]


def test_the_excitatory_current_is_a_difference_of_exponentials() -> None:
    made = excitatory_current(at=TUFT, peak=2.0, start=10.0)
    assert made.samples is not None
    assert made.times is not None
    assert made.times[0] == 10.0
    assert made.samples[0] == 0.0
    assert made.samples.max() == pytest.approx(1.0, abs=1e-6)
    assert made.numbers["amplitude"] == 2.0
    # It peaks after ln(10) / (1/0.5 - 1/5) ms.
    assert made.times[made.samples.argmax()] - 10.0 == pytest.approx(np.log(10.0) / 1.8, abs=0.005)
    assert made.samples[-1] < 1e-10


# ---------------------------------------------------------------- any shape
def kinds_of(cell: ex.Cell) -> dict[str, set[str]]:
    """The mechanisms of the compartments of each kind of branch."""
    parts = cell.discretise()
    found: dict[str, set[str]] = {}
    for painting in cell.paintings:
        if not isinstance(painting.what, ex.Mechanism):
            continue
        for number in parts.branch[painting.region.mask(parts)]:
            found.setdefault(parts.morphology.branches[number].kind, set()).add(painting.what.name)
    return found


def neuron() -> ex.Morphology:
    """A soma with an axon, a basal and an apical dendrite of 650 µm."""
    return ex.morphology.from_table(
        [
            ("soma[0]", "soma", None, 0.0, [[0, 0, 0, 20], [20, 0, 0, 20]]),
            ("axon[0]", "axon", "soma[0]", 0.0, [[0, 0, 0, 1], [0, 60, 0, 1]]),
            ("dend[0]", "basal", "soma[0]", 0.0, [[0, 0, 0, 3], [-200, 0, 0, 1]]),
            ("apic[0]", "apical", "soma[0]", 1.0, [[20, 0, 0, 4], [670, 0, 0, 1]]),
        ]
    )


def test_densities_follow_the_kinds_of_branches() -> None:
    found = kinds_of(paint_layer5(neuron()))
    assert found["axon"] == {"Leak"}
    assert found["basal"] == {"Leak", "PyramidalHyperpolarisation"}
    assert "PyramidalMuscarinicPotassium" in found["apical"]
    assert "PyramidalMuscarinicPotassium" not in found["soma"]
    assert len(found["soma"]) == 14


def test_the_hot_zone_and_the_gradient_are_scaled_by_the_apical_tree() -> None:
    cell = paint_layer5(neuron(), ex.max_length(10))
    parts = cell.discretise()
    stroke = {
        p.what.name: p
        for p in cell.paintings
        if isinstance(p.what, ex.Mechanism) and ex.apical.mask(parts)[p.region.mask(parts)].all()
    }
    place = ex.compiler.place.PlaceOfCompartments(parts, np.flatnonzero(ex.apical.mask(parts)))
    low = stroke["PyramidalLowThresholdCalcium"].what.conductance.function(place)
    ih = stroke["PyramidalHyperpolarisation"].what.conductance.function(place)
    share = (place.distance - 10.0) / 660.0
    np.testing.assert_allclose(low, np.where((share > 0.52671) & (share < 0.68049), 0.0187, 0.000187))
    # 5 µm into the dendrite, 15 µm from the middle of the soma; and 5 µm before its end.
    assert ih[0] == pytest.approx(2e-4 * (2.087 * np.exp(3.6161 * 15.0 / 660.0) - 0.8696), rel=1e-12)
    assert ih[-1] == pytest.approx(2e-4 * (2.087 * np.exp(3.6161 * 655.0 / 660.0) - 0.8696), rel=1e-12)
    assert np.all(np.diff(ih) > 0.0)


@pytest.mark.parametrize(
    "made",
    [
        ex.ball_and_stick(20, 600, 3, kind="apical"),
        ex.ball_and_stick(20, 600, 3, kind="axon"),
        ex.single_compartment(20),
        ex.cable(500, 4),
        ex.cable(500, 4, kind="axon"),
        ex.cable(500, 4, kind="custom7"),
        neuron(),
    ],
    ids=["apical", "axon", "soma", "no soma", "axon alone", "custom", "neuron"],
)
def test_any_shape_fires(made: ex.Morphology) -> None:
    cell = paint_layer5(made)
    push = ex.current_pulse(at=ex.root, amplitude=2.0, start=2.0, duration=5.0)
    recording = ex.run(cell, "10 ms", protocol=[push], dt=0.025)
    assert recording["voltage at root"].values.max() > 0.0


class OddNumbers:
    """NEURON's customary rule 1 + 2 int(L / 40), which is that of Hay et al."""

    def counts(self, morphology: ex.Morphology) -> np.ndarray:
        return 1 + 2 * (morphology.lengths / 40.0).astype(np.int64)


@pytest.mark.parametrize(
    ("amplitude", "times"),
    [(0.2, (30.8872, 41.0852)), (0.6, (22.6446, 29.1339, 36.9284, 94.6813, 171.8843))],
)
def test_a_neuron_of_any_shape_fires_as_in_neuron(amplitude: float, times: tuple[float, ...]) -> None:
    """NEURON 9.0, the authors' channels, densities scaled as here, same compartments, second order, dt 0.0025 ms."""
    cell = paint_layer5(neuron(), OddNumbers())
    push = ex.current_pulse(at=ex.soma, amplitude=amplitude, start=20.0, duration=160.0)
    look = [ex.voltage(at=ex.soma, label="voltage"), ex.spikes(at=ex.soma, threshold=-20.0, label="spikes")]
    recording = ex.run(cell, "200 ms", protocol=[push], record=look, dt=0.0025)
    np.testing.assert_allclose(recording.spikes["spikes"].times[0], times, atol=0.01)
    assert recording["voltage"].values[round(19.0 / 0.0025)] == pytest.approx(-70.657, abs=0.001)


def test_what_is_not_a_shape_is_refused() -> None:
    with pytest.raises(ex.CellError, match="A shape is a morphology"):
        paint_layer5("neuron.swc")  # type: ignore[arg-type]
