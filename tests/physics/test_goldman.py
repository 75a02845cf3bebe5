"""The voltage of no current where valences differ: solved, against closed forms, forty digits and the current."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from excitable.errors import RequestError
from excitable.expressions import evaluate, symbol
from excitable.physics import Permeant, ghk_current, goldman, nernst, thermal_voltage
from excitable.physics.goldman import balance_point
from excitable.physics.permeant import read_ions
from excitable.physics.roots import bracket, increasing_root

SQUID = [Permeant(1.0, 345.0, 10.0), Permeant(0.04, 72.0, 455.0), Permeant(0.45, 61.0, 540.0, -1)]
CALCIUM = Permeant(0.01, inside=1e-4, outside=2.0, valence=2, name="calcium")
MAGNESIUM = Permeant(0.002, inside=0.5, outside=54.0, valence=2)
TRIVALENT = Permeant(0.001, inside=1e-3, outside=0.1, valence=3)

permeabilities = st.floats(1e-6, 1e3)
concentrations = st.floats(1e-5, 1e3)


def exactly(ions: list[Permeant], temperature: float) -> float:
    """The zero of the total current with forty digits, in mV."""
    with mpmath.workdps(40):

        def current(u: mpmath.mpf) -> mpmath.mpf:
            total = mpmath.mpf(0)
            for ion in ions:
                z = ion.valence
                grown = mpmath.expm1(z * u)
                total += ion.permeability * z**2 * u * (ion.inside * (grown + 1) - ion.outside) / grown
            return total

        rests = [nernst(i.inside, i.outside, valence=i.valence, temperature=temperature) for i in ions]
        edges = [mpmath.mpf(v / thermal_voltage(temperature)) for v in (min(rests) - 1.0, max(rests) + 1.0)]
        return float(mpmath.findroot(current, edges, solver="anderson", tol=1e-30)) * thermal_voltage(temperature)


@pytest.mark.parametrize(
    "ions",
    [
        [*SQUID, CALCIUM],
        [*SQUID, CALCIUM, MAGNESIUM],
        [*SQUID, TRIVALENT],
        [SQUID[0], CALCIUM],
        [*SQUID, CALCIUM, TRIVALENT],
    ],
    ids=["calcium", "and magnesium", "trivalent", "two ions", "all valences"],
)
def test_solved_voltages_agree_with_forty_digits(ions: list[Permeant]) -> None:
    assert goldman(ions, temperature=18.0) == pytest.approx(exactly(ions, 18.0), rel=1e-13)


@given(
    st.tuples(permeabilities, concentrations, concentrations),
    st.tuples(permeabilities, concentrations, concentrations),
    st.tuples(permeabilities, concentrations, concentrations),
)
def test_newton_equals_the_closed_form_of_monovalent_ions(
    potassium: tuple[float, float, float], sodium: tuple[float, float, float], chloride: tuple[float, float, float]
) -> None:
    ions = [Permeant(*potassium), Permeant(*sodium), Permeant(*chloride, -1)]
    closed = goldman(ions, temperature=20.0) / thermal_voltage(20.0)
    assert float(balance_point(read_ions(ions, "1"))) == pytest.approx(closed, rel=1e-13, abs=1e-13)


@given(
    st.tuples(permeabilities, concentrations, concentrations),
    st.tuples(permeabilities, concentrations, concentrations),
    st.tuples(permeabilities, concentrations, concentrations),
)
def test_newton_equals_the_quadratic_of_expressions(
    potassium: tuple[float, float, float], calcium: tuple[float, float, float], sulphate: tuple[float, float, float]
) -> None:
    rest = [Permeant(*calcium, 2), Permeant(*sulphate, -2)]
    permeability, inside, outside = potassium
    solved = goldman([Permeant(permeability, inside, outside), *rest], temperature=20.0)
    graph = goldman([Permeant(permeability, symbol("c"), outside), *rest], temperature=20.0)
    assert evaluate(graph, {"c": inside}) == pytest.approx(solved, rel=1e-12, abs=1e-10)


def test_calcium_against_potassium() -> None:
    # Fatt & Ginsborg 1958, J. Physiol. 142:516: exp(u) = sqrt(4 P' [Ca]o / (P [K]i) + 1/4) - 1/2.
    ions = [Permeant(1.0, 140.0, 1e-12), Permeant(0.7, 1e-12, 10.0, 2)]
    expected = thermal_voltage(20.0) * math.log(math.sqrt(4.0 * 0.7 * 10.0 / 140.0 + 0.25) - 0.5)
    assert goldman(ions, temperature=20.0) == pytest.approx(expected, rel=1e-9)


def test_no_current_flows_at_the_solved_voltage() -> None:
    ions = [*SQUID, CALCIUM]
    v = goldman(ions, temperature=18.0)
    given_ions = [
        {"permeability": 1e-6 * i.permeability, "inside": i.inside, "outside": i.outside, "valence": i.valence}
        for i in ions
    ]
    currents = [ghk_current(v, **ion, temperature=18.0) for ion in given_ions]
    assert sum(currents) == pytest.approx(0.0, abs=1e-13 * max(map(abs, currents)))


def test_calcium_alone_sits_at_its_nernst_potential() -> None:
    rest = nernst(1e-4, 2.0, valence=2, temperature=37.0)
    assert goldman([CALCIUM], temperature=37.0) == pytest.approx(rest, rel=1e-14)
    beside = [CALCIUM, Permeant(0.0, 140.0, 5.0)]
    assert goldman(beside, temperature=37.0) == pytest.approx(rest, rel=1e-14)


def test_whole_arrays_are_solved_at_once() -> None:
    outside = np.array([[1e-6], [0.5], [20.0]])
    temperature = np.array([6.3, 18.0])
    ions = [*SQUID, Permeant(0.3, 1e-4, outside, 2)]
    together = goldman(ions, temperature=temperature)
    assert together.shape == (3, 2)
    one = goldman([*SQUID, Permeant(0.3, 1e-4, 20.0, 2)], temperature=18.0)
    assert together[2, 1] == pytest.approx(one, rel=1e-13)
    assert type(one) is float


def test_expressions_of_other_valences_are_refused() -> None:
    with pytest.raises(RequestError, match=r"valences 1, 3. The voltage of no current is a formula.*Write numbers"):
        goldman([Permeant(1.0, symbol("c"), 5.0), TRIVALENT], temperature=20.0)


def test_a_root_is_found_where_newton_alone_would_fly_away() -> None:
    def steep(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.arctan(20.0 * (x - 3.0)), 20.0 / (1.0 + (20.0 * (x - 3.0)) ** 2)

    low, high = bracket(steep, np.zeros(2))
    assert increasing_root(steep, low, 100.0 * high) == pytest.approx([3.0, 3.0], rel=1e-13)
    # A jump has no slope to follow: the bracket halves until it is a rounding error wide.
    jump = increasing_root(lambda x: (np.sign(x - 0.3), np.zeros_like(x)), 0.0, 1.0)
    assert float(jump) == pytest.approx(0.3, abs=1e-13)
