"""A passive compartment under synaptic drive: currents and conductances that fall exponentially, in closed form."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

import excitable as ex
from excitable.expressions import exp, where
from references.figures import figure

SUITE = "Synaptic drive of a passive compartment"
AREA = math.pi * 20.0 * 20.0 * 1e-8  # cm²
LEAK, REST, TAU = 1e-4, -65.0, 10.0  # S/cm², mV, ms
ONSET, RISE, DECAY = 2.0, 0.5, 3.0  # ms
DURATION = 20.0


class OneExponential(ex.Channel):
    """A synaptic conductance that jumps and falls. Rall 1967, J Neurophysiol 30:1138, for synaptic conductance."""

    conductance = ex.parameter(3e-4, "S/cm2", "at the onset")
    reversal = ex.parameter(0.0, "mV", "reversal potential")
    onset = ex.parameter(ONSET, "ms", "when it opens")
    decay = ex.parameter(DECAY, "ms", "time constant of its fall")

    def opened(self, t: Any) -> Any:
        return where(t >= self.onset, exp(-1.0 * (t - self.onset) / self.decay), 0.0)

    def current(self, v: Any, t: Any) -> Any:
        return self.conductance * self.opened(t) * (v - self.reversal)


class TwoExponentials(OneExponential):
    """A conductance that rises and falls, the difference of two exponentials."""

    rise = ex.parameter(RISE, "ms", "time constant of its rise")

    def opened(self, t: Any) -> Any:
        since = t - self.onset
        return where(since >= 0.0, exp(-1.0 * since / self.decay) - exp(-1.0 * since / self.rise), 0.0)


def passive(*more: Any) -> ex.Cell:
    cell = ex.Cell(ex.single_compartment(20.0, 20.0), initial_voltage=REST)
    return ex.paint(cell, ex.everywhere, ex.Leak(conductance=LEAK, reversal=REST), *more)


def opened(t: float, two: bool) -> float:
    """The conductance of the synapse, S/cm²."""
    since = t - ONSET
    if since < 0.0:
        return 0.0
    return 3e-4 * (math.exp(-since / DECAY) - (math.exp(-since / RISE) if two else 0.0))


def total(t: float, two: bool) -> float:
    """The integral of the conductance from the onset, S ms/cm²."""
    since = max(t - ONSET, 0.0)
    fallen = DECAY * (1.0 - math.exp(-since / DECAY))
    return 3e-4 * (fallen - (RISE * (1.0 - math.exp(-since / RISE)) if two else 0.0))


def exact(t: float, two: bool) -> float:
    """C dv/dt = -gL (v - rest) - g(t) v, by the integrating factor; the integral left over by quadrature."""
    capacitance = 1e-3  # mS ms / cm² … here S ms/cm² of 1 µF/cm²

    def factor(s: float) -> float:
        return (LEAK * s + total(s, two)) / capacitance

    driven, _ = quad(lambda s: LEAK * REST / capacitance * math.exp(factor(s) - factor(t)), 0.0, t,
                     points=[min(ONSET, t)], epsabs=1e-13, epsrel=1e-13, limit=400)  # fmt: skip
    return REST * math.exp(-factor(t)) + driven


@pytest.mark.parametrize("two", [False, True])
def test_a_conductance_against_the_integrating_factor(two: bool) -> None:
    synapse = TwoExponentials() if two else OneExponential()
    name = "two exponentials" if two else "one exponential"
    record = [ex.voltage(at=ex.root, label="v")]

    def error(dt: float, method: Any) -> float:
        made = ex.run(passive(synapse), DURATION, record=record, dt=dt, every=round(0.5 / dt), method=method)
        wanted = np.array([exact(float(t), two) for t in made.time])
        return float(np.abs(made.signals["v"].values - wanted).max())

    slope = math.log2(error(0.1, ex.staggered) / error(0.05, ex.staggered))
    figure(SUITE, f"conductance of {name}, staggered: observed order", slope, 2.0, 0.1,
           source="integrating factor and quadrature")  # fmt: skip
    tight = error(0.5, ex.Adaptive(tolerance=1e-8))
    figure(SUITE, f"conductance of {name}, adaptive at 1e-8: largest difference", tight, 0.0, 1e-4, unit="mV",
           source="integrating factor and quadrature")  # fmt: skip


@pytest.mark.parametrize("two", [False, True])
def test_a_current_against_the_convolution(two: bool) -> None:
    """An injected exponential: the solution is a sum of exponentials."""
    amplitude = 0.02  # nA
    resistance = 1e-6 / (LEAK * AREA)  # MΩ
    times = np.concatenate([[ONSET - 1e-9], ONSET + np.linspace(0.0, DURATION, 40001)])
    since = np.maximum(times - ONSET, 0.0)
    samples = amplitude * (np.exp(-since / DECAY) - (np.exp(-since / RISE) if two else 0.0)) * (times >= ONSET)
    stimulus = ex.current_waveform(at=ex.root, times=times, samples=samples)

    def part(t: Any, tau: float) -> Any:
        later = np.maximum(t - ONSET, 0.0)
        return amplitude * resistance * tau / (tau - TAU) * (np.exp(-later / tau) - np.exp(-later / TAU))

    def error(dt: float) -> float:
        made = ex.run(passive(), DURATION, protocol=[stimulus], record=[ex.voltage(at=ex.root, label="v")], dt=dt,
                      every=round(0.5 / dt))  # fmt: skip
        wanted = REST + part(made.time, DECAY) - (part(made.time, RISE) if two else 0.0)
        return float(np.abs(made.signals["v"].values - wanted).max())

    errors = [error(dt) for dt in (0.1, 0.05, 0.025)]
    name = "two exponentials" if two else "one exponential"
    figure(SUITE, f"current of {name}, staggered: observed order", math.log2(errors[0] / errors[1]), 2.0, 0.1,
           source="convolution with exp(-t/τ), closed form")  # fmt: skip
    figure(SUITE, f"current of {name}, staggered at 0.025 ms: largest difference", errors[2], 0.0, 1e-3, unit="mV",
           source="convolution with exp(-t/τ), closed form")  # fmt: skip
