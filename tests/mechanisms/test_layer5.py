"""Layer-5 and regular-spiking channels against numbers of NEURON 9.0, and on every target.

The tables were computed with NEURON 9.0 from the equations of the deposits (ModelDB 139653 at 34 °C, ModelDB 123623 at
36 °C) with the voltage pinned by a huge capacitance.
"""

from __future__ import annotations

import numpy as np
import pytest

import excitable as ex
from excitable.library.layer5_pyramidal import IONS, SOMA, PyramidalCalciumReversal
from excitable.mechanisms import (
    Channel,
    Mechanism,
    PyramidalCalciumPool,
    PyramidalCalciumPotassium,
    PyramidalFastPotassium,
    PyramidalHighThresholdCalcium,
    PyramidalHyperpolarisation,
    PyramidalLowThresholdCalcium,
    PyramidalMuscarinicPotassium,
    PyramidalPersistentPotassium,
    PyramidalPersistentSodium,
    PyramidalTransientPotassium,
    PyramidalTransientSodium,
    RegularSpikingPotassium,
    RegularSpikingSlowPotassium,
    RegularSpikingSodium,
)

VOLTAGE = np.array([-90.0, -70.0, -55.0, -35.0, -10.0, 20.0])
# Steady state and time constant (ms) at these voltages, 34 °C.
CURVES: dict[tuple[type[Channel], str], tuple[tuple[float, ...], tuple[float, ...]]] = {
    (PyramidalTransientSodium, "m"): (
        (0.000252728617, 0.00703632398, 0.0794672046, 0.707593563, 0.993633963, 0.999956833),
        (0.052498175, 0.0843361326, 0.139186396, 0.172685527, 0.0654105172, 0.0320780652),
    ),
    (PyramidalTransientSodium, "h"): (
        (0.98201379, 0.660756369, 0.137841657, 0.00567120301, 8.841917e-05, 5.95816008e-07),
        (0.906861096, 1.8146829, 1.48661448, 0.720023659, 0.403086006, 0.262520719),
    ),
    (PyramidalPersistentSodium, "m"): (
        (0.000294353486, 0.0222565994, 0.372445657, 0.978670146, 0.999904936, 0.99999986),
        (0.31498905, 0.506016795, 0.835118377, 1.03611316, 0.392463103, 0.192468391),
    ),
    (PyramidalPersistentSodium, "h"): (
        (0.984015152, 0.89283193, 0.650218549, 0.201009, 0.0202329971, 0.00102708805),
        (1610.70742, 2144.89797, 1917.75504, 1317.90018, 883.658777, 578.12953),
    ),
    (PyramidalTransientPotassium, "m"): (
        (0.0146215932, 0.0407813281, 0.0856126635, 0.211519668, 0.5, 0.829055388),
        (0.419535639, 0.416057883, 0.371709982, 0.284788844, 0.188359976, 0.131770124),
    ),
    (PyramidalTransientPotassium, "h"): (
        (0.802183889, 0.354343694, 0.109096821, 0.0163024994, 0.00135851995, 6.77241496e-05),
        (17.8351523, 14.7652807, 6.47892243, 2.92224134, 2.70991687, 2.70921708),
    ),
    (PyramidalPersistentPotassium, "m"): (
        (0.00138132015, 0.00727025813, 0.0249244266, 0.119202922, 0.520821285, 0.929781208),
        (7.82846386, 12.87898, 14.6080659, 8.85644096, 4.82579287, 2.44143741),
    ),
    (PyramidalPersistentPotassium, "h"): (
        (0.914012033, 0.633080369, 0.306149746, 0.06683447, 0.00732514001, 0.000482347331),
        (259.263695, 395.273057, 408.344135, 319.866927, 190.593215, 130.542302),
    ),
    (PyramidalFastPotassium, "m"): (
        (1.35896898e-05, 0.000106812381, 0.000501232996, 0.00392646141, 0.0493239834, 0.533455094),
        (1.08828328, 1.48109966, 1.80937066, 2.26040726, 2.78395913, 3.27501652),
    ),
    (PyramidalMuscarinicPotassium, "m"): (
        (1.67014218e-05, 0.000911051194, 0.01798621, 0.5, 0.993307149, 0.999983299),
        (0.419385074, 3.09608833, 13.6385593, 51.310929, 8.3673364, 0.419385074),
    ),
    (PyramidalHyperpolarisation, "m"): (
        (0.123539897, 0.0183592074, 0.00394777918, 0.000483853731, 3.36312095e-05, 1.318243e-06),
        (68.8709338, 42.1543923, 27.1870544, 14.9092665, 7.00865814, 2.83157803),
    ),
    (PyramidalHighThresholdCalcium, "m"): (
        (9.62119462e-08, 4.11187087e-05, 0.00334258851, 0.405757762, 0.978744747, 0.998641264),
        (0.44022134, 1.42753893, 3.43837097, 6.64821465, 1.034847, 0.38631993),
    ),
    (PyramidalHighThresholdCalcium, "h"): (
        (0.836183883, 0.641220288, 0.45723655, 0.249342902, 0.108415233, 0.0446618802),
        (392.258254, 448.740581, 431.933983, 351.391488, 251.902093, 189.084165),
    ),
    (PyramidalLowThresholdCalcium, "m"): (
        (0.000240311713, 0.00669285092, 0.07585818, 0.697059284, 0.993307149, 0.999954602),
        (8.46619016, 8.46013269, 8.34448192, 5.07978197, 1.73859162, 1.69337378),
    ),
    (PyramidalLowThresholdCalcium, "h"): (
        (0.5, 0.0420877279, 0.00419879527, 0.000185225743, 3.72663928e-06, 3.4321288e-08),
        (23.6499805, 22.785984, 18.1407049, 8.55097622, 6.8287113, 6.77381133),
    ),
}
# Current density (mA/cm2) for 1 S/cm2, 0.5, 5 and 50 ms after a step from -90 mV; E_Na 50, E_K -85, E_Ca 130 mV.
CURRENTS: dict[type[Channel], tuple[float, tuple[float, float, float]]] = {
    PyramidalTransientSodium: (-30.0, (-19.9654062, -0.136982966, -0.120517645)),
    PyramidalPersistentSodium: (-30.0, (-5.72215218, -75.9788118, -74.3261719)),
    PyramidalTransientPotassium: (-30.0, (0.0853207518, 0.035296711, 0.00245236763)),
    PyramidalPersistentPotassium: (-30.0, (0.00644015031, 0.323214948, 1.23466761)),
    PyramidalFastPotassium: (-30.0, (0.0660892251, 0.316502646, 0.360643939)),
    PyramidalMuscarinicPotassium: (-30.0, (0.418449813, 4.16508722, 26.8011609)),
    PyramidalHyperpolarisation: (-110.0, (-8.18681429, -9.62185845, -19.9959599)),
    PyramidalHighThresholdCalcium: (-30.0, (-0.51595949, -24.3532115, -54.2456342)),
    PyramidalLowThresholdCalcium: (-30.0, (-0.853632756, -17.0019051, -0.0949866736)),
}
REVERSAL = {"e_na": 50.0, "e_k": -85.0, "e_ca": 130.0}


