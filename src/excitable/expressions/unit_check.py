"""Do the units of an equation go together? Bare numbers fit anywhere; declared quantities must agree."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import UnitError
from ..units import Unit
from .node import CONSTANT, SYMBOL, Expression, walk
from .operations import DIMENSIONLESS, OPERATIONS, UnitClash
from .show import as_text


def unit_if_pure(expression: Expression, units: Mapping[str, Unit]) -> Unit | None:
    """The unit of `expression` if every bare factor in it were a pure number; None where that does not go together."""
    found: dict[Expression, Unit | None] = {}
    for current in walk([expression]):
        if current.kind in (CONSTANT, SYMBOL):
            found[current] = units.get(current.payload) if current.kind == SYMBOL else None
            continue
        arguments = [found[a] for a in current.arguments]
        if current.kind in ("multiply", "divide"):
            arguments = [DIMENSIONLESS if unit is None else unit for unit in arguments]
        try:
            found[current] = OPERATIONS[current.kind].unit(current.payload, tuple(arguments))
        except UnitClash:
            return None
    return found[expression]


def unit_of(expression: Expression, units: Mapping[str, Unit], *, what: str) -> Unit | None:
    """The unit of `expression` where its symbols have the given units; None where bare numbers leave it open.

    Raises UnitError, naming `what` and the offending part, where a sum or a comparison mixes units or a
    function is given a quantity that is not a pure number.
    """
    found: dict[Expression, Unit | None] = {}
    for current in walk([expression]):
        if current.kind == CONSTANT:
            found[current] = None
        elif current.kind == SYMBOL:
            found[current] = units.get(current.payload)
        else:
            row = OPERATIONS[current.kind]
            try:
                found[current] = row.unit(current.payload, tuple(found[a] for a in current.arguments))
            except UnitClash as clash:
                raise UnitError(
                    f"In {what}, `{as_text(current, 200)}` brings together {clash}. "
                    "Terms that are added or compared need one unit, and functions take pure numbers. "
                    "Check the declared units, or write the conversion factor as a number."
                ) from None
    return found[expression]
