"""States that depend on each other keep the order: chains, circles, and rates that are curved in their own state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from methods.observed import METHODS, SIZE, Array, Traces, exact_solution, nanoampere, observed_order, wrong_orders
from methods.squid import traces

import excitable as ex

REST, DEPTH, DECAY = 1e-4, 0.1, 15.0
# mM/ms that 1 mA/cm² brings into a shell 0.1 µm deep: 1e6 / (2 F depth in cm) / 1e3 ms.
FILLING = 1e3 / (2.0 * 96485.33212 * DEPTH * 1e-4)


class CalciumChannel(ex.Channel):
    """Calcium current with one gate. Source: made for this test."""

    ion = "ca"
    conductance = ex.parameter(2e-4, "S/cm2", "maximal conductance")
    c = ex.gate("activation")

    def rates(self, v: Any) -> Mapping[str, Any]:
        return {"c": ex.relax(1.0 / (1.0 + ex.exp(-(v + 35.0) / 6.0)), 1.0 + 3.0 * ex.exp(-(((v + 30.0) / 30.0) ** 2)))}

    def current(self, v: Any, e_ca: Any) -> Any:
        return self.conductance * self.c**2 * (v - e_ca)


class Pool(ex.Mechanism):
    """A shell of calcium. Source: made for this test."""

    calcium = ex.state_variable("concentration", "mM", start=REST)
    filling = ex.parameter(FILLING, "mM cm2 / mA / ms", "concentration brought by a current")
    decay = ex.parameter(DECAY, "ms", "time constant")

    def rates(self, i_ca: Any) -> Mapping[str, Any]:
        return {"calcium": -self.filling * i_ca - (self.calcium - REST) / self.decay}

    def provides(self) -> Mapping[str, Any]:
        return {"ca_inside": self.calcium}


class CalciumActivated(ex.Channel):
    """Potassium current whose gate opens with calcium. Source: made for this test."""

    ion = "k"
    conductance = ex.parameter(1e-3, "S/cm2", "maximal conductance")
    q = ex.gate("activation")

    def rates(self, v: Any, ca_inside: Any) -> Mapping[str, Any]:
        return {"q": ex.alpha_beta(400.0 * ca_inside * ex.exp(v / 80.0), 0.4)}

    def current(self, v: Any) -> Any:
        return self.conductance * self.q * (v + 90.0)


class Feedback(ex.Mechanism):
    """Two states that drive each other, and a third with a curved law that reads both. Source: made for this test."""

    a = ex.state_variable("excitation", start=0.3)
    b = ex.state_variable("recovery", start=0.1)
    s = ex.state_variable("curved", start=0.2)
    pace = ex.parameter(1.0, "1/ms", "how fast")

    def rates(self, v: Any) -> Mapping[str, Any]:
        return {
            "a": self.pace * (0.5 * (1.0 - self.a) * (1.0 + 0.02 * v) - 1.5 * self.a * self.b),
            "b": self.pace * (0.3 * self.a**2 - 0.2 * self.b),
            "s": self.pace * (0.8 * self.a - self.s**3 - self.b * self.s),
        }


class Driven(ex.Channel):
    """A channel with a curved state that its own current depends on. Source: made for this test."""

    conductance = ex.parameter(1e-3, "S/cm2", "maximal conductance")
    w = ex.state_variable("curved", start=0.5)
    pace = ex.parameter(1.0, "1/ms", "how fast")

    def rates(self, v: Any) -> Mapping[str, Any]:
        return {"w": self.pace * (0.4 * ex.exp(v / 60.0) - self.w**2 - 0.1 * ex.sin(self.w))}

    def current(self, v: Any) -> Any:
        return self.conductance * self.w * (v + 80.0)


def calcium_cell(nernst: bool) -> ex.Cell:
    ion = ex.Ion("ca", 2, outside=2.0) if nernst else ex.Ion("ca", 2, reversal=120.0)
    cell = ex.Cell(ex.single_compartment(SIZE, SIZE), temperature=30.0, initial_voltage=-70.0)
    leak = ex.Leak(conductance=1e-4, reversal=-65.0)
    return ex.paint(cell, ex.everywhere, ion, CalciumChannel(), Pool(), CalciumActivated(), leak)


STEPS = (0.1, 0.025, 0.00625)
DURATION, DENSITY = 40.0, 2.5
TIMES = STEPS[0] * np.arange(round(DURATION / STEPS[0]) + 1)
STIMULUS = ex.current_pulse(at=ex.soma, amplitude=nanoampere(DENSITY), start=0.0, duration=1000.0)


def opening(v: Any) -> tuple[Any, Any]:
    return 1.0 / (1.0 + np.exp(-(v + 35.0) / 6.0)), 1.0 + 3.0 * np.exp(-(((v + 30.0) / 30.0) ** 2))


def exact_calcium(nernst: bool) -> Traces:
    scale = 1e3 * 8.31446261815324 * (30.0 + 273.15) / (2.0 * 96485.33212)

    def parts(state: Array) -> tuple[Any, Any]:
        v, c, calcium, q = state
        reversal = scale * np.log(2.0 / calcium) if nernst else 120.0
        return 2e-4 * c**2 * (v - reversal), 1e-3 * q * (v + 90.0)

    def slope(t: float, state: Array) -> list[float]:
        v, c, calcium, q = state
        inward, outward = parts(state)
        steady, slow = opening(v)
        total = DENSITY - 1e3 * (inward + outward + 1e-4 * (v + 65.0))
        return [
            total,
            (steady - c) / slow,
            -FILLING * inward - (calcium - REST) / DECAY,
            400.0 * calcium * np.exp(v / 80.0) * (1.0 - q) - 0.4 * q,
        ]

    rate = 400.0 * REST * np.exp(-70.0 / 80.0)
    found = exact_solution(slope, [-70.0, float(opening(-70.0)[0]), REST, rate / (rate + 0.4)], TIMES)
    inward, outward = parts(found)
    return {"v": found[0], "c": found[1], "calcium": found[2], "q": found[3], "inward": inward, "outward": outward}


@pytest.mark.parametrize("nernst", [False, True], ids=["fixed reversal", "Nernst potential of the pool"])
@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_calcium_and_what_it_opens(method: ex.methods.Method, nernst: bool) -> None:
    record = [
        ex.voltage(at=ex.soma, label="v"),
        ex.state("c", of=CalciumChannel, at=ex.soma, label="c"),
        ex.state("calcium", of=Pool, at=ex.soma, label="calcium"),
        ex.state("q", of=CalciumActivated, at=ex.soma, label="q"),
        ex.current(ion="ca", at=ex.soma, label="inward"),
        ex.current(of="CalciumActivated", at=ex.soma, label="outward"),
    ]
    reference = exact_calcium(nernst)
    assert reference["calcium"].max() > 10.0 * REST, "the pool is meant to fill"

    def simulate(dt: float) -> Traces:
        cell = calcium_cell(nernst)
        return traces(ex.run(cell, DURATION, protocol=[STIMULUS], record=record, dt=dt, method=method))

    assert wrong_orders(observed_order(simulate, STEPS, reference), method.order) == {}


def exact_feedback() -> Traces:
    def slope(t: float, state: Array) -> list[float]:
        v, a, b, s, w = state
        return [
            DENSITY - 1e3 * 1e-3 * w * (v + 80.0),
            0.5 * (1.0 - a) * (1.0 + 0.02 * v) - 1.5 * a * b,
            0.3 * a**2 - 0.2 * b,
            0.8 * a - s**3 - b * s,
            0.4 * np.exp(v / 60.0) - w**2 - 0.1 * np.sin(w),
        ]

    v, a, b, s, w = exact_solution(slope, [-40.0, 0.3, 0.1, 0.2, 0.5], TIMES)
    return {"v": v, "a": a, "b": b, "s": s, "w": w, "current": 1e-3 * w * (v + 80.0)}


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_circles_and_curved_laws(method: ex.methods.Method) -> None:
    cell = ex.Cell(ex.single_compartment(SIZE, SIZE), initial_voltage=-40.0)
    cell = ex.paint(cell, ex.everywhere, Feedback(), Driven())
    record = [ex.voltage(at=ex.soma, label="v"), ex.current(at=ex.soma, label="current")]
    record += [ex.state(name, of=Feedback, at=ex.soma, label=name) for name in "abs"]
    record += [ex.state("w", of=Driven, at=ex.soma, label="w")]

    def simulate(dt: float) -> Traces:
        return traces(ex.run(cell, DURATION, protocol=[STIMULUS], record=record, dt=dt, method=method))

    assert wrong_orders(observed_order(simulate, STEPS, exact_feedback()), method.order) == {}
