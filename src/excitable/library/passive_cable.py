"""A passive cable after Rall: what spreads, how far, how fast, against which resistance.

Every number has a closed form (`excitable.physics`), so that the published column follows the settings.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .. import measurements as measure
from .. import physics
from ..cells import Cell, paint
from ..mechanisms import Leak
from ..morphology import at, cable, each, everywhere, per_branch
from ..physics.cable_solutions import steady_finite
from ..protocols import Stimulus, current_pulse
from ..recordings import Recording
from ..recordings.probes import Probe, voltage
from .figures import Chart, Figure, Line, Traces
from .preparation import Experiment, Measured, Preparation, Recordings, Setting, Values, attempt

PAPER = "Rall 1959, Exp Neurol 1:491"

Floats = NDArray[np.float64]

REST = -70.0
CURRENT = 0.01
START = 20.0

SETTINGS = (
    Setting("diameter", 2.0, "um", "diameter of the cable"),
    Setting("membrane_resistance", 20e3, "ohm cm2", "specific resistance of the membrane"),
    Setting("axial_resistivity", 150.0, "ohm cm", "resistivity of the cytoplasm"),
    Setting("capacitance", 1.0, "uF/cm2", "specific capacitance of the membrane"),
    Setting("electrotonic_length", 1.0, "1", "length of the finite cable in length constants"),
)


def cell(values: Values) -> Cell:
    """The finite cable."""
    return _cable(values, values["electrotonic_length"], 1001)


def experiments(finite: Cell, values: Values) -> tuple[Experiment, ...]:
    """A step of current into one end of the finite cable, into one end of a long one, and into its middle."""
    tau = physics.time_constant(membrane_resistance=values["membrane_resistance"], capacitance=values["capacitance"])
    step = _step(0.0, 10.0 * tau)
    # Ten length constants let e⁻²⁰ of a voltage come back from the far end: as good as endless.
    end, middle = _cable(values, 10.0, 4001), _cable(values, 20.0, 8001)
    last, dt = START + 10.0 * tau, tau / 800.0
    return (
        Experiment("finite", finite, last, (step,), (voltage(at=each(everywhere), label="voltage"),), dt=dt, every=8),
        Experiment("discharge", finite, START + 7.0 * tau, (_step(0.0, 0.01 * tau),), (_at(0.0),), dt=dt),
        Experiment("end", end, last, (step,), (voltage(at=each(everywhere), label="voltage"),), dt=dt, every=80),
        Experiment("middle", middle, last, (_step(0.5, 10.0 * tau),), (_at(0.5),), dt=dt, every=8),
    )


def _cable(values: Values, lengths: float, compartments: int) -> Cell:
    passive = Cell(
        cable(lengths * _length_constant(values), values["diameter"], name="passive cable"),
        compartments=per_branch(compartments),
        axial_resistivity=values["axial_resistivity"],
        capacitance=values["capacitance"],
        initial_voltage=REST,
    )
    return paint(passive, everywhere, Leak(conductance=1.0 / values["membrane_resistance"], reversal=REST))


def _step(position: float, duration: float) -> Stimulus:
    return current_pulse(at=at("dend[0]", position), amplitude=CURRENT, start=START, duration=duration, name="step")


def _at(position: float) -> Probe:
    return voltage(at=at("dend[0]", position), label="voltage")


def _material(values: Values) -> dict[str, float]:
    return {name: values[name] for name in ("membrane_resistance", "axial_resistivity")}


def _length_constant(values: Values) -> float:
    return float(physics.length_constant(values["diameter"], **_material(values)))


def read_off(recordings: Recordings, values: Values) -> tuple[Measured, ...]:
    """Length and time constant, and three input resistances."""
    theory = {"diameter": values["diameter"], **_material(values)}
    constant, lengths = _length_constant(values), values["electrotonic_length"]
    tau = physics.time_constant(membrane_resistance=values["membrane_resistance"], capacitance=values["capacitance"])
    semi = physics.input_resistance_semi_infinite(**theory)
    infinite = physics.input_resistance_infinite(**theory)
    finite = physics.input_resistance_finite(lengths * constant, **theory)
    found = attempt(lambda: _fitted_length(recordings["end"], constant))
    decay = attempt(lambda: measure.time_constant(recordings["discharge"], start=START + 0.05 * tau, asymptote=REST))

    def row(quantity: str, value: float, unit: str, published: float, share: float, formula: str) -> Measured:
        return Measured(quantity, value, unit, published, share * published, f"{formula}; {PAPER}", theory=True)

    return (
        row("length constant", found, "µm", constant, 0.002, "sqrt(d Rm / (4 Ri))"),
        row("time constant", decay, "ms", tau, 0.002, "Rm Cm"),
        row("input resistance, endless both ways", _resistance(recordings["middle"]), "MΩ", infinite, 0.003, "R∞ / 2"),
        row("input resistance, endless one way", _resistance(recordings["end"]), "MΩ", semi, 0.003,
            "R∞ = (2/π) sqrt(Rm Ri) d^(-3/2)"),
        row("input resistance, sealed at both ends", _resistance(recordings["finite"]), "MΩ", finite, 0.003,
            f"R∞ coth({lengths:g})"),
        row("voltage at the far end over the near end", _attenuation(recordings["finite"]), "1", 1.0 / np.cosh(lengths),
            0.003, f"1 / cosh({lengths:g})"),
    )  # fmt: skip


def _profile(recording: Recording) -> Floats:
    """The steady change of voltage at each place, mV."""
    values = np.atleast_2d(recording["voltage"].values)
    return np.asarray(values[:, -1] - values[:, 0])


def _resistance(recording: Recording) -> float:
    """The change of voltage at the electrode over the current, MΩ."""
    return float(_profile(recording)[0] / CURRENT)


def _fitted_length(recording: Recording, constant: float) -> float:
    # Beyond four length constants the voltage is lost in rounding; the near end gives all the information.
    distance = recording["voltage"].distance
    near = distance < 4.0 * constant
    return float(measure.length_constant(_profile(recording)[near][::10], distance[near][::10]))


def _attenuation(recording: Recording) -> float:
    profile = _profile(recording)
    return float(profile[-1] / profile[0])


def figures(recordings: Recordings, values: Values) -> tuple[Figure, ...]:
    """The steady voltage along the finite cable beside theory, and how a brief charge spreads and leaks away."""
    finite = recordings["finite"]
    distance = finite["voltage"].distance
    resistance = physics.input_resistance_semi_infinite(values["diameter"], **_material(values))
    lengths = values["electrotonic_length"]
    theory = CURRENT * resistance * steady_finite(np.clip(distance / _length_constant(values), 0.0, lengths), lengths)
    dots = slice(None, None, max(distance.size // 25, 1))
    simulated = Line("simulated", distance[dots], _profile(finite)[dots], dots=True)
    return (
        Chart("profile", "Steady voltage along a sealed cable", "Distance from the electrode (µm)",
              "Change of voltage (mV)", (Line("closed form", distance, theory), simulated)),
        Traces("discharge", "A brief charge spreads and leaks away", "discharge"),
    )  # fmt: skip


passive_cable = Preparation(
    name="passive_cable",
    summary="A passive cable after Rall: length constant, time constant and input resistance beside their formulas.",
    source=PAPER,
    cell=cell,
    experiments=experiments,
    measure=read_off,
    figures=figures,
    settings=SETTINGS,
)
