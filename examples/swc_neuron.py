"""A neuron from an SWC file: read it, paint it, make it fire, see how little of the spike reaches a dendrite."""

import tempfile
from pathlib import Path

import excitable as ex

# A soma, a dendrite that forks, and an axon. Point, kind, x, y, z, radius, parent.
TEXT = """
1 1 0 0 0 8 -1
2 3 0 8 0 1.5 1
3 3 0 150 0 1.2 2
4 3 -80 300 0 0.6 3
5 3 90 420 0 0.6 3
6 2 0 -8 0 0.8 1
7 2 0 -300 0 0.5 6
"""

with tempfile.TemporaryDirectory() as folder:
    file = Path(folder) / "neuron.swc"
    file.write_text(TEXT.strip())
    shape = ex.read(file)
print(shape)
for remark in shape.report:
    print("  ", remark)

neuron = ex.Cell(shape, axial_resistivity="150 ohm cm")
neuron = ex.paint(neuron, ex.everywhere, ex.Leak(conductance="0.05 mS/cm2", reversal="-65 mV"))
neuron = ex.paint(neuron, ex.soma | ex.axon, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())

recording = ex.run(
    neuron,
    "40 ms",
    protocol=[ex.current_pulse(at=ex.soma, amplitude="0.3 nA", start="5 ms", duration="30 ms")],
    record=[
        ex.voltage(at=ex.soma, label="soma"),
        ex.voltage(at=ex.distal(ex.axon), label="axon"),
        ex.voltage(at=ex.distal(ex.dendrite), label="dendrite"),
    ],
)
peaks = {label: ex.measure.peak(recording, probe=label) for label in recording}
print({label: f"{peak:.1f} mV" for label, peak in peaks.items()})
assert len(ex.measure.spikes(recording, probe="soma")) >= 1
assert peaks["axon"] > 20 > peaks["dendrite"]
