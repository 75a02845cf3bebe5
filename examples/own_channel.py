"""A channel of your own in twenty lines: an M-current that lets a squid patch fire only once."""

import math

import numpy as np

import excitable as ex


class MuscarinicPotassium(ex.Channel):
    """Slow potassium current that opens below threshold.

    Source: Yamada, Koch & Adams 1989, in Methods in Neuronal Modeling; made faster here, to show in 100 ms.
    """

    ion = "k"
    conductance = ex.parameter("2 mS/cm2", "S/cm2", "maximal conductance")
    reversal = ex.parameter(-77.0, "mV", "potassium reversal potential")
    fastest = ex.parameter(20.0, "ms", "time constant at its largest")
    w = ex.gate("activation")

    def rates(self, v):
        steady = 1 / (1 + ex.exp(-(v + 35) / 10))
        tau = self.fastest / (3.3 * ex.exp((v + 35) / 20) + ex.exp(-(v + 35) / 20))
        return {"w": ex.relax(steady, tau)}

    def current(self, v):
        return self.conductance * self.w * (v - self.reversal)


# The same lines give numbers, without a simulation.
half = MuscarinicPotassium().steady_state("w", v=np.array([-35.0]))
print("open at -35 mV:", half)

patch = ex.Cell(ex.single_compartment(100 / math.sqrt(math.pi)))
squid = ex.paint(patch, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())
calmer = ex.paint(squid, ex.everywhere, MuscarinicPotassium())

step = ex.current_pulse(at=ex.soma, amplitude="1 nA", start="5 ms", duration="200 ms")
counts = [len(ex.measure.spikes(ex.run(cell, "205 ms", protocol=[step]))) for cell in (squid, calmer)]
print(f"{counts[0]} spikes without, {counts[1]} with the M-current")
assert half[0] == 0.5
assert counts == [14, 1]
