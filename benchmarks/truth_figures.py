"""The figures of the page of truth, in the house style, from the published results alone."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("MPLBACKEND", "Agg")

import matplotlib.pyplot as plt
from growth import KINDS, growth_rows
from precision import Point, curves_of
from problems import PROBLEMS, TIME_WANTED, WAYS, Problem, Way
from report import NAMES, summarise
from results import Published

from excitable.plots.style import COLOURS, INK, SIZES, name_axis, tidy

FAMILIES = ("excitable", "neuron", "arbor", "jaxley", "brian2", "myokit", "coreneuron")
DOTS = 150
# Errors of spike times that are drawn, µs, from left to right.
SHOWN = (3e3, 0.03)


def colour(engine: str) -> str:
    name = engine.partition(":")[0]
    return COLOURS[FAMILIES.index(name)] if name in FAMILIES else "#999999"


def marks(way: Way) -> dict[str, Any]:
    """First order is dashed, second order solid, chosen steps dotted; open marks read rates from a table."""
    looks = {None: (":", "D"), 1: ("--", "o"), 2: ("-", "s")}
    line, marker = looks[way.order]
    ours = way.family == "excitable"
    face = colour(way.engine) if way.comparable else "white"
    return {"linestyle": line, "marker": marker, "markersize": 6 if ours else 4.5, "linewidth": 2.6 if ours else 1.5,
            "color": colour(way.engine), "markerfacecolor": face, "zorder": 4 if ours else 3}  # fmt: skip


def errors_of(problem: Problem, point: Point) -> float:
    """What the horizontal axis shows."""
    return point.errors.late if math.isinf(problem.lasting) else point.errors.lasting


def precision_figure(results: Published, path: Path) -> None:
    """Error of the spike times against time, a panel for each problem."""
    found = {name: curves_of(results.lines, name, results.clock) for name in PROBLEMS}
    problems = [problem for name, problem in PROBLEMS.items() if found[name]]
    rows = -(-len(problems) // 2)
    figure, grid = plt.subplots(rows, 2, figsize=(12.5, 0.8 + 4.4 * rows), squeeze=False, layout="constrained")
    spots = list(grid.flat)
    for axes, problem in zip(spots, problems, strict=False):
        tidy(axes)
        for way in (way for way in WAYS if way.drawn and way.engine in found[problem.name]):
            curve = [(errors_of(problem, point), point.seconds) for point in found[problem.name][way.engine]]
            shown = [spot for spot in curve if 0.0 < spot[0] < 1e5]
            axes.plot(*zip(*shown, strict=True), label=way.words, **marks(way))
        axes.axvline(
            TIME_WANTED if math.isinf(problem.lasting) else problem.lasting, color=INK, linewidth=0.8, zorder=1
        )
        axes.set(xscale="log", yscale="log", xlim=SHOWN)
        axes.set_title(problem.words.partition(":")[0], fontsize=SIZES["title"], color=INK, loc="left")
        what = "a spike time" if math.isinf(problem.lasting) else "an action potential's duration"
        name_axis(axes.xaxis, f"largest error of {what}, µs (better to the right)")
        name_axis(axes.yaxis, "seconds of one core")
    legends: dict[str, Any] = {}
    for axes in spots[: len(problems)]:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            legends.setdefault(label, handle)
    for axes in spots[len(problems) :]:
        axes.set_axis_off()
    where: dict[str, Any] = {"loc": "outside lower center", "ncols": 4}
    if len(spots) > len(problems):
        box = spots[-1]
        box.legend(legends.values(), legends, loc="center", frameon=False, fontsize=SIZES["note"], labelcolor=INK,
                   handlelength=2.6)  # fmt: skip
    else:
        figure.legend(legends.values(), legends, frameon=False, fontsize=SIZES["note"], labelcolor=INK, **where)
    save(figure, path)


def speed_figure(results: Published, path: Path, workloads: Sequence[str]) -> None:
    """ns per compartment-step of every engine, a row for each workload."""
    summaries = summarise(results.lines, results.clock)
    figure, axes = plt.subplots(figsize=(9.5, 0.9 + 0.62 * len(workloads)), layout="constrained")
    tidy(axes)
    for row, workload in enumerate(workloads):
        seen: dict[str, float] = {}
        for line in summaries:
            name = line["engine"].partition(":")[0]
            if line["workload"] == workload:
                seen[name] = min(line["ns"], seen.get(name, float("inf")))
        for name, ns in seen.items():
            ours = name == "excitable"
            bare = name not in FAMILIES
            axes.plot(ns, row, marker="|" if bare else "o", markersize=14 if bare else 12 if ours else 8,
                      color=colour(name), linestyle="none", zorder=4 if ours else 3)  # fmt: skip
    axes.set(xscale="log", yticks=range(len(workloads)), ylim=(len(workloads) - 0.5, -0.6))
    axes.set_yticklabels(workloads)
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.8, zorder=0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    name_axis(axes.xaxis, "ns per compartment and step, one core, fastest variant of each")
    for name in dict.fromkeys(line["engine"].partition(":")[0] for line in summaries):
        axes.plot([], [], marker="|" if name not in FAMILIES else "o", linestyle="none", color=colour(name),
                  markersize=9, label=NAMES.get(name, name))  # fmt: skip
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=4, frameon=False, fontsize=SIZES["note"],
                labelcolor=INK, handletextpad=0.2, columnspacing=1.2)  # fmt: skip
    save(figure, path)


def growth_figure(results: Published, path: Path) -> None:
    """ns per compartment-step against size: a level line is linear growth."""
    rows = growth_rows(results.lines, results.clock)
    kinds = [kind for kind in KINDS if any(row["kind"] == kind for row in rows)]
    figure, grid = plt.subplots(1, len(kinds), figsize=(4.4 * len(kinds), 4.2), squeeze=False, sharey=True,
                                layout="constrained")  # fmt: skip
    for axes, kind in zip(grid[0], kinds, strict=True):
        tidy(axes)
        for row in (row for row in rows if row["kind"] == kind):
            name, _, variant = row["engine"].partition(":")
            ours = name == "excitable"
            label = NAMES.get(name, name) + (", no table" if variant == "exact" else "")
            axes.plot(list(row["ns"]), list(row["ns"].values()), label=label, color=colour(name),
                      linestyle="--" if variant else "-", marker="o", markersize=4.5, linewidth=2.6 if ours else 1.5,
                      zorder=4 if ours else 3)  # fmt: skip
        axes.set(xscale="log", yscale="log")
        axes.set_title(KINDS[kind], fontsize=SIZES["title"], color=INK, loc="left")
        name_axis(axes.xaxis, "compartments")
    name_axis(grid[0, 0].yaxis, "ns per compartment and step")
    for formatted in (grid[0, 0].yaxis.set_major_formatter, grid[0, 0].yaxis.set_minor_formatter):
        formatted(lambda value, _: f"{value:g}")
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False,
                  fontsize=SIZES["note"], labelcolor=INK)  # fmt: skip
    save(figure, path)


def save(figure: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=DOTS, metadata={"Software": None})
    plt.close(figure)
