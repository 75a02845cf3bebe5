"""A neuron from a file: any shape, with channels where spikes begin, made to fire by a current at its soma.

It states no published number: it shows what a reconstructed cell does with a plain membrane. The sodium and potassium
channels are those of the squid (Hodgkin & Huxley 1952) at its temperature, at the density of the squid in soma and axon;
the rest is passive, with Rm = 20 kΩ·cm² and Ri = 150 Ω·cm.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .. import measurements as measure
from ..cells import Cell, paint
from ..errors import RequestError
from ..mechanisms import Leak, SquidLeak, SquidPotassium, SquidSodium
from ..morphology import (
    Location,
    Morphology,
    Region,
    apical,
    axon,
    basal,
    d_lambda,
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
from ..recordings.probes import spikes, voltage
from ..runtime import sweep, vary
from .figures import Drawing, Figure, Traces
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values, attempt

REST = -65.0
START, LAST = 20.0, 30.0
# The current is looked for on this grid, then between the last that fails and the first that fires, nA.
GRID = 0.01 * np.sqrt(2.0) ** np.arange(26)
# A movie of every compartment at every tenth of a millisecond stays small for any cell.
FRAME = 4
# The resistance is measured with a small share of the current, once the cell has settled, ms.
PROBE, SETTLED = 0.05, 300.0

Floats = NDArray[np.float64]

SETTINGS = (
    Setting("current", 0.0, "nA", "current at the soma; 0 looks for 1.5 times the threshold", positive=False),
    Setting("pulse", 40.0, "ms", "duration of the current"),
    Setting("temperature", 6.3, "degC", "temperature", positive=False),
    Setting("axial_resistivity", 150.0, "ohm cm", "resistivity of the cytoplasm"),
    Setting("capacitance", 1.0, "uF/cm2", "specific capacitance of the membrane"),
)


def neuron_from_file(path: str | PathLike[str]) -> Preparation:
    """The preparation of the neuron in an SWC file.

    Raises:
        MorphologyError: The file is not the shape of a cell.
    """
    shape = read(path)
    return Preparation(
        name=Path(path).stem,
        summary=f"The neuron in {Path(path).name}, made to fire by a current at its soma.",
        source=f"shape: {Path(path).name}; sodium and potassium: Hodgkin & Huxley 1952, J Physiol 117:500",
        cell=lambda values: cell(shape, values),
        experiments=experiments,
        measure=lambda recordings, values: read_off(shape, recordings, values),
        figures=figures,
        settings=SETTINGS,
        search=search,
        remarks=shape.report,
    )


def cell(shape: Morphology, values: Values) -> Cell:
    """The neuron with a leak everywhere and the three currents of the squid in soma and axon."""
    material = {name: values[name] for name in ("axial_resistivity", "capacitance")}
    neuron = Cell(shape, d_lambda(0.1, **material), temperature=values["temperature"], initial_voltage=REST, **material)
    neuron = paint(neuron, everywhere, Leak(conductance="0.05 mS/cm2", reversal=REST))
    return paint(neuron, _active(shape), SquidSodium(), SquidPotassium(), SquidLeak())


def _kinds(shape: Morphology) -> set[str]:
    return {branch.kind for branch in shape}


def _active(shape: Morphology) -> Region:
    """Where spikes begin: soma and axon, as far as the file has them."""
    found = [region for kind, region in (("soma", soma), ("axon", axon)) if kind in _kinds(shape)]
    if not found:
        return everywhere
    return found[0] if len(found) == 1 else found[0] | found[1]


def _electrode(shape: Morphology) -> Location | Region:
    return soma if "soma" in _kinds(shape) else root


def _far(shape: Morphology) -> tuple[str, Location]:
    """The tip farthest from the soma on a dendrite, and what to call it."""
    for kind, region in (("apical", apical), ("dendrite", dendrite), ("basal", basal)):
        if kind in _kinds(shape):
            return f"distal {kind} dendrite".replace("dendrite dendrite", "dendrite"), distal(region)
    return "far end", distal(everywhere)


def search(neuron: Cell, values: Values) -> Values:
    """The threshold current, and the current to use: half as much again, or what the user wrote."""
    if values["current"]:
        return {"threshold": np.nan, "amplitude": values["current"]}
    threshold = threshold_current(neuron, values)
    return {"threshold": threshold, "amplitude": 1.5 * threshold}


def threshold_current(neuron: Cell, values: Values) -> float:
    """The smallest current (nA, within 2 %) at the soma that makes the neuron fire during the pulse.

    Raises:
        RequestError: No current on the grid does.
    """
    low, high, grid = 0.0, 0.0, GRID
    for _ in range(2):
        fires = np.flatnonzero(_fires(neuron, values, grid))
        if not fires.size:
            raise RequestError(
                f"No current between {GRID[0]:g} and {GRID[-1]:g} nA at the soma makes {neuron.morphology.name!r} fire. "
                "Expected sodium channels enough at the soma. Write --set 'SquidSodium.conductance=0.3 S/cm2', or "
                "--set current=1 to inject a current of your own."
            )
        first = int(fires[0])
        low, high = float(grid[first - 1]) if first else low, float(grid[first])
        grid = np.linspace(low, high, 19)[1:]
    return high


def _fires(neuron: Cell, values: Values, amplitudes: Floats) -> NDArray[np.bool_]:
    where = _electrode(neuron.morphology)
    pulse = current_pulse(at=where, amplitude=0.0, start=START, duration=values["pulse"])
    found = sweep(
        neuron,
        START + values["pulse"],
        vary(pulse, "amplitude", amplitudes),
        protocol=[pulse],
        record=[spikes(at=where, label="spikes")],
        dt=0.05,
    )
    return np.asarray(found.spikes["spikes"].count > 0)


def experiments(neuron: Cell, values: Values) -> tuple[Experiment, ...]:
    """The spike at soma and dendrite, the same as a movie of the whole cell, and a small step for the resistance."""
    shape, amplitude = neuron.morphology, values["amplitude"]
    where, (name, far) = _electrode(shape), _far(shape)
    pulse = current_pulse(at=where, amplitude=amplitude, start=START, duration=values["pulse"])
    probe = current_pulse(at=where, amplitude=-PROBE * abs(amplitude), start=SETTLED, duration=400.0, name="probe")
    last = START + values["pulse"] + LAST
    at_soma, movie = voltage(at=where, label="soma"), voltage(at=each(everywhere), label="voltage")
    return (
        Experiment("spike", neuron, last, (pulse,), (at_soma, voltage(at=far, label=name)), dt=0.025),
        Experiment("movie", neuron, last, (pulse,), (movie,), dt=0.025, every=FRAME),
        Experiment("resistance", neuron, SETTLED + 400.0, (probe,), (at_soma,), dt=0.05),
    )


def read_off(shape: Morphology, recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """What the cell did, and what it is made of."""
    spike, resting, name = recordings["spike"], recordings["resistance"], _far(shape)[0]
    amplitude, count = values["amplitude"], int(np.size(measure.spikes(spike, probe="soma")))
    resistance = attempt(lambda: measure.input_resistance(
        resting, current=-PROBE * abs(amplitude), start=SETTLED, stop=SETTLED + 400.0))  # fmt: skip
    return (
        Measured("current at threshold", values["threshold"], "nA"),
        Measured("current injected", amplitude, "nA"),
        Measured("spikes", float(count), "1"),
        Measured("latency of the first spike", attempt(lambda: measure.latency(spike, start=START, probe="soma")), "ms"),
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
    moment = attempt(lambda: measure.peak_time(spike, probe="soma"))
    title = f"{values['amplitude']:.3g} nA for {values['pulse']:g} ms at the soma"
    return (
        Traces("traces", title, "spike"),
        Drawing("cell", f"Voltage at the peak of the spike, {moment - START:.2f} ms after the onset", "movie", "voltage", moment),
    )
