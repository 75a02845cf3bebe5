"""Run many cells that differ in numbers: parameters and stimuli as axes of the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..cells import Cell, material
from ..compiler.system import Floats
from ..compiler.targets import Target, host
from ..errors import RequestError
from ..frozen import frozen
from ..methods import Adaptive, Method, staggered
from ..protocols import Clamp, Stimulus
from ..protocols.stimuli import UNITS, checked_number
from ..recordings import Axis, Recording, State
from ..recordings.probes import Probe, name_of
from ..units import to_array
from .engine import cores
from .request import Request, listed, perform


@frozen(eq=False)
class Variation:
    """One axis of a sweep: numbers that change together along it. See `vary` and `together`."""

    name: str
    unit: str
    values: Floats
    changes: Mapping[tuple[str, str], Floats]


def vary(of: Any, parameter: str, values: ArrayLike | Sequence[Any], *, name: str | None = None) -> Variation:
    """An axis: a parameter of a mechanism, of a stimulus or clamp, or of the "cell", over values.

    of: the class, instance or name of a mechanism; a stimulus or clamp, or its name; or "cell" for temperature (°C),
    capacitance (µF/cm²) or initial_voltage (mV).  values: in the unit of the parameter, or with units (not for a
    mechanism that is given by its name alone, whose units are not known here).

    >>> from excitable.mechanisms import Leak
    >>> vary(Leak, "conductance", [1e-4, 2e-4]).name
    'Leak.conductance'

    Raises RequestError for no values, UnitError for a wrong dimension.
    """
    owner, unit = _owner(of, parameter)
    if unit == "1" and isinstance(of, str) and any(isinstance(value, str) for value in np.ravel(values)):
        raise RequestError(
            f"Values with units, {np.ravel(values)[0]!r} the first, were given for {parameter!r} of {of!r}, which is "
            "named by text. The unit of a parameter is known from its class. Write vary(TheClass, …), or plain numbers."
        )
    numbers = np.atleast_1d(to_array(values, unit, what=f"the values of {parameter} of {owner}"))
    if numbers.ndim != 1 or numbers.size == 0:
        raise RequestError(
            f"The values of {parameter!r} of {owner!r} have the shape {numbers.shape}. An axis needs a row of at least "
            "one value. Write values=[0.1, 0.2]."
        )
    return Variation(name or f"{owner}.{parameter}", unit, numbers, {(owner, parameter): numbers})


def together(*variations: Variation, name: str | None = None) -> Variation:
    """Several parameters along one axis, value by value.

    Raises RequestError where they have different numbers of values.
    """
    sizes = {v.name: v.values.size for v in variations}
    if len(set(sizes.values())) != 1:
        raise RequestError(
            f"The variations have different lengths: {sizes}. What varies together needs the same number of values. "
            "Write as many values for each."
        )
    changes = {key: values for v in variations for key, values in v.changes.items()}
    first = variations[0]
    return Variation(name or " & ".join(sizes), first.unit, first.values, changes)


def sweep(
    cell: Cell,
    duration: Any,
    over: Variation | Sequence[Variation],
    *,
    protocol: Sequence[Stimulus | Clamp] = (),
    record: Sequence[Probe] | None = None,
    dt: Any = None,
    every: int = 1,
    method: Method | Adaptive = staggered,
    threads: int | None = None,
    start: State | None = None,
    progress: bool | None = None,
    on: Target = host,
) -> Recording:
    """Simulate a cell for every combination of the varied numbers, in one call on all cores.

    over: one axis or several; the signals of the result have one leading dimension for each, in this order.
    threads: how many cores to use (default: all). Results do not depend on it, bit for bit.
    The other arguments are those of `run`.

    >>> from excitable.mechanisms import Leak
    >>> from excitable.morphology import everywhere, single_compartment
    >>> from excitable.cells import paint
    >>> cell = paint(Cell(single_compartment(20, 20)), everywhere, Leak())
    >>> sweep(cell, "10 ms", vary(Leak, "reversal", [-80, -70, -60])).signals["voltage at root"].shape
    (3, 401)
    """
    variations = [over] if isinstance(over, Variation) else list(over)
    if not variations or not all(isinstance(v, Variation) for v in variations):
        raise RequestError(
            f"sweep was given {over!r} to vary. It needs at least one axis. "
            "Write sweep(cell, '100 ms', vary(Leak, 'conductance', [1e-4, 2e-4]))."
        )
    names = [v.name for v in variations]
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice is not None:
        raise RequestError(f"Two axes are called {twice!r}. Names tell axes apart. Write vary(…, name='…') for one.")
    sizes = tuple(v.values.size for v in variations)
    grids = np.unravel_index(np.arange(int(np.prod(sizes))), sizes)
    overrides: dict[tuple[str, str], Floats] = {}
    for variation, index in zip(variations, grids, strict=True):
        for key, values in variation.changes.items():
            if key in overrides:
                raise RequestError(
                    f"{key[1]!r} of {key[0]!r} is varied by two axes. A number has one value in each run. "
                    "Leave it out of one axis."
                )
            overrides[key] = values[index]
    _check_values(overrides, listed(protocol, "protocol"))
    axes = tuple(Axis(v.name, v.values, v.unit) for v in variations)
    request = Request(cell, duration, listed(protocol, "protocol"), record, dt, every, method, start, progress,
                      cores() if threads is None else threads, on, overrides, axes)  # fmt: skip
    return perform(request)


def _check_values(overrides: Mapping[tuple[str, str], Floats], protocol: Sequence[Stimulus | Clamp]) -> None:
    """Refuse what would be refused in a description of one run."""
    stimuli = {item.name: item for item in protocol if isinstance(item, Stimulus)}
    for (owner, key), values in overrides.items():
        for value in (float(values.min()), float(values.max())):
            if owner == "cell" and key in ("temperature", "capacitance", "initial_voltage"):
                material(**{key: value})
            elif owner in stimuli and key in stimuli[owner].numbers:
                checked_number(key, value, owner)


def _owner(of: Any, parameter: str) -> tuple[str, str]:
    """The name of whose number it is, and the unit of the number."""
    if isinstance(of, (Stimulus, Clamp)):
        kind = (
            "mV" if parameter.startswith("level_") else "ms" if parameter.startswith("until_") else UNITS.get(parameter)
        )
        return of.name, kind or "1"
    if isinstance(of, str):
        properties = {"temperature": "degC", "capacitance": "uF/cm2", "initial_voltage": "mV"}
        unit = properties.get(parameter, "1") if of == "cell" else UNITS.get(parameter, "1")
        return of, unit
    owner = name_of(of)
    declared = getattr(of, "parameters", {}).get(parameter)
    return owner, declared.unit if declared is not None else "1"
