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

COLDEST, WARMEST = 0.0, 60.0


def kelvin(temperature: Any) -> Any:
    """The absolute temperature, K, of a temperature in °C at which cells live.

    Args:
        temperature: °C, 0 to 60, any shape.

    Raises:
        RequestError: The temperature is below 0 or above 60 °C.

    >>> kelvin(20.0)
    293.15
    """
    celsius = given(temperature, "degC", "the temperature")
    if not isinstance(celsius, Expression):
        strange = np.extract((np.asarray(celsius) < COLDEST) | (np.asarray(celsius) > WARMEST), celsius)
        if strange.size:
            raise RequestError(
                f"The temperature is {strange[0]:g} degC. From {COLDEST:g} to {WARMEST:g} degC was expected: water "
                "freezes below, and no cell lives above. Write a number in degC, such as 6.3, or '279.45 K'."
            )
    return celsius + ZERO_CELSIUS


def thermal_voltage(temperature: Any) -> Any:
    """RT/F, the voltage that thermal motion is worth, mV.

    Args:
        temperature: °C, 0 to 60, any shape.

    Raises:
        RequestError: The temperature is below 0 or above 60 °C.

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
        RequestError: A concentration is not positive, the valence is zero, or the temperature is not of life.

    Source: Nernst 1888, Z. Phys. Chem. 2:613. The concentrations of squid axon and frog muscle (Conway 1957) are
    those of Johnston & Wu 1995, Foundations of Cellular Neurophysiology, table 2.1, whose potentials are computed with
    58 mV a decade. At its 20 °C the equation has 58.17, so that potassium of squid is at -75.7, not -75.5 mV.

    >>> round(nernst(140.0, 5.0, temperature=20.0), 1)  # potassium
    -84.2
    >>> round(nernst(12.0, 120.0, temperature=20.0), 1)  # sodium
    58.2
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
