"""Shown equations are those that run: evaluated, they give the numbers of the mechanism."""

from __future__ import annotations

import numpy as np
import pytest

from excitable.expressions import evaluate
from excitable.library import PREPARATIONS, equations, find, painted
from excitable.mechanisms import Ion, SquidSodium


def test_rates_evaluate_to_those_of_the_mechanism() -> None:
    sodium, v = SquidSodium(), np.linspace(-100.0, 50.0, 31)
    found = {each.left: each.right for each in equations(sodium)}
    values = {"v": v, "temperature": 6.3}
    alpha, beta = evaluate(found["alpha_m"], values), evaluate(found["beta_m"], values)
    np.testing.assert_allclose(alpha / (alpha + beta), sodium.steady_state("m", v=v, temperature=6.3), rtol=1e-14)


def test_latex_spells_rates_as_greek_letters() -> None:
    found = {each.left: each.latex for each in equations(SquidSodium())}
    assert found["dm/dt"] == r"\frac{\mathrm{d} m}{\mathrm{d} t} = \alpha_{m} \, \left(1 - m\right) - \beta_{m} \, m"
    assert found["i_na"].startswith(r"i_{\mathrm{na}} = ")


def test_what_a_mechanism_provides_is_shown() -> None:
    found = equations(Ion("k", valence=1, inside=140.0, outside=5.0))
    assert [each.left for each in found] == ["e_k"]


@pytest.mark.parametrize("preparation", PREPARATIONS, ids=lambda each: each.name)
def test_every_mechanism_of_the_library_can_be_shown(preparation: object) -> None:
    cell = preparation.cell(preparation.defaults)  # type: ignore[attr-defined]
    for each in painted(cell):
        assert each.regions
        assert each.words
        assert all(equation.text and equation.latex for equation in equations(each.mechanism))


def test_sources_are_read_off_the_docstring() -> None:
    squid = find("squid_membrane")
    assert painted(squid.cell(squid.defaults))[0].source.startswith("Hodgkin & Huxley 1952")
