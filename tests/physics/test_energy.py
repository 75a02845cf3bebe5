"""What ions, pumps and ATP cost: published numbers, and one law against another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from excitable.constants import FARADAY
from excitable.errors import RequestError
from excitable.expressions import evaluate, symbol
from excitable.physics import atp_energy, ion_energy, nernst, pump_energy, pump_reversal

MAMMAL: dict[str, Any] = {"sodium": (12.0, 145.0), "potassium": (140.0, 4.0), "temperature": 37.0}


def test_an_ion_at_equilibrium_costs_nothing() -> None:
    for inside, outside, valence in ((140.0, 4.0, 1), (1e-4, 2.0, 2), (4.0, 110.0, -1)):
        rest = nernst(inside, outside, valence=valence, temperature=37.0)
        ion = {"valence": valence, "temperature": 37.0}
        assert ion_energy(rest, inside, outside, **ion) == pytest.approx(0.0, abs=1e-12)
        # Ten millivolts are worth z · 0.965 kJ/mol.
        assert ion_energy(rest + 10.0, inside, outside, **ion) == pytest.approx(valence * 0.96485, rel=1e-4)


def test_atp_of_a_red_cell() -> None:
    # Lehninger, worked example 13-2: -52 kJ/mol; the equation gives -51.8.
    energy = atp_energy(atp=2.25, adp=0.25, phosphate=1.65, temperature=25.0)
    assert energy == pytest.approx(-51.8, abs=0.05)
    assert round(energy) == -52
    # At 1 M of each there is nothing but the standard value.
    assert atp_energy(atp="1 M", adp="1 M", phosphate="1 M", temperature=25.0) == pytest.approx(-30.5, rel=1e-14)


def test_the_pump_stands_still_at_its_reversal_potential() -> None:
    energy = atp_energy(atp=4.0, adp=0.04, phosphate=1.5, temperature=37.0)
    rest = pump_reversal(energy, **MAMMAL)
    assert pump_energy(rest, **MAMMAL) == pytest.approx(-energy, rel=1e-13)
    # De Weer, Gadsby & Rakowski 1988: far below any membrane voltage, about -200 mV and beyond.
    assert -260.0 < rest < -180.0
    # At rest the pump turns forwards and spends most of what ATP gives.
    assert 0.6 < pump_energy(-70.0, **MAMMAL) / -energy < 0.9


def test_the_reversal_is_a_sum_of_equilibrium_potentials() -> None:
    sodium, potassium = nernst(12.0, 145.0, temperature=37.0), nernst(140.0, 4.0, temperature=37.0)
    expected = -57e6 / FARADAY + 3.0 * sodium - 2.0 * potassium
    assert pump_reversal(-57.0, **MAMMAL) == pytest.approx(expected, rel=1e-12)
    # Brine shrimp: two sodium ions for one potassium ion.
    expected = -57e6 / FARADAY + 2.0 * sodium - potassium
    assert pump_reversal(-57.0, **MAMMAL, out=2, back=1) == pytest.approx(expected, rel=1e-12)
    # A pump that moves twice as much charge per ATP is stopped by half the voltage.
    one, two = (pump_reversal(-57.0, **MAMMAL, out=out, back=1) for out in (2, 3))
    assert 2.0 * two - one == pytest.approx(sodium, rel=1e-12)


def test_laws_work_on_arrays_and_expressions() -> None:
    x, values = symbol("x"), np.array([5.0, 12.0, 30.0])
    cases = [
        lambda y: ion_energy(-y, y, 145.0, temperature=y),
        lambda y: atp_energy(atp=y, adp=0.04, phosphate=1.5, temperature=y),
        lambda y: pump_energy(y, sodium=(y, 145.0), potassium=(140.0, y), temperature=y),
        lambda y: pump_reversal(-y, sodium=(y, 145.0), potassium=(140.0, y), temperature=y),
    ]
    for law in cases:
        assert evaluate(law(x), {"x": values}) == pytest.approx(law(values), rel=1e-12)
        assert type(law(12.0)) is float


def test_wrong_pumps_are_refused() -> None:
    with pytest.raises(RequestError, match=r"moves 2 sodium ions out and 2 potassium ions in.*Write out=3, back=2"):
        pump_reversal(-57.0, **MAMMAL, out=2, back=2)
    for count in (0, 1.5, True):
        with pytest.raises(RequestError, match=r"number of sodium ions that a pump moves is .*whole number above zero"):
            pump_energy(-70.0, **MAMMAL, out=count)  # type: ignore[arg-type]
    with pytest.raises(RequestError, match=r"concentrations of potassium are 140.0. A pair.*Write potassium=\(12"):
        pump_energy(-70.0, **{**MAMMAL, "potassium": 140.0})
    with pytest.raises(RequestError, match=r"the concentration of ATP is 0 mM. A value above zero"):
        atp_energy(atp=0.0, adp=1.0, phosphate=1.0, temperature=37.0)
