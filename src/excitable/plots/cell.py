"""The cell as it looks: its branches in the plane, by kind, by region or by a value such as the voltage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..cells import Cell
from ..errors import RequestError, UnknownNameError, nearest
from ..morphology import Discretisation, Morphology, Region
from ..recordings.optional import need
from .outline import PLANES, Array, Pieces, disc, pieces
from .style import COLOURS, INK, ORDERED, SIZES, colour_bar, single

KINDS = {"soma": INK, "axon": COLOURS[0], "basal": COLOURS[1], "dendrite": COLOURS[1], "apical": COLOURS[2]}
OTHER = COLOURS[3]
# Points: thinner dendrites would vanish on a slide; stouter ones are drawn with their true outline.
THINNEST, STOUT = 0.7, 5.0


def draw(
    shape: Cell | Discretisation | Morphology,
    values: ArrayLike | None = None,
    *,
    regions: Mapping[str, Region] | None = None,
    words: str = "Voltage (mV)",
    limits: tuple[float, float] | None = None,
    plane: str = "xy",
    axes: Any = None,
) -> Any:
    """The cell seen from one side, each branch as wide as it is, with a scale bar.

    Without values the colours tell soma, axon and dendrites apart.

    Args:
        shape: What to draw.
        values: One number per compartment (of a discretisation or a cell), shown as colour with a colour bar.
        regions: Name to region: these parts in colours of their own, the rest grey.
        words: The name of the colour bar, with the unit of the values.
        limits: Values at both ends of the colour bar; by default the smallest and the largest.
        plane: Which two axes are drawn: "xy", "xz" or "yz".
        axes: Draw on these axes instead of a new figure.

    Returns:
        The matplotlib axes.

    Raises:
        RequestError: Values that do not fit the compartments, or values and regions at once; or matplotlib is
            missing.
        UnknownNameError: There is no such plane.
    """
    if plane not in PLANES:
        raise UnknownNameError(f"There is no plane {plane!r}. Expected two of x, y and z. {nearest(plane, PLANES)}")
    parts = shape.discretise() if isinstance(shape, Cell) else shape
    whole = parts if isinstance(parts, Morphology) else parts.morphology
    numbers = _numbers(parts, values, regions)
    found = pieces(parts, plane)
    figure = single("draw", _size(found)) if axes is None else axes
    figure.set_aspect("equal")
    figure.set_axis_off()
    _frame(figure, found)
    if numbers is None:
        colours = _colours(parts, regions)
        _key(figure, found, parts, regions)
    else:
        colours = _shaded(figure, numbers, limits, words)
    figure.figure.canvas.draw()  # the layout decides how many points a micrometre has
    ball = disc(whole, plane)
    bodies = np.array([branch.kind == "soma" for branch in whole.branches])[found.branch]
    _paint(figure, found, colours, bodies, -1 if ball is None else ball[0])
    if ball is not None:
        circle = need("matplotlib.patches", "draw", "plot").Circle
        owner = found.owner[np.flatnonzero(found.branch == ball[0])[0]]
        figure.add_patch(circle(ball[1], ball[2], facecolor=colours[owner], edgecolor="none", zorder=3))
    _scale_bar(figure, found)
    return figure


def _numbers(parts: Any, values: ArrayLike | None, regions: Any) -> Array | None:
    if regions and isinstance(parts, Morphology):
        raise RequestError(
            f"Regions of {parts.name!r} were asked for, which is not cut into compartments. Expected a "
            "discretisation or a cell. Write draw(discretise(morphology, max_length('20 um')), regions=...)."
        )
    if values is None:
        return None
    numbers = np.asarray(values, dtype=np.float64)
    if regions or isinstance(parts, Morphology) or numbers.shape != (len(parts),):
        count = "no compartments" if isinstance(parts, Morphology) else f"{len(parts)} compartments"
        raise RequestError(
            f"Values of shape {numbers.shape} were given for {parts!r}, which has "
            f"{count}{', and regions' * bool(regions)}. "
            "Expected one value per compartment, and no regions beside it. Write draw(parts, "
            "recording['voltage'].values[:, k]) for a voltage recorded everywhere."
        )
    if not np.isfinite(numbers).all():
        where = int(np.argmin(np.isfinite(numbers)))
        raise RequestError(
            f"The value of compartment {where} is {numbers[where]}. Expected finite numbers. Write "
            "numpy.nan_to_num, or draw regions instead."
        )
    return numbers


def _shaded(axes: Any, numbers: Array, limits: tuple[float, float] | None, words: str) -> Any:
    """The colour of each number, with a colour bar beside the cell."""
    low, high = limits or (float(numbers.min()), float(numbers.max()))
    norm = need("matplotlib.colors", "draw", "plot").Normalize(low, high)
    mapped = need("matplotlib.cm", "draw", "plot").ScalarMappable(norm, ORDERED)
    colour_bar(mapped, axes, words, shrink=0.7)
    return mapped.to_rgba(numbers)


def _colours(parts: Any, regions: Mapping[str, Region] | None) -> Any:
    """A colour for each compartment, or for each branch of a shape that is not cut."""
    to_rgba = need("matplotlib.colors", "draw", "plot").to_rgba
    whole = parts if isinstance(parts, Morphology) else parts.morphology
    branches = np.array([to_rgba(KINDS.get(branch.kind, OTHER)) for branch in whole.branches])
    if isinstance(parts, Morphology):
        return branches
    if not regions:
        return branches[parts.branch]
    colours = np.tile(to_rgba("#c4c4c4"), (len(parts), 1))
    for index, region in enumerate(regions.values()):
        colours[region.mask(parts)] = to_rgba(COLOURS[index % len(COLOURS)])
    return colours


def _key(axes: Any, found: Pieces, parts: Any, regions: Mapping[str, Region] | None) -> None:
    """Names of the colours, as coloured words."""
    whole = parts if isinstance(parts, Morphology) else parts.morphology
    if regions:
        entries = [(name, COLOURS[index % len(COLOURS)]) for index, name in enumerate(regions)]
    else:
        kinds = dict.fromkeys(branch.kind for branch in whole.branches)
        entries = [(kind, KINDS.get(kind, OTHER)) for kind in kinds]
    if len(entries) < 2 and not regions:
        return
    flat = np.ptp(axes.get_xlim()) > 2.0 * np.ptp(axes.get_ylim())
    line = need("matplotlib.lines", "draw", "plot").Line2D
    handles = [line([], [], linestyle="none", label=name) for name, _ in entries]
    # Above a flat cell; beside any other, in the emptiest corner.
    where = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "ncols": len(entries)}
    key = axes.legend(
        handles=handles,
        handlelength=0.0,
        handletextpad=0.0,
        borderpad=0.0,
        columnspacing=1.2,
        frameon=False,
        prop={"size": SIZES["note"], "weight": "bold"},
        **(where if flat else {"loc": _emptiest(axes, found)}),
    )
    for words, (_, colour) in zip(key.get_texts(), entries, strict=True):
        words.set_color(colour)


def _emptiest(axes: Any, found: Pieces) -> str:
    """The corner with the fewest pieces, in matplotlib's words; the scale bar has the lower left one."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    place = (found.ends.mean(axis=1) - [left, bottom]) / [right - left, top - bottom]
    corners = {"upper left": (0.0, 1.0), "upper right": (1.0, 1.0), "lower right": (1.0, 0.0)}
    return min(corners, key=lambda name: int(np.sum(np.abs(place - corners[name]).max(axis=1) < 0.3)))


