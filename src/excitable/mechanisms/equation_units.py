"""Equations brought to the unit in which they are expected, or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import UnitError
from ..expressions import Expression, as_expression, unit_if_pure, unit_of
from ..units import Unit, parse


def in_unit(value: Any, unit: str, units: Mapping[str, Unit], what: str) -> Expression:
    """The value as an expression in `unit`, where symbols have the given units; bare numbers fit anywhere.

    Raises UnitError for another dimension, or where bare numbers leave the scale open.
    """
    expression = as_expression(value)
    found, wanted = unit_of(expression, units, what=what), parse(unit)
    if found is None:
        _refuse_open_scale(expression, wanted, unit, units, what)
        return expression
    if found == wanted:
        return expression
    if found.dimensions != wanted.dimensions:
        raise UnitError(
            f"{what} comes out in {found.name}. It is expected in {unit}. "
            "Check the declared units of the parameters in its equation."
        )
    return expression * (found.scale / wanted.scale)


def _refuse_open_scale(expression: Expression, wanted: Unit, unit: str, units: Mapping[str, Unit], what: str) -> None:
    """Bare factors leave the unit open: whether they convert it or not would change the result a thousandfold."""
    found = unit_if_pure(expression, units)
    if found is not None and found.dimensions == wanted.dimensions and found != wanted:
        raise UnitError(
            f"{what} is a bare number times a quantity in {found.name}, and is expected in {unit}. Whether the "
            "number converts the unit, or is part of the law, cannot be told. Declare the quantities of the "
            f"equation in units that give {unit} without a factor, such as S/cm2 with mV; a default may still be "
            "written with another unit, as in parameter('0.1 mS/cm2', 'S/cm2')."
        )


def per_ms(unit: str) -> str:
    """The unit of the rate of change of a state.

    >>> per_ms("1"), per_ms("mM")
    ('1/ms', 'mM/ms')
    """
    return "1/ms" if unit in ("1", "") else f"{unit}/ms"
