"""The squid membrane of 1952 written down a second time, as numbers, to hold the simulator against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from methods.observed import AREA_CM2, SIZE, Array, Traces, exact_solution

import excitable as ex

PROBES = [
    ex.voltage(at=ex.soma, label="v"),
    ex.state("m", of=ex.SquidSodium, at=ex.soma, label="m"),
    ex.state("h", of=ex.SquidSodium, at=ex.soma, label="h"),
    ex.state("n", of=ex.SquidPotassium, at=ex.soma, label="n"),
    ex.current(ion="na", at=ex.soma, label="sodium"),
    ex.current(of=ex.SquidPotassium, at=ex.soma, label="potassium"),
    ex.current(at=ex.soma, label="membrane"),
]


def membrane_cell(temperature: float = 6.3) -> ex.Cell:
    """One compartment of 20 by 20 µm with the squid currents, from -65 mV."""
    cell = ex.Cell(ex.single_compartment(SIZE, SIZE), temperature=temperature)
    return ex.paint(cell, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())


def rates(v: Any) -> tuple[tuple[Any, Any], ...]:
    """(opening, closing) of m, h and n in 1/ms at 6.3 °C; u is the depolarisation of the paper, its sign reversed."""
    u = v + 65.0
    return (
        (0.1 * _quotient(25.0 - u), 4.0 * np.exp(-u / 18.0)),
        (0.07 * np.exp(-u / 20.0), 1.0 / (np.exp((30.0 - u) / 10.0) + 1.0)),
        (0.01 * _quotient(10.0 - u), 0.125 * np.exp(-u / 80.0)),
    )


def _quotient(x: Any) -> Any:
    """x / (exp(x / 10) - 1)."""
    safe = np.where(x == 0.0, 1e-12, x)
    return np.where(x == 0.0, 10.0, safe / np.expm1(safe / 10.0))


def steady_gates(v: float) -> list[float]:
    """m, h, n at rest."""
    return [float(a / (a + b)) for a, b in rates(v)]


def currents(v: Any, m: Any, h: Any, n: Any) -> tuple[Any, Any, Any]:
    """Sodium, potassium and leak, outward, mA/cm²."""
    return 0.12 * m**3 * h * (v - 50.0), 0.036 * n**4 * (v + 77.0), 0.0003 * (v + 54.3)


def exact_membrane(
    injected: Callable[[float], float], times: Array, breaks: tuple[float, ...] = (), temperature: float = 6.3
) -> Traces:
    """The traces that PROBES record, for an injected current in nA."""
    faster = 3.0 ** ((temperature - 6.3) / 10.0)

    def slope(t: float, state: Array) -> list[float]:
        v, *gates = state
        ionic = sum(currents(v, *gates))
        moves = [faster * (a * (1.0 - x) - b * x) for (a, b), x in zip(rates(v), gates, strict=True)]
        return [(injected(t) * 1e-3 / AREA_CM2 - 1e3 * ionic) / 1.0, *moves]

    v, m, h, n = exact_solution(slope, [-65.0, *steady_gates(-65.0)], times, breaks)
    sodium, potassium, leak = currents(v, m, h, n)
    return {
        "v": v, "m": m, "h": h, "n": n,
        "sodium": sodium, "potassium": potassium, "membrane": sodium + potassium + leak,
    }  # fmt: skip


def traces(recording: ex.Recording) -> Traces:
    """Every signal by its label."""
    return {label: signal.values for label, signal in recording.signals.items()}
