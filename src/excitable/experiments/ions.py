"""What a spike costs: how many ions of each kind cross the membrane, and the ATP that the pump spends on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..cells import Cell
from ..compiler.system import Floats
from ..constants import AVOGADRO, FARADAY
from ..errors import RequestError
from ..frozen import field, frozen
from ..mechanisms import Ion
from ..morphology import Discretisation
from ..morphology.places import Location
from ..physics import charging_ions
from ..protocols import Stimulus
from ..recordings import Recording, State
from ..recordings.probes import Probe, current, spikes, voltage
from .subject import AFTER, LABEL, LEVEL, TRACE, Subject, one_stimulus, prepared
from .words import lines, number

# Charges of the ions that channels name; an Ion that is painted says its own.
VALENCES = {"na": 1, "k": 1, "ca": 2, "cl": -1, "mg": 2, "h": 1, "hco3": -1, "nh4": 1, "li": 1}
# The sodium pump: sodium ions out for each ATP (Post & Jolly 1957, Biochim Biophys Acta 25:118).
SODIUM_PER_ATP = 3
# 1 µC/cm² of a univalent ion, pmol/cm².
PER_CHARGE = 1e6 / FARADAY


@frozen(eq=False, repr=False)
class IonsMoved:
    """The ions that cross the membrane in a response, above what crosses at rest in the same time.

    Attributes:
        ions: The names of the ions.
        entered: Of each ion, net, per area of membrane, pmol/cm²; negative where it left.
        moles: Of each ion, net, into the whole cell, fmol.
        spikes: How many spikes the response had.
        swing: From the lowest to the highest voltage, mV, where spikes are looked for.
        minimum: What would charge the membrane by that swing, pmol/cm² of univalent ions.
        window: How long after the onset of the stimulus was looked at, ms.
        area: Area of the membrane of the whole cell, µm².
        time: ms, (samples,).
        currents: Outward current density of each ion above rest, mean over the cell, mA/cm², (samples,).
        voltage: mV, (samples,).
    """

    ions: tuple[str, ...]
    entered: Mapping[str, float]
    moles: Mapping[str, float]
    spikes: int
    swing: float
    minimum: float
    window: float
    area: float
    time: Floats = field(repr=False)
    currents: Mapping[str, Floats] = field(repr=False)
    voltage: Floats = field(repr=False)

    @property
    def atp(self) -> float:
        """Molecules of ATP that the pump spends on the sodium that entered, one for three, in the whole cell."""
        return self.moles.get("na", 0.0) * 1e-15 * AVOGADRO / SODIUM_PER_ATP

    @property
    def atp_density(self) -> float:
        """ATP per area of membrane, pmol/cm²."""
        return self.entered.get("na", 0.0) / SODIUM_PER_ATP

    @property
    def excess(self) -> float:
        """Sodium that entered, as a multiple of the least that could charge the membrane."""
        return self.entered.get("na", 0.0) / self.minimum

    def __repr__(self) -> str:
        rows = []
        for ion in self.ions:
            way = "in" if self.entered[ion] >= 0.0 else "out"
            density, moles = abs(self.entered[ion]), abs(self.moles[ion])
            rows.append((ion, f"{number(density)} pmol/cm² {way}, {number(moles)} fmol in all"))
        if "na" in self.ions:
            rows.append(("ATP", f"{self.atp:.3g} molecules, {number(self.atp_density)} pmol/cm²"))
            least = f"{number(self.minimum)} pmol/cm² charge the membrane by {self.swing:.0f} mV"
            rows.append(("sodium", f"{number(self.excess, 3)} times the least: {least}"))
        count = f"{self.spikes} spike{'' if self.spikes == 1 else 's'}"
        return lines(f"Ions moved by {count}, in {number(self.window)} ms", rows)


def ions_moved(
    cell: Cell,
    stimulus: Stimulus,
    *,
    valences: Mapping[str, int] | None = None,
    detect: Any = None,
    level: Any = LEVEL,
    after: Any = AFTER,
    start: State | None = None,
    dt: Any = None,
) -> IonsMoved:
    """The charge that each ion carries through the membrane of the whole cell during a response, as amounts.

    Integrals of the ionic currents above those at rest. The pump that brings the sodium back spends one ATP on three
    sodium ions; it need not be in the cell, and where it is, what it moves in this time counts with its ions.

    Args:
        cell: What to stimulate, with channels that name their ions.
        stimulus: What sets the spike off, with its strength.
        valences: Charges per ion for ions that are not known and not painted as an `Ion`.
        detect, level, after, start, dt: As for `threshold`.

    Raises:
        RequestError: No channel names an ion, the charge of one is not known, or the stimulus does not fire the cell.

    >>> import excitable as ex
    >>> squid = ex.SquidSodium(), ex.SquidPotassium(), ex.SquidLeak()
    >>> patch = ex.paint(ex.Cell(ex.single_compartment(20)), "soma", *squid)
    >>> ions_moved(patch, ex.current_pulse(at=ex.soma, amplitude=1, duration="0.2 ms"))
    Ions moved by 1 spike, in 50.2 ms
      na      14.46 pmol/cm² in, 0.1817 fmol in all
      k       14.34 pmol/cm² out, 0.1802 fmol in all
      ATP     3.65e+07 molecules, 4.819 pmol/cm²
      sodium  12 times the least: 1.209 pmol/cm² charge the membrane by 117 mV
    """
    given = one_stimulus(stimulus, parameter=None, verb="ions_moved")
    subject = prepared(cell, given.at, detect=detect, level=level, after=after, start=start, dt=dt)
    return _measured(subject, given, _charges(subject, dict(valences or {})))


def _measured(subject: Subject, given: Stimulus, charges: Mapping[str, int]) -> IonsMoved:
    """Integrals of the currents of one response."""
    begin, end = given.numbers.get("start", 0.0), given.end
    length = (begin if not end < 1e12 else end) + subject.after
    here = [
        voltage(at=subject.detected, label=TRACE),
        spikes(at=subject.detected, threshold=subject.level, label=LABEL),
    ]
    made = subject.record(length, [given], probes=[*here, *_wanted(subject, charges)])
    inside = made.time >= begin - 1e-9
    time, trace = made.time[inside], made[TRACE].values[inside]
    count = len(made.spikes[LABEL].times[0])
    if not count:
        raise RequestError(
            f"{given.name!r} does not fire {subject.cell.morphology.name!r}: the voltage reaches {trace.max():.1f} mV. "
            "The cost of a spike needs one. Write a larger amplitude, or level= below the peak of its spikes."
        )
    areas = subject.dynamics.system.discretisation.area
    flows = {ion: _flow(made, ion, areas) for ion in charges}
    above, area = {ion: flow[inside] - flow[0] for ion, flow in flows.items()}, float(areas.sum())
    entered = {ion: -float(np.trapezoid(above[ion], time)) * PER_CHARGE / charges[ion] for ion in charges}
    swing = float(trace.max() - trace.min())
    capacitance = float(subject.dynamics.mass[: subject.dynamics.compartments].sum()) / (1e-5 * area)
    return IonsMoved(
        tuple(charges), entered, {ion: 1e-5 * area * each_ for ion, each_ in entered.items()}, count, swing,
        float(charging_ions(swing, capacitance)), float(time[-1] - begin), area, time, above, trace,
    )  # fmt: skip


def _charges(subject: Subject, given: Mapping[str, int]) -> dict[str, int]:
    """The ions that channels of the cell carry, with their charges."""
    names: dict[str, None] = {}
    painted: dict[str, int] = {}
    for kind in subject.dynamics.system.kinds:
        names.update(dict.fromkeys(kind.membrane.ion_currents))
        painted |= {each.symbol: each.valence for each in kind.membrane.mechanisms if isinstance(each, Ion)}
    known = {**VALENCES, **painted, **given}
    if not names:
        raise RequestError(
            f"No channel of {subject.cell.morphology.name!r} says which ion it carries. Amounts follow from the charge "
            "of the ion. Write ion = 'na' in the class of the channel."
        )
    for name in names:
        if name not in known:
            raise RequestError(
                f"The charge of the ion {name!r} is not known. It is needed to turn charge into amounts. "
                f"Write valences={{{name!r}: 1}}, or paint an Ion."
            )
    return {name: known[name] for name in names}


@frozen()
class _Compartments(Location):
    """The centres of compartments, by number."""

    numbers: tuple[int, ...]

    def places(self, discretisation: Discretisation) -> Any:
        """The branch and the position of each."""
        chosen = np.array(self.numbers, dtype=np.int64)
        return discretisation.branch[chosen], discretisation.position[chosen]


def _wanted(subject: Subject, ions: Mapping[str, int]) -> list[Probe]:
    """The current of each ion in every compartment that has a channel for it."""
    found = []
    for ion in ions:
        kinds = [kind for kind in subject.dynamics.system.kinds if ion in kind.membrane.ion_currents]
        where = _Compartments(tuple(sorted(int(k) for kind in kinds for k in kind.compartments)))
        found.append(current(at=where, ion=ion, label=f"flow of {ion}"))
    return found


def _flow(made: Recording, ion: str, areas: Floats) -> Floats:
    """The outward current density of an ion, mean over the area of the cell, mA/cm²."""
    signal = made[f"flow of {ion}"]
    places = [place.compartment for place in signal.places]
    return np.asarray(areas[places] @ signal.values.reshape(len(places), -1) / areas.sum())
