"""How far does the voltage spread? The length constant of a cable."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..errors import RequestError
from ..recordings import Recording, Signal
from ..units import to, to_array
from .exponentials import search
from .traces import Array, Measured, each_row, voltage_of


def length_constant(
    voltage: Recording | Signal | ArrayLike,
    distance: ArrayLike | None = None,
    *,
    length: Any = None,
    rest: Any = None,
    probe: Any = None,
) -> Measured:
    """The length constant of a cable, µm, from the steady voltage along it.

    Fits cosh((length - x) / λ) for a cable with a sealed end at `length`, exp(-x / λ) for one without an
    end. The
    current enters at x = 0 or before the first place.

    Args:
        voltage: Change of voltage from rest, mV, shape (..., places); or a recording at several places,
        where the
            last sample less `rest` is taken.
        distance: Where, µm, shape (places,); not with a recording.
        length: Distance of the sealed end, µm; None for a cable that is long beside λ.
        rest: What to subtract from the voltage, mV; 0, or the first sample of a recording, when left out.
        probe: Which signal of the recording.

    Raises:
        RequestError: Fewer than three places, places beyond the end, or a voltage that does not decay.

    >>> x = np.linspace(0, 1000, 11)
    >>> round(length_constant(10 * np.cosh((1000 - x) / 400), x, length=1000), 6)
    400.0
    """
    steady, places, name = _profile(voltage, distance, rest, probe)
    end = None if length is None else to(length, "um", what="the distance of the sealed end")
    if end is not None and places.max() > end * (1 + 1e-9):
        raise RequestError(
            f"A voltage was recorded at {places.max():g} µm of a cable whose end is at {end:g} µm. "
            "Expected places on the cable. Write length= as the distance of its sealed end."
        )

    rows = steady.reshape(-1, places.size)
    return each_row(rows, steady.shape[:-1], lambda row: _length(row, places, end, name))


def _length(row: Array, x: Array, end: float | None, name: str) -> float:
    span = float(np.ptp(x))

    def basis(constants: Array) -> Array:
        near = (x - x.min()) / constants[0]
        if end is None:
            return np.asarray(np.exp(-near)[:, None])
        # cosh((end - x) / λ), scaled so that it does not overflow in a long cable.
        return np.asarray((np.exp(-near) + np.exp(near - 2.0 * (end - x.min()) / constants[0]))[:, None])

    def share(constant: float) -> float:
        columns = basis(np.array([constant]))
        left = target - columns @ np.linalg.lstsq(columns, target, rcond=None)[0]
        return float(np.sum(left**2) / np.sum(target**2))

    target = row / np.abs(row).max()
    start = min(np.geomspace(0.001 * span, 100 * span, 80).tolist(), key=share)
    found = float(search(basis, target, np.array([start]))[0])
    if not 0.001 * span < found < 100 * span or share(found) > 0.1:
        raise RequestError(
            f"{name} does not decay along the cable as the cable equation has it (it goes from "
            f"{row[0]:.3g} to "
            f"{row[-1]:.3g} mV in {span:g} µm). Expected a steady voltage less rest, with the current at the "
            "near end. Write rest=, or only the places on one side of the electrode."
        )
    return found


def _profile(voltage: Any, distance: Any, rest: Any, probe: Any) -> tuple[Array, Array, str]:
    """Steady deflection along the cable, the distances, and a name for messages."""
    level = None if rest is None else to(rest, "mV", what="the resting potential")
    name = "the voltage along the cable"
    if isinstance(voltage, Recording):
        signal = voltage_of(voltage, probe)
        name, places = signal.label, signal.distance
        steady = signal.values[..., -1] - (signal.values[..., 0] if level is None else level)
    else:
        steady = to_array(voltage, "mV", what=name) - (level or 0.0)
        places = np.empty(0) if distance is None else to_array(distance, "um", what="the distance")
    fits = steady.ndim > 0 and steady.shape[-1] == places.size and places.size >= 3
    if not fits or np.unique(places).size < 3 or not np.isfinite(places).all() or not np.any(steady):
        raise RequestError(
            f"{name} has shape {steady.shape} and its distances shape {places.shape}. Expected a change "
            "of voltage at three or more different distances. Write length_constant(change, distance) with one per "
            "place."
        )
    return steady, places, name
