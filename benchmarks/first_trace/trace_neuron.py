"""Fresh process to the first voltage trace in NEURON: one squid compartment, 1 s; prints the peak in mV."""

from neuron import h

section = h.Section(name="soma")
section.L = section.diam = 20
section.insert("hh")
clamp = h.IClamp(section(0.5))
clamp.delay, clamp.dur, clamp.amp = 0, 1000, 0.1256637
voltage = h.Vector().record(section(0.5)._ref_v)
h.celsius = 6.3
parallel = h.ParallelContext()
parallel.set_maxstep(10)
h.finitialize(-65)
parallel.psolve(1000)
print(max(voltage))
