"""Every method against CVODE on the same equations: what is left is the error of our time integration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from runtime.cells import SQUID, compartment, tree

import excitable as ex
from references.figures import figure

pytest.importorskip("sksundae", reason="CVODE comes with scikit-sundae")
from references.cvode_reference import solve

SUITE = "Time integration against SUNDIALS CVODE"
SOURCE = "CVODE at a relative tolerance of 1e-11 (Hindmarsh et al. 2005), run live"


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


@pytest.fixture(scope="module")
def converged() -> dict[str, Any]:
    """The voltages of each case (compartments, samples), by CVODE, made once."""
    return {}


def reference(name: str, kept: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    make, protocol, duration = CASES[name]
    if name not in kept:
        times = 0.05 * np.arange(round(duration / 0.05) + 1)
        count = len(make().discretise())
        kept[name] = times, solve(make(), duration, times, protocol, RECORD)[:, :count].T
    return kept[name]


@pytest.mark.parametrize("name", CASES)
def test_the_adaptive_method_converges_to_it(name: str, converged: dict[str, Any]) -> None:
    """Prediction: below 1e-5 mV at a tolerance of 1e-9, and within a few mV·tolerance·1000 at 1e-5."""
    make, protocol, duration = CASES[name]
    times, exact = reference(name, converged)
    for tolerance, allowed in ((1e-5, 0.5), (1e-9, 1e-4)):
        method = ex.Adaptive(tolerance=tolerance)
        made = ex.run(make(), duration, protocol=protocol, record=RECORD, dt=0.05, method=method)
        error = float(np.abs(np.atleast_2d(made.signals["v"].values)[:, : times.size] - exact).max())
        figure(SUITE, f"{name}, adaptive, tolerance {tolerance:g}: largest difference", error, 0.0, allowed, unit="mV",
               source=SOURCE)  # fmt: skip


@pytest.mark.parametrize("name", ["squid membrane", "squid axon", "branched cell"])
def test_the_default_method_converges_to_it_at_its_order(name: str, converged: dict[str, Any]) -> None:
    """Between the edges of the pulse, a while after the first: where current enters a fine cable, the method rings."""
    make, protocol, duration = CASES[name]
    _, exact = reference(name, converged)
    errors = []
    for dt in (0.003125, 0.0015625):
        made = ex.run(make(), duration, protocol=protocol, record=RECORD, dt=dt, every=round(0.05 / dt))
        errors.append(float(np.abs(np.atleast_2d(made.signals["v"].values)[:, 20:120] - exact[:, 20:120]).max()))
    slope = float(np.log2(errors[0] / errors[1]))
    figure(SUITE, f"{name}, staggered: observed order", slope, 2.0, 0.1, source=SOURCE)
