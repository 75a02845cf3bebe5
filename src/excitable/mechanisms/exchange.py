"""What moves between places: currents and fluxes of all mechanisms, added up for each ion.

This is the one place where a current becomes an amount: 1 mA/cm² of a valence of 1 is 10/F mol/(m² s), 0.1036 mM µm/ms.
What leaves one place arrives in another, whoever moves it, so that no species is made or lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..constants import FARADAY
from ..errors import MechanismError
from ..expressions import Expression, constant, evaluate_all, simplify, simplify_all, symbol, symbols_of
from .mechanism import Mechanism
from .motions import taken_up
from .variables import FLUX, PLACES, TURNOVER, ion_of, place_of

if TYPE_CHECKING:
    from .assembly import Assembly

# mM µm/ms that 1 mA/cm² of a valence of 1 carries.
PER_CURRENT = 1e4 / FARADAY
ZERO = constant(0.0)


class Exchange:
    """The sums over the mechanisms of one membrane."""

    def __init__(self, assembly: Assembly) -> None:
        self.assembly = assembly
        self.moved: dict[str, dict[Any, Expression]] = {}

    # ------------------------------------------------------------ sums
    def current(self, ion: str) -> Expression:
        """The outward current of an ion, mA/cm²."""
        total = ZERO
        for mechanism in self.assembly.mechanisms:
            total = total + self.assembly.current_of(mechanism).get(ion, ZERO)
        return simplify(total)

    def flux(self, ion: str) -> Expression:
        """What an ion loses through the membrane, mM µm/ms."""
        total = ZERO
        for mechanism in self.assembly.mechanisms:
            total = total + self._through_membrane(mechanism, ion)
        return simplify(total)

    def gain(self, ion: str, place: str) -> Expression:
        """What all mechanisms bring to an ion in a place, mM µm³/ms."""
        here = f"{ion}_{place}"
        through, within, between = ZERO, ZERO, ZERO
        for mechanism in self.assembly.mechanisms:
            if place == "outside":
                through = through + self._through_membrane(mechanism, ion)
            elif place == mechanism.faces:
                through = through - self._through_membrane(mechanism, ion)
            for key, value in self.moved_by(mechanism).items():
                if key == here:
                    within = within + value
                elif isinstance(key, tuple) and here in key:
                    between = between + value if key[1] == here else between - value
        own = self.assembly.variable(f"volume_{here}", f"gain_{here}")
        return simplify(symbol("area") * through + symbol("volume") * between + own * within)

    def fluxes(self) -> dict[str, Expression]:
        """What each ion whose valence is stated loses through the membrane, mM µm/ms."""
        for mechanism in self.assembly.mechanisms:
            self._refuse_charge(mechanism)
        return {ion.symbol: self.flux(ion.symbol) for ion in self.assembly.ions}

    def _through_membrane(self, mechanism: Mechanism, ion: str) -> Expression:
        total = self.moved_by(mechanism).get(ion, ZERO)
        current = self.assembly.current_of(mechanism).get(ion)
        if current is not None:
            total = total + current * (PER_CURRENT / self.valence(ion))
        return total

    def valence(self, ion: str) -> int:
        """The valence of an ion on this membrane.

        Raises MechanismError where nothing states it.
        """
        stated = self.assembly.ion(ion)
        if stated is None:
            raise MechanismError(
                f"The amount of {ion!r} that moves is asked for, and nothing on this membrane states the valence of "
                f"{ion!r}: a current alone does not tell how many ions carry it. "
                f"Write paint(cell, region, Ion({ion!r}, valence=…))."
            )
        return stated.valence

    # ------------------------------------------------------------ what one mechanism moves without current
    def moved_by(self, mechanism: Mechanism) -> dict[Any, Expression]:
        """The fluxes of a mechanism, each in its unit, with what its reactions take up and give back."""
        if mechanism.name not in self.moved:
            given: Mapping[Any, Any] = self.assembly.call(mechanism, "flux") if mechanism.has("flux") else {}
            found = {key: self._checked(mechanism, key, given[key]) for key in given}
            for name, rate in taken_up(self.assembly, mechanism).items():
                found[name] = found[name] + rate if name in found else rate
            self.moved[mechanism.name] = found
        return self.moved[mechanism.name]

    def _checked(self, mechanism: Mechanism, key: Any, value: Any) -> Expression:
        names = key if isinstance(key, tuple) else (key,)
        good = all(isinstance(name, str) and name for name in names) and len(names) <= 2
        if good and len(names) == 2:
            good = all(place_of(name) for name in names) and ion_of(names[0]) == ion_of(names[1]) and key[0] != key[1]
        if not good:
            raise MechanismError(
                f"{mechanism.name}.flux moves {key!r}. It is an ion that leaves through the membrane ('k'), a pair of "
                "places of one ion ('ca_inside', 'ca_store'), or a place where it appears ('ca_inside'); places are "
                f"{', '.join(PLACES)}. Write return {{'k': …, 'cl': …}}."
            )
        unit = TURNOVER if place_of(names[0]) else FLUX
        what = f"the flux of {mechanism.name} for {key!r}"
        return self.assembly.in_unit(value, unit, what, (mechanism, "flux"))

    def _refuse_charge(self, mechanism: Mechanism) -> None:
        """A flux is no current: the charges that it carries must add up to nothing."""
        moved = self.moved_by(mechanism).items()
        parts = {key: value for key, value in moved if isinstance(key, str) and self.assembly.ion(key) is not None}
        crossing = [key for key in self.moved_by(mechanism) if isinstance(key, str) and not place_of(key)]
        if len(parts) < len(crossing):
            return
        charges = simplify_all([value * float(self.valence(ion)) for ion, value in parts.items()])
        names = sorted(symbols_of(*charges))
        draws = np.random.default_rng(7).uniform(0.5, 1.5, (len(names), 5))
        values = evaluate_all(charges, dict(zip(names, draws, strict=True)))
        found = np.array([np.broadcast_to(value, 5) for value in values]).reshape(-1, 5)
        off = np.abs(found.sum(axis=0)) > 1e-9 * np.abs(found).sum(axis=0)
        if off.any():
            raise MechanismError(
                f"The flux of {mechanism.name} moves {', '.join(parts)}, and their charges do not add up to nothing. "
                "What carries charge is a current, or the voltage would not notice it. "
                "Return it from current, in mA/cm2, as a mapping from ion to current density."
            )
