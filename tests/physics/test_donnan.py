"""Donnan equilibrium: closed forms, one potential for every ion, charge and amounts conserved, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from excitable.errors import RequestError
from excitable.expressions import derivative, evaluate, symbol
from excitable.physics import Permeant, donnan, donnan_potential, nernst, thermal_voltage

PLASMA = [
    Permeant(1.0, 0.0, 145.0, 1, "sodium"),
    Permeant(1.0, 0.0, 4.0, 1, "potassium"),
    Permeant(1.0, 0.0, 1.2, 2, "calcium"),
    Permeant(1.0, 0.0, 151.4, -1, "chloride"),
]


def test_the_textbook_example_of_nine_millimoles() -> None:
    # Equal volumes of NaCl and of sodium proteinate, 9 mM each: 12 · 3 = 6 · 6.
    salt = [Permeant(1.0, 9.0, 9.0), Permeant(1.0, 0.0, 9.0, -1)]
    found = donnan(salt, impermeant_inside=-9.0, volume_ratio=1.0, temperature=25.0)
    assert (*found.inside, *found.outside) == pytest.approx((12.0, 3.0, 6.0, 6.0), rel=1e-13)
    assert found.voltage == pytest.approx(-thermal_voltage(25.0) * math.log(2.0), rel=1e-13)
    # The protein may as well be one of the ions.
    protein = Permeant(0.0, 9.0, 0.0, -1)
    again = donnan([*salt, protein], volume_ratio=1.0, temperature=25.0)
    assert again.inside == pytest.approx((12.0, 3.0, 9.0), rel=1e-13)
    assert again.outside == pytest.approx((6.0, 6.0, 0.0), rel=1e-13)


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e3))
def test_one_salt_in_a_bath_follows_the_formula(charge: float, salt: float) -> None:
    ions = [Permeant(1.0, salt, salt), Permeant(1.0, salt, salt, -1)]
    found = donnan(ions, impermeant_inside=charge, temperature=37.0)
    formula = donnan_potential(charge, salt, temperature=37.0)
    assert found.voltage == pytest.approx(formula, rel=1e-12, abs=1e-10)
    assert formula == pytest.approx(thermal_voltage(37.0) * math.asinh(charge / (2.0 * salt)), rel=1e-12, abs=1e-12)


def test_the_formula_works_on_arrays_and_expressions() -> None:
    charges = np.array([-100.0, 0.0, 30.0])
    graph = donnan_potential(symbol("x"), 150.0, temperature=37.0)
    assert evaluate(graph, {"x": charges}) == pytest.approx(donnan_potential(charges, 150.0, temperature=37.0))
    # Around zero each mM of charge is worth RT/F / (2 c).
    slope = evaluate(derivative(graph, "x"), {"x": 1e-9})
    assert slope == pytest.approx(thermal_voltage(37.0) / 300.0, rel=1e-6)


@pytest.mark.parametrize("charge", [-120.0, -17.0, 40.0])
def test_every_ion_has_one_potential_and_each_side_is_neutral(charge: float) -> None:
    found = donnan(PLASMA, impermeant_inside=charge, temperature=37.0)
    assert found.outside == pytest.approx([ion.outside for ion in PLASMA], rel=1e-12)
    for ion, inside, outside in zip(PLASMA, found.inside, found.outside, strict=True):
        rest = nernst(inside, outside, valence=ion.valence, temperature=37.0)
        assert rest == pytest.approx(found.voltage, abs=1e-9)
    surplus = sum(ion.valence * inside for ion, inside in zip(PLASMA, found.inside, strict=True)) + charge
    assert surplus == pytest.approx(0.0, abs=1e-10)
    # Boyle & Conway 1941: [K]i [Cl]i = [K]o [Cl]o, whatever else passes.
    assert found.inside[1] * found.inside[3] == pytest.approx(4.0 * 151.4, rel=1e-12)


@pytest.mark.parametrize("ratio", [0.01, 1.0, 37.0])
def test_two_volumes_keep_every_ion(ratio: float) -> None:
    ions = [Permeant(1.0, 20.0, 5.0), Permeant(1.0, 3.0, 1.0, 2), Permeant(1.0, 6.0, 7.0, -1)]
    found = donnan(ions, impermeant_inside=-20.0, volume_ratio=ratio, temperature=20.0)
    for ion, inside, outside in zip(ions, found.inside, found.outside, strict=True):
        assert inside + ratio * outside == pytest.approx(ion.inside + ratio * ion.outside, rel=1e-13)
    assert found.inside[0] + 2.0 * found.inside[1] - found.inside[2] == pytest.approx(20.0, rel=1e-12)


def test_arrays_of_charge_are_solved_at_once() -> None:
    charges = np.array([-100.0, -10.0, 10.0])
    found = donnan(PLASMA, impermeant_inside=charges, temperature=37.0)
    assert found.voltage.shape == found.inside[0].shape == (3,)
    assert found.voltage[0] == pytest.approx(donnan(PLASMA, impermeant_inside=-100.0, temperature=37.0).voltage)


def test_charges_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(RequestError, match=r"add up to 1.4 mM.*zero in all. Write impermeant_outside=-1.4"):
        donnan([*PLASMA[:3], Permeant(1.0, 0.0, 150.0, -1)], temperature=37.0)


def test_an_equilibrium_that_does_not_exist_is_refused() -> None:
    only_sodium = [Permeant(1.0, 10.0, 150.0)]
    with pytest.raises(RequestError, match=r"no equilibrium: 40 mM.*too few anions pass.*valence=-1"):
        donnan(only_sodium, impermeant_inside=40.0, impermeant_outside=-150.0, temperature=37.0)
    with pytest.raises(RequestError, match=r"no equilibrium: 40 mM.*too few cations pass.*valence=1"):
        donnan([Permeant(1.0, 10.0, 150.0, -1)], impermeant_inside=-40.0, impermeant_outside=150.0, temperature=37.0)


@pytest.mark.parametrize(
    ("ions", "message"),
    [
        ([], r"No ions were given. At least one ion"),
        ([Permeant(0.0, 1.0, 1.0)], r"No ion passes the membrane"),
        ([Permeant(1.0, -1.0, 1.0)], r"inside is -1 mM. A value of zero or more was expected. Write '0 mM'"),
        ([Permeant(1.0, 0.0, 0.0)], r"0 mM on both sides. An ion that is somewhere.*Write outside=1e-4"),
        ([Permeant(1.0, 1.0, symbol("c"))], r"A symbol stands in .*Numbers were expected.*Write the numbers"),
        ([Permeant(1.0, 1.0, 1.0, 0)], r"The valence is 0. A whole number"),
    ],
)  # fmt: skip
def test_ions_that_are_not_well_given(ions: list[Permeant], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        donnan(ions, temperature=20.0)


@pytest.mark.parametrize("ratio", [0.0, -1.0])
def test_volumes_are_positive(ratio: Any) -> None:
    with pytest.raises(RequestError, match=r"the ratio of volumes is .*above zero was expected. Write 1.0"):
        donnan(PLASMA, volume_ratio=ratio, temperature=20.0)
    with pytest.raises(RequestError, match=r"the concentration of the salt is 0 mM"):
        donnan_potential(-10.0, 0.0, temperature=20.0)
