"""Fresh process to the first voltage trace in Arbor: one squid compartment, 1 s; prints the peak in mV."""

import arbor
from arbor import units

shape = arbor.segment_tree()
shape.append(arbor.mnpos, arbor.mpoint(0, 0, 0, 10), arbor.mpoint(20, 0, 0, 10), tag=1)
decor = arbor.decor().paint("(all)", arbor.density("hh"))
decor.place("(location 0 0.5)", arbor.i_clamp(0 * units.ms, 1000 * units.ms, 0.1256637 * units.nA))
cell = arbor.cable_cell(shape, decor, arbor.label_dict(), arbor.cv_policy_single())
model = arbor.single_cell_model(cell)
model.probe("voltage", "(location 0 0.5)", tag="v", frequency=40 * units.kHz)
model.properties = arbor.neuron_cable_properties()
model.run(1000 * units.ms, 0.025 * units.ms)
print(max(model.traces[0].value))
