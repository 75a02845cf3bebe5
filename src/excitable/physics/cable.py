"""The constants of a passive cable: how far, how fast, and against which resistance.

Everywhere: diameter and length in µm, membrane resistance in Ω·cm², membrane capacitance in µF/cm², axial
resistivity in Ω·cm; resistances come out in MΩ, lengths in µm, times in ms.

Source: Rall 1959, Exp. Neurol. 1:491; Rall 1977, Handbook of Physiology, The Nervous System I:39; Jack, Noble
& Tsien 1975, Electric Current Flow in Excitable Cells.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..errors import RequestError
from ..expressions import sqrt, tanh
from .quantities import given, plain

_CENTIMETRE = 1e4
"""One cm in µm."""


def _positive(value: Any, unit: str, what: str) -> Any:
    return given(value, unit, what, positive=True)


def _diameter(value: Any) -> Any:
    return _positive(value, "um", "the diameter")


def _membrane(value: Any) -> Any:
    return _positive(value, "ohm cm2", "the membrane resistance")


def _axial(value: Any) -> Any:
    return _positive(value, "ohm cm", "the axial resistivity")


def _capacitance(value: Any) -> Any:
    return _positive(value, "uF/cm2", "the membrane capacitance")


def length_constant(diameter: Any, *, membrane_resistance: Any, axial_resistivity: Any) -> Any:
    """The distance over which a steady voltage falls to 1/e, µm: sqrt(d Rm / (4 Ri)).

    Raises:
        RequestError: An argument is not positive.

    Source: Rall 1959, Exp. Neurol. 1:491.

    >>> round(length_constant(2.0, membrane_resistance=20e3, axial_resistivity=150.0), 1)
    816.5
    """
    ratio = _membrane(membrane_resistance) / _axial(axial_resistivity)
    return plain(_CENTIMETRE * sqrt(_diameter(diameter) / _CENTIMETRE * ratio / 4.0))


def length_constant_at(frequency: Any, diameter: Any, *, axial_resistivity: Any, capacitance: Any) -> Any:
    """The distance, µm, over which a fast sinusoid falls to 1/e, where only capacitance counts.

    Args:
        frequency: Hz.
        diameter: µm.
        axial_resistivity: Ω·cm.
        capacitance: µF/cm².

    Raises:
        RequestError: An argument is not positive.

    Source: Hines & Carnevale 2001, Neuroscientist 7:123 (lambda_f).

    >>> round(length_constant_at(100.0, 1.0, axial_resistivity=100.0, capacitance=1.0), 1)
    282.1
    """
    farad = 1e-6 * _capacitance(capacitance)
    admittance = 4.0 * math.pi * _positive(frequency, "Hz", "the frequency") * farad * _axial(axial_resistivity)
    return plain(_CENTIMETRE * sqrt(_diameter(diameter) / _CENTIMETRE / admittance))


def d_lambda_compartments(
    length: Any,
    diameter: Any,
    *,
    axial_resistivity: Any,
    capacitance: Any,
    fraction: float = 0.1,
    frequency: float = 100.0,
) -> int:
    """Into how many compartments (an odd number) a cable is cut, so that each is short for a fast signal.

    Args:
        length: µm.
        diameter: µm.
        axial_resistivity: Ω·cm.
        capacitance: µF/cm².
        fraction: The longest compartment as a part of the length constant at `frequency`.
        frequency: Hz.

    Raises:
        RequestError: An argument is not positive.

    Source: Hines & Carnevale 2001, Neuroscientist 7:123 (the d_lambda rule).

    >>> d_lambda_compartments(1000.0, 1.0, axial_resistivity=100.0, capacitance=1.0)
    37
    """
    unit = length_constant_at(frequency, diameter, axial_resistivity=axial_resistivity, capacitance=capacitance)
    longest = _positive(fraction, "1", "the fraction of the length constant") * unit
    return int((_positive(length, "um", "the length") / longest + 0.9) / 2.0) * 2 + 1


def time_constant(*, membrane_resistance: Any, capacitance: Any) -> Any:
    """How long the membrane takes to charge to 1 - 1/e, ms: Rm Cm.

    Raises:
        RequestError: An argument is not positive.

    >>> time_constant(membrane_resistance=20e3, capacitance=1.0)
    20.0
    """
    return plain(_membrane(membrane_resistance) * _capacitance(capacitance) / 1e3)


def input_resistance_semi_infinite(diameter: Any, *, membrane_resistance: Any, axial_resistivity: Any) -> Any:
    """The resistance, MΩ, seen from the end of an endless cable: (2/π) sqrt(Rm Ri) d^(-3/2).

    Raises:
        RequestError: An argument is not positive.

    Source: Rall 1959, Exp. Neurol. 1:491.

    >>> cable = dict(membrane_resistance=20e3, axial_resistivity=150.0)
    >>> round(input_resistance_semi_infinite(2.0, **cable), 1)
    389.8
    """
    centimetres = _diameter(diameter) / _CENTIMETRE
    product = _membrane(membrane_resistance) * _axial(axial_resistivity)
    return plain(1e-6 * (2.0 / math.pi) * sqrt(product / centimetres) / centimetres)


def input_resistance_infinite(diameter: Any, *, membrane_resistance: Any, axial_resistivity: Any) -> Any:
    """The resistance, MΩ, seen from the middle of a cable that is endless both ways.

    Raises:
        RequestError: An argument is not positive.

    >>> round(input_resistance_infinite(2.0, membrane_resistance=20e3, axial_resistivity=150.0), 1)
    194.9
    """
    half = input_resistance_semi_infinite(
        diameter, membrane_resistance=membrane_resistance, axial_resistivity=axial_resistivity
    )
    return plain(half / 2.0)


def input_resistance_finite(
    length: Any, diameter: Any, *, membrane_resistance: Any, axial_resistivity: Any, end: float = 0.0
) -> Any:
    """The resistance, MΩ, seen from one end of a cable of finite length.

    Args:
        length: µm.
        diameter: µm.
        membrane_resistance: Ω·cm².
        axial_resistivity: Ω·cm.
        end: The conductance at the far end, in units of that of the same cable going on without end: 0 for a
            sealed end, 1 for an endless cable, `math.inf` for an end held at rest.

    Raises:
        RequestError: An argument is not positive, or `end` is negative.

    Source: Rall 1959, Exp. Neurol. 1:491; Jack, Noble & Tsien 1975, chapter 4.

    >>> cable = dict(membrane_resistance=20e3, axial_resistivity=150.0)
    >>> round(input_resistance_finite(816.5, 2.0, **cable), 1)  # sealed: R∞ coth(1)
    511.9
    """
    material = {"membrane_resistance": membrane_resistance, "axial_resistivity": axial_resistivity}
    fall = tanh(_positive(length, "um", "the length") / length_constant(diameter, **material))
    endless = input_resistance_semi_infinite(diameter, **material)
    load = end_conductance(end)
    if math.isinf(load):
        return plain(endless * fall)
    return plain(endless * (1.0 + load * fall) / (load + fall))


def end_conductance(end: float) -> float:
    """The conductance at the end of a cable, relative to the same cable going on; checked.

    Raises:
        RequestError: It is negative.

    >>> end_conductance(1)
    1.0
    """
    load = given(end, "1", "the conductance at the end", infinite=True)
    if not isinstance(load, float) or load < 0.0:
        raise RequestError(
            f"The conductance at the end is {end!r}. One number from 0 to infinity was expected, relative to "
            "an endless cable. Write 0.0 for a sealed end, math.inf for an end held at rest."
        )
    return load


def input_resistance_sphere(diameter: Any, *, membrane_resistance: Any) -> Any:
    """The resistance, MΩ, of a spherical cell: Rm / (π d²).

    Raises:
        RequestError: An argument is not positive.

    >>> round(input_resistance_sphere(20.0, membrane_resistance=20e3), 1)
    1591.5
    """
    centimetres = _diameter(diameter) / _CENTIMETRE
    return plain(1e-6 * _membrane(membrane_resistance) / (math.pi * centimetres**2))


def rall_diameter(daughters: Iterable[Any]) -> float:
    """The diameter, µm, of the one cable that branches are equivalent to: the 3/2 power rule.

    Args:
        daughters: The diameters of the branches at a branch point, µm.

    Raises:
        RequestError: A diameter is not positive, or there is none.

    Source: Rall 1959, Exp. Neurol. 1:491.

    >>> round(rall_diameter([1.0, 1.0]), 4)
    1.5874
    """
    diameters = np.atleast_1d(_diameter(list(daughters) or [0.0]))
    return float((diameters**1.5).sum() ** (2.0 / 3.0))
