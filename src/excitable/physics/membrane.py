"""The membrane as a capacitor: two solutions that conduct, and a thin layer that does not.

Source: Fricke 1925, J. Gen. Physiol. 9:137; Hille 2001, Ion Channels of Excitable Membranes, chapter 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..constants import FARADAY, GAS
from ..errors import RequestError
from ..expressions import sqrt
from .nernst import charges, kelvin
from .quantities import given, plain

VACUUM_PERMITTIVITY = 8.8541878128e-12
"""F/m. Source: CODATA 2018."""


def specific_capacitance(thickness: Any, permittivity: Any) -> Any:
    """The capacitance per area of a parallel plate, µF/cm².

    Args:
        thickness: nm.
        permittivity: Relative to vacuum; about 2 for the oily inside of a membrane, 3 as Fricke took it.

    Raises:
        RequestError: An argument is not positive.

    Source: Fricke 1925, J. Gen. Physiol. 9:137: 0.81 µF/cm² for a red cell, hence 3.3 nm. From his rounded 3.3 nm the
    equation gives 0.80.

    >>> round(specific_capacitance(3.3, 3.0), 2)
    0.8
    """
    return plain(_per_nanometre(permittivity) / given(thickness, "nm", "the thickness", positive=True))


def membrane_thickness(capacitance: Any, permittivity: Any) -> Any:
    """How thick a layer has this capacitance, nm.

    Args:
        capacitance: µF/cm².
        permittivity: Relative to vacuum.

    Raises:
        RequestError: An argument is not positive.

    >>> round(membrane_thickness(0.81, 3.0), 1)  # Fricke 1925
    3.3
    >>> round(membrane_thickness(1.0, 2.1), 2)  # the usual 1 µF/cm²
    1.86
    """
    return plain(_per_nanometre(permittivity) / given(capacitance, "uF/cm2", "the capacitance", positive=True))


def _per_nanometre(permittivity: Any) -> Any:
    # 1 F/m² = 100 µF/cm², and 1 nm = 1e-9 m.
    return 1e11 * VACUUM_PERMITTIVITY * given(permittivity, "1", "the relative permittivity", positive=True)


def membrane_capacitance(area: Any, capacitance: Any = 1.0) -> Any:
    """The capacitance of a whole membrane, nF.

    Args:
        area: µm².
        capacitance: Per area, µF/cm².

    Raises:
        RequestError: An argument is not positive.

    >>> round(membrane_capacitance(1000.0), 3)  # 10 pF: 1 µF/cm² is 10 fF/µm²
    0.01
    """
    per_area = given(capacitance, "uF/cm2", "the capacitance per area", positive=True)
    return plain(1e-5 * given(area, "um2", "the area", positive=True) * per_area)


def charging_ions(voltage: Any, capacitance: Any = 1.0, *, valence: int = 1) -> Any:
    """How many ions must cross to change the voltage of a membrane, pmol/cm²: C v / (z F).

    Args:
        voltage: The change, mV.
        capacitance: µF/cm².
        valence: Charges per ion.

    Raises:
        RequestError: The capacitance is not positive, or the valence is zero.

    Source: Hodgkin 1951, Biol. Rev. 26:339: about 1 pmol/cm² for an impulse of 100 mV; an axon moves 3 to 4.

    >>> round(charging_ions(100.0), 2)
    1.04
    """
    charge = given(capacitance, "uF/cm2", "the capacitance", positive=True) * given(voltage, "mV", "the voltage")
    return plain(1e3 * charge / (charges(valence) * FARADAY))


def ionic_strength(ions: Iterable[tuple[Any, int]]) -> Any:
    """Half the sum of concentration times squared valence, mM.

    Args:
        ions: Pairs of concentration (mM) and valence.

    Raises:
        RequestError: There is no ion, a concentration is negative, or a valence is zero.

    >>> ionic_strength([(100.0, 2), (200.0, -1)])  # 100 mM CaCl₂
    300.0
    """
    terms = [0.5 * given(c, "mM", "the concentration", unsigned=True) * charges(z) ** 2 for c, z in ions]
    if not terms:
        raise RequestError(
            "No ions were given. At least one pair of concentration and valence was expected. "
            "Write ionic_strength([(150.0, 1), (150.0, -1)])."
        )
    return plain(sum(terms))


def water_permittivity(temperature: Any) -> Any:
    """The relative permittivity of water.

    Args:
        temperature: °C, 0 to 60.

    Raises:
        RequestError: The temperature is not of life (0 to 60 °C).

    Source: Malmberg & Maryott 1956, J. Res. Natl. Bur. Stand. 56:1, which gives 78.30 at 25 °C.

    >>> round(water_permittivity(25.0), 2)
    78.3
    """
    kelvin(temperature)
    t = given(temperature, "degC", "the temperature")
    return plain(87.740 - 0.40008 * t + 9.398e-4 * t**2 - 1.410e-6 * t**3)


def debye_length(strength: Any, *, temperature: Any, permittivity: Any = None) -> Any:
    """How far a charge is felt in a salt solution before other ions screen it, nm.

    Args:
        strength: Ionic strength, mM.
        temperature: °C, 0 to 60.
        permittivity: Relative to vacuum; that of water where none is given.

    Raises:
        RequestError: The ionic strength is not positive, or the temperature is not of life (0 to 60 °C).

    Source: Debye & Hückel 1923, Phys. Z. 24:185; Israelachvili 2011, Intermolecular and Surface Forces, chapter
    14: 0.304 nm divided by the root of the concentration in M, for a 1:1 salt at 25 °C.

    >>> round(debye_length(1000.0, temperature=25.0), 3)
    0.304
    """
    relative = (
        water_permittivity(temperature)
        if permittivity is None
        else given(permittivity, "1", "the relative permittivity", positive=True)
    )
    energy = VACUUM_PERMITTIVITY * relative * GAS * kelvin(temperature)
    ions = given(strength, "mM", "the ionic strength", positive=True)
    return plain(1e9 * sqrt(energy / (2.0 * FARADAY**2 * ions)))
