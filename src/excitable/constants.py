"""The physical constants that the membrane obeys, in SI units.

Source: CODATA 2018 (Tiesinga et al. 2021, Rev. Mod. Phys. 93:025010). Since the SI of 2019 the
elementary charge, the Boltzmann constant and the Avogadro constant are exact by definition, and with them
FARADAY and GAS.

>>> round(1e3 * GAS * (ZERO_CELSIUS + 6.3) / FARADAY, 2)  # thermal voltage of the squid at 6.3 °C, mV
24.08
"""

from __future__ import annotations

from typing import Final

ELEMENTARY_CHARGE: Final = 1.602176634e-19
"""Charge of a proton, C. Exact."""

BOLTZMANN: Final = 1.380649e-23
"""Boltzmann constant, J/K. Exact."""

AVOGADRO: Final = 6.02214076e23
"""Particles in a mole, 1/mol. Exact."""

FARADAY: Final = ELEMENTARY_CHARGE * AVOGADRO
"""Charge of a mole of protons, 96485.33212… C/mol. Exact, as a product of exact numbers."""

GAS: Final = BOLTZMANN * AVOGADRO
"""Molar gas constant, 8.314462618… J/(mol·K). Exact, as a product of exact numbers."""

PLANCK: Final = 6.62607015e-34
"""Planck constant, J·s. Exact; the Eyring rate needs it."""

ZERO_CELSIUS: Final = 273.15
"""The temperature of 0 °C, K. Exact, by the definition of the Celsius scale."""
