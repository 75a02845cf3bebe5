"""Settings of a preparation as the user writes them: checked, in the right unit, with the nearest names."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from ..cells import Cell
from ..errors import RequestError, UnknownNameError, nearest
from ..frozen import frozen, replace
from ..mechanisms import Mechanism
from ..units import to
from .preparation import Preparation, Setting


@frozen()
class Choice:
    """The values of all settings, and of the parameters of mechanisms that were changed by name.

    Attributes:
        values: Setting to number, in the unit of the setting.
        parameters: ("mechanism", "parameter") to number, in the unit of the parameter.
        changed: The names that differ from the published value, as they were written.
    """

    values: Mapping[str, float]
    parameters: Mapping[tuple[str, str], float]
    changed: tuple[str, ...]


def choose(preparation: Preparation, given: Mapping[str, Any]) -> Choice:
    """The settings of a preparation with what the user gave.

    Raises:
        UnknownNameError: No setting and no parameter has that name.
        UnitError: A value is not a number of that unit.
        RequestError: A value should be positive and is not.

    >>> from excitable.library import find
    >>> choose(find("squid_giant_axon"), {"diameter": "0.5 mm"}).values["diameter"]
    500.0
    """
    values: dict[str, float] = preparation.defaults
    declared = {setting.name: setting for setting in preparation.settings}
    cell = preparation.cell(values)
    known = parameters_of(cell)
    parameters, changed = {}, []
    for name, value in given.items():
        if name in declared:
            number = _number(value, declared[name].unit, f"the setting {name}")
            _refuse_sign(declared[name], number)
            if number != values[name]:
                changed.append(name)
            values[name] = number
        elif name in known:
            owner, _, key = name.partition(".")
            number = _number(value, known[name][1], name)
            if number != known[name][0]:
                changed.append(name)
                parameters[owner, key] = number
        else:
            raise UnknownNameError(
                f"{preparation.name} has no setting {name!r}. Expected one of its {len(declared)} settings, or a "
                f"parameter of a mechanism as Mechanism.parameter. {nearest(name, [*declared, *known])}"
            )
    return Choice(values, parameters, tuple(changed))


def parameters_of(cell: Cell) -> dict[str, tuple[float | None, str]]:
    """ "Mechanism.parameter" to its value (None where it differs from place to place) and unit, of all that is painted.

    >>> from excitable.library import find
    >>> squid = find("squid_membrane")
    >>> parameters_of(squid.cell(squid.defaults))["SquidLeak.conductance"]
    (0.0003, 'S/cm2')
    """
    found: dict[str, tuple[float | None, str]] = {}
    for painting in cell.paintings:
        if not isinstance(painting.what, Mechanism):
            continue
        for key, declared in painting.what.parameters.items():
            name, value = f"{painting.what.name}.{key}", getattr(painting.what, key)
            known = found.get(name, (value, ""))[0]
            same = isinstance(value, float) and value == known
            found[name] = (value if same else None, declared.unit)
    return found


def override(cell: Cell, parameters: Mapping[tuple[str, str], float]) -> Cell:
    """The cell with parameters of its mechanisms changed, wherever they are painted."""
    if not parameters:
        return cell
    paintings = []
    for painting in cell.paintings:
        what = painting.what
        if isinstance(what, Mechanism):
            mine = {key: value for (owner, key), value in parameters.items() if owner == what.name}
            painting = replace(painting, what=what.bind(**mine)) if mine else painting
        paintings.append(painting)
    return replace(cell, paintings=tuple(paintings))


def parse_assignments(texts: list[str]) -> dict[str, str]:
    """ "name=value" texts, as written after --set, by name.

    Raises:
        RequestError: One has no "=", no name or no value.

    >>> parse_assignments(["diameter=0.5 mm"])
    {'diameter': '0.5 mm'}
    """
    found = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise RequestError(
                f"--set was given {text!r}. Expected a name, an equals sign and a value. Write --set 'diameter=500 um'."
            )
        found[name] = value
    return found


def _number(value: Any, unit: str, what: str) -> float:
    if isinstance(value, str):
        # On the command line a bare number is in the documented unit, as it is in Python.
        with contextlib.suppress(ValueError):
            value = float(value)
    return to(value, unit, what=what)


def _refuse_sign(setting: Setting, number: float) -> None:
    if setting.positive and number <= 0.0:
        raise RequestError(
            f"The setting {setting.name!r} was given as {number:g} {setting.unit}. It must be positive. "
            f"Write {setting.name}={setting.default:g}."
        )
