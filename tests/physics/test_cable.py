"""The passive cable: Rall's numbers, the laws its solutions obey, and a cable cut into a thousand pieces."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.special
from hypothesis import given
from hypothesis import strategies as st

from excitable.errors import RequestError, UnitError
from excitable.expressions import evaluate, symbol
from excitable.physics import (
    d_lambda_compartments,
    impulse_infinite,
    input_resistance_finite,
    input_resistance_infinite,
    input_resistance_semi_infinite,
    input_resistance_sphere,
    length_constant,
    length_constant_at,
    rall_diameter,
    steady_finite,
    steady_infinite,
    step_finite,
    step_infinite,
    time_constant,
)

# Rall: d = 2 µm, Rm = 20 kΩ·cm², Ri = 150 Ω·cm, Cm = 1 µF/cm².
CABLE: dict[str, Any] = {"membrane_resistance": 20e3, "axial_resistivity": 150.0}


def test_ralls_cable() -> None:
    assert length_constant(2.0, **CABLE) == pytest.approx(816.5, abs=0.05)
    assert time_constant(membrane_resistance=20e3, capacitance=1.0) == 20.0
    assert input_resistance_semi_infinite(2.0, **CABLE) == pytest.approx(389.8, abs=0.06)
    assert input_resistance_infinite(2.0, **CABLE) == pytest.approx(194.9, abs=0.06)


def test_insect_muscle_fibre() -> None:
    # Ashcroft 1980, J. Exp. Biol. 86:249: Gm 0.32 mS/cm², Gi 6.69 mS/cm, λ 2.13 mm: 87 µm across.
    material = {"membrane_resistance": 1.0 / 0.32e-3, "axial_resistivity": 1.0 / 6.69e-3}
    assert length_constant(86.8, **material) == pytest.approx(2130.0, rel=1e-3)


def test_input_resistance_and_length_constant_are_two_views_of_one_cable() -> None:
    # R∞ is the axial resistance of one length constant.
    length = length_constant(2.0, **CABLE)
    axial = 150.0 * length * 1e-4 / (math.pi * (1e-4) ** 2) * 1e-6
    assert input_resistance_semi_infinite(2.0, **CABLE) == pytest.approx(axial, rel=1e-12)


def test_ends_of_a_finite_cable() -> None:
    length, endless = length_constant(2.0, **CABLE), input_resistance_semi_infinite(2.0, **CABLE)
    sealed = input_resistance_finite(length, 2.0, **CABLE)
    assert sealed == pytest.approx(endless / math.tanh(1.0), rel=1e-12)
    assert input_resistance_finite(length, 2.0, **CABLE, end=1.0) == pytest.approx(endless, rel=1e-12)
    held = input_resistance_finite(length, 2.0, **CABLE, end=math.inf)
    assert held == pytest.approx(endless * math.tanh(1.0), rel=1e-12)
    assert input_resistance_finite(length, 2.0, **CABLE, end=1e12) == pytest.approx(held, rel=1e-9)
    # A very short sealed cable is a cylinder of membrane.
    short = input_resistance_finite(1.0, 2.0, **CABLE)
    assert short == pytest.approx(20e3 / (math.pi * 2e-4 * 1e-4) * 1e-6, rel=1e-5)


def test_sphere() -> None:
    assert input_resistance_sphere(20.0, membrane_resistance=20e3) == pytest.approx(
        20e3 / (math.pi * 20e-4**2) * 1e-6, rel=1e-14
    )


@given(st.lists(st.floats(0.1, 20.0), min_size=1, max_size=5))
def test_ralls_power_keeps_the_input_conductance(daughters: list[float]) -> None:
    parent = rall_diameter(daughters)
    together = sum(1.0 / input_resistance_semi_infinite(each, **CABLE) for each in daughters)
    assert 1.0 / input_resistance_semi_infinite(parent, **CABLE) == pytest.approx(together, rel=1e-12)


def test_lambda_at_a_frequency_follows_neurons_rule() -> None:
    # NEURON's lambda_f: 1e5 sqrt(diam / (4 π f Ra cm)).
    assert length_constant_at(100.0, 1.0, axial_resistivity=100.0, capacitance=1.0) == pytest.approx(
        1e5 * math.sqrt(1.0 / (4.0 * math.pi * 100.0 * 100.0 * 1.0)), rel=1e-12
    )
    for length in (1.0, 50.0, 1000.0, 12345.0):
        count = d_lambda_compartments(length, 1.0, axial_resistivity=100.0, capacitance=1.0)
        neuron = int((length / (0.1 * 282.0947917738782) + 0.9) / 2.0) * 2 + 1
        assert (count, count % 2) == (neuron, 1)


def test_laws_work_on_expressions_and_text() -> None:
    graph = length_constant(symbol("d"), **CABLE)
    assert evaluate(graph, {"d": np.array([2.0, 8.0])}) == pytest.approx(length_constant(np.array([2.0, 8.0]), **CABLE))
    same = length_constant("0.002 mm", membrane_resistance="20 kohm cm2", axial_resistivity="1.5 ohm m")
    assert same == pytest.approx(length_constant(2.0, **CABLE), rel=1e-12)


X, T = np.linspace(0.0, 3.0, 7)[:, None], np.array([1e-4, 0.01, 0.3, 1.0, 4.0, 40.0])[None, :]


def test_step_on_an_endless_cable_ends_in_the_steady_state() -> None:
    assert step_infinite(X[:, 0], 60.0) == pytest.approx(steady_infinite(X[:, 0]), rel=1e-12)
    assert step_infinite(0.0, T[0]) == pytest.approx(scipy.special.erf(np.sqrt(T[0])), rel=1e-13)
    assert step_infinite(1e3, 1.0) == 0.0


def test_step_is_the_integral_of_the_impulse() -> None:
    nodes, weights = np.polynomial.legendre.leggauss(100)
    for x in (0.1, 1.0, 2.0):
        for t in (0.1, 1.0, 3.0):
            # With time = root², the early singularity goes.
            roots = math.sqrt(t) * (nodes + 1.0) / 2.0
            integral = (weights * 2.0 * roots * impulse_infinite(x, roots**2)).sum() * math.sqrt(t) / 2.0
            assert step_infinite(x, t) == pytest.approx(integral, rel=1e-9)


@pytest.mark.parametrize("length", [0.2, 1.0, 2.0])
def test_step_on_a_finite_cable(length: float) -> None:
    x = np.linspace(0.0, length, 9)
    assert step_finite(x, 80.0, length) == pytest.approx(steady_finite(x, length), rel=1e-12)
    # Early on the far end has not been felt.
    early = 1e-3 * length**2
    assert step_finite(x[:3], early, length) == pytest.approx(step_infinite(x[:3], early), abs=1e-14)
    # Both series hold where one hands over to the other.
    border = 0.25 * length**2
    around = step_finite(x, border * (1.0 - 1e-13), length), step_finite(x, border * (1.0 + 1e-13), length)
    assert around[0] == pytest.approx(around[1], rel=1e-10)


def test_finite_cable_agrees_with_a_thousand_compartments() -> None:
    count, length = 1000, 1.5
    step = length / count
    laplacian = (np.diag(np.ones(count - 1), 1) + np.diag(np.ones(count - 1), -1)) / step**2
    laplacian -= np.diag(laplacian.sum(axis=1))
    system = laplacian - np.eye(count)
    rates, modes = scipy.linalg.eigh(system)
    drive = np.zeros(count)
    drive[0] = 1.0 / step
    centres = (np.arange(count) + 0.5) * step
    for t in (0.05, 0.5, 2.0):
        voltage = modes @ ((np.expm1(rates * t) / rates) * (modes.T @ drive))
        assert step_finite(centres, t, length) == pytest.approx(voltage, abs=1e-5)


def test_steady_state_with_every_end() -> None:
    x = np.linspace(0.0, 1.0, 5)
    assert steady_finite(x, 1.0, end=1.0) == pytest.approx(steady_infinite(x), rel=1e-12)
    assert steady_finite(1.0, 1.0, end=math.inf) == 0.0
    assert steady_finite(0.0, 1.0, end=math.inf) == pytest.approx(math.tanh(1.0))
    assert steady_finite(0.0, 1.0) == pytest.approx(1.0 / math.tanh(1.0))


def test_wrong_cables_are_refused() -> None:
    with pytest.raises(RequestError, match=r"the diameter is 0 um. A value above zero was expected. Write '1 um'"):
        length_constant(0.0, **CABLE)
    with pytest.raises(UnitError, match=r"'2 mV' is a voltage; the diameter is expected in um, a length; write '2 um'"):
        length_constant("2 mV", **CABLE)
    with pytest.raises(RequestError, match="the membrane capacitance is -1 uF/cm2"):
        time_constant(membrane_resistance=20e3, capacitance=-1.0)
    with pytest.raises(RequestError, match="the diameter is 0 um"):
        rall_diameter([])
    with pytest.raises(RequestError, match=r"The conductance at the end is -1.*math.inf for an end held at rest"):
        input_resistance_finite(100.0, 2.0, **CABLE, end=-1.0)
    with pytest.raises(RequestError, match=r"The distance is -0.5 length constants.*Write abs\(x\)"):
        steady_infinite(-0.5)
    with pytest.raises(RequestError, match="the time in time constants is 0"):
        step_infinite(0.0, 0.0)
    with pytest.raises(RequestError, match=r"length of the cable is 1.0 length constants and x reaches 2"):
        steady_finite(2.0, 1.0)
