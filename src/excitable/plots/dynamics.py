"""Pictures of how a cell moves: eigenvalues at rest, the phase plane, the bifurcation diagram."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..experiments import Bifurcation, PhasePlane, Rest
from .responses import FAINT, density
from .style import COLOURS, INK, LINE, SIZES, legend, name_axis, single, tidy

# How the types of fixed points are drawn: filled where stable, a square for a saddle.
MARKS = {"stable": ("o", "full"), "unstable": ("o", "none"), "saddle": ("s", "none"), "centre": ("D", "none")}


def rest(found: Rest, axes: Any = None) -> Any:
    """The eigenvalues in the complex plane: to the left of the line what decays, above and below it what turns."""
    figure = single("plot", (6.4, 4.4)) if axes is None else tidy(axes)
    values = found.eigenvalues
    figure.axvline(0.0, color=INK, linewidth=1.0)
    figure.axhline(0.0, color=FAINT, linewidth=0.8)
    grows = values.real > 0.0
    figure.plot(values.real[~grows], values.imag[~grows], "o", color=COLOURS[0], markersize=7.0, label="decays")
    if grows.any():
        figure.plot(values.real[grows], values.imag[grows], "o", color=COLOURS[1], markersize=7.0, label="grows")
    reach = 1.3 * max(float(np.abs(values.imag).max(initial=0.0)), 0.05)
    figure.set_ylim(-reach, reach)
    _rates(figure, values.real)
    legend(figure)
    name_axis(figure.xaxis, "Growth (1/ms)")
    name_axis(figure.yaxis, "Rotation (rad/ms)")
    figure.set_title(f"{found.kind} at {found.voltage:.2f} mV", fontsize=SIZES["title"], loc="left")
    return figure


def _rates(axes: Any, real: Any) -> None:
    """An axis of rates of decay and growth, by decades: the fastest decay may be a thousand times the slowest."""
    sizes = np.log10(np.maximum(np.abs(real), 1e-9))
    low, high = int(np.floor(sizes.min())), int(np.ceil(sizes.max() + 0.05))
    decades = 10.0 ** np.arange(low, high + 1)
    axes.set_xscale("symlog", linthresh=decades[0])
    axes.set_xlim(-decades[-1], decades[-1] if (real > 0.0).any() else decades[0])
    shown = decades[:: -(-len(decades) // 4)]
    ticks = [*-shown[::-1], 0.0, *(shown if (real > 0.0).any() else [])]
    axes.set_xticks(ticks, [f"{each:g}" for each in ticks])
    axes.set_xticks([], minor=True)


def phase_plane(found: PhasePlane, axes: Any = None) -> Any:
    """Nullclines, directions, fixed points by type, separatrices and trajectories."""
    figure = single("plot", (7.0, 5.4)) if axes is None else tidy(axes)
    places, rates = found.arrows
    size = np.array([np.ptp(found.v_range), np.ptp(found.w_range)])[:, None]
    arrows = rates / size
    length = np.hypot(*arrows)
    arrows = arrows / np.where(length > 0.0, length, 1.0)
    figure.quiver(*places, *arrows, color=FAINT, alpha=0.6, angles="uv", scale=34.0, width=0.0022, headwidth=4.0)
    name = found.name.rpartition(".")[2]
    for curves, colour, words in (
        (found.v_nullclines, COLOURS[0], "v nullcline"), (found.w_nullclines, COLOURS[1], f"{name} nullcline")
    ):  # fmt: skip
        for k, curve in enumerate(curves):
            figure.plot(*curve, color=colour, linewidth=LINE, label=words if k == 0 else None)
    for k, way in enumerate(found.separatrices):
        figure.plot(*way, "--", color=COLOURS[3], linewidth=1.4, label="separatrix" if k == 0 else None)
    for k, way in enumerate(found.trajectories):
        figure.plot(*way, color=COLOURS[2], linewidth=1.4, label="trajectory" if k == 0 else None)
        figure.plot(*way[:, 0], ".", color=COLOURS[2], markersize=7.0)
    for point in found.fixed_points:
        mark, fill = MARKS[point.kind.partition(" ")[0]]
        figure.plot(point.v, point.w, mark, color=INK, fillstyle=fill, markersize=8.0, markeredgewidth=1.6, zorder=5)
    figure.set_xlim(*found.v_range)
    figure.set_ylim(*found.w_range)
    legend(figure)
    name_axis(figure.xaxis, "Voltage (mV)")
    name_axis(figure.yaxis, name if found.unit in ("", "1") else f"{name} ({found.unit})")
    return figure


def bifurcation(found: Bifurcation, axes: Any = None) -> Any:
    """Resting states, full where stable and dashed where not, and the extremes of trains of spikes."""
    figure = single("plot", (7.5, 5.0)) if axes is None else tidy(axes)
    factor, words = density(found.area)
    for k, branch in enumerate(found.branches):
        _branch(figure, factor * branch.currents, branch.voltages, branch.stable, first=k == 0)
    if found.cycles is not None:
        for k, rows in enumerate((found.cycles.lowest, found.cycles.highest)):
            figure.plot(factor * found.cycles.currents, rows, ".", color=COLOURS[2], markersize=6.0,
                        label="extremes of firing" if k == 0 else None)  # fmt: skip
        for low, high in found.bistable:
            figure.axvspan(factor * low, factor * high, color=COLOURS[4], alpha=0.18, linewidth=0.0)
    for kind, mark, colour in (("Hopf", "o", COLOURS[1]), ("fold", "s", COLOURS[3]), ("branch point", "D", INK)):
        for k, each in enumerate(found.of(kind)):
            figure.plot(factor * each.current, each.voltage, mark, color=colour, markersize=8.0, zorder=5,
                        label=kind if k == 0 else None)  # fmt: skip
    figure.set_xlim(factor * found.between[0], factor * found.between[1])
    legend(figure, columns=3)
    name_axis(figure.xaxis, words)
    name_axis(figure.yaxis, "Voltage (mV)")
    return figure


def _branch(axes: Any, currents: Any, voltages: Any, stable: Any, *, first: bool) -> None:
    """A curve in pieces; each stretch begins with the last point of the one before, so that none is cut."""
    edges = np.flatnonzero(np.diff(stable.astype(int))) + 1
    named = {True: not first, False: not first}
    for part in np.split(np.arange(len(currents)), edges):
        calm = bool(stable[part[0]])
        drawn = np.concatenate([part[:1] - 1, part]) if part[0] > 0 and not calm else part
        drawn = np.concatenate([drawn, drawn[-1:] + 1]) if not calm and drawn[-1] + 1 < len(currents) else drawn
        label = None if named[calm] else "stable rest" if calm else "unstable rest"
        named[calm] = True
        style = (
            {"color": COLOURS[0], "linewidth": LINE} if calm else {"color": FAINT, "linewidth": LINE, "linestyle": "--"}
        )
        axes.plot(currents[drawn], voltages[drawn], label=label, **style)
