"""The voltage at which one ion is in equilibrium.

Source: Nernst 1888, Z. Phys. Chem. 2:613; Hille 2001, Ion Channels of Excitable Membranes, chapter 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..constants import FARADAY, GAS, ZERO_CELSIUS
from ..errors import RequestError
from ..expressions import Expression, log
from .quantities import given, plain


def kelvin(temperature: Any) -> Any:
    """The absolute temperature, K, of a temperature in °C.

    Raises:
        RequestError: The temperature is below absolute zero.

    >>> kelvin(20.0)
    293.15
    """
    absolute = given(temperature, "degC", "the temperature") + ZERO_CELSIUS
    if not isinstance(absolute, Expression) and not np.all(absolute > 0.0):
        raise RequestError(
            f"The temperature is {np.min(absolute) - ZERO_CELSIUS:g} degC, below absolute zero. "
            "A temperature in degC was expected. Write '6.3 degC' or '279.45 K'."
        )
    return absolute


def thermal_voltage(temperature: Any) -> Any:
    """RT/F, the voltage that thermal motion is worth, mV.

    Args:
        temperature: °C, any shape.

    >>> round(thermal_voltage(6.3), 2)
    24.08
    """
    return plain(kelvin(temperature) * (1e3 * GAS / FARADAY))


def nernst(inside: Any, outside: Any, *, valence: int = 1, temperature: Any) -> Any:
    """The equilibrium (Nernst) potential of an ion, mV.

    Args:
        inside: Concentration in the cell, mM.
        outside: Concentration around the cell, mM.
        valence: Charges per ion: +1 for sodium and potassium, +2 for calcium, -1 for chloride.
        temperature: °C.

    Raises:
        RequestError: A concentration is not positive, or the valence is zero.

    Source: Nernst 1888, Z. Phys. Chem. 2:613.

    >>> round(nernst(140.0, 5.0, temperature=20.0), 1)  # potassium
    -84.2
    """
    charge = charges(valence)
    ratio = given(outside, "mM", "the concentration outside", positive=True) / given(
        inside, "mM", "the concentration inside", positive=True
    )
    return plain(thermal_voltage(temperature) / charge * log(ratio))


def charges(valence: int) -> int:
    """The valence of an ion that carries current.

    Raises:
        RequestError: The valence is zero, or not a whole number.

    >>> charges(-1)
    -1
    """
    whole = isinstance(valence, int | float | np.integer) and not isinstance(valence, bool) and valence % 1 == 0
    if not whole or valence == 0:
        raise RequestError(
            f"The valence is {valence!r}. A whole number of charges other than zero was expected. "
            "Write valence=1 for sodium, 2 for calcium, -1 for chloride."
        )
    return int(valence)
