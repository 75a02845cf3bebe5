"""Phase planes and bifurcation diagrams as charts, with the words of a model for its axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..experiments import Bifurcation, PhasePlane
from .figures import Chart, Line

Floats = NDArray[np.float64]


def portrait(name: str, title: str, x: str, y: str, plane: PhasePlane, paths: Sequence[Line] = ()) -> Chart:
    """The nullclines of a phase plane, its fixed points, and paths of the cell through it."""
    first, second = (f"{words.partition(' (')[0]} stands still" for words in (x, y))
    lines = [_one(first, plane.v_nullclines), _one(second, plane.w_nullclines), *paths]
    kinds: dict[str, list[tuple[float, float]]] = {}
    for point in plane.fixed_points:
        kinds.setdefault(point.kind, []).append((point.v, point.w))
    for kind, points in kinds.items():
        across, up = np.transpose(points)
        lines.append(Line(kind, across, up, dots=True))
    return Chart(name, title, x, y, tuple(lines))


def _one(label: str, curves: Sequence[Floats]) -> Line:
    """Several curves as one line with gaps."""
    gap = np.full((2, 1), np.nan)
    whole = np.concatenate([part for curve in curves for part in (curve, gap)], axis=1)
    return Line(label, whole[0], whole[1])


def diagram(name: str, title: str, x: str, y: str, found: Bifurcation, unit: float) -> Chart:
    """Resting states, stable and not, and the extremes of trains over the current; `unit` nA are one on the axis."""
    lines = []
    for label, wanted in (("stable rest", True), ("unstable rest", False)):
        curves = [np.array([branch.currents / unit, np.where(branch.stable == wanted, branch.voltages, np.nan)])
                  for branch in found.branches]  # fmt: skip
        lines.append(_one(label, curves))
    if found.cycles is not None:
        current = found.cycles.currents / unit
        lines += [Line("highest and lowest of a train", np.concatenate([current, [np.nan], current]),
                       np.concatenate([found.cycles.highest, [np.nan], found.cycles.lowest]))]  # fmt: skip
    return Chart(name, title, x, y, tuple(lines))
