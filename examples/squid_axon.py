"""An impulse travels along the giant axon of the squid: Hodgkin and Huxley computed 18.8 m/s by hand."""

import excitable as ex

axon = ex.Cell(
    ex.cable("6 cm", "476 um", kind="axon"),
    compartments=ex.per_branch(600),
    axial_resistivity="35.4 ohm cm",
    temperature="18.5 degC",
)
axon = ex.paint(axon, ex.everywhere, ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak())

recording = ex.run(
    axon,
    "5 ms",
    protocol=[ex.current_pulse(at=ex.at("axon[0]", 0), amplitude="20 uA", duration="0.2 ms")],
    record=[ex.voltage(at=ex.at("axon[0]", 0.4)), ex.voltage(at=ex.at("axon[0]", 0.6))],
    dt="2.5 us",
)

velocity = ex.measure.conduction_velocity(recording)
print(f"{velocity:.2f} m/s")
assert abs(velocity - 18.8) < 0.1  # m/s, Hodgkin & Huxley 1952
