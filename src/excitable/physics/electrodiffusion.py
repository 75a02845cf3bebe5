"""Salts that diffuse between two chambers through a barrier, open or selective, until equilibrium.

Each ion crosses with the constant-field flux J = P (cᵢ linoid(-zu) - cₒ linoid(zu)), u = F v / RT. The barrier is a
capacitor, and its voltage follows from the charge that has crossed: C A dv/dt = -A F Σ z J. Nothing is assumed
electroneutral: the surplus charge lies on the barrier, and its amount is reported. It is tiny: 1.04 pmol/cm² for
100 mV on 1 µF/cm², so that in chambers of cm³ the concentrations show nothing of it.

The unknowns are the voltage and how much of each ion but one has crossed, in mM of the chamber inside; of that one
the charge tells. What leaves one chamber enters the other by construction. The charging takes microseconds to
milliseconds and the mixing hours; one implicit method with its own step size follows both.

Source: Planck 1890, Ann. Phys. 39:161; Hodgkin & Katz 1949, J. Physiol. 108:37 (flux in a constant field).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..constants import FARADAY
from ..errors import RequestError
from ..expressions import linoid
from ..frozen import frozen
from .constant_field import linoid_slope
from .donnan import Equilibrium, balance, crossed, share
from .nernst import kelvin, thermal_voltage
from .permeant import Permeant, passes, passing, read_ions
from .quantities import given
from .roots import Floats
from .stiff import integrate_stiff


@frozen(eq=False)
class Chambers:
    """Two chambers and the barrier between them.

    Attributes:
        volume_inside: cm³.
        volume_outside: cm³; `math.inf` for an endless bath.
        area: Of the barrier, cm².
        capacitance: Of the barrier, µF/cm².
        voltage: At the start, inside minus outside, mV.
        temperature: °C, 0 to 60.

    Raises:
        RequestError: A volume, area or capacitance is not positive, something is more than one number, or the
            temperature is not of life.

    >>> Chambers(area="100 mm2").area
    1.0
    """

    volume_inside: Any = 1.0
    volume_outside: Any = 1.0
    area: Any = 1.0
    capacitance: Any = 1.0
    voltage: Any = 0.0
    temperature: Any = 20.0

    def __post_init__(self) -> None:
        for name, unit in (
            ("volume_inside", "cm3"), ("volume_outside", "cm3"), ("area", "cm2"), ("capacitance", "uF/cm2"),
            ("voltage", "mV"), ("temperature", "degC"),
        ):  # fmt: skip
            words, size = name.replace("_", " "), name not in ("voltage", "temperature")
            value = given(getattr(self, name), unit, f"the {words}", positive=size, infinite=name == "volume_outside")
            if not isinstance(value, float):
                raise RequestError(
                    f"The {words} is {getattr(self, name)!r}. One number in {unit} was expected, for the equilibrium "
                    f"is solved and not a formula. Write {name}=1.0, and a loop for several."
                )
            self.__dict__[name] = value
        kelvin(self.temperature)

    @property
    def inner(self) -> float:
        """The volume inside relative to that outside."""
        return float(self.volume_inside / self.volume_outside) if math.isfinite(self.volume_outside) else 0.0

    @property
    def thermal(self) -> float:
        """RT/F, mV."""
        return float(thermal_voltage(self.temperature))

    @property
    def stored(self) -> float:
        """The charge on the barrier for a voltage of RT/F, in mM of elementary charges inside."""
        return float(1e-3 * self.capacitance * self.area * self.thermal / (FARADAY * self.volume_inside))


@frozen(eq=False)
class Electrodiffusion:
    """What happened between two chambers.

    Attributes:
        time: s, shape (times,).
        voltage: Inside minus outside, mV, shape (times,).
        inside: Concentrations, mM, shape (ions, times).
        outside: Concentrations, mM, shape (ions, times).
        moved: What has gone from inside to outside, nmol, shape (ions, times).
        charge: What the barrier gained inside, nC, shape (times,): capacitance · area · change of voltage.
    """

    time: Floats
    voltage: Floats
    inside: Floats
    outside: Floats
    moved: Floats
    charge: Floats


def electrodiffusion_equilibrium(ions: Iterable[Permeant], chambers: Chambers) -> Equilibrium:
    """Where the diffusion of ions between two chambers ends; solved at once, without following it.

    Args:
        ions: The ions; permeability 0 for one that the barrier holds back. An ion may be absent from a side.
        chambers: The two chambers and the barrier.

    Raises:
        RequestError: No ion passes, or an ion is not well given.

    >>> only_sodium = [Permeant(1e-5, 30.0, 20.0), Permeant(0.0, 30.0, 20.0, -1)]
    >>> round(electrodiffusion_equilibrium(only_sodium, Chambers()).voltage, 3)  # Nernst
    -10.243
    """
    checked = _numbers(ions)
    u = _final(passing(checked), chambers)
    shared = [share(ion, u, chambers.inner) if passes(ion) else (ion.inside, ion.outside) for ion in checked]
    return Equilibrium(chambers.thermal * u, tuple(s[0] for s in shared), tuple(s[1] for s in shared))


def electrodiffuse(ions: Iterable[Permeant], chambers: Chambers, *, times: Any = None) -> Electrodiffusion:
    """How ions diffuse between two chambers until equilibrium.

    Ions that do not pass and are of no interest may be left out: only what crosses changes the voltage.

    Args:
        ions: The ions, with permeabilities in cm/s; 0 for one that the barrier holds back.
        chambers: The two chambers and the barrier.
        times: Rising times, s; without them, every step that was taken until all is within 1e-8 of equilibrium.

    Raises:
        RequestError: No ion passes, an ion is not well given, or the times do not rise from zero.

    >>> salt = [Permeant(1e-5, 30.0, 20.0), Permeant(1e-5, 30.0, 20.0, -1)]
    >>> end = electrodiffuse(salt, Chambers())
    >>> [round(float(x), 5) for x in (end.inside[0, -1], end.outside[0, -1])]
    [25.0, 25.0]
    >>> bool(abs(end.voltage).max() < 1e-9)  # the two ions keep step
    True
    """
    checked = _numbers(ions)
    moving = passing(checked)
    inner, thermal = chambers.inner, chambers.thermal
    end = _final(moving, chambers)
    target = np.array([*[crossed(ion, end, inner)[0] for ion in moving], end])
    # An error is small against what there is of an ion on either side, and against RT/F.
    size = np.array([*[(ion.inside + ion.outside) / max(1.0, inner) for ion in moving], 1.0])
    rate, jacobian = _laws(moving, chambers)
    kept, spread, offset = _without_one(moving, chambers, size)
    found_times, states = integrate_stiff(
        lambda state: rate(spread @ state + offset)[kept],
        lambda state: jacobian(spread @ state + offset)[kept] @ spread,
        np.append(np.zeros(len(moving) - 1), chambers.voltage / thermal),
        size=size[kept],
        times=None if times is None else _rising(times),
        settled=lambda state: bool(np.all(np.abs(spread @ state + offset - target) <= 1e-8 * size)),
    )
    states = states @ spread.T + offset
    moved = np.zeros((len(checked), len(found_times)))
    moved[[k for k, ion in enumerate(checked) if passes(ion)]] = states[:, :-1].T
    before_inside, before_outside = (np.array([[getattr(i, s)] for i in checked]) for s in ("inside", "outside"))
    voltage = thermal * states[:, -1]
    return Electrodiffusion(
        found_times, voltage, before_inside - moved, before_outside + inner * moved,
        1e3 * chambers.volume_inside * moved, chambers.capacitance * chambers.area * (voltage - chambers.voltage),
    )  # fmt: skip


def _final(moving: list[Permeant], chambers: Chambers) -> float:
    """The voltage of the equilibrium, in units of RT/F."""
    rest = chambers.voltage / chambers.thermal
    return float(balance(moving, 0.0, chambers.inner, stored=chambers.stored, rest=rest))


def _without_one(moving: list[Permeant], chambers: Chambers, size: Floats) -> tuple[list[int], Floats, Floats]:
    """What one ion has crossed follows from the charge: (the unknowns kept, and all = spread · kept + offset).

    Without it nothing cancels: charge and crossings agree to rounding however little charge there is.
    """
    count = len(moving)
    z = np.array([ion.valence for ion in moving], dtype=float)
    left_out = int(np.argmax(np.abs(z) * size[:-1]))
    kept = [k for k in range(count + 1) if k != left_out]
    spread = np.eye(count + 1)[:, kept]
    spread[left_out] = np.append(-z, -chambers.stored)[kept] / z[left_out]
    offset = np.zeros(count + 1)
    offset[left_out] = chambers.stored * chambers.voltage / chambers.thermal / z[left_out]
    return kept, spread, offset


def _laws(moving: list[Permeant], chambers: Chambers) -> tuple[Any, Any]:
    """The rates of what has crossed, mM/s, and of u, 1/s; and their exact derivatives."""
    inner = chambers.inner
    flow = chambers.area / chambers.volume_inside * np.array([ion.permeability for ion in moving])
    z = np.array([ion.valence for ion in moving], dtype=float)
    inside, outside = (np.array([getattr(ion, side) for ion in moving]) for side in ("inside", "outside"))
    charging = -z / chambers.stored
    count = len(moving)

    def rate(state: Floats) -> Floats:
        gone, u = state[:-1], z * state[-1]
        flux = flow * ((inside - gone) * linoid(-u) - (outside + inner * gone) * linoid(u))
        return np.append(flux, charging @ flux)

    def jacobian(state: Floats) -> Floats:
        gone, u = state[:-1], z * state[-1]
        slopes = np.zeros((count + 1, count + 1))
        slopes[range(count), range(count)] = -flow * (linoid(-u) + inner * linoid(u))
        field = (inside - gone) * linoid_slope(-u) + (outside + inner * gone) * linoid_slope(u)
        slopes[:-1, -1] = -flow * z * field
        slopes[-1] = charging @ slopes[:-1]
        return slopes

    return rate, jacobian


def _numbers(ions: Iterable[Permeant]) -> list[Permeant]:
    checked = read_ions(ions, "cm/s", absent=True, solved=True)
    for ion in checked:
        if not all(isinstance(x, float) for x in (ion.permeability, ion.inside, ion.outside)):
            raise RequestError(
                f"The ion {ion} holds more than one number. One number for each quantity was expected, "
                "for the equilibrium is solved and not a formula. Write a loop over the values."
            )
    return checked


def _rising(times: Any) -> Floats:
    wanted = np.atleast_1d(given(times, "s", "the times"))
    if wanted[0] < 0.0 or np.any(np.diff(wanted) <= 0.0):
        raise RequestError(
            f"The times are {times!r}. Times that rise from zero or later were expected, in s. "
            "Write times=[0.0, 60.0, 3600.0]."
        )
    return wanted
