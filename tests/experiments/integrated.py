"""The squid patch by an independent integrator: LSODA of SciPy on the equations of Hodgkin & Huxley 1952, at 6.3 °C."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import fsolve


def _exprel(x):
    return np.where(np.abs(x) < 1e-7, 1 - x / 2, x / np.expm1(x))


def rates(v):
    """Opening and closing rates of m, h and n, 1/ms."""
    return (
        (_exprel(-(v + 40) / 10), 4 * np.exp(-(v + 65) / 18)),
        (0.07 * np.exp(-(v + 65) / 20), 1 / (1 + np.exp(-(v + 35) / 10))),
        (0.1 * _exprel(-(v + 55) / 10), 0.125 * np.exp(-(v + 65) / 80)),
    )


def derivative(y, current, leak=-54.3):
    """d/dt of v (mV), m, h, n under a current density (µA/cm²)."""
    v, m, h, n = y
    ionic = 120 * m**3 * h * (v - 50) + 36 * n**4 * (v + 77) + 0.3 * (v - leak)
    gates = [a * (1 - x) - b * x for (a, b), x in zip(rates(v), (m, h, n), strict=True)]
    return [current - ionic, *gates]


def rest():
    """The resting state."""
    start = [-65.0, *(a / (a + b) for a, b in rates(-65.0))]
    return fsolve(lambda y: derivative(y, 0.0), start, xtol=1e-13)


def peak(current, pieces, start=None):
    """The highest voltage after the first time of `pieces`, the times (ms) at which the current has corners."""
    y, highest = rest() if start is None else start, -np.inf
    for begin, end in pairwise(pieces):
        made = solve_ivp(
            lambda t, y: derivative(y, current(t)), (begin, end), y, method="LSODA", rtol=1e-9, atol=1e-11,
            max_step=0.5,
        )  # fmt: skip
        y, highest = made.y[:, -1], max(highest, made.y[0].max())
    return highest
