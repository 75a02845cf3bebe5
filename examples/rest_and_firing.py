"""Where rest gives way to firing: the squid membrane under constant currents, followed through both Hopf points."""

import math

import excitable as ex
from excitable import experiments

side = 100 / math.sqrt(math.pi)  # 1e-4 cm²: 1 µA/cm² is 0.1 nA
leak = ex.SquidLeak(reversal=-65 + 10.613)  # as table 3 of Hodgkin & Huxley 1952 prints it
patch = ex.paint(ex.Cell(ex.single_compartment(side)), ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), leak)

print(experiments.rest(patch))
diagram = experiments.bifurcation(patch, at=ex.soma, between=(0, "18 nA"))
print(diagram)

lower, upper = diagram.of("Hopf")
print(
    f"Hassard 1978 and Rinzel & Miller 1980: 9.78 and 154.5; here {10 * lower.current:.3f} and {10 * upper.current:.2f}"
)
assert abs(10 * lower.current - 9.7754) < 1e-3
assert abs(10 * upper.current - 154.5224) < 1e-3
assert abs(10 * diagram.cycles.first - 6.26) < 0.03
