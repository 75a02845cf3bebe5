"""How much faster everything goes when it is warmer: factors that multiply rates."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..constants import BOLTZMANN, GAS, PLANCK, ZERO_CELSIUS
from ..errors import RequestError
from ..expressions import Expression, exp, log
from .nernst import kelvin
from .quantities import given, plain


def q10(factor: Any, *, temperature: Any, reference: Any = None) -> Any:
    """How many times faster a rate is at `temperature` than at `reference`.

    Args:
        factor: The ratio of rates 10 °C apart (Q10); 3 for the gates of the squid axon.
        temperature: °C.
        reference: The temperature, °C, at which the rates were measured; 6.3 for the squid axon.

    Raises:
        RequestError: The factor is not positive, no reference is given, or a temperature is not of life (0 to 60 °C).

    Source: Hodgkin & Huxley 1952, J. Physiol. 117:500.

    >>> q10(3.0, temperature=16.3, reference=6.3)
    3.0
    """
    base = given(factor, "1", "the Q10", positive=True)
    tens = (kelvin(temperature) - _reference(reference)) / 10.0
    return plain(base**tens)


def arrhenius(energy: Any, *, temperature: Any, reference: Any = None) -> Any:
    """How many times faster a reaction with an energy barrier is at `temperature` than at `reference`.

    Args:
        energy: Activation energy, kJ/mol.
        temperature: °C.
        reference: The temperature, °C, at which the rate was measured.

    Raises:
        RequestError: No reference is given, or a temperature is not of life (0 to 60 °C).

    Source: Arrhenius 1889, Z. Phys. Chem. 4:226. A barrier of 52.9 kJ/mol doubles the rate from 25 to 35 °C.

    >>> round(arrhenius(75.7, temperature=16.3, reference=6.3), 2)
    3.08
    """
    barrier = given(energy, "kJ/mol", "the activation energy") * (1e3 / GAS)
    return plain(exp(barrier * (1.0 / _reference(reference) - 1.0 / kelvin(temperature))))


def activation_energy(factor: Any, *, temperature: Any, reference: Any = None) -> Any:
    """The activation energy, kJ/mol, of a reaction that goes `factor` times faster when warmed.

    Args:
        factor: The ratio of the rate at `temperature` to the rate at `reference`.
        temperature: °C, other than `reference`.
        reference: °C.

    Raises:
        RequestError: The factor is not positive, no reference or one equal to the temperature is given, or a
            temperature is not of life (0 to 60 °C).

    >>> round(activation_energy(3.0, temperature=16.3, reference=6.3), 1)
    73.9
    """
    ratio = given(factor, "1", "the ratio of rates", positive=True)
    cold, warm = _reference(reference), kelvin(temperature)
    if not isinstance(cold, Expression) and not isinstance(warm, Expression) and np.any(cold == warm):
        raise RequestError(
            f"The temperature and the reference are both {np.max(warm - ZERO_CELSIUS):g} degC. Two temperatures were "
            "expected, for a rate does not differ from itself. Write temperature=16.3, reference=6.3."
        )
    return plain(1e-3 * GAS * log(ratio) / (1.0 / cold - 1.0 / warm))


def eyring(enthalpy: Any, entropy: Any, *, temperature: Any) -> Any:
    """The rate at which a barrier is crossed, 1/ms.

    Args:
        enthalpy: Activation enthalpy, kJ/mol.
        entropy: Activation entropy, J/(mol·K).
        temperature: °C.

    Raises:
        RequestError: The temperature is not of life (0 to 60 °C).

    Source: Eyring 1935, J. Chem. Phys. 3:107. The logarithm of rate (1/s) over temperature (K) of a reaction without
    barrier, the intercept of an Eyring plot, is ln(k/h) = 23.760.

    >>> round(eyring(60.0, 0.0, temperature=25.0), 3)
    0.191
    """
    absolute = kelvin(temperature)
    height = (
        given(entropy, "J/(mol K)", "the activation entropy") / GAS
        - given(enthalpy, "kJ/mol", "the activation enthalpy") * (1e3 / GAS) / absolute
    )
    return plain(1e-3 * BOLTZMANN / PLANCK * absolute * exp(height))


def _reference(reference: Any) -> Any:
    if reference is None:
        raise RequestError(
            "The reference temperature is missing (None). The temperature at which the rate was measured was expected, "
            "in degC. Write reference=6.3 for rates of the squid axon."
        )
    return kelvin(reference)
