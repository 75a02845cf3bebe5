"""Water follows what is dissolved: osmotic pressure and the flux of water through a membrane.

Source: van 't Hoff 1887, Z. Phys. Chem. 1:481; Kedem & Katchalsky 1958, Biochim. Biophys. Acta 27:229; Finkelstein
1987, Water Movement through Lipid Bilayers, Pores, and Plasma Membranes.
"""

from __future__ import annotations

from typing import Any

from ..constants import GAS
from .nernst import kelvin
from .quantities import given, plain

WATER_VOLUME = 18.07
"""The volume of a mole of water, cm³/mol, at 25 °C: 18.015 g/mol at 0.9970 g/cm³."""


def osmotic_pressure(osmolarity: Any, *, temperature: Any) -> Any:
    """The osmotic pressure of a dilute solution, kPa: R T c.

    Args:
        osmolarity: All dissolved particles together, mM (mOsm/L).
        temperature: °C, 0 to 60.

    Raises:
        RequestError: The osmolarity is negative, or the temperature is not of life (0 to 60 °C).

    Source: van 't Hoff 1887, Z. Phys. Chem. 1:481. Guyton & Hall, Textbook of Medical Physiology, chapter 4, gives
    19.3 mmHg for each mOsm/L at 37 °C.

    >>> round(osmotic_pressure(300.0, temperature=37.0), 1)
    773.6
    """
    particles = given(osmolarity, "mM", "the osmolarity", unsigned=True)
    return plain(1e-3 * GAS * kelvin(temperature) * particles)


def water_flux(
    inside: Any, outside: Any, *, permeability: Any, temperature: Any, pressure: Any = 0.0, reflection: Any = 1.0
) -> Any:
    """The volume of water that leaves through each area of membrane, cm/s (cm³/cm²/s); negative where it enters.

    P V ((pᵢ - pₒ)/(RT) - σ (cᵢ - cₒ)), with V the molar volume of water.

    Args:
        inside: Osmolarity inside, mM (mOsm/L).
        outside: Osmolarity outside, mM.
        permeability: Osmotic (filtration) permeability to water, cm/s; about 0.02 for a human red cell.
        temperature: °C, 0 to 60.
        pressure: Hydrostatic pressure inside minus outside, kPa.
        reflection: 1 for particles that never pass, 0 for those that pass like water.

    Raises:
        RequestError: An osmolarity or the permeability is negative, or the temperature is not of life (0 to 60 °C).

    Source: Kedem & Katchalsky 1958, Biochim. Biophys. Acta 27:229.

    >>> round(1e6 * water_flux(300.0, 200.0, permeability=0.02, temperature=25.0), 1)  # water enters
    -36.1
    """
    passed = given(permeability, "cm/s", "the permeability to water", unsigned=True)
    difference = given(inside, "mM", "the osmolarity inside", unsigned=True) - given(
        outside, "mM", "the osmolarity outside", unsigned=True
    )
    pushed = given(pressure, "kPa", "the pressure") * 1e3 / (GAS * kelvin(temperature))
    # Both in mM, which is 1e-6 mol/cm³.
    driving = pushed - given(reflection, "1", "the reflection coefficient") * difference
    return plain(1e-6 * WATER_VOLUME * passed * driving)
