#!/usr/bin/env python3
"""Make the picture at the top of the README: a neuron that fires, drawn with its voltage as colour, beside its traces.

    python docs/images/make.py [FOLDER]

The shape is grown here from a seed; it is nobody's reconstruction. Its membrane is that of the layer-5 pyramidal cell
of Hay et al. 2011. Everything on the picture is computed when this script runs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("MPLBACKEND", "Agg")

import matplotlib.pyplot as plt
import numpy as np

import excitable as ex
from excitable.library.layer5_pyramidal import paint_layer5
from excitable.plots import draw, plot
from excitable.plots.style import INK, SIZES

Row = tuple[str, str, str | None, float, list[list[float]]]
STEP = 5.0  # µm between the points of a branch


class Growth:
    """A neuron that grows branch by branch in the plane of the picture, with some depth."""

    def __init__(self, seed: int) -> None:
        self.dice = np.random.default_rng(seed)
        self.rows: list[Row] = []
        self.counts: dict[str, int] = {}

    def add(self, kind: str, parent: str | None, attachment: float, points: Any) -> str:
        prefix = {"soma": "soma", "axon": "axon", "apical": "apic"}.get(kind, "dend")
        number = self.counts.get(prefix, 0)
        self.counts[prefix] = number + 1
        self.rows.append((f"{prefix}[{number}]", kind, parent, attachment, np.asarray(points).tolist()))
        return self.rows[-1][0]

    def grow(self, kind: str, parent: str, attachment: float, start: Any, angle: float, length: float,
             diameters: tuple[float, float], wander: float = 0.12) -> tuple[str, Any, float]:  # fmt: skip
        """One branch that sets out at `angle` (degrees, 90 is up); returns its name, its end and its last angle."""
        steps = max(int(length / STEP), 2)
        heading, pull, depth = np.radians(angle), np.radians(angle), self.dice.normal(0.0, 0.35)
        points = [[*start, diameters[0]]]
        for k in range(steps):
            heading += self.dice.normal(0.0, wander) + 0.15 * (pull - heading)
            x, y, z, _ = points[-1]
            part = (k + 1) / steps
            width = diameters[0] + (diameters[1] - diameters[0]) * part
            points.append([x + STEP * np.cos(heading), y + STEP * np.sin(heading), z + STEP * 0.4 * depth, width])
        return self.add(kind, parent, attachment, points), points[-1][:3], float(np.degrees(heading))

    def fork(self, kind: str, parent: str, start: Any, angle: float, length: float, diameter: float,
             generations: int, spread: float) -> None:  # fmt: skip
        """Two daughters, and theirs, each thinner and a little different."""
        for side in (-1.0, 1.0):
            turn = angle + side * spread * self.dice.uniform(0.6, 1.2)
            reach = length * self.dice.uniform(0.75, 1.3)
            thin = max(0.63 * diameter, 0.5)
            name, end, last = self.grow(kind, parent, 1.0, start, turn, reach, (thin, 0.85 * thin))
            if generations > 1 and self.dice.uniform() < 0.93:
                self.fork(kind, name, end, last, 1.25 * length, thin, generations - 1, 0.85 * spread)


def pyramidal_cell(seed: int) -> ex.Morphology:
    """Soma, axon, basal dendrites, a trunk with oblique dendrites, and a tuft."""
    cell = Growth(seed)
    outline = [(-9.0, 7.0), (-5.0, 14.0), (0.0, 17.0), (5.0, 14.5), (10.0, 9.0), (15.0, 5.5)]
    body = cell.add("soma", None, 0.0, [[0.0, y, 0.0, width] for y, width in outline])
    for angle in (-155.0, -128.0, -62.0, -30.0, 200.0, -8.0):
        start = [7.0 * np.cos(np.radians(angle)), 5.0 * np.sin(np.radians(angle)), 0.0]
        stem, end, last = cell.grow("basal", body, 0.5, start, angle, cell.dice.uniform(25, 45), (2.2, 1.6))
        cell.fork("basal", stem, end, last, 48.0, 1.6, 3, 30.0)
    stem, end, last = cell.grow("axon", body, 0.5, [0.0, -8.0, 0.0], -92.0, 130.0, (1.6, 0.9), 0.08)
    cell.fork("axon", stem, end, last, 75.0, 1.1, 2, 38.0)
    parent, attachment, end, last, width = body, 1.0, [0.0, 15.0, 0.0], 90.0, 5.0
    trunk = []
    for k in range(6):  # the trunk, with an oblique dendrite at the end of each stretch but the last
        parent, end, last = cell.grow("apical", parent, attachment, end, 91.0, 55.0, (width, width - 0.3), 0.05)
        attachment, width = 1.0, width - 0.3
        trunk.append(parent)
        if k < 5:
            side = (-1.0) ** k
            away = 90.0 - side * cell.dice.uniform(48, 68)
            stem, tip, turn = cell.grow("apical", parent, 1.0, end, away, cell.dice.uniform(45, 75), (1.4, 1.1))
            cell.fork("apical", stem, tip, turn, 40.0, 1.2, 1, 26.0)
    cell.fork("apical", parent, end, last, 48.0, 3.4, 4, 27.0)
    shape = ex.from_table(cell.rows, name="grown pyramidal cell")
    return ex.label(shape, "upper trunk", trunk[-2])


def fire(neuron: ex.Cell, places: dict[str, Any]) -> tuple[ex.Recording, list[Any]]:
    """A brief current at the soma; the spike sets off a calcium spike in the tuft, and that a second one below."""
    current = [ex.current_pulse(at=ex.soma, amplitude="1.9 nA", start="205 ms", duration="5 ms")]
    record = [ex.voltage(at=where, label=name) for name, where in places.items()]
    record.append(ex.voltage(at=ex.each(ex.everywhere), label="everywhere"))
    return ex.run(neuron, "250 ms", protocol=current, record=record, dt="0.025 ms"), current


def picture(recording: ex.Recording, neuron: ex.Cell, places: dict[str, Any]) -> Any:
    """The cell when the first spike is on its way up the trunk, and the voltage at three places."""
    parts = neuron.discretise()
    moment = ex.measure.peak_time(recording, probe="soma") + 0.25
    sample = int(np.searchsorted(recording.time, moment))
    figure = plt.figure(figsize=(11.0, 6.2), layout="constrained", facecolor="white")
    left, right = figure.subfigures(1, 2, width_ratios=(1.1, 1.0))
    cell, traces = left.subplots(), right.subplots()
    draw(parts, recording["everywhere"].values[:, sample], axes=cell, limits=(-80.0, 40.0))
    plot(recording, probe=list(places), start=200.0, stop=250.0, axes=traces)
    traces.get_legend().remove()
    traces.axvline(moment, color="0.8", linewidth=1.2, zorder=0)
    traces.plot([205.0, 210.0], [-92.0, -92.0], color=INK, linewidth=4.0, solid_capstyle="butt")
    traces.annotate("1.9 nA", (210.5, -92.0), va="center", color=INK, fontsize=SIZES["note"])
    for line, (name, where) in zip(traces.get_lines(), places.items(), strict=False):
        electrode(cell, parts.centre[where.compartment(parts)][:2], name, line.get_color())
    return figure


def electrode(axes: Any, tip: Any, name: str, colour: Any) -> None:
    """An arrow in the colour of the trace whose tip stands where the trace was recorded."""
    axes.annotate(
        name, tip, (38, 30) if tip[0] > -50.0 else (-4, -34), textcoords="offset points", color=colour,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5}, fontsize=SIZES["label"],
        va="center", ha="left" if tip[0] > -50.0 else "center",
        arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 2.0, "shrinkB": 3.0},
    )  # fmt: skip


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    neuron = paint_layer5(pyramidal_cell(seed=7))
    places = {"soma": ex.centre(ex.soma), "trunk": ex.centre(ex.region("upper trunk")), "tuft": ex.distal(ex.apical)}
    recording, _ = fire(neuron, places)
    count = len(ex.measure.spikes(recording, probe="soma"))
    sys.stdout.write(
        f"{neuron.morphology}, {recording.description['compartments']} compartments, {count} spikes at the soma\n"
    )
    picture(recording, neuron, places).savefig(folder / "neuron.png", dpi=150)


if __name__ == "__main__":
    main()
