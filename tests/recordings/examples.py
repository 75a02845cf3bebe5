"""Recordings that the tests of this room share."""

from __future__ import annotations

import numpy as np

from excitable.recordings import Axis, Place, Recording, Signal, Spikes

TIME = np.arange(5) * 0.025
SOMA, DEND = Place("soma", distance=0.0), Place("dend[3](0.5)", "dend[3]", 0.5, 120.0)


def single(values=None, time=TIME, **more):
    values = np.linspace(-70.0, -60.0, time.size) if values is None else values
    signal = Signal("voltage at soma", "voltage", "mV", values, places=(SOMA,))
    return Recording(time, {signal.label: signal}, **more)


def sweep():
    axes = (Axis("amplitude", [0.1, 0.2, 0.3], "nA"), Axis("drug", ["none", "TTX"]))
    voltage = np.arange(3 * 2 * 2 * 5, dtype=float).reshape(3, 2, 2, 5)
    current = np.arange(30.0).reshape(3, 2, 5)
    signals = {
        "voltage": Signal("voltage", "voltage", "mV", voltage, ("amplitude", "drug", "place", "time"), (SOMA, DEND)),
        "current": Signal("current", "current", "nA", current, ("amplitude", "drug", "time"), (SOMA,)),
    }
    rows = tuple(np.arange(n, dtype=float) for n in range(6))
    spikes = {"spikes": Spikes("spikes", 0.0, rows, (3, 2), SOMA)}
    return Recording(TIME, signals, spikes, axes, {"dt": 0.025, "method": "Crank–Nicolson"})
