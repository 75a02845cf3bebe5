"""A neuron from a file: any shape, with the membrane of a cortical pyramidal cell, made to fire at its soma.

It states no published number: it shows what a reconstructed cell does. Channels and densities are those that
Hay et al. 2011 fitted to a layer-5 pyramidal cell of the rat; on another cell they are a guess to start from.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import measurements as measure
from ..cells import Cell
from ..errors import NumericalError, RequestError
from ..frozen import replace
from ..morphology import (
    Location,
    Morphology,
    Region,
    apical,
    basal,
    dendrite,
    distal,
    each,
    everywhere,
    read,
    root,
    soma,
)
from ..protocols import current_pulse
from ..recordings import Recording
from ..recordings.probes import voltage
from ..runtime import vary
from .figures import Drawing, Figure, Traces
from .layer5_pyramidal import paint_layer5
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values, attempt
from .studies import perform

# From a uniform voltage the dendrites find their own rest within this time, ms; roughly, within the shorter.
SETTLED, ROUGHLY, LAST = 300.0, 150.0, 30.0
# The current is looked for in steps of two, four at a time so that a small cell is not torn apart by a large one, and
# then twice between the last that fails and the first that fires. The weakest and the strongest, as a density: µA/cm².
WEAKEST, STRONGEST, TOGETHER, FINER = 0.02, 200.0, 4, 7

# A movie of every compartment at every tenth of a millisecond stays small for any cell.
STEP, COARSE, FRAME = 0.01, 0.05, 10
# The resistance is measured with a small share of the current, ms.
PROBE, LONG = 0.05, 400.0

SETTINGS = (
    Setting("current", 0.0, "nA", "current at the soma; 0 looks for 1.5 times the threshold", positive=False),
    Setting("pulse", 40.0, "ms", "duration of the current"),
    Setting("temperature", 34.0, "degC", "temperature", positive=False),
)


def neuron_from_file(path: str | Path) -> Preparation:
    """The preparation of the neuron in an SWC file.

    Raises:
        MorphologyError: The file is not the shape of a cell.
    """
    shape = read(path)
    return Preparation(
        name=Path(path).stem,
        summary=f"The neuron in {Path(path).name}, made to fire by a current at its soma.",
        source=f"shape: {Path(path).name}; membrane: Hay et al. 2011, PLoS Comput Biol 7:e1002107",
        cell=lambda values: cell(shape, values),
        experiments=experiments,
        measure=lambda recordings, values: read_off(shape, recordings, values),
        figures=figures,
        settings=SETTINGS,
        search=search,
        remarks=shape.report,
    )


def cell(shape: Morphology, values: Values) -> Cell:
    """The neuron with the membrane of a layer-5 pyramidal cell."""
    return paint_layer5(shape, temperature=values["temperature"])


def _kinds(shape: Morphology) -> set[str]:
    return {branch.kind for branch in shape}


def _electrode(shape: Morphology) -> Location | Region:
    return soma if "soma" in _kinds(shape) else root


def _far(shape: Morphology) -> tuple[str, Location]:
    """The tip farthest from the soma on a dendrite, and what to call it."""
    for kind, region in (("apical", apical), ("dendrite", dendrite), ("basal", basal)):
        if kind in _kinds(shape):
            return f"distal {kind} dendrite".replace("dendrite dendrite", "dendrite"), distal(region)
    return "far end", distal(everywhere)


def search(neuron: Cell, values: Values) -> Values:
    """Where the neuron rests; the threshold current there; and the current to use."""
    where = _electrode(neuron.morphology)
    quiet = perform(Experiment("quiet", neuron, SETTLED, record=(voltage(at=where, label="soma"),), dt=COARSE,
                               every=20, coarse=True), progress=False)  # fmt: skip
    rest = float(quiet["soma"].values[-1])
    if values["current"]:
        return {"rest": rest, "threshold": np.nan, "amplitude": values["current"]}
    threshold = threshold_current(replace(neuron, initial_voltage=rest), values)
    return {"rest": rest, "threshold": threshold, "amplitude": 1.5 * threshold}


def threshold_current(neuron: Cell, values: Values) -> float:
    """The smallest current (nA, within 3 %) at the soma that makes the neuron fire during the pulse.

    Raises:
        RequestError: No current does that is sensible for a cell of this size.
    """
    area = neuron.morphology.area * 1e-5  # of 1 µA/cm², nA
    low, high = 0.0, WEAKEST * area
    fires: NDArray[np.bool_] = np.zeros(TOGETHER, dtype=bool)
    ladder: NDArray[Any] = np.zeros(TOGETHER)
    while not fires.any():
        low, high = float(ladder[-1]), max(high, 2.0 * float(ladder[-1]))
        if high > STRONGEST * area:
            raise _silent(neuron, low)
        ladder = high * 2.0 ** np.arange(TOGETHER)
        try:
            fires = _fires(neuron, values, ladder)
        except NumericalError as error:
            # Hundreds of millivolts: no membrane is described there.
            raise _silent(neuron, low) from error
    for finer in (True, True, False):
        first = int(np.argmax(fires))
        low, high = float(ladder[first - 1]) if first else low, float(ladder[first])
        if finer:
            ladder = np.linspace(low, high, FINER + 1)[1:]
            fires = _fires(neuron, values, ladder)
    return high


def _silent(neuron: Cell, strongest: float) -> RequestError:
    return RequestError(
        f"No current up to {strongest:.3g} nA at the soma makes {neuron.morphology.name!r} fire, whose first branch "
        f"has {neuron.morphology.areas[0]:.3g} µm² of membrane. Expected a soma with sodium channels enough. Write "
        "--set 'PyramidalTransientSodium.conductance=4 S/cm2', or --set current=1 for a current of your own."
    )


def _fires(neuron: Cell, values: Values, amplitudes: ArrayLike) -> NDArray[np.bool_]:
    """For each current, whether the voltage rises above 0 mV and comes down again while the current flows."""
    where = _electrode(neuron.morphology)
    pulse = current_pulse(at=where, amplitude=0.0, start=ROUGHLY, duration=values["pulse"])
    look = Experiment("search", neuron, ROUGHLY + values["pulse"], (pulse,), (voltage(at=where, label="soma"),),
                      (vary(pulse, "amplitude", amplitudes),), dt=COARSE, coarse=True)  # fmt: skip
    found = perform(look, progress=False)
    rows = found["soma"].values
    # Without channels a strong current lifts the voltage too, but does not let it down.
    return np.array([bool((row > 0.0).any() and row[int(np.argmax(row > 0.0)) :].min() < -20.0) for row in rows])


def experiments(neuron: Cell, values: Values) -> tuple[Experiment, ...]:
    """The spike at soma and dendrite, the same as a movie of the whole cell, and a small step for the resistance."""
    shape, amplitude = neuron.morphology, values["amplitude"]
    neuron = replace(neuron, initial_voltage=values["rest"])
    where, (name, far) = _electrode(shape), _far(shape)
    pulse = current_pulse(at=where, amplitude=amplitude, start=SETTLED, duration=values["pulse"])
    probe = current_pulse(at=where, amplitude=-PROBE * abs(amplitude), start=SETTLED, duration=LONG, name="probe")
    last = SETTLED + values["pulse"] + LAST
    at_soma, movie = voltage(at=where, label="soma"), voltage(at=each(everywhere), label="voltage")
    return (
        Experiment("spike", neuron, last, (pulse,), (at_soma, voltage(at=far, label=name)), dt=STEP),
        Experiment("movie", neuron, last, (pulse,), (movie,), dt=STEP, every=FRAME),
        Experiment("resistance", neuron, SETTLED + LONG, (probe,), (at_soma,), dt=COARSE, coarse=True),
    )


def read_off(shape: Morphology, recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """What the cell did, and what it is made of."""
    spike, resting, name = recordings["spike"], recordings["resistance"], _far(shape)[0]
    amplitude, count = values["amplitude"], int(np.size(measure.spikes(spike, probe="soma")))
    resistance = attempt(lambda: measure.input_resistance(
        resting, current=-PROBE * abs(amplitude), start=SETTLED, stop=SETTLED + LONG))  # fmt: skip
    return (
        Measured("current at threshold", values["threshold"], "nA"),
        Measured("current injected", amplitude, "nA"),
        Measured("spikes", float(count), "1"),
        Measured("latency of the first spike", attempt(lambda: measure.latency(
            spike, start=SETTLED, probe="soma")), "ms"),
        Measured("peak of the first spike", _peak(spike, "soma") if count else np.nan, "mV"),
        Measured("width at half amplitude", attempt(lambda: measure.half_width(spike, probe="soma")), "ms"),
        Measured(f"peak at the {name}", _peak(spike, name), "mV"),
        Measured("resting potential", attempt(lambda: measure.resting_potential(
            resting, start=0.9 * SETTLED, stop=SETTLED)), "mV"),
        Measured("input resistance", resistance, "MΩ"),
        Measured("branches", float(len(shape)), "1"),
        Measured("compartments", float(recordings["movie"].description["compartments"]), "1"),
        Measured("total length", shape.length, "µm"),
        Measured("membrane area", shape.area, "µm²"),
    )  # fmt: skip


def _peak(recording: Recording, label: str) -> float:
    return attempt(lambda: measure.peak(recording, probe=label))


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """The voltage at both ends of the neuron, and the whole of it when the spike at the soma is highest."""
    spike = recordings["spike"]
    moment = attempt(lambda: measure.action_potentials(spike, probe="soma").peak_time[0])
    title = f"{values['amplitude']:.3g} nA for {values['pulse']:g} ms at the soma"
    return (
        Traces("traces", title, "spike", window=(SETTLED - 10.0, SETTLED + values["pulse"] + LAST)),
        Drawing(
            "cell",
            f"At the peak of the first spike, {moment - SETTLED:.1f} ms after the onset",
            "movie",
            "voltage",
            moment,
        ),
    )
