"""The thick-tufted layer-5 pyramidal cell: four cylinders that fire a spike, a calcium spike, and a burst.

Back-propagation-activated calcium spike firing (BAC): a spike at the soma, together with an excitatory current in the
tuft too small to fire the cell, sets off a calcium spike there and a second spike at the soma (Larkum et al. 1999).
Channels are those of Hay et al. 2011; shape and densities are those of Mäki-Marttunen et al. 2018.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import measurements as measure
from ..cells import Cell, Material, material, paint
from ..constants import FARADAY, GAS, ZERO_CELSIUS
from ..expressions import log
from ..mechanisms import (
    Ion,
    Leak,
    Mechanism,
    PyramidalCalciumPool,
    PyramidalCalciumPotassium,
    PyramidalFastPotassium,
    PyramidalHighThresholdCalcium,
    PyramidalHyperpolarisation,
    PyramidalLowThresholdCalcium,
    PyramidalMuscarinicPotassium,
    PyramidalPersistentPotassium,
    PyramidalPersistentSodium,
    PyramidalTransientPotassium,
    PyramidalTransientSodium,
    along,
    parameter,
)
from ..morphology import (
    Location,
    Morphology,
    Region,
    Rule,
    apical,
    at,
    axon,
    branch,
    d_lambda,
    distance_less_than,
    each,
    everywhere,
    from_table,
    per_branch,
    soma,
)
from ..protocols import Stimulus, current_pulse, current_waveform
from ..recordings import Recording
from ..recordings.probes import spikes, state, voltage
from .figures import Drawing, Figure, Traces
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values, attempt

PAPER = "Mäki-Marttunen et al. 2018, J Neurosci Methods 293:264"
DEPOSIT = "ModelDB 187474, single_cell/runmodel.hoc"
NEURON = f"{DEPOSIT}, by NEURON 9.0 with its variable step, tolerance 1e-9"

# The deposit lets the cell rest for 10.2 s from -80 mV. From near its rest, 2 s bring every spike within 3 µs of that.
REST, AFTER = 2000.0, 300.0
# The last spike of a train is 12 µs early with the step that is chosen without this one, ms.
STEP = 0.005
TUFT = at("apic[1]", 0.313624422238)
COMPARTMENTS = 5

# Length and diameter, µm; resistivity, Ω·cm; capacitance, µF/cm²; leak and Ih conductance, S/cm²; near its rest, mV.
CYLINDERS: dict[str, tuple[float, float, float, float, float, float, float]] = {
    "soma[0]": (24.5235, 14.6852, 379.507, 1.2154, 4.37095e-5, 0.000279218, -77.48),
    "dend[0]": (425.88, 6.62433, 197.234, 1.93792, 3.79351e-5, 0.0002935, -77.53),
    "apic[0]": (399.775, 10.6175, 957.826, 1.44542, 5.29409e-5, 0.0, -76.57),
    "apic[1]": (702.194, 3.47888, 224.271, 2.6039, 6.83036e-5, 0.00492557, -70.25),
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

IONS = (Ion("na", 1, reversal=50.0), Ion("k", 1, reversal=-85.0))


class PyramidalCalciumReversal(Mechanism):
    """The Nernst potential of calcium for the concentration in the shell, at a temperature of its own.

    Source: Hay et al. 2011 (ModelDB 139653): the rates are set for 34 °C in the equations, while the simulator's own
    temperature stayed at its default of 6.3 °C and entered here alone. Published traces have it so.
    """

    outside = parameter(2.0, "mM", "calcium concentration outside")
    warmth = parameter(6.3, "degC", "temperature in the Nernst equation; 6.3 as published, 34 as for the rates")

    def provides(self, ca_inside: Any) -> dict[str, Any]:
        """The reversal potential of calcium, mV."""
        scale = 1e3 * GAS / (2.0 * FARADAY)
        return {"e_ca": scale * (self.warmth + ZERO_CELSIUS) * log(self.outside / ca_inside)}


SETTINGS = (
    Setting("step", 0.5, "nA", "amplitude of the long step at the soma", positive=False),
    Setting("pulse", 1.9, "nA", "amplitude of the 5 ms pulse at the soma", positive=False),
    Setting("epsc", 1.0, "nA", "peak of the excitatory current in the tuft, alone", positive=False),
    Setting("coincident", 0.5, "nA", "peak of the excitatory current in the tuft, beside the pulse", positive=False),
    Setting("temperature", 34.0, "degC", "temperature of the rates", positive=False),
    Setting("calcium_temperature", 6.3, "degC", "temperature in the Nernst potential of calcium", positive=False),
)


def shape() -> Morphology:
    """Basal tree, soma, trunk and tuft as four cylinders, in this order along a line."""

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
    made = Cell(shape(), per_branch(COMPARTMENTS), temperature=values["temperature"])
    for name, (_, _, resistivity, capacitance, leak, ih, rest) in CYLINDERS.items():
        stuff = material(axial_resistivity=resistivity, capacitance=capacitance, initial_voltage=rest)
        made = paint(made, branch(name), stuff, Leak(conductance=leak, reversal=-90.0))
        if ih:
            made = paint(made, branch(name), PyramidalHyperpolarisation(conductance=ih, reversal=-40.6682))
    calcium = PyramidalCalciumReversal(warmth=values["calcium_temperature"])
    made = paint(made, branch("soma[0]"), *SOMA, *IONS, calcium)
    made = paint(made, branch("apic[0]"), *TRUNK, *IONS)
    return paint(made, branch("apic[1]"), *TUFT_CHANNELS, *IONS, calcium)


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


def experiments(neuron: Cell, values: Values) -> tuple[Experiment, ...]:
    """A burst with a calcium spike first; then its two halves alone; then a long step."""
    pulse = current_pulse(at=soma, amplitude=values["pulse"], start=REST, duration=5.0)
    step = current_pulse(at=soma, amplitude=values["step"], start=REST, duration=150.0, name="step")
    alone = excitatory_current(at=TUFT, peak=values["epsc"], start=REST + 5.0)
    beside = excitatory_current(at=TUFT, peak=values["coincident"], start=REST + 5.0)
    look = (
        voltage(at=soma, label="soma"),
        voltage(at=TUFT, label="tuft"),
        spikes(at=soma, threshold=-20.0, label="spikes"),
    )
    calcium = state("calcium", of=PyramidalCalciumPool, at=TUFT, label="calcium")
    along = voltage(at=each(everywhere), label="voltage")
    return (
        Experiment("coincident", neuron, REST + AFTER, (pulse, beside), (*look, calcium), dt=STEP),
        Experiment("pulse", neuron, REST + AFTER, (pulse,), look, dt=STEP),
        Experiment("epsc", neuron, REST + AFTER, (alone,), look, dt=STEP),
        Experiment("step", neuron, REST + AFTER, (step,), look, dt=STEP),
        Experiment("movie", neuron, REST + 60.0, (pulse, beside), (along,), every=20),
    )


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """Rest, how many spikes each experiment gives, when they come, and the calcium spike in the tuft."""
    times = {name: fired(recordings[name]) - REST for name in ("coincident", "pulse", "epsc", "step")}
    peaks = {name: attempt(partial(peak_in_tuft, recordings[name])) for name in ("coincident", "pulse", "epsc")}

    def count(what: str, name: str, published: int) -> Measured:
        return Measured(f"spikes: {what}", float(times[name].size), "1", published, 0.0, f"{PAPER}, fig 4C")

    def moment(which: int, name: str, published: float) -> Measured:
        word = ("first", "second", "third")[which]
        value = float(times[name][which]) if times[name].size > which else math.nan
        return Measured(f"{word} spike of the {name} experiment", value, "ms", published, 0.01, NEURON)

    def resting(probe: str, published: float) -> Measured:
        value = attempt(
            lambda: measure.resting_potential(recordings["pulse"], start=REST - 50.0, stop=REST, probe=probe)
        )
        return Measured(f"resting potential of the {probe}", value, "mV", published, 0.001, NEURON)

    return (
        count("pulse at the soma and excitation of the tuft", "coincident", 2),
        count("pulse at the soma alone", "pulse", 1),
        count("excitation of the tuft alone, twice as strong", "epsc", 0),
        count("step of 150 ms at the soma", "step", 3),
        Measured("peak in the tuft, both together", peaks["coincident"], "mV", 21.894, 0.05, NEURON),
        Measured("peak in the tuft, pulse alone", peaks["pulse"], "mV", -37.949, 0.05, NEURON),
        Measured("peak in the tuft, excitation alone", peaks["epsc"], "mV", -48.964, 0.05, NEURON),
        resting("soma", -77.4844),
        resting("tuft", -70.9703),
        *(moment(k, "coincident", time) for k, time in enumerate((2.8994, 15.5296))),
        *(moment(k, "step", time) for k, time in enumerate((25.5766, 41.8117, 68.2269))),
    )


def fired(recording: Recording) -> NDArray[np.float64]:
    """The times of the spikes at the soma, ms."""
    return np.asarray(recording.spikes["spikes"].times[0])


def peak_in_tuft(recording: Recording) -> float:
    """The highest potential in the tuft after the stimulus began, mV."""
    return float(recording["tuft"].values[recording.time > REST].max())


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """The burst, its halves, the step, and the cell at the height of the calcium spike."""
    both = ("soma", "tuft")
    short, long = (REST - 10.0, REST + 90.0), (REST - 20.0, REST + 200.0)
    return (
        Traces("burst", "Pulse at the soma and excitation of the tuft: a calcium spike", "coincident", both, short),
        Traces("pulse_alone", "The pulse alone: one spike", "pulse", both, short),
        Traces("excitation_alone", "Twice the excitation alone: no spike", "epsc", both, short),
        Traces("step", "A step of 150 ms", "step", both, long),
        Traces("calcium", "Calcium in the tuft during the burst", "coincident", ("calcium",), short),
        Drawing("calcium_spike", "At the height of the calcium spike", "movie", "voltage", REST + 20.0),
    )


# ---------------------------------------------------------------- the densities of Hay et al. on any shape
HAY = "Hay et al. 2011, PLoS Comput Biol 7:e1002107, fig 4 (ModelDB 139653, L5PCbiophys3.hoc)"
# The longest apical path of the cell that the densities were fitted on, and its calcium hot zone, µm.
LONGEST, HOT = 1300.53, (685.0, 885.0)
# The default conductances of the channels are those of this soma.
HAY_SOMA = (
    PyramidalTransientSodium(),
    PyramidalPersistentSodium(),
    PyramidalTransientPotassium(),
    PyramidalPersistentPotassium(),
    PyramidalFastPotassium(),
    PyramidalCalciumPotassium(),
    PyramidalHighThresholdCalcium(),
    PyramidalLowThresholdCalcium(),
    PyramidalCalciumPool(),
    PyramidalHyperpolarisation(),
)


def paint_layer5(
    shape: Morphology, compartments: Rule | None = None, *, temperature: Any = 34.0, calcium_temperature: Any = 6.3
) -> Cell:
    """Any shape with the membrane of the layer-5 pyramidal cell of Hay et al. 2011.

    Densities follow the kinds of the branches: soma, axon (passive), apical; all others count as basal. Where there is
    no soma, the first 20 µm stand for it. Distances in the apical tree are scaled by its longest path, so that the
    calcium hot zone lies from 53 to 68 % of the way to the farthest tip.

    Raises CellError for what is not a morphology.

    Source: Hay et al. 2011, PLoS Comput Biol 7:e1002107, fig 4 (ModelDB 139653, L5PCbiophys3.hoc).

    >>> from excitable.morphology import ball_and_stick
    >>> paint_layer5(ball_and_stick(20, 600, 3, kind="apical")).temperature
    34.0
    """
    rule = d_lambda(0.1, axial_resistivity=100.0, capacitance=2.0) if compartments is None else compartments
    made = Cell(shape, rule, axial_resistivity=100.0, temperature=temperature, initial_voltage=-80.0)
    parts = made.discretise()
    body = soma if np.any(soma.mask(parts)) else distance_less_than(max(20.0, 1.001 * float(parts.distance.min())))
    calcium = PyramidalCalciumReversal(warmth=calcium_temperature)
    thin, thick = material(capacitance=1.0), material(capacitance=2.0)
    strokes: tuple[tuple[Region, tuple[Mechanism | Material, ...]], ...] = (
        (axon - body, (thin, _leak(3.25e-5))),
        (~(body | axon | apical), (thick, _leak(4.67e-5), PyramidalHyperpolarisation())),
        (apical - body, (thick, _leak(5.89e-5), *_hay_apical(shape), *IONS, calcium)),
        (body, (thin, _leak(3.38e-5), *HAY_SOMA, *IONS, calcium)),
    )
    for region, what in strokes:
        if np.any(region.mask(parts)):
            made = paint(made, region, *what)
    return made


def _leak(conductance: float) -> Leak:
    return Leak(conductance=conductance, reversal=-90.0)


def _hay_apical(shape: Morphology) -> tuple[Mechanism, ...]:
    """The channels of the apical tree, whose densities depend on the distance from the soma."""
    middle = 0.5 * shape.branches[0].length if shape.branches[0].kind == "soma" else 0.0
    ends = [start + item.length for start, item in zip(shape.starts, shape, strict=True) if item.kind == "apical"]
    farthest = max(ends, default=0.0) - middle

    def share(place: Any) -> Any:
        return (place.distance - middle) / farthest

    def hot(place: Any, outside: float) -> Any:
        inside = (share(place) > HOT[0] / LONGEST) & (share(place) < HOT[1] / LONGEST)
        return np.where(inside, 1.0, outside)

    def rising(place: Any) -> Any:
        return 2e-4 * (-0.8696 + 2.087 * np.exp(3.6161 * share(place)))

    return (
        PyramidalTransientSodium(conductance=0.0213),
        PyramidalMuscarinicPotassium(conductance=6.75e-5),
        PyramidalFastPotassium(conductance=0.000261),
        PyramidalCalciumPotassium(conductance=0.0012),
        PyramidalHighThresholdCalcium(conductance=along(lambda place: 0.000555 * hot(place, 0.1))),
        PyramidalLowThresholdCalcium(conductance=along(lambda place: 0.0187 * hot(place, 0.01))),
        PyramidalCalciumPool(free=0.000509, decay=122.0),
        PyramidalHyperpolarisation(conductance=along(rising)),
    )


layer5_pyramidal = Preparation(
    name="layer5_pyramidal",
    summary="A layer-5 pyramidal cell in four cylinders: a spike and a little current in the tuft make a burst.",
    source=f"{PAPER}, with the channels of Hay et al. 2011, PLoS Comput Biol 7:e1002107",
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
    remarks=(
        "The rates are those at 34 °C; the Nernst potential of calcium is that at 6.3 °C, as in the published runs.",
        "With calcium_temperature=34 the counts are the same, and the third spike of the step comes 4.6 ms later.",
        "Each cylinder has five compartments, as published; with 45 and calcium at 34 °C the pulse alone fires twice.",
        "A comment in the deposit has one spike for the excitation alone; its run and figure 4C show none at the soma.",
    ),
)
