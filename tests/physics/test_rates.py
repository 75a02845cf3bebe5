"""Shapes of rates and factors of temperature: exact where they look singular, alike on numbers and graphs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from excitable.errors import RequestError, UnitError
from excitable.expressions import derivative, evaluate, symbol
from excitable.physics import (
    activation_energy,
    arrhenius,
    boltzmann,
    exponential,
    exponential_linear,
    eyring,
    q10,
    sigmoid,
)

X = np.array([-800.0, -70.0, -1.0, -1e-3, -1e-9, 0.0, 1e-12, 1e-6, 0.5, 10.0, 90.0, 800.0])
EXACT: list[tuple[Callable[[Any, float], Any], Callable[[Any, Any], Any]]] = [
    (exponential, lambda x, k: mpmath.exp(x / k)),
    (sigmoid, lambda x, k: 1 / (1 + mpmath.exp(-x / k))),
    (exponential_linear, lambda x, k: x / (1 - mpmath.exp(-x / k)) if x else k),
]


@pytest.mark.parametrize(("shape", "exact"), EXACT, ids=["exponential", "sigmoid", "exponential_linear"])
@pytest.mark.parametrize("scale", [10.0, -18.0])
def test_shapes_agree_with_forty_digits(
    shape: Callable[[Any, float], Any], exact: Callable[[Any, Any], Any], scale: float
) -> None:
    with mpmath.workdps(40):
        expected = [float(exact(mpmath.mpf(float(x)), mpmath.mpf(scale))) for x in X]
    assert shape(X, scale) == pytest.approx(expected, rel=2e-14)
    assert [shape(float(x), scale) for x in X] == pytest.approx(expected, rel=2e-14)
    assert type(shape(0.0, scale)) is float
    assert evaluate(shape(symbol("x"), scale), {"x": X}) == pytest.approx(expected, rel=2e-14)


def test_the_exponential_linear_rate_has_a_finite_slope_at_its_singular_point() -> None:
    slope = derivative(exponential_linear(symbol("x"), 10.0), "x")
    assert evaluate(slope, {"x": 0.0}) == pytest.approx(0.5, rel=1e-12)


def test_far_left_the_sigmoid_is_zero() -> None:
    assert sigmoid(-1e5, 1.0) == 0.0


def test_gates_of_the_squid_axon_at_minus_65() -> None:
    # Hodgkin & Huxley 1952, J. Physiol. 117:500: n∞ = 0.3177, m∞ = 0.0529 at rest.
    alpha_n, beta_n = 0.01 * exponential_linear(-10.0, 10.0), 0.125 * exponential(0.0, -80.0)
    alpha_m, beta_m = 0.1 * exponential_linear(-25.0, 10.0), 4.0 * exponential(0.0, -18.0)
    assert alpha_n / (alpha_n + beta_n) == pytest.approx(0.3177, abs=5e-5)
    assert alpha_m / (alpha_m + beta_m) == pytest.approx(0.0529, abs=5e-5)


def test_boltzmann_is_one_half_at_its_midpoint() -> None:
    assert boltzmann(-40.0, -40.0, 7.0) == 0.5
    assert boltzmann(-40.0 + 7.0 * math.log(3.0), -40.0, 7.0) == pytest.approx(0.75)
    assert boltzmann(-90.0, -60.0, -6.0) == pytest.approx(1.0 - boltzmann(-90.0, -60.0, 6.0))


def test_q10_of_the_squid_axon() -> None:
    # Hodgkin & Huxley 1952: rates at 6.3 degC, Q10 of 3; the propagated impulse was computed at 18.5 degC.
    assert q10(3.0, temperature=18.5, reference=6.3) == pytest.approx(3.82, abs=0.005)
    assert q10(3.0, temperature=6.3, reference=6.3) == 1.0
    assert evaluate(q10(3.0, temperature=symbol("t"), reference=6.3), {"t": 16.3}) == pytest.approx(3.0)
    assert q10(3.0, temperature=np.array([6.3, 16.3]), reference="279.45 K") == pytest.approx([1.0, 3.0])


def test_arrhenius_and_q10_agree_over_their_ten_degrees() -> None:
    energy = activation_energy(3.0, temperature=16.3, reference=6.3)
    assert arrhenius(energy, temperature=16.3, reference=6.3) == pytest.approx(3.0, rel=1e-12)
    # A barrier of constant height is worth less per degree when it is warmer.
    assert arrhenius(energy, temperature=36.3, reference=26.3) < 3.0


def test_eyring_gives_its_frequency_without_a_barrier() -> None:
    assert eyring(0.0, 0.0, temperature=25.0) == pytest.approx(6.2124e9, rel=1e-4)
    ratio = eyring(60.0, 10.0, temperature=35.0) / eyring(60.0, 10.0, temperature=25.0)
    assert ratio == pytest.approx(arrhenius(60.0, temperature=35.0, reference=25.0) * 308.15 / 298.15, rel=1e-12)


def test_wrong_temperature_factors_are_refused() -> None:
    with pytest.raises(RequestError, match=r"the Q10 is -3. A value above zero was expected. Write 1.0."):
        q10(-3.0, temperature=20.0, reference=6.3)
    with pytest.raises(RequestError, match="the ratio of rates is 0"):
        activation_energy(0.0, temperature=20.0, reference=6.3)
    with pytest.raises(UnitError, match="'5 mV' is a voltage; the activation energy"):
        arrhenius("5 mV", temperature=20.0, reference=6.3)
    with pytest.raises(RequestError, match=r"The temperature is -300 degC. From 0 to 60 degC"):
        eyring(60.0, 0.0, temperature=-300.0)


@pytest.mark.parametrize("law", [q10, arrhenius, activation_energy])
def test_factors_need_a_reference_temperature(law: Callable[..., Any]) -> None:
    with pytest.raises(RequestError, match=r"reference temperature is missing.*was expected.*Write reference=6.3"):
        law(3.0, temperature=20.0)


def test_an_activation_energy_needs_two_temperatures() -> None:
    with pytest.raises(RequestError, match=r"are both 20 degC. Two temperatures.*Write temperature=16.3"):
        activation_energy(3.0, temperature=20.0, reference=20.0)


def test_published_barriers() -> None:
    # Eyring plots: ln(rate/T) without a barrier is ln(k/h) = 23.760 (rate in 1/s).
    assert math.log(1e3 * eyring(0.0, 0.0, temperature=25.0) / 298.15) == pytest.approx(23.760, abs=5e-4)
    # The rule of thumb that a rate doubles from 25 to 35 degC is a barrier of 53 kJ/mol.
    assert activation_energy(2.0, temperature=35.0, reference=25.0) == pytest.approx(52.9, abs=0.05)
    graph = activation_energy(2.0, temperature=symbol("t"), reference=25.0)
    assert evaluate(graph, {"t": 35.0}) == pytest.approx(52.9, abs=0.05)
