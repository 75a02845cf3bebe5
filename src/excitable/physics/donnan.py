"""Two solutions in equilibrium across a barrier that holds some charge back: Donnan equilibrium.

Every ion that passes has one electrochemical potential on both sides, so that its concentrations differ by the
factor e^(-zu) with u = F v / RT, and each side is electroneutral. One equation for u remains, and it has one root.

Source: Donnan 1911, Z. Elektrochem. 17:572; Boyle & Conway 1941, J. Physiol. 100:1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..errors import RequestError
from ..expressions import absolute, log, sqrt, where
from ..frozen import frozen
from .nernst import thermal_voltage
from .permeant import Permeant, passes, passing, read_ions
from .quantities import given, plain
from .roots import Floats, bracket, increasing_root


@frozen(eq=False)
class Equilibrium:
    """What two solutions come to.

    Attributes:
        voltage: Inside minus outside, mV.
        inside: Concentration of each ion inside, mM, in the order in which the ions were given.
        outside: Concentration of each ion outside, mM.
    """

    voltage: Any
    inside: tuple[Any, ...]
    outside: tuple[Any, ...]


def donnan_potential(impermeant: Any, salt: Any, *, temperature: Any) -> Any:
    """The Donnan potential of a cell in a large bath of one salt of monovalent ions, mV: a formula.

    Args:
        impermeant: Charge that cannot leave the cell, mM of elementary charges, with its sign.
        salt: Concentration of the salt in the bath, mM.
        temperature: °C, 0 to 60.

    Raises:
        RequestError: The concentration of the salt is not positive.

    Source: Donnan 1911, Z. Elektrochem. 17:572.

    >>> round(donnan_potential(-100.0, 150.0, temperature=37.0), 2)
    -8.75
    """
    charge = given(impermeant, "mM", "the impermeant charge")
    half = charge / (2.0 * given(salt, "mM", "the concentration of the salt", positive=True))
    # The inverse hyperbolic sine, written so that nothing cancels on either side.
    size = absolute(half)
    angle = log(size + sqrt(size * size + 1.0))
    return plain(thermal_voltage(temperature) * where(half < 0.0, -angle, angle))


def donnan(
    ions: Iterable[Permeant],
    *,
    impermeant_inside: Any = 0.0,
    impermeant_outside: Any = 0.0,
    volume_ratio: Any = math.inf,
    temperature: Any,
) -> Equilibrium:
    """The Donnan equilibrium of any set of ions.

    Both volumes stay as they are; what osmosis would do is for `osmotic_pressure` to say.

    Args:
        ions: The ions; those of permeability 0 stay where they are, how well the others pass does not matter. An ion
            may be absent from one side. In an endless bath, concentrations outside do not change.
        impermeant_inside: Other charge held inside, mM of elementary charges, with its sign.
        impermeant_outside: The same outside.
        volume_ratio: The volume outside relative to that inside; `math.inf` for a cell in an endless bath.
        temperature: °C, 0 to 60.

    Raises:
        RequestError: The charges do not add up to zero, so that the solutions cannot be electroneutral; no ion can
            balance the impermeant charge; or an ion is not well given.

    Source: Donnan 1911, Z. Elektrochem. 17:572. With equal volumes of 9 mM NaCl and 9 mM sodium proteinate the salt
    distributes as 6 · 6 = 12 · 3.

    >>> salt = [Permeant(1.0, 9.0, 9.0, name="sodium"), Permeant(1.0, 0.0, 9.0, -1, "chloride")]
    >>> found = donnan(salt, impermeant_inside=-9.0, volume_ratio=1.0, temperature=25.0)
    >>> [round(float(x), 9) for x in (*found.inside, *found.outside)]
    [12.0, 3.0, 6.0, 6.0]
    >>> round(found.voltage, 2)  # -RT/F ln 2
    -17.81
    """
    checked = read_ions(ions, "1", absent=True, solved=True)
    moving = passing(checked)
    inner = np.asarray(1.0 / given(volume_ratio, "1", "the ratio of volumes", positive=True, infinite=True))
    charge_inside, charge_outside = (
        given(charge, "mM", f"the impermeant charge {side}")
        + sum(ion.valence * getattr(ion, side) for ion in checked if not passes(ion))
        for side, charge in (("inside", impermeant_inside), ("outside", impermeant_outside))
    )
    _require_neutrality(moving, charge_inside, charge_outside, inner)
    _require_counterions(moving, charge_inside, inner)
    surplus = charge_inside + sum(ion.valence * ion.inside for ion in moving)
    u = balance(moving, np.asarray(surplus, dtype=float), inner)
    shared = [share(ion, u, inner) if passes(ion) else (ion.inside, ion.outside) for ion in checked]
    voltage = plain(thermal_voltage(temperature) * u)
    return Equilibrium(voltage, tuple(plain(s[0]) for s in shared), tuple(plain(s[1]) for s in shared))


def share(ion: Permeant, u: Any, inner: Any) -> tuple[Any, Any]:
    """The concentrations (inside, outside), mM, to which an ion distributes at the voltage `u`, in units of RT/F.

    Args:
        ion: With its concentrations before.
        u: Inside minus outside.
        inner: The volume inside relative to that outside; 0 for an endless bath.

    >>> share(Permeant(1.0, 9.0, 9.0), 0.0, 1.0)
    (9.0, 9.0)
    """
    factor = np.exp(ion.valence * u)
    inside = (inner * ion.inside + ion.outside) / (inner + factor)
    return plain(inside), plain(inside * factor)


def crossed(ion: Permeant, u: Any, inner: Any) -> tuple[Any, Any]:
    """How much of an ion leaves until it has one potential on both sides at the voltage `u`; and the slope of that.

    Args:
        ion: With its concentrations before.
        u: Inside minus outside, in units of RT/F.
        inner: The volume inside relative to that outside; 0 for an endless bath.

    Returns:
        The fall of the concentration inside, mM, and its derivative with respect to u.

    >>> fall, slope = crossed(Permeant(1.0, 30.0, 20.0), 0.0, 1.0)
    >>> float(fall), float(slope)
    (5.0, 12.5)
    """
    exponent = ion.valence * np.asarray(u, dtype=float)
    # The smaller of e^(zu) and e^(-zu), so that nothing overflows.
    factor, outwards = np.exp(-np.abs(exponent)), exponent >= 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        fall = np.where(outwards, ion.inside - ion.outside * factor, ion.inside * factor - ion.outside)
        bottom = np.where(outwards, 1.0 + inner * factor, inner + factor)
        return fall / bottom, ion.valence * (inner * ion.inside + ion.outside) * factor / bottom**2


def balance(moving: list[Permeant], surplus: Any, inner: Any, *, stored: float = 0.0, rest: float = 0.0) -> Floats:
    """The voltage, in units of RT/F, at which as much charge has crossed as the sides and the membrane ask for.

    Args:
        moving: Checked ions that pass.
        surplus: Charge inside before anything has crossed, mM.
        inner: The volume inside relative to that outside.
        stored: Charge that the membrane stores for each unit of voltage, in mM inside; 0 for electroneutrality.
        rest: The voltage at which it stores the surplus.

    >>> salt = [Permeant(1.0, 0.0, 9.0), Permeant(1.0, 0.0, 9.0, -1)]
    >>> float(balance(salt, 0.0, 0.0))
    0.0
    """
    like = np.broadcast_arrays(surplus, inner, *[x for ion in moving for x in (ion.inside, ion.outside)])[0]

    def excess(u: Floats) -> tuple[Floats, Floats]:
        value, slope = stored * (u - rest) - surplus, np.full(np.shape(like), stored)
        for ion in moving:
            fall, steepness = crossed(ion, u, inner)
            value, slope = value + ion.valence * fall, slope + ion.valence * steepness
        return value, slope

    return increasing_root(excess, *bracket(excess, like))


def _require_neutrality(moving: list[Permeant], held_inside: Any, held_outside: Any, inner: Any) -> None:
    free = sum(ion.valence * (inner * ion.inside + ion.outside) for ion in moving)
    total = np.asarray(free + inner * held_inside + held_outside)
    size = sum(abs(ion.valence) * (inner * ion.inside + ion.outside) for ion in moving)
    size = size + np.abs(inner * held_inside) + np.abs(held_outside)
    if np.any(np.abs(total) > 1e-9 * size):
        surplus = float(total.flat[np.argmax(np.abs(total))])
        raise RequestError(
            f"The charges of the solutions add up to {surplus:g} mM of the volume outside. Electroneutral solutions "
            f"were expected, zero in all. Write impermeant_outside={float(np.max(held_outside)) - surplus:g}, or add "
            "the ions that are missing."
        )


def _require_counterions(moving: list[Permeant], held: Any, inner: Any) -> None:
    """A voltage can balance the charge only if it lies between all cations inside and all anions inside."""
    held, inner = np.broadcast_arrays(np.asarray(held, dtype=float), inner)
    for sign, kind in ((1, "cation"), (-1, "anion")):
        most = sum(abs(ion.valence) * (inner * ion.inside + ion.outside) for ion in moving if ion.valence * sign > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            reachable = np.where(np.asarray(most) > 0.0, most / inner, 0.0)
        if np.any(reachable + sign * held <= 0.0):
            raise RequestError(
                f"There is no equilibrium: {float(np.max(-sign * held)):g} mM of charge held inside cannot be "
                f"balanced, for too few {kind}s pass. An ion of either sign that passes was expected. "
                f"Write Permeant(1.0, inside=0.0, outside=150.0, valence={sign}) among the ions."
            )
