"""Rallpack 3 solved by an independent integrator: the cable of squid membrane as one system of equations.

Cell-centred differences in space, LSODA (variable order, variable step, implicit where stiff) in time with
a banded Jacobian. Time is converged to the tolerance; space is of second order, and `continuum_curves`
removes its error by Richardson's extrapolation from two grids. Nothing here shares a line with excitable.

`python -m references.squid_axon`, from the folder of the tests, computes the stored curves anew.

Units: ms, mV, µm, nA, mS/cm², µF/cm², µA/cm².
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp

from references.rallpack import (
    AXIAL_RESISTIVITY,
    AXON,
    AXON_POTASSIUM,
    AXON_POTASSIUM_REVERSAL,
    AXON_SODIUM,
    AXON_SODIUM_REVERSAL,
    CAPACITANCE,
    CURRENT,
    LEAK_CONDUCTANCE,
    LEAK_REVERSAL,
    START,
    Array,
    SealedCable,
    sample_times,
)

STATES = 4
STORED = Path(__file__).with_suffix(".npz")
# Of the stored voltages in mV: the tolerance of the integrator is not finer.
DIGITS = 6


@dataclass(frozen=True)
class Membrane:
    """Conductances in mS/cm², reversal potentials in mV. Rates: Hodgkin & Huxley 1952, rest at -65."""

    sodium: float = 1e3 * AXON_SODIUM
    potassium: float = 1e3 * AXON_POTASSIUM
    leak: float = 1e3 * LEAK_CONDUCTANCE
    sodium_reversal: float = AXON_SODIUM_REVERSAL
    potassium_reversal: float = AXON_POTASSIUM_REVERSAL
    leak_reversal: float = LEAK_REVERSAL

    def current(self, v: Array, m: Array, h: Array, n: Array) -> Array:
        """Outward, µA/cm²."""
        return (
            self.sodium * m**3 * h * (v - self.sodium_reversal)
            + self.potassium * n**4 * (v - self.potassium_reversal)
            + self.leak * (v - self.leak_reversal)
        )


def rates(v: Array) -> tuple[tuple[Array, Array], ...]:
    """(opening, closing) of m, h and n, 1/ms."""
    u = v + 65.0
    return (
        (ratio_to_expm1((25.0 - u) / 10.0), 4.0 * np.exp(-u / 18.0)),
        (0.07 * np.exp(-u / 20.0), 1.0 / (np.exp((30.0 - u) / 10.0) + 1.0)),
        (0.1 * ratio_to_expm1((10.0 - u) / 10.0), 0.125 * np.exp(-u / 80.0)),
    )


def ratio_to_expm1(x: Array) -> Array:
    """x / (exp(x) - 1), 1 at 0."""
    safe = np.where(x == 0.0, 1.0, x)
    return np.where(x == 0.0, 1.0, safe / np.expm1(safe))


def steady_gates(v: float) -> tuple[float, ...]:
    return tuple(float(a / (a + b)) for a, b in rates(np.array(v)))


@dataclass(frozen=True)
class Axon:
    """A cable of equal compartments; the state is v, m, h, n of the first, then of the second, and so on."""

    cable: SealedCable = AXON
    compartments: int = 1000
    membrane: Membrane = Membrane()
    amplitude: float = CURRENT

    @property
    def coupling(self) -> float:
        """Between neighbours, mS/cm² of the membrane of one of them: d / (4 R dx²)."""
        dx = self.cable.length / self.compartments * 1e-4
        return 1e3 * self.cable.diameter * 1e-4 / (4.0 * AXIAL_RESISTIVITY * dx**2)

    @property
    def drive(self) -> float:
        """The injected current over the membrane of the first compartment, µA/cm²."""
        area_cm2 = math.pi * self.cable.diameter * self.cable.length / self.compartments * 1e-8
        return self.amplitude * 1e-3 / area_cm2

    def start(self) -> Array:
        return np.tile(np.array([START, *steady_gates(START)]), self.compartments)

    def slope(self, time: float, state: Array) -> Array:
        """The time derivative of every state."""
        v, *gates = state.reshape(-1, STATES).T
        flow = self.coupling * np.diff(v)
        total = -self.membrane.current(v, *gates)
        total[:-1] += flow
        total[1:] -= flow
        total[0] += self.drive
        moves = [opening * (1.0 - x) - closing * x for (opening, closing), x in zip(rates(v), gates, strict=True)]
        return np.column_stack([total / CAPACITANCE, *moves]).ravel()

    def centre_voltages(self, times: Array, tolerance: float = 1e-8) -> tuple[Array, Array]:
        """Voltage (mV) at these times in the middle of the first and of the last compartment.

        At the default tolerance a spike is exact to 0.01 µs after 45 ms.
        """
        solution = solve_ivp(
            self.slope,
            (float(times[0]), float(times[-1])),
            self.start(),
            method="LSODA",
            t_eval=times,
            rtol=tolerance,
            atol=tolerance,
            lband=STATES,
            uband=STATES,
        )
        if not solution.success:
            raise RuntimeError(f"the reference did not converge: {solution.message}")
        voltage = solution.y[::STATES]
        return voltage[0], voltage[-1]

    def end_voltages(self, times: Array, tolerance: float = 1e-8) -> tuple[Array, Array]:
        """The same at the two ends of the cable, to second order in the length of a compartment.

        At the injected end the current flows through half a compartment; at the sealed end nothing flows.
        """
        first, last = self.centre_voltages(times, tolerance)
        drop = np.where(np.asarray(times) > times[0], 1.0, 0.0)
        return first + drop * self.cable.half_compartment_drop(self.compartments, self.amplitude), last


def continuum_curves(times: Array, compartments: int = 1000, tolerance: float = 1e-8) -> tuple[Array, Array]:
    """Both ends of Rallpack 3 with the second-order error in space removed, from this grid and half of it."""
    fine = Axon(compartments=compartments).end_voltages(times, tolerance)
    coarse = Axon(compartments=compartments // 2).end_voltages(times, tolerance)
    first, last = (a + (a - b) / 3.0 for a, b in zip(fine, coarse, strict=True))
    return first, last


def stored_curves(space: str = "compartments") -> tuple[Array, Array, Array]:
    """(times, injected end, far end) of the whole Rallpack 3, computed by this module and kept beside it.

    "compartments": the middle of the first and the last of 1000 compartments, converged in time only, for a
    simulator on the same grid. "continuum": the ends of the cable, converged in space too.
    """
    with np.load(STORED) as table:
        first, last = table[space]
    return sample_times(), first, last


def store() -> None:
    """Compute the stored curves anew (about a minute)."""
    times = sample_times()
    grid = np.array(Axon(compartments=1000).centre_voltages(times))
    ends = np.array(continuum_curves(times))
    np.savez_compressed(STORED, compartments=grid.round(DIGITS), continuum=ends.round(DIGITS))


if __name__ == "__main__":
    store()
