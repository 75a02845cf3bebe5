"""Slope, chord and tangent of the constant-field current: against exact derivatives and forty digits."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from excitable.errors import RequestError
from excitable.expressions import derivative, evaluate, symbol
from excitable.physics import (
    ghk_chord_conductance,
    ghk_current,
    ghk_slope_conductance,
    ghk_tangent,
    nernst,
    thermal_voltage,
)
from excitable.physics.constant_field import linoid_slope

IONS: dict[str, dict[str, Any]] = {
    "potassium": {"permeability": 1e-6, "inside": 140.0, "outside": 5.0, "valence": 1, "temperature": 20.0},
    "calcium": {"permeability": 1e-4, "inside": 5e-5, "outside": 2.0, "valence": 2, "temperature": 37.0},
    "chloride": {"permeability": 1e-6, "inside": 61.0, "outside": 540.0, "valence": -1, "temperature": 18.0},
}
V = np.array([-200.0, -90.0, -1.0, -1e-6, 0.0, 1e-9, 1e-3, 20.0, 150.0])


@pytest.mark.parametrize("ion", IONS.values(), ids=IONS)
def test_slope_is_the_exact_derivative(ion: dict[str, Any]) -> None:
    graph = derivative(ghk_current(symbol("v"), **ion), "v")
    expected = evaluate(graph, {"v": V})
    assert ghk_slope_conductance(V, **ion) == pytest.approx(expected, rel=1e-12)
    traced = ghk_slope_conductance(symbol("v"), **ion)
    assert evaluate(traced, {"v": V}) == pytest.approx(expected, rel=1e-12)
    assert (ghk_slope_conductance(V, **ion) > 0.0).all()


def test_slope_of_the_linoid_agrees_with_forty_digits() -> None:
    places = [-900.0, -50.0, -1.0, -1e-8, 0.0, 1e-8, 1e-3, 1.0, 50.0, 700.0]
    with mpmath.workdps(40):
        exact = [
            float(mpmath.diff(lambda y: y / mpmath.expm1(y) if y else mpmath.mpf(1), mpmath.mpf(x))) if x else -0.5
            for x in places
        ]
    assert linoid_slope(np.array(places)) == pytest.approx(exact, rel=1e-13, abs=1e-300)


@pytest.mark.parametrize("ion", IONS.values(), ids=IONS)
def test_chord_times_driving_force_is_the_current(ion: dict[str, Any]) -> None:
    rest = nernst(ion["inside"], ion["outside"], valence=ion["valence"], temperature=ion["temperature"])
    current = ghk_current(V, **ion)
    assert ghk_chord_conductance(V, **ion) * (V - rest) == pytest.approx(current, rel=1e-12)
    # At the reversal potential, where the quotient is 0/0, the chord becomes the slope.
    slope = ghk_slope_conductance(rest, **ion)
    assert ghk_chord_conductance(rest, **ion) == pytest.approx(slope, rel=1e-12)
    traced = ghk_chord_conductance(symbol("v"), **ion)
    assert evaluate(traced, {"v": V}) == pytest.approx(ghk_chord_conductance(V, **ion), rel=1e-14)


def test_equal_concentrations_make_a_resistor() -> None:
    ion = {"permeability": 2e-6, "inside": 100.0, "outside": 100.0, "temperature": 20.0}
    # With the same solution on both sides the current is P F² c v / RT, a straight line.
    ohmic = 1e-3 * 2e-6 * 96485.33212 * 100.0 / thermal_voltage(20.0)
    assert ghk_slope_conductance(V, **ion) == pytest.approx(np.full(V.size, ohmic), rel=1e-12)
    assert ghk_chord_conductance(V, **ion) == pytest.approx(np.full(V.size, ohmic), rel=1e-12)


def test_tangent_at_rest_is_the_chord() -> None:
    ion = IONS["potassium"]
    rest = nernst(140.0, 5.0, temperature=20.0)
    conductance, crossing = ghk_tangent(rest, **ion)
    assert crossing == pytest.approx(rest, rel=1e-13)
    assert conductance == pytest.approx(ghk_chord_conductance(rest, **ion), rel=1e-12)
    conductance, crossing = ghk_tangent(-40.0, **ion)
    line = conductance * (-39.9 - crossing)
    assert line == pytest.approx(ghk_current(-39.9, **ion), rel=1e-5)


def test_the_linearisation_asks_for_the_same_as_the_current() -> None:
    ion = IONS["calcium"]
    for law in (ghk_slope_conductance, ghk_chord_conductance, ghk_tangent):
        with pytest.raises(RequestError, match=r"the concentration inside is 0 mM. A value above zero"):
            law(0.0, **{**ion, "inside": 0.0})
        with pytest.raises(RequestError, match=r"The permeability is -1.0.*in cm/s"):
            law(0.0, **{**ion, "permeability": -1.0})
        with pytest.raises(RequestError, match=r"The valence is 0.*Write valence=1"):
            law(0.0, **{**ion, "valence": 0})
