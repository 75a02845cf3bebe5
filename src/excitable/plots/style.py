"""The house style of every figure: colours that colour-blind readers tell apart, few lines, letters for a
slide.

Nothing here touches matplotlib's global settings; what a figure needs is set on its own axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..recordings.optional import need

# Okabe & Ito 2008, "Color universal design"; yellow is left out: it vanishes on a projector.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
INK = "#222222"
# Voltage and other quantities with an order: perceptually even, and readable in grey.
ORDERED = "viridis"
SIZES = {"label": 13.0, "tick": 11.5, "title": 14.0, "note": 11.5}
LINE = 1.8
# From this distance on, µm, distances are given in mm.
FAR = 5000.0


def pyplot(verb: str) -> Any:
    """matplotlib's pyplot, loaded on use.

    Raises:
        RequestError: matplotlib is not installed.
    """
    return need("matplotlib.pyplot", verb, "plot")


def panels(verb: str, heights: Sequence[float], width: float = 8.0, unit: float = 1.1) -> list[Any]:
    """Axes one above the other, sharing their time; `heights` in parts of `unit` inches."""
    figure, axes = pyplot(verb).subplots(
        len(heights),
        1,
        sharex=True,
        squeeze=False,
        layout="constrained",
        figsize=(width, 0.75 + unit * sum(heights)),
        gridspec_kw={"height_ratios": list(heights)},
    )
    figure.get_layout_engine().set(hspace=0.04, h_pad=0.06)
    return [tidy(each) for each in axes[:, 0]]


def single(verb: str, size: tuple[float, float] = (8.0, 4.5)) -> Any:
    """One empty pair of axes in a figure of its own; `size` in inches."""
    _, axes = pyplot(verb).subplots(figsize=size, layout="constrained")
    return tidy(axes)


def tidy(axes: Any) -> Any:
    """Axes in the house style: two spines, outward ticks, letters for a slide."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set(color=INK, linewidth=1.0)
    axes.tick_params(labelsize=SIZES["tick"], colors=INK, width=1.0, length=4.0, direction="out")
    return axes


def name_axis(axis: Any, words: str) -> None:
    """The label of an x or y axis."""
    axis.set_label_text(words, fontsize=SIZES["label"], color=INK)


def legend(axes: Any, columns: int = 4) -> None:
    """Names of the lines above the axes, out of the way of the data."""
    _, labels = axes.get_legend_handles_labels()
    if labels:
        axes.legend(
            loc="lower right",
            bbox_to_anchor=(1.0, 1.0),
            ncols=min(columns, len(labels)),
            frameon=False,
            fontsize=SIZES["note"],
            labelcolor=INK,
            handlelength=1.4,
            columnspacing=1.4,
            borderaxespad=0.2,
        )


def colour_bar(mappable: Any, axes: Any, words: str, **options: Any) -> Any:
    """A slim colour bar beside the axes."""
    bar = axes.figure.colorbar(mappable, ax=axes, fraction=0.05, pad=0.02, aspect=28, **options)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=SIZES["tick"], colors=INK, width=1.0, length=3.0)
    bar.set_label(words, fontsize=SIZES["label"], color=INK)
    return bar


def shades(values: Sequence[float] | Any) -> tuple[list[Any], Any]:
    """Colours for ordered values, and the mappable for a colour bar; the palest end is left out."""
    colours = need("matplotlib.colors", "a colour bar", "plot")
    cm = need("matplotlib.cm", "a colour bar", "plot")
    matplotlib = need("matplotlib", "a colour bar", "plot")
    full = matplotlib.colormaps[ORDERED]
    scale = colours.LinearSegmentedColormap.from_list("ordered", full([0.9 * k / 255 for k in range(256)]))
    low, high = min(values), max(values)
    norm = colours.Normalize(low, high if high > low else low + 1.0)
    return [scale(norm(each)) for each in values], cm.ScalarMappable(norm, scale)
