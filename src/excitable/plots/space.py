"""Space and time in one picture: the voltage along an axon as colour."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import RequestError
from ..measurements import conduction_velocity
from ..measurements.traces import voltage_of
from ..recordings import Recording
from .style import FAR, ORDERED, SIZES, colour_bar, name_axis, single, tidy

# More than a screen has: further samples are left out of the picture, not of the recording.
MOST = 2000


def kymograph(
    recording: Recording,
    *,
    probe: Any = None,
    start: float | None = None,
    stop: float | None = None,
    velocity: bool = False,
    axes: Any = None,
) -> Any:
    """Time to the right, distance along the axon upwards, the signal as colour.

    Args:
        recording: A single run, recorded at several places along one path.
        probe: Which signal, as a probe or a label, when there are several.
        start, stop: The part to show, ms.
        velocity: Whether to measure the conduction velocity of the first spike and write it into the picture.
        axes: Draw on these axes instead of a new figure.

    Returns:
        The matplotlib axes.

    Raises:
        RequestError: A sweep, fewer than two places, places that do not lie one after the other along a
        path, or
            matplotlib is missing.
    """
    signal = voltage_of(recording, probe)
    distance = signal.distance
    if signal.dims != ("place", "time"):
        raise RequestError(
            f"{signal.label!r} has the dimensions {signal.dims}. Expected one run at several places. Write "
            "record=[voltage(at=each(axon))] in the run, and recording.select(...) for one run of a sweep."
        )
    order = np.argsort(distance, kind="stable")
    rising = distance[order]
    if not np.isfinite(rising).all() or (np.diff(rising) <= 0).any():
        raise RequestError(
            f"The {distance.size} places of {signal.label!r} do not lie one after the other: two share a "
            "distance. Expected places along one path. Write record=[voltage(at=...)] on one branch."
        )
    figure = single("kymograph") if axes is None else tidy(axes)
    time = recording.time
    inside = (time >= (time[0] if start is None else start)) & (time <= (time[-1] if stop is None else stop))
    time, values = time[inside], signal.values[order][:, inside]
    time, values = time[:: -(-time.size // MOST)], values[:, :: -(-values.shape[1] // MOST)]
    unit, scale = ("mm", 1e-3) if rising[-1] >= FAR else ("µm", 1.0)
    edges = _edges(time), _edges(rising * scale)
    mesh = figure.pcolormesh(*edges, values, cmap=ORDERED, shading="flat", rasterized=True)
    bar = colour_bar(mesh, figure, f"{signal.quantity.capitalize()} ({signal.unit})")
    bar.ax.tick_params(length=3.0)
    name_axis(figure.xaxis, "Time (ms)")
    name_axis(figure.yaxis, f"Distance ({unit})")
    if velocity:
        speed = float(np.asarray(conduction_velocity(recording, probe=probe, start=start, stop=stop)))
        figure.set_title(f"Conduction velocity {abs(speed):#.3g} m/s", fontsize=SIZES["title"], loc="right")
    return figure


def _edges(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """The borders of cells around `centres`."""
    middle = 0.5 * (centres[1:] + centres[:-1])
    if not middle.size:
        return np.array([centres[0] - 0.5, centres[0] + 0.5])
    return np.concatenate([[2 * centres[0] - middle[0]], middle, [2 * centres[-1] - middle[-1]]])
