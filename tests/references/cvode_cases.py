"""Cells that are integrated by every method and by CVODE: each with its protocol and how long it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from runtime.cells import SQUID, compartment, tree

import excitable as ex


class Chain(ex.Channel):
    """A stiff Markov chain: a fast pair of closed states before the opening. Rates span five decades."""

    conductance = ex.parameter(0.002, "S/cm2", "when all are open")
    closed = ex.state_variable("far", start=1.0)
    ready = ex.state_variable("near", start=0.0)
    open = ex.state_variable("open", start=0.0)
    fast = ex.parameter(800.0, "1/ms", "between the closed states")
    slow = ex.parameter(0.5, "1/ms", "opening at 0 mV")
    per = ex.parameter(20.0, "mV", "voltage for e-fold more")
    reversal = ex.parameter(0.0, "mV", "reversal potential")

    def rates(self, v: Any) -> Mapping[str, Any]:
        there = self.fast * self.closed - 2.0 * self.fast * self.ready
        opening = self.slow * np.exp(v / self.per) * self.ready - 0.2 * self.slow * self.open
        return {"closed": -1.0 * there, "ready": there - opening, "open": opening}

    def current(self, v: Any) -> Any:
        return self.conductance * self.open * (v - self.reversal)


def markov() -> ex.Cell:
    """A squid compartment with the chain."""
    return ex.paint(compartment(), ex.everywhere, Chain())


def axon() -> ex.Cell:
    """A squid axon of 24 compartments."""
    cell = ex.Cell(ex.cable("8 mm", "476 um"), ex.per_branch(24), axial_resistivity=35.4)
    return ex.paint(cell, ex.everywhere, *SQUID)


def pulse(amplitude: float) -> list[Any]:
    """A pulse whose edges lie on no sample."""
    return [ex.current_pulse(at=ex.root, amplitude=amplitude, start=0.3217, duration=6.1234)]


CASES: dict[str, tuple[Any, list[Any], float]] = {
    "squid membrane": (compartment, pulse(0.15), 20.0),
    "squid axon": (axon, pulse(3000.0), 8.0),
    "branched cell": (tree, pulse(0.8), 8.0),
    "stiff Markov chain": (markov, pulse(0.15), 8.0),
    "axon in a voltage clamp": (axon, [ex.voltage_clamp(at=ex.root, levels=[(1.0317, -65.0), (9.0, -20.0)])], 6.0),
}
RECORD = [ex.voltage(at=ex.each(ex.everywhere), label="v")]


def converged(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Times, and the voltage of every compartment of a case (compartments, samples) by CVODE."""
    from references.cvode_reference import solve

    make, protocol, duration = CASES[name]
    times = 0.05 * np.arange(round(duration / 0.05) + 1)
    count = len(make().discretise())
    return times, solve(make(), duration, times, protocol, RECORD)[:, :count].T