@pytest.mark.parametrize("key", CURVES, ids=lambda key: f"{key[0].__name__}.{key[1]}")
def test_gates_have_the_curves_of_the_deposit(key: tuple[type[Channel], str]) -> None:
    channel, gate = key[0](), key[1]
    steady, time_constant = CURVES[key]
    variables = {"v": VOLTAGE, "temperature": 34.0}
    np.testing.assert_allclose(channel.steady_state(gate, **variables), steady, rtol=1e-8)
    np.testing.assert_allclose(channel.time_constant(gate, **variables), time_constant, rtol=1e-8)


@pytest.mark.parametrize("kind", CURRENTS, ids=lambda kind: kind.__name__)
def test_currents_after_a_step_are_those_of_the_deposit(kind: type[Channel]) -> None:
    level, expected = CURRENTS[kind]
    # NEURON computes currents before it advances the gates: what it shows is one step of 0.025 ms old.
    channel, time = kind(conductance=1.0), np.array([0.5, 5.0, 50.0]) - 0.025
    gates = {}
    for gate in channel.states:
        start = channel.steady_state(gate, v=-90.0, temperature=34.0)
        end = channel.steady_state(gate, v=level, temperature=34.0)
        gates[gate] = end + (start - end) * np.exp(-time / channel.time_constant(gate, v=level, temperature=34.0))
    given = [level if name == "v" else REVERSAL[name] for name in channel.reads("current")]
    np.testing.assert_allclose(channel.bind(**gates).current(*given), expected, rtol=2e-6)


def test_calcium_opens_the_potassium_channel_at_half_a_micromole() -> None:
    inside = np.array([5e-5, 0.0001, 0.0002, 0.0003, 0.00043, 0.0006, 0.001, 0.002, 0.005])
    steady = (3.26883679e-05, 0.000909821306, 0.024740895, 0.1508419, 0.5, 0.831891629, 0.982893737, 0.999375642,
              0.999992316)  # fmt: skip
    np.testing.assert_allclose(PyramidalCalciumPotassium().steady_state("z", ca_inside=inside), steady, rtol=1e-8)


