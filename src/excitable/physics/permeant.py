"""What a membrane lets through: an ion with its permeability and its concentrations on both sides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..errors import RequestError
from ..expressions import Expression
from ..frozen import frozen
from .nernst import charges
from .quantities import given


@frozen()
class Permeant:
    """An ion that passes the membrane.

    Attributes:
        permeability: cm/s; where only the ratios count, any unit that is the same for all ions.
        inside: Concentration in the cell, mM.
        outside: Concentration around the cell, mM.
        valence: Charges per ion.
        name: How messages call it, such as "sodium".

    >>> Permeant(0.45, inside=61.0, outside=540.0, valence=-1).valence
    -1
    """

    permeability: Any
    inside: Any
    outside: Any
    valence: int = 1
    name: str = ""


def read_ions(ions: Iterable[Permeant], unit: str, *, absent: bool = False, solved: bool = False) -> list[Permeant]:
    """The ions with checked numbers in documented units.

    Args:
        ions: The ions of one membrane.
        unit: The unit of the permeabilities, "1" where only ratios count.
        absent: Whether an ion may be missing on a side (concentration 0).
        solved: Whether an equilibrium is to be solved, which takes numbers and no symbols.

    Raises:
        RequestError: There is no ion; something is not a `Permeant` of numbers, or of symbols where they make
            sense; a valence is zero, a concentration not positive, or a permeability negative or missing.

    >>> read_ions([Permeant(1, "0.14 M", 5)], "1")
    [Permeant(permeability=1.0, inside=140.0, outside=5.0, valence=1, name='')]
    """
    checked = []
    for ion in ions:
        if not isinstance(ion, Permeant):
            raise RequestError(
                f"{ion!r} was given as an ion. A Permeant with its permeability and concentrations was expected. "
                "Write Permeant(1.0, inside=140.0, outside=5.0)."
            )
        of = f" of {ion.name}" if ion.name else ""
        if solved and any(isinstance(x, Expression) for x in (ion.permeability, ion.inside, ion.outside)):
            raise RequestError(
                f"A symbol stands in {ion}. Numbers were expected, for this equilibrium is solved and not a formula. "
                "Write the numbers; `donnan_potential` and `goldman` take symbols."
            )
        inside, outside = (
            given(value, "mM", f"the concentration{of} {side}", positive=not absent, unsigned=absent)
            for side, value in (("inside", ion.inside), ("outside", ion.outside))
        )
        if absent and not np.all(inside + outside > 0.0):
            raise RequestError(
                f"The concentration{of} is 0 mM on both sides. An ion that is somewhere was expected. "
                "Write outside=1e-4 for an ion that is nearly absent, or leave the ion out."
            )
        permeability = read_permeability(ion.permeability, unit, of)
        checked.append(Permeant(permeability, inside, outside, charges(ion.valence), ion.name))
    if not checked:
        raise RequestError(
            "No ions were given. At least one ion was expected. Write [Permeant(1.0, inside=140.0, outside=5.0)]."
        )
    return checked


def read_permeability(value: Any, unit: str, of: str = "") -> Any:
    """A permeability that is a number and not negative.

    Raises:
        RequestError: It is missing or negative.

    >>> read_permeability("1 um/s", "cm/s")
    0.0001
    """
    if value is None:
        raise RequestError(
            f"The permeability{of} is missing (None). A number was expected, for an ion cannot be weighed without it. "
            "Write Permeant(0.04, inside=12.0, outside=145.0), or 0.0 for an ion that does not pass."
        )
    permeability = given(value, unit, f"the permeability{of}")
    if not isinstance(permeability, Expression) and not np.all(permeability >= 0.0):
        measured = "" if unit == "1" else f", in {unit}"
        raise RequestError(
            f"The permeability{of} is {value!r}. A number that is not negative was expected{measured}. "
            "Write 0.0 for an ion that does not pass."
        )
    return permeability


def passes(ion: Permeant) -> bool:
    """Whether a checked ion passes the membrane at all, at some place; a symbol is taken to.

    >>> passes(Permeant(0.0, 12.0, 145.0))
    False
    """
    return isinstance(ion.permeability, Expression) or bool(np.any(ion.permeability > 0.0))


def passing(ions: list[Permeant]) -> list[Permeant]:
    """Those of the ions that pass the membrane at all.

    Raises:
        RequestError: None does; or, where permeabilities are arrays, none does at some place.

    >>> len(passing([Permeant(1.0, 140.0, 5.0), Permeant(0.0, 12.0, 145.0)]))
    1
    """
    moving = [ion for ion in ions if passes(ion)]
    known = [ion.permeability for ion in moving if not isinstance(ion.permeability, Expression)]
    if not moving or (len(known) == len(moving) and not np.all(sum(known) > 0.0)):
        raise RequestError(
            "No ion passes the membrane. At least one permeability above zero was expected. "
            "Write Permeant(1.0, inside=140.0, outside=5.0)."
        )
    return moving
