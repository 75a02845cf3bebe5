"""Voltage clamp: hold the membrane, read the currents, find where the sodium current turns round."""

import math

import numpy as np

import excitable as ex

patch = ex.Cell(ex.single_compartment(100 / math.sqrt(math.pi)))
patch = ex.paint(patch, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())

clamp = ex.voltage_clamp(at=ex.soma, levels=[("5 ms", "-65 mV"), ("20 ms", "0 mV")])
levels = np.arange(-40.0, 81.0, 10.0)
sodium = ex.current(of=ex.SquidSodium, at=ex.soma, label="sodium")
recording = ex.sweep(
    patch, "12 ms", ex.vary(clamp, "level_1", levels), protocol=[clamp], record=[sodium, ex.clamp_current()]
)

current = recording["sodium"].values  # mA/cm², one row for each level
largest = current[np.arange(len(levels)), np.abs(current).argmax(axis=1)]
turn = np.interp(0.0, largest[-7:], levels[-7:])
for level, peak in zip(levels, largest, strict=True):
    print(f"{level:+4.0f} mV  {peak:+7.3f} mA/cm²")
print(f"the sodium current turns round at {turn:.1f} mV")
assert abs(turn - 50.0) < 1.0  # mV, the reversal potential of the channel
