"""Settings as users write them: units, names, signs."""

from __future__ import annotations

import pytest

from excitable.cells import Cell, paint
from excitable.errors import RequestError, UnitError, UnknownNameError
from excitable.library import choose, find, override, parameters_of, parse_assignments
from excitable.mechanisms import Leak
from excitable.morphology import axon, ball_and_stick, soma

AXON = find("squid_giant_axon")


def test_bare_numbers_are_in_the_documented_unit() -> None:
    assert choose(AXON, {"diameter": "500"}).values["diameter"] == 500.0
    assert choose(AXON, {"diameter": 500}).values["diameter"] == 500.0
    assert choose(AXON, {"diameter": "0.5 mm"}).values["diameter"] == 500.0


def test_only_what_differs_is_changed() -> None:
    assert choose(AXON, {"diameter": "476 um", "SquidSodium.conductance": "120 mS/cm2"}).changed == ()
    assert choose(AXON, {"SquidSodium.conductance": "60 mS/cm2"}).parameters == {("SquidSodium", "conductance"): 0.06}


def test_parameters_change_wherever_they_are_painted() -> None:
    cell = AXON.cell(AXON.defaults)
    changed = override(cell, {("SquidLeak", "reversal"): -60.0})
    assert parameters_of(changed)["SquidLeak.reversal"] == (-60.0, "mV")
    assert parameters_of(cell)["SquidLeak.reversal"] == (-54.3, "mV")
    assert override(cell, {}) is cell


def test_a_parameter_with_two_values_has_none() -> None:
    cell = Cell(ball_and_stick(kind="axon"))
    cell = paint(paint(cell, soma, Leak(conductance=1e-4)), axon, Leak(conductance=2e-4))
    assert parameters_of(cell)["Leak.conductance"] == (None, "S/cm2")
    assert parameters_of(cell)["Leak.reversal"] == (-70.0, "mV")


def test_wrong_settings_say_what_to_write() -> None:
    with pytest.raises(UnknownNameError, match=r"squid_giant_axon has no setting 'diametre'.*Did you mean 'diameter'"):
        choose(AXON, {"diametre": 500})
    with pytest.raises(UnknownNameError, match=r"Did you mean 'SquidSodium.conductance'"):
        choose(AXON, {"SquidSodium.conductence": 0.1})
    with pytest.raises(UnitError, match="the setting diameter"):
        choose(AXON, {"diameter": "500 mV"})
    with pytest.raises(UnitError, match=r"SquidSodium\.conductance"):
        choose(AXON, {"SquidSodium.conductance": "much"})
    with pytest.raises(RequestError, match=r"'diameter' was given as -1 um. It must be positive"):
        choose(AXON, {"diameter": -1})


@pytest.mark.parametrize("text", ["diameter", "=5", "diameter=", ""])
def test_assignments_need_name_and_value(text: str) -> None:
    with pytest.raises(RequestError, match="Expected a name, an equals sign and a value"):
        parse_assignments([text])


def test_assignments_are_split_at_the_first_sign() -> None:
    assert parse_assignments(["a = 1 um", "b=c=d"]) == {"a": "1 um", "b": "c=d"}
