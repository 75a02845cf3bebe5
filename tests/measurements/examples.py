"""Synthetic traces with known answers that the tests of this room share."""

from __future__ import annotations

import numpy as np

from excitable.recordings import Axis, Place, Recording, Signal

SOMA = (Place("soma"),)
REST, HEIGHT, WIDTH = -70.0, 100.0, 0.5


def gaussian_spikes(time, centres, height=HEIGHT, width=WIDTH):
    """Bell-shaped spikes: every number of their shape has a closed form."""
    return REST + sum(height * np.exp(-(((time - centre) / width) ** 2)) for centre in centres)


def recording(time, values, dims=("time",), places=SOMA, axes=(), label="voltage at soma"):
    return Recording(time, {label: Signal(label, "voltage", "mV", values, dims, places)}, axes=axes)


def step(step_size=0.1, onset=100.0, end=300.0, total=400.0, change=-5.0, constant=10.0):
    """Charging during a step and decay after it."""
    time = np.arange(0.0, total, step_size)
    on, off = np.clip(time - onset, 0, None), np.clip(time - end, 0, None)
    return time, REST + change * ((1 - np.exp(-on / constant)) - (1 - np.exp(-off / constant)))


AMPLITUDE = Axis("amplitude", [0.1, 0.2, 0.3], "nA")
