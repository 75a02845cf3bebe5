"""The membrane as a capacitor, screening, osmosis: against published numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from excitable.constants import FARADAY
from excitable.errors import RequestError, UnitError
from excitable.expressions import evaluate, symbol
from excitable.physics import (
    charging_ions,
    debye_length,
    ionic_strength,
    membrane_capacitance,
    membrane_thickness,
    osmotic_pressure,
    specific_capacitance,
    water_flux,
    water_permittivity,
)


def test_the_membrane_of_the_red_cell() -> None:
    # Fricke 1925, J. Gen. Physiol. 9:137: 0.81 µF/cm² and a permittivity of 3 make 3.3 nm.
    assert membrane_thickness(0.81, 3.0) == pytest.approx(3.3, abs=0.05)
    assert specific_capacitance(3.3, 3.0) == pytest.approx(0.805, abs=5e-4)


def test_one_microfarad() -> None:
    # An oily layer of permittivity 2.1 and 1.86 nm; the same number as for 8.85 nm at a permittivity of 10.
    assert specific_capacitance(1.859, 2.1) == pytest.approx(1.0, abs=1e-3)
    assert specific_capacitance("8.8541878128 nm", 10.0) == pytest.approx(1.0, rel=1e-12)
    assert membrane_thickness(specific_capacitance(4.0, 2.1), 2.1) == pytest.approx(4.0, rel=1e-14)
    # 1 µF/cm² is 10 fF/µm²: a sphere of 20 µm has 12.6 pF.
    assert membrane_capacitance(math.pi * 400.0) == pytest.approx(12.566e-3, rel=1e-4)


def test_the_charge_of_an_impulse() -> None:
    assert charging_ions(100.0, 1.0) == pytest.approx(1.04, abs=0.005)
    assert charging_ions(100.0, 1.0) == pytest.approx(1e12 * 1e-6 * 0.1 / FARADAY, rel=1e-12)
    assert charging_ions(100.0, 1.0, valence=2) == pytest.approx(0.518, abs=5e-4)
    # Of an axon of 500 µm, an impulse takes one potassium ion in five million: C v / F over c d / 4.
    inside = 400.0 * 0.05 / 4.0 * 1e6  # pmol/cm²
    assert inside / charging_ions(100.0) == pytest.approx(4.8e6, rel=0.01)


def test_screening() -> None:
    # Israelachvili 2011: 0.304 nm / sqrt(M) for 1:1 salts, 0.176 for 2:1, 0.152 for 2:2, at 25 degC.
    for salt, expected in (
        ([(1.0, 1), (1.0, -1)], 0.304),
        ([(1.0, 2), (2.0, -1)], 0.176),
        ([(1.0, 2), (1.0, -2)], 0.152),
    ):
        for molar in (1e-3, 0.1):
            strength = ionic_strength([(1e3 * molar * c, z) for c, z in salt])
            assert debye_length(strength, temperature=25.0) == pytest.approx(expected / math.sqrt(molar), rel=4e-3)
    assert debye_length(150.0, temperature=37.0, permittivity=74.0) == pytest.approx(0.78, abs=0.005)


def test_the_permittivity_of_water() -> None:
    # Malmberg & Maryott 1956, table 1.
    assert water_permittivity([0.0, 20.0, 25.0, 50.0]) == pytest.approx([87.74, 80.10, 78.30, 69.91], abs=0.02)


def test_osmotic_pressure_of_body_fluid() -> None:
    # Guyton & Hall, chapter 4: each mOsm/L is worth 19.3 mmHg at 37 degC; 1 mmHg is 0.133322 kPa.
    assert osmotic_pressure(1.0, temperature=37.0) / 0.133322 == pytest.approx(19.3, abs=0.05)
    assert osmotic_pressure("0.3 M", temperature=37.0) == pytest.approx(773.6, abs=0.05)
    # van 't Hoff 1887: one mole in 22.4 litres at 0 degC has the pressure of one atmosphere, as a gas has.
    assert osmotic_pressure(1e3 / 22.414, temperature=0.0) == pytest.approx(101.325, rel=1e-4)


def test_water_moves_until_pressure_balances() -> None:
    # Red cell, 0.02 cm/s, 100 mM more inside than outside: 0.36 µm/s of water enter.
    flow = water_flux(300.0, 200.0, permeability=0.02, temperature=25.0)
    assert flow == pytest.approx(-3.614e-5, rel=1e-3)
    assert water_flux(200.0, 300.0, permeability=0.02, temperature=25.0) == -flow
    pressure = osmotic_pressure(300.0, temperature=25.0) - osmotic_pressure(200.0, temperature=25.0)
    still = water_flux(300.0, 200.0, permeability=0.02, temperature=25.0, pressure=pressure)
    assert still == pytest.approx(0.0, abs=1e-12 * abs(flow))
    assert water_flux(300.0, 200.0, permeability=0.02, temperature=25.0, reflection=0.0) == 0.0


def test_laws_work_on_arrays_and_expressions() -> None:
    x, values = symbol("x"), np.array([1.0, 30.0, 45.0])
    cases = {
        "capacitance": lambda y: specific_capacitance(y, 2.1),
        "thickness": lambda y: membrane_thickness(y, 2.1),
        "whole": membrane_capacitance,
        "charge": charging_ions,
        "strength": lambda y: ionic_strength([(y, 2), (2.0 * y, -1)]),
        "permittivity": water_permittivity,
        "screening": lambda y: debye_length(y, temperature=y),
        "pressure": lambda y: osmotic_pressure(y, temperature=y),
        "water": lambda y: water_flux(y, 200.0, permeability=0.02, temperature=y, pressure=y),
    }
    for law in cases.values():
        assert evaluate(law(x), {"x": values}) == pytest.approx(law(values), rel=1e-14)
        assert type(law(30.0)) is float


def test_wrong_membranes_and_solutions_are_refused() -> None:
    with pytest.raises(RequestError, match=r"the thickness is 0 nm. A value above zero was expected. Write '1 nm'"):
        specific_capacitance(0.0, 2.0)
    with pytest.raises(
        RequestError, match=r"the relative permittivity is -2. A value above zero was expected. Write 1.0"
    ):
        specific_capacitance(4.0, -2.0)
    with pytest.raises(RequestError, match=r"The valence is 0. A whole number"):
        charging_ions(100.0, valence=0)
    with pytest.raises(RequestError, match=r"No ions were given. At least one pair.*Write ionic_strength"):
        ionic_strength([])
    with pytest.raises(RequestError, match=r"the concentration is -1 mM. A value of zero or more"):
        ionic_strength([(-1.0, 1)])
    with pytest.raises(RequestError, match=r"the ionic strength is 0 mM"):
        debye_length(0.0, temperature=25.0)
    with pytest.raises(RequestError, match=r"The temperature is 80 degC. From 0 to 60"):
        water_permittivity(80.0)
    with pytest.raises(RequestError, match=r"the osmolarity is -300 mM. A value of zero or more"):
        osmotic_pressure(-300.0, temperature=37.0)
    with pytest.raises(UnitError, match=r"'5 mV' is a voltage; the pressure is expected in kPa"):
        water_flux(300.0, 200.0, permeability=0.02, temperature=25.0, pressure="5 mV")
