"""A passive dendrite against cable theory: length constant, time constant, input resistance."""

import excitable as ex

material = {"membrane_resistance": "20 kohm cm2", "axial_resistivity": "150 ohm cm"}
length_constant = ex.physics.length_constant("2 um", **material)
resistance = ex.physics.input_resistance_finite(length_constant, "2 um", **material)  # both ends sealed

dendrite = ex.Cell(
    ex.cable(length_constant, "2 um"),
    compartments=ex.per_branch(501),
    axial_resistivity="150 ohm cm",
    initial_voltage="-70 mV",
)
dendrite = ex.paint(dendrite, ex.everywhere, ex.Leak(conductance=1 / 20e3, reversal="-70 mV"))

recording = ex.run(
    dendrite,
    "300 ms",
    protocol=[ex.current_pulse(at=ex.root, amplitude="10 pA", start="20 ms", duration="1 s")],
    record=[ex.voltage(at=ex.root, label="near"), ex.voltage(at=ex.distal(ex.everywhere), label="far")],
)

measured = ex.measure.input_resistance(recording, current="10 pA", start="20 ms", stop="300 ms", probe="near")
near, far = (recording[label].values[-1] + 70 for label in ("near", "far"))
print(f"λ = {length_constant:.1f} µm; input resistance {measured:.1f} MΩ, theory {resistance:.1f} MΩ")
print(f"the far end gets {far / near:.4f} of the voltage at the near end, theory {1 / 1.5431:.4f}")
assert abs(measured / resistance - 1) < 0.003
assert abs(far / near - 0.6481) < 0.001  # 1 / cosh(1)
