"""The thick-tufted layer-5 pyramidal cell: four cylinders that fire a spike, a calcium spike, and a burst.

Back-propagation-activated calcium spike firing (BAC): a spike at the soma, together with an excitatory current in the
tuft too small to fire the cell, sets off a calcium spike there and a second spike at the soma (Larkum et al. 1999).
Channels are those of Hay et al. 2011; shape and densities are those of Mäki-Marttunen et al. 2018, table by table below.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import measurements as measure
from ..cells import Cell, material, paint
from ..mechanisms import (
    Ion,
    Leak,
    Mechanism,
    PyramidalCalciumPool,
    PyramidalCalciumPotassium,
    PyramidalCalciumReversal,
    PyramidalFastPotassium,
    PyramidalHighThresholdCalcium,
    PyramidalHyperpolarisation,
    PyramidalLowThresholdCalcium,
    PyramidalMuscarinicPotassium,
    PyramidalPersistentPotassium,
    PyramidalPersistentSodium,
    PyramidalTransientPotassium,
    PyramidalTransientSodium,
)
from ..morphology import Location, Morphology, at, branch, centre, from_table, per_branch, soma
from ..protocols import Stimulus, current_pulse, current_waveform
from ..recordings.probes import spikes, state, voltage
from .figures import Drawing, Figure, Traces
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values, attempt

PAPER = "Mäki-Marttunen et al. 2018, J Neurosci Methods 293:264"
DEPOSIT = "ModelDB 187474, single_cell/runmodel.hoc"
NEURON = f"{DEPOSIT}, by NEURON 9.0 with its variable step, tolerance 1e-9"

# The cell rests before anything is done to it, as in the deposit: the M-current and Ih are slow.
REST, AFTER = 10200.0, 300.0
TUFT = at("apic[1]", 0.313624422238)
COMPARTMENTS = 5

# Length and diameter, µm; resistivity, Ω·cm; capacitance, µF/cm²; leak and Ih conductance, S/cm².
CYLINDERS: dict[str, tuple[float, float, float, float, float, float]] = {
    "soma[0]": (24.5235, 14.6852, 379.507, 1.2154, 4.37095e-5, 0.000279218),
    "dend[0]": (425.88, 6.62433, 197.234, 1.93792, 3.79351e-5, 0.0002935),
    "apic[0]": (399.775, 10.6175, 957.826, 1.44542, 5.29409e-5, 0.0),
    "apic[1]": (702.194, 3.47888, 224.271, 2.6039, 6.83036e-5, 0.00492557),
}
SOMA = (
    PyramidalTransientSodium(conductance=2.41114),
    PyramidalPersistentSodium(conductance=0.00206183),
    PyramidalTransientPotassium(conductance=0.0238758),
    PyramidalPersistentPotassium(conductance=0.000175889),
    PyramidalFastPotassium(conductance=0.700652),
    PyramidalCalciumPotassium(conductance=0.0478551),
    PyramidalHighThresholdCalcium(conductance=0.000838171),
    PyramidalLowThresholdCalcium(conductance=0.00311435),
    PyramidalCalciumPool(free=0.0005, decay=488.347),
)
# No calcium current reaches the pool of the trunk, whose share that stays free is as in the deposit.
TRUNK = (
    PyramidalTransientSodium(conductance=0.0134547),
    PyramidalMuscarinicPotassium(conductance=0.000143416),
    PyramidalFastPotassium(conductance=0.00121434),
    PyramidalCalciumPotassium(conductance=0.000230911),
    PyramidalCalciumPool(free=0.0347197, decay=142.068),
)
TUFT_CHANNELS = (
    PyramidalTransientSodium(conductance=0.0131333),
    PyramidalMuscarinicPotassium(conductance=0.000112799),
    PyramidalCalciumPotassium(conductance=0.00364934),
    PyramidalHighThresholdCalcium(conductance=0.000977359),
    PyramidalLowThresholdCalcium(conductance=0.000486888),
    PyramidalCalciumPool(free=0.0005, decay=95.406),
)

SETTINGS = (
    Setting("step", 0.5, "nA", "amplitude of the long step at the soma", positive=False),
    Setting("pulse", 1.9, "nA", "amplitude of the 5 ms pulse at the soma", positive=False),
    Setting("epsc", 1.0, "nA", "peak of the excitatory current in the tuft, alone", positive=False),
    Setting("coincident", 0.5, "nA", "peak of the excitatory current in the tuft, beside the pulse", positive=False),
    Setting("temperature", 34.0, "degC", "temperature of the rates", positive=False),
    Setting("calcium_temperature", 6.3, "degC", "temperature in the Nernst potential of calcium", positive=False),
)


def shape() -> Morphology:
    """Basal tree, soma, trunk and tuft as four cylinders: the basal one at one end of the soma, the others at the other."""

    def cylinder(name: str, x: float, direction: float = 1.0) -> list[list[float]]:
        length, diameter, *_ = CYLINDERS[name]
        return [[x, 0.0, 0.0, diameter], [x + direction * length, 0.0, 0.0, diameter]]

    first = CYLINDERS["soma[0]"][0]
    second = first + CYLINDERS["apic[0]"][0]
    rows = (
        ("soma[0]", "soma", None, 0.0, cylinder("soma[0]", 0.0)),
        ("dend[0]", "basal", "soma[0]", 0.0, cylinder("dend[0]", 0.0, -1.0)),
        ("apic[0]", "apical", "soma[0]", 1.0, cylinder("apic[0]", first)),
        ("apic[1]", "apical", "apic[0]", 1.0, cylinder("apic[1]", second)),
    )
    return from_table(rows, name="layer 5 pyramidal cell")


def cell(values: Values) -> Cell:
    """Four cylinders with channels of their own."""
    made = Cell(shape(), per_branch(COMPARTMENTS), temperature=values["temperature"], initial_voltage=-80.0)
    for name, (_, _, resistivity, capacitance, leak, ih) in CYLINDERS.items():
        passive = (
            material(axial_resistivity=resistivity, capacitance=capacitance),
            Leak(conductance=leak, reversal=-90.0),
        )
        made = paint(made, branch(name), *passive)
        if ih:
            made = paint(made, branch(name), PyramidalHyperpolarisation(conductance=ih, reversal=-40.6682))
    potassium, sodium = Ion("k", 1, reversal=-85.0), Ion("na", 1, reversal=50.0)
    calcium = PyramidalCalciumReversal(warmth=values["calcium_temperature"])
    made = paint(made, branch("soma[0]"), *SOMA, sodium, potassium, calcium)
    made = paint(made, branch("apic[0]"), *TRUNK, sodium, potassium)
    return paint(made, branch("apic[1]"), *TUFT_CHANNELS, sodium, potassium, calcium)


def excitatory_current(
    *, at: Location, peak: float, start: float, rise: float = 0.5, decay: float = 5.0, name: str = "epsc"
) -> Stimulus:
    """An injected current with the time course of a synapse: the difference of two exponentials.

    peak: nA.  start: ms.  rise, decay: time constants, ms.

    >>> from excitable.morphology import soma, centre
    >>> round(float(excitatory_current(at=centre(soma), peak=1.0, start=5.0).samples.max()), 6)
    1.0
    """
    time = np.arange(0.0, 25.0 * decay, 0.005)
    top = rise * decay / (decay - rise) * math.log(decay / rise)
    height = math.exp(-top / decay) - math.exp(-top / rise)
    samples = (np.exp(-time / decay) - np.exp(-time / rise)) / height
    return current_waveform(at=at, times=start + time, samples=samples, amplitude=peak, name=name)
