"""A first action potential: a patch of squid membrane, a brief current, one spike."""

import math

import excitable as ex

# A patch of 10⁻⁴ cm²: a current density of 1 µA/cm² is then 0.1 nA.
side = 100 / math.sqrt(math.pi)
patch = ex.Cell(ex.single_compartment(side), temperature="6.3 degC")
patch = ex.paint(patch, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())

recording = ex.run(
    patch,
    "30 ms",
    protocol=[ex.current_pulse(at=ex.soma, amplitude="10 nA", start="5 ms", duration="0.2 ms")],
    record=[ex.voltage(at=ex.soma), ex.state("m", of=ex.SquidSodium, at=ex.soma)],
)
print(recording)

spike = ex.measure.action_potentials(recording[ex.voltage(at=ex.soma)], recording.time)
print(f"one spike at {spike.time[0]:.2f} ms, from {spike.onset[0]:.1f} to {spike.peak[0]:+.1f} mV")
assert len(spike.time) == 1
assert abs(spike.peak[0] - 40.8) < 0.2  # mV