def _size(found: Pieces) -> tuple[float, float]:
    """Inches of a figure in the shape of the cell, neither a stripe nor larger than a slide."""
    width, height = np.ptp(found.ends.reshape(-1, 2), axis=0) + found.widths.max()
    ratio = float(np.clip(width / height, 0.4, 4.0))
    return (7.0 * ratio**0.5 if ratio < 1 else 7.0, max(7.0 / ratio, 2.2) if ratio > 1 else 7.0)


def _frame(axes: Any, found: Pieces) -> None:
    flat = found.ends.reshape(-1, 2)
    edge = 0.5 * found.widths.reshape(-1, 1)
    low, high = (flat - edge).min(axis=0), (flat + edge).max(axis=0)
    room = 0.03 * float((high - low).max())
    axes.set_xlim(low[0] - room, high[0] + room)
    axes.set_ylim(low[1] - 3 * room, high[1] + room)


def _paint(axes: Any, found: Pieces, colours: Any, bodies: Any, without: int) -> None:
    """Every piece in its own width, the far ones first: stout ones as the frusta that they are, others as lines."""
    collections = need("matplotlib.collections", "draw", "plot")
    corners = axes.transData.transform([(0.0, 0.0), (1.0, 0.0)])
    per_micrometre = float(corners[1, 0] - corners[0, 0]) * 72.0 / axes.figure.dpi
    order = np.argsort(found.depth, kind="stable")
    order = order[found.branch[order] != without]
    points = found.widths[order].mean(axis=1) * per_micrometre
    # The pieces of a traced soma overlap: round ends make one smooth body of them.
    lined = (points <= STOUT) | bodies[order]
    fine, stout = order[lined], order[~lined]
    lines = collections.LineCollection(
        found.ends[fine],
        linewidths=np.maximum(points[lined], THINNEST),
        colors=colours[found.owner[fine]],
        capstyle="round",
    )
    axes.add_collection(lines, autolim=False)
    shades = colours[found.owner[stout]]
    # A hair of its own colour closes the seams between neighbours.
    outlines = collections.PolyCollection(_frusta(found, stout), facecolors=shades, edgecolors=shades, linewidths=0.4)
    axes.add_collection(outlines, autolim=False)


def _frusta(found: Pieces, which: Any) -> Array:
    """The four corners of each piece, (n, 4, 2)."""
    along = found.ends[which, 1] - found.ends[which, 0]
    length = np.hypot(along[:, 0], along[:, 1])
    length[length == 0.0] = 1.0
    aside = 0.5 * np.column_stack([-along[:, 1], along[:, 0]]) / length[:, None]
    first, last = found.ends[which, 0], found.ends[which, 1]
    wide, narrow = found.widths[which, 0, None], found.widths[which, 1, None]
    corners = first + aside * wide, last + aside * narrow, last - aside * narrow, first - aside * wide
    return np.stack(corners, axis=1)


def _scale_bar(axes: Any, found: Pieces) -> None:
    """A bar of a round length, about a fifth of the picture, below the cell."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    aim = 0.22 * max(right - left, 0.5 * (top - bottom))
    ten = 10.0 ** np.floor(np.log10(aim))
    length = float(max(each * ten for each in (1.0, 2.0, 5.0) if each * ten <= aim * 1.0001))
    y = bottom + 0.01 * (top - bottom)
    axes.plot([left, left + length], [y, y], color=INK, linewidth=2.5, solid_capstyle="butt", clip_on=False)
    words = f"{length / 1000:g} mm" if length >= 1000 else f"{length:g} µm"
    axes.annotate(
        words, (left + length / 2, y), (0, 4), textcoords="offset points", ha="center", color=INK,
        fontsize=SIZES["note"],
    )  # fmt: skip
