"""Figures of a study as PNG files: each kind of figure with the plot that draws it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import StorageError
from ..library import Chart, Drawing, Figure, Gates, Kymograph, Stack, Study, Traces
from ..plots import draw, kymograph, plot, plot_states
from ..plots.style import COLOURS, LINE, SIZES, legend, name_axis, panels, single

RESOLUTION = 150
# Minutes of spikes on one line would run into a block.
FINE = 1.0


def save_figures(study: Study, folder: Path) -> list[Path]:
    """Draw every figure of a study and return where they lie.

    Raises:
        RequestError: matplotlib is not installed.
        StorageError: A file could not be written.
    """
    return [_save(figure, study, folder / f"{study.preparation.name}_{figure.name}.png") for figure in study.figures]


def _save(figure: Figure, study: Study, path: Path) -> Path:
    axes = DRAWN[type(figure)](figure, study)
    sheet = np.ravel(axes)[0].figure
    # A tall cell makes a narrow figure: about eight letters of the title go into an inch.
    columns = max(int(8.0 * sheet.get_figwidth()), 16)
    sheet.suptitle(textwrap.fill(figure.title, columns), fontsize=SIZES["title"])
    try:
        sheet.savefig(path, dpi=RESOLUTION)
    except OSError as error:
        raise StorageError(
            f"The figure {str(path)!r} could not be written: {error}. Expected a folder that can be written to, "
            "with room. Write --out with another folder."
        ) from error
    finally:
        sheet.clear()
        _close(sheet)
    return path


def _close(sheet: Any) -> None:
    from matplotlib import pyplot

    pyplot.close(sheet)


def _traces(figure: Traces, study: Study) -> Any:
    start, stop = figure.window or (None, None)
    recording = study.recordings[figure.experiment]
    return plot(recording, probe=list(figure.signals) or None, protocol=study.experiments[figure.experiment].protocol,
                start=start, stop=stop)  # fmt: skip


def _gates(figure: Gates, study: Study) -> Any:
    start, stop = figure.window or (None, None)
    return plot_states(study.recordings[figure.experiment], start=start, stop=stop)


def _kymograph(figure: Kymograph, study: Study) -> Any:
    return kymograph(study.recordings[figure.experiment], probe=figure.signal)


def _drawing(figure: Drawing, study: Study) -> Any:
    recording = study.recordings[figure.experiment]
    frame = int(np.argmin(np.abs(recording.time - figure.time)))
    return draw(study.experiments[figure.experiment].cell, np.atleast_2d(recording[figure.signal].values)[:, frame])


def _chart(figure: Chart, study: Study) -> Any:
    axes = single("a chart")
    _lines(axes, figure, LINE)
    if _lowest(figure) >= 0.0:
        axes.set_ylim(bottom=0.0)
    name_axis(axes.xaxis, figure.x)
    return axes


def _stack(figure: Stack, study: Study) -> Any:
    made = panels("a stack of charts", [2.0] * len(figure.charts))
    for axes, chart in zip(made, figure.charts, strict=True):
        _lines(axes, chart, FINE)
        axes.margins(x=0.0)
        # A trace that never comes near zero would be pressed flat.
        if 0.0 <= _lowest(chart) < 0.3 * max(float(np.nanmax(line.y)) for line in chart.lines):
            axes.set_ylim(bottom=0.0)
    name_axis(made[-1].xaxis, figure.x)
    made[0].figure.align_ylabels(made)
    return made


def _lowest(figure: Chart) -> float:
    return min(float(np.nanmin(line.y)) for line in figure.lines)


def _lines(axes: Any, figure: Chart, width: float) -> None:
    """The lines of a chart with the name of what they show, and a key where there are several."""
    for index, line in enumerate(figure.lines):
        style = {"marker": "o", "linestyle": "none", "markersize": 5.0} if line.dots else {"linewidth": width}
        axes.plot(line.x, line.y, color=COLOURS[index % len(COLOURS)], label=line.label, **style)
    name_axis(axes.yaxis, figure.y)
    if len(figure.lines) > 1:
        legend(axes)


DRAWN: dict[type, Callable[[Any, Study], Any]] = {
    Traces: _traces,
    Gates: _gates,
    Kymograph: _kymograph,
    Drawing: _drawing,
    Chart: _chart,
    Stack: _stack,
}
