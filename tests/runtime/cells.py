"""Cells, stimuli and probes that the tests of this room share: one compartment, a cable, a tree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import excitable as ex

SQUID = (ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())


def compartment() -> ex.Cell:
    """One squid compartment of 20 by 20 µm."""
    return ex.paint(ex.Cell(ex.single_compartment(20.0, 20.0)), ex.everywhere, *SQUID)


def cable() -> ex.Cell:
    """A squid cable of 23 compartments: not a multiple of any vector."""
    cell = ex.Cell(ex.cable(460.0, 1.0, kind="axon"), ex.per_branch(23), axial_resistivity=35.4)
    return ex.paint(cell, ex.everywhere, *SQUID)


def tree() -> ex.Cell:
    """A squid soma with a branched dendrite of weaker membrane: two kinds, junctions, unequal compartments."""
    half = np.array([[0.0, 0.0, 0.0, 20.0], [20.0, 0.0, 0.0, 20.0]])
    rows = [
        ("soma[0]", "soma", None, 0.0, half),
        ("dend[0]", "dendrite", "soma[0]", 1.0, [[20, 0, 0, 3], [70, 0, 0, 2]]),
        ("dend[1]", "dendrite", "dend[0]", 1.0, [[70, 0, 0, 1.5], [130, 10, 0, 1]]),
        ("dend[2]", "dendrite", "dend[0]", 1.0, [[70, 0, 0, 1.2], [120, -30, 0, 0.8]]),
        ("dend[3]", "dendrite", "dend[1]", 0.5, [[100, 5, 0, 1], [100, 60, 0, 1]]),
        ("axon[0]", "axon", "soma[0]", 0.0, [[0, 0, 0, 1], [-90, 0, 0, 1]]),
    ]
    cell = ex.Cell(ex.from_table(rows), ex.max_length(17.0), axial_resistivity=120.0)
    cell = ex.paint(cell, ex.soma | ex.axon, *SQUID)
    return ex.paint(cell, ex.dendrite, ex.Leak(conductance=2e-4, reversal=-66.0), ex.SquidPotassium(conductance=0.004))


SHAPES = {"compartment": compartment, "cable": cable, "tree": tree}
AMPLITUDE = {"compartment": 0.12, "cable": 0.3, "tree": 0.5}


def pulse(amplitude: float, start: float = 0.5, duration: float = 1000.0) -> ex.protocols.Stimulus:
    return ex.current_pulse(at=ex.root, amplitude=amplitude, start=start, duration=duration)


def probes(shape: str) -> list[ex.recordings.probes.Probe]:
    """A voltage everywhere, a gate, currents and spikes at the root."""
    record = [
        ex.voltage(at=ex.each(ex.everywhere), label="v"),
        ex.state("m", of=ex.SquidSodium, at=ex.root, label="m"),
        ex.current(of=ex.SquidPotassium, at=ex.root, label="potassium"),
        ex.current(at=ex.root, label="current"),
        ex.spikes(at=ex.root, threshold=-20.0, label="spikes"),
    ]
    if shape == "tree":
        record.append(ex.state("n", of=ex.SquidPotassium, at=ex.distal(ex.dendrite), label="n"))
    return record


def same(first: ex.Recording, second: ex.Recording, run: int | None = None) -> list[str]:
    """The labels of what differs in any bit; with `run`, of that run of a sweep in `first` from the single `second`."""
    wrong = []
    for label, signal in first.signals.items():
        values = signal.values if run is None else signal.values[run]
        if values.tobytes() != second.signals[label].values.tobytes():
            wrong.append(label)
    for label, spikes in first.spikes.items():
        times: Sequence[np.ndarray] = spikes.times if run is None else [spikes.times[run]]
        if [t.tobytes() for t in times] != [t.tobytes() for t in second.spikes[label].times]:
            wrong.append(label)
    return wrong
