"""Equilibrium and constant field, against published numbers and against each other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from excitable.errors import RequestError, UnitError
from excitable.expressions import evaluate, symbol
from excitable.physics import Permeant, ghk_current, goldman, kelvin, nernst, thermal_voltage

concentrations = st.floats(1e-4, 500.0)
temperatures = st.floats(0.0, 45.0)


@pytest.mark.parametrize(("temperature", "expected"), [(6.3, 24.08), (20.0, 25.26), (37.0, 26.73)])
def test_thermal_voltage(temperature: float, expected: float) -> None:
    # CODATA 2018; the values at 6.3, 20 and 37 degC that every textbook quotes.
    assert thermal_voltage(temperature) == pytest.approx(expected, abs=0.005)


def test_a_decade_of_concentration_is_worth_61_mv_in_mammals() -> None:
    assert nernst(1.0, 10.0, temperature=37.0) == pytest.approx(61.54, abs=0.005)


def test_potassium_at_20_degrees() -> None:
    assert nernst("140 mM", "5 mM", temperature="20 degC") == pytest.approx(-84.2, abs=0.05)
    assert nernst(12.0, 120.0, temperature=20.0) == pytest.approx(58.2, abs=0.05)  # sodium


# Johnston & Wu 1995, table 2.1: (inside, outside, valence, published mV); squid axon, then frog muscle (Conway 1957).
JOHNSTON_AND_WU = [
    (400.0, 20.0, 1, -75.5), (50.0, 440.0, 1, 54.8), (40.0, 560.0, -1, -66.5),
    (124.0, 2.25, 1, -101.0), (10.4, 109.0, 1, 59.2), (1.5, 77.5, -1, -99.4),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "outside", "valence", "published"), JOHNSTON_AND_WU)
def test_squid_axon_and_frog_muscle(inside: float, outside: float, valence: int, published: float) -> None:
    # The table computes with 58 mV a decade; at its 20 degC the equation has 58.17.
    decade = 1e3 * math.log(10.0) * 8.314462618 * 293.15 / 96485.33212
    assert decade == pytest.approx(58.17, abs=0.005)
    exact = nernst(inside, outside, valence=valence, temperature=20.0)
    assert exact * 58.0 / decade == pytest.approx(published, abs=0.06)
    assert abs(exact - published) < 0.3


# Hille 2001, table 1.3: mammalian skeletal muscle at 37 degC.
@pytest.mark.parametrize(
    ("inside", "outside", "valence", "published"),
    [(12.0, 145.0, 1, 67), (155.0, 4.0, 1, -98), (1e-4, 1.5, 2, 129), (4.2, 123.0, -1, -90)],
)
def test_mammalian_muscle(inside: float, outside: float, valence: int, published: float) -> None:
    assert nernst(inside, outside, valence=valence, temperature=37.0) == pytest.approx(published, abs=0.55)


# Hodgkin & Katz 1949, J. Physiol. 108:37: squid axon, concentrations in mM, 18 degC.
def squid(potassium: float, sodium: float, chloride: float) -> list[Permeant]:
    return [
        Permeant(potassium, inside=345.0, outside=10.0),
        Permeant(sodium, inside=72.0, outside=455.0),
        Permeant(chloride, inside=61.0, outside=540.0, valence=-1),
    ]


@pytest.mark.parametrize(
    ("ratios", "expected"), [((1.0, 0.04, 0.45), -59.3), ((1.0, 20.0, 0.45), 37.8)], ids=["rest", "peak"]
)
def test_squid_axon_of_hodgkin_and_katz(ratios: tuple[float, float, float], expected: float) -> None:
    assert goldman(squid(*ratios), temperature=18.0) == pytest.approx(expected, abs=0.05)


@given(concentrations, concentrations, temperatures)
def test_one_ion_alone_sits_at_its_nernst_potential(inside: float, outside: float, temperature: float) -> None:
    alone = nernst(inside, outside, temperature=temperature)
    assert goldman([Permeant(3.0, inside, outside)], temperature=temperature) == pytest.approx(alone, abs=1e-9)
    anion = nernst(inside, outside, valence=-1, temperature=temperature)
    assert goldman([Permeant(3.0, inside, outside, -1)], temperature=temperature) == pytest.approx(anion, abs=1e-9)


@given(concentrations, concentrations, temperatures, st.sampled_from([-1, 1, 2]))
def test_no_current_flows_at_the_nernst_potential(
    inside: float, outside: float, temperature: float, valence: int
) -> None:
    ion = {"inside": inside, "outside": outside, "valence": valence, "temperature": temperature}
    rest = nernst(**ion)
    size = abs(ghk_current(rest + 50.0, permeability=1.0, **ion)) + 1e-6
    assert abs(ghk_current(rest, permeability=1.0, **ion)) < 1e-10 * size
    assert ghk_current(rest + 1.0, permeability=1.0, **ion) > 0.0
    assert ghk_current(rest - 1.0, permeability=1.0, **ion) < 0.0


def test_no_current_flows_at_the_goldman_potential() -> None:
    ions = squid(1.0, 0.04, 0.45)
    v = goldman(ions, temperature=18.0)
    currents = [
        ghk_current(
            v,
            permeability=1e-6 * ion.permeability,
            inside=ion.inside,
            outside=ion.outside,
            valence=ion.valence,
            temperature=18.0,
        )
        for ion in ions
    ]
    assert sum(currents) == pytest.approx(0.0, abs=1e-12 * max(map(abs, currents)))


CALCIUM: dict[str, Any] = {
    "permeability": 1e-4, "inside": 5e-5, "outside": 2.0, "valence": 2, "temperature": 37.0,
}  # fmt: skip


def test_current_is_smooth_through_zero_voltage() -> None:
    v = np.linspace(-1e-6, 1e-6, 21)
    current = ghk_current(v, **CALCIUM)
    assert np.isfinite(current).all()
    assert np.abs(np.diff(current, 2)).max() < 1e-14
    # With no field the flux is permeability times the difference of concentrations: z F P (ci - co).
    assert ghk_current(0.0, **CALCIUM) == pytest.approx(2 * 96485.33212 * 1e-4 * (5e-5 - 2.0) * 1e-3, rel=1e-9)


def test_current_far_from_equilibrium_is_ohmic_in_the_flowing_concentration() -> None:
    u = 2 * -500.0 / thermal_voltage(37.0)
    expected = 2 * 96485.33212 * 1e-4 * 2.0 * u * 1e-3
    assert ghk_current(-500.0, **CALCIUM) == pytest.approx(expected, rel=1e-9)


def test_laws_work_on_arrays_and_on_expressions() -> None:
    inside = np.array([1e-4, 5e-5])
    v, c = symbol("v"), symbol("c")
    as_array = ghk_current(-30.0, **{**CALCIUM, "inside": inside})
    graph = ghk_current(v, **{**CALCIUM, "inside": c})
    assert evaluate(graph, {"v": -30.0, "c": inside}) == pytest.approx(as_array, rel=1e-14)
    reversal = nernst(c, 2.0, valence=2, temperature=37.0)
    assert evaluate(reversal, {"c": inside}) == pytest.approx(nernst(inside, 2.0, valence=2, temperature=37.0))
    rest = goldman([Permeant(1.0, c, 5.0), Permeant(0.04, 10.0, 145.0)], temperature=symbol("t"))
    number = goldman([Permeant(1.0, 140.0, 5.0), Permeant(0.04, 10.0, 145.0)], temperature=37.0)
    assert evaluate(rest, {"c": 140.0, "t": 37.0}) == pytest.approx(number)


def test_numbers_give_floats() -> None:
    assert type(nernst(140.0, 5.0, temperature=20)) is float
    assert type(ghk_current(0.0, **CALCIUM)) is float
    assert type(thermal_voltage("310 K")) is float


@pytest.mark.parametrize("temperature", [-0.1, 60.1, 310.15, "-1 K", np.array([20.0, -273.2])])
def test_temperatures_at_which_no_cell_lives(temperature: Any) -> None:
    with pytest.raises(RequestError, match=r"The temperature is .* degC. From 0 to 60 degC.*Write a number in degC"):
        kelvin(temperature)


def test_the_edges_of_life() -> None:
    assert kelvin([0.0, 60.0]).tolist() == [273.15, 333.15]


@pytest.mark.parametrize("valence", [0, 1.5, True, None, math.nan, "2"])
def test_valence_is_a_whole_number(valence: Any) -> None:
    with pytest.raises(RequestError, match=r"The valence is .*whole number of charges.*valence=1"):
        nernst(140.0, 5.0, valence=valence, temperature=20.0)


def test_concentrations_are_positive() -> None:
    with pytest.raises(RequestError, match=r"the concentration inside is -5 mM. A value above zero"):
        nernst(-5.0, 5.0, temperature=20.0)
    with pytest.raises(RequestError, match="the concentration outside is 0 mM"):
        ghk_current(0.0, **{**CALCIUM, "outside": 0.0})
    with pytest.raises(UnitError, match="'5 mV' is a voltage; the concentration outside"):
        nernst(140.0, "5 mV", temperature=20.0)


def test_permeabilities_are_not_negative() -> None:
    with pytest.raises(RequestError, match=r"The permeability is -0.1.*Write 0.0 for an ion that does not pass"):
        ghk_current(0.0, **{**CALCIUM, "permeability": -0.1})


def test_goldman_asks_for_ions_and_for_something_that_passes() -> None:
    with pytest.raises(RequestError, match=r"No ions were given. At least one.*Write \[Permeant"):
        goldman([], temperature=37.0)
    with pytest.raises(RequestError, match=r"140.0 was given as an ion. A Permeant.*Write Permeant"):
        goldman([140.0], temperature=37.0)  # type: ignore[list-item]
    with pytest.raises(RequestError, match=r"permeability of potassium is missing.*Write Permeant\(0.04"):
        goldman([Permeant(None, 140.0, 5.0, name="potassium")], temperature=37.0)
    with pytest.raises(RequestError, match=r"the concentration of potassium outside is 0 mM. A value above zero"):
        goldman([Permeant(1.0, 140.0, 0.0, name="potassium")], temperature=37.0)
    with pytest.raises(RequestError, match=r"The valence is 0. A whole number"):
        goldman([Permeant(1.0, 140.0, 5.0, 0)], temperature=37.0)
    with pytest.raises(
        RequestError, match=r"The permeability is -1.0. A number that is not negative was expected. Write 0"
    ):
        goldman([Permeant(-1.0, 140.0, 5.0)], temperature=37.0)
    with pytest.raises(RequestError, match="No ion passes the membrane"):
        goldman([Permeant(0.0, 140.0, 5.0)], temperature=37.0)
    with pytest.raises(RequestError, match="No ion passes the membrane"):
        goldman([Permeant(np.array([0.0, 1.0]), 140.0, 5.0)], temperature=37.0)
