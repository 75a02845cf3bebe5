"""How often a membrane fires, for two hundred currents in one call: the squid's never fires slowly."""

import math

import numpy as np

import excitable as ex

patch = ex.Cell(ex.single_compartment(100 / math.sqrt(math.pi)))
patch = ex.paint(patch, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())

step = ex.current_pulse(at=ex.soma, amplitude=0, start="10 ms", duration="500 ms")
amplitudes = np.linspace(0.01, 2.0, 200)  # nA, ten times smaller than the µA/cm²
recording = ex.sweep(
    patch,
    "510 ms",
    ex.vary(step, "amplitude", amplitudes),
    protocol=[step],
    record=[ex.spikes(at=ex.soma, threshold="-20 mV", label="spikes")],
)

rate = recording.spikes["spikes"].count / 0.5  # Hz
first = amplitudes[np.argmax(recording.spikes["spikes"].count > 0)]
slowest = rate[rate > 10].min()
print(f"the first spike needs {10 * first:.2f} µA/cm²; sustained firing begins at {slowest:.0f} Hz, never slower")
assert abs(10 * first - 2.24) < 0.1  # µA/cm²: the rheobase
assert slowest > 40  # Hz
