"""Cells of the tests of experiments: the squid patch, and membranes whose answers are known."""

from __future__ import annotations

import math

import excitable as ex

# A patch of 10⁻⁴ cm²: 1 µA/cm² is 0.1 nA.
SIDE = 100.0 / math.sqrt(math.pi)
NANOAMPERE = 0.1
PATCH = ex.Cell(ex.single_compartment(SIDE))


def squid(temperature=6.3, leak=-54.3, on=PATCH):
    """The squid membrane of the package; the leak of Hodgkin and Huxley's table 3 is at -65 + 10.613 mV."""
    bare = ex.Cell(on.morphology, on.compartments, temperature=temperature)
    return ex.paint(bare, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak(reversal=leak))


class MorrisLecarCalcium(ex.Channel):
    """Instantaneous calcium current.

    Source: Rinzel & Ermentrout 1989, Analysis of neural excitability and oscillations, appendix A.
    """

    ion = "ca"
    conductance = ex.parameter(0.0044, "S/cm2", "maximal conductance")
    reversal = ex.parameter(120.0, "mV", "reversal potential")
    half = ex.parameter(-1.2, "mV", "half activation")
    width = ex.parameter(18.0, "mV", "width of the activation")

    def current(self, v):
        return self.conductance * 0.5 * (1 + ex.tanh((v - self.half) / self.width)) * (v - self.reversal)


class MorrisLecarPotassium(ex.Channel):
    """Potassium current with one gate. Source: as for the calcium current."""

    ion = "k"
    conductance = ex.parameter(0.008, "S/cm2", "maximal conductance")
    reversal = ex.parameter(-84.0, "mV", "reversal potential")
    half = ex.parameter(2.0, "mV", "half activation")
    width = ex.parameter(30.0, "mV", "width of the activation")
    pace = ex.parameter(0.04, "1/ms", "the largest rate at half activation")
    w = ex.gate("activation")

    def rates(self, v):
        x = (v - self.half) / self.width
        steady = 0.5 * (1 + ex.tanh(x))
        cosh = 0.5 * (ex.exp(0.5 * x) + ex.exp(-0.5 * x))
        return {"w": ex.relax(steady, 1 / (self.pace * cosh))}

    def current(self, v):
        return self.conductance * self.w * (v - self.reversal)


def morris_lecar(calcium=0.0044, half=2.0, width=30.0, pace=0.04):
    """The barnacle muscle: by default the parameters with Hopf bifurcations of Rinzel & Ermentrout 1989."""
    cell = ex.Cell(ex.single_compartment(SIDE), ex.per_branch(1), capacitance=20.0, initial_voltage=-60.0)
    potassium = MorrisLecarPotassium(half=half, width=width, pace=pace)
    leak = ex.Leak(conductance=0.002, reversal=-60.0)
    return ex.paint(cell, ex.everywhere, MorrisLecarCalcium(conductance=calcium), potassium, leak)


def morris_lecar_circle():
    """The barnacle muscle with a saddle-node on an invariant circle (figures 4 to 6 of the same chapter)."""
    return morris_lecar(calcium=0.004, half=12.0, width=17.4, pace=1 / 15)


class Scheme(ex.Channel):
    """Closed, open and inactivated, in a row. Source: made for this test."""

    closed = ex.state_variable("closed", start=1.0)
    open = ex.state_variable("open", start=0.0)
    inactivated = ex.state_variable("inactivated", start=0.0)
    conductance = ex.parameter(1e-4, "S/cm2", "maximal conductance")

    def rates(self, v):
        first = ex.exp((v + 50) / 10) * self.closed - 0.5 * self.open
        second = 2.0 * self.open - 1.0 * self.inactivated
        return {"closed": -first, "open": first - second, "inactivated": second}

    def current(self, v):
        return self.conductance * self.open * (v - 50)