def test_the_muscarinic_current_of_the_regular_spiking_cell() -> None:
    channel = RegularSpikingSlowPotassium()
    steady = (0.00407013772, 0.0293122308, 0.119202922, 0.5, 0.92414182, 0.995929862)
    time_constant = (63.0771805, 158.026397, 254.305133, 232.55814, 84.7124768, 19.3481181)
    np.testing.assert_allclose(channel.steady_state("p", v=VOLTAGE, temperature=36.0), steady, rtol=1e-8)
    np.testing.assert_allclose(channel.time_constant("p", v=VOLTAGE, temperature=36.0), time_constant, rtol=1e-8)


def test_the_reversal_of_calcium_is_that_of_the_published_runs() -> None:
    published, warm = PyramidalCalciumReversal(), PyramidalCalciumReversal(warmth=34.0)
    assert published.provides(1e-4)["e_ca"] == pytest.approx(119.24, abs=0.01)
    assert warm.provides(1e-4)["e_ca"] == pytest.approx(131.07, abs=0.01)


def patch(*what: Mechanism, voltage: float = -70.0) -> ex.Cell:
    """A compartment of 20 by 20 µm at 34 °C."""
    made = ex.Cell(ex.single_compartment(20.0), temperature=34.0, initial_voltage=voltage)
    return ex.paint(made, ex.everywhere, *what)


CROWDS: dict[str, tuple[Mechanism, ...]] = {
    "layer 5": (*SOMA, PyramidalHyperpolarisation(), PyramidalMuscarinicPotassium(), PyramidalCalciumReversal(), *IONS),
    "regular spiking": (RegularSpikingSodium(), RegularSpikingPotassium(), RegularSpikingSlowPotassium()),
}


@pytest.mark.filterwarnings("ignore:The step dt = 0.025 ms is coarse")
@pytest.mark.parametrize("crowd", CROWDS)
def test_host_and_interpreter_agree(crowd: str) -> None:
    everyone = CROWDS[crowd]
    cell = patch(*everyone, ex.Leak())
    push = ex.current_pulse(at=ex.soma, amplitude=1.0, duration=5.0)
    look = [ex.state(s, of=m, at=ex.soma, label=f"{m.name}.{s}") for m in everyone for s in m.states]
    look.append(ex.voltage(at=ex.soma, label="voltage"))
    slow, fast = (
        ex.run(cell, "1 ms", protocol=[push], record=look, dt=0.025, on=target) for target in (ex.interpreter, ex.host)
    )
    assert slow["voltage"].values.max() > -40.0, "the membrane moves"
    for label in slow.signals:
        first, second = slow[label].values, fast[label].values
        np.testing.assert_allclose(second[1], first[1], rtol=1e-12, err_msg=label)
        np.testing.assert_allclose(second, first, rtol=1e-11, err_msg=label)


def test_the_calcium_pool_converges_with_second_order() -> None:
    """Calcium flows in, lowers its own driving force, and opens potassium channels."""
    cell = patch(
        PyramidalHighThresholdCalcium(conductance=0.001),
        PyramidalLowThresholdCalcium(conductance=0.003),
        PyramidalCalciumPotassium(conductance=0.002),
        PyramidalCalciumPool(free=0.01, decay=20.0),
        PyramidalCalciumReversal(),
        ex.Ion("k", 1, reversal=-85.0),
        ex.Leak(conductance=1e-4, reversal=-70.0),
    )
    push = ex.current_pulse(at=ex.soma, amplitude=0.05, duration=100.0)
    look = [
        ex.voltage(at=ex.soma, label="voltage"),
        ex.state("calcium", of=PyramidalCalciumPool, at=ex.soma, label="calcium"),
        ex.state("z", of=PyramidalCalciumPotassium, at=ex.soma, label="z"),
    ]
    steps = [0.1, 0.05, 0.025, 0.0015625]
    runs = [ex.run(cell, "40 ms", protocol=[push], record=look, dt=step) for step in steps]
    assert runs[-1]["calcium"].values.max() > 5e-4, "enough calcium flows in to open potassium channels"
    for label in ("voltage", "calcium", "z"):
        *errors, _ = (abs(run[label].values[-1] - runs[-1][label].values[-1]) for run in runs)
        slopes = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
        np.testing.assert_allclose(slopes, 2.0, atol=0.1, err_msg=label)
