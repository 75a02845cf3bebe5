"""What do we want back? Probes: frozen wishes for voltages, states, currents and spikes at places."""

from __future__ import annotations

from typing import Any

from ..errors import RequestError
from ..frozen import frozen
from ..mechanisms import Mechanism
from ..mechanisms.variables import FIXED, STIMULI, unit_of_variable
from ..morphology.places import Location, as_location
from ..units import to

# What is calculated from the states and the voltage of a compartment.
OBSERVED = ("state", "current", "variable")


@frozen()
class Probe:
    """One wish at a location, under a label: a "voltage", "state", "current", "variable", "spikes" or "clamp"."""

    quantity: str
    at: Location
    label: str
    of: str = ""
    name: str = ""
    threshold: float = 0.0


def voltage(*, at: Any, label: str | None = None) -> Probe:
    """The membrane potential (mV) at a place, or at each of several.

    >>> from excitable.morphology import soma
    >>> voltage(at=soma).label
    'voltage at soma'
    """
    return Probe("voltage", as_location(at), label or f"voltage at {at!r}")


def state(name: str, *, of: Any, at: Any, label: str | None = None) -> Probe:
    """A state of a mechanism, given as its class, an instance or its name.

    >>> from excitable.mechanisms import SquidSodium
    >>> from excitable.morphology import soma
    >>> state("m", of=SquidSodium, at=soma).label
    'm of SquidSodium at soma'
    """
    owner = name_of(of)
    return Probe("state", as_location(at), label or f"{name} of {owner} at {at!r}", owner, name)


def current(*, at: Any, of: Any = None, ion: str | None = None, label: str | None = None) -> Probe:
    """The outward current density (mA/cm²) of one mechanism, of one ion, or of the whole membrane.

    Raises RequestError where both a mechanism and an ion are given.
    """
    if of is not None and ion is not None:
        raise RequestError(
            f"A current was asked for of {of!r} and of the ion {ion!r} at once. One of them must be left out. "
            "Write current(of=SquidSodium, at=soma) or current(ion='na', at=soma)."
        )
    what = f"{name_of(of)} current" if of is not None else f"{ion} current" if ion else "membrane current"
    return Probe(
        "current",
        as_location(at),
        label or f"{what} at {at!r}",
        name_of(of) if of is not None else "",
        ion or "",
    )


def variable(name: str, *, at: Any, label: str | None = None) -> Probe:
    """What mechanisms read of each other: a concentration, a reversal potential, a stimulus, the flux of an ion.

    name: as mechanisms write it, such as "e_k" (mV), "ca_inside" (mM), "light" (mW/mm2), "flux_k" (mM um/ms).

    >>> from excitable.morphology import soma
    >>> variable("e_k", at=soma).label
    'e_k at soma'

    Raises RequestError for what is no variable.
    """
    if not isinstance(name, str) or unit_of_variable(name) is None:
        raise RequestError(
            f"{name!r} was asked for, which is no variable of a membrane. Variables are e_X, X_inside, X_outside, i_X "
            f"and flux_X of an ion X, {', '.join((*STIMULI, *FIXED))}. Write variable('e_k', at=soma)."
        )
    return Probe("variable", as_location(at), label or f"{name} at {at!r}", name=name)


def spikes(*, at: Any, threshold: Any = 0.0, label: str | None = None) -> Probe:
    """The times (ms) at which the potential rises through `threshold` (mV), interpolated within the step."""
    level = to(threshold, "mV", what="the threshold of the spikes")
    return Probe("spikes", as_location(at), label or f"spikes at {at!r}", threshold=level)


def clamp_current(name: str = "clamp", *, label: str | None = None) -> Probe:
    """The current (nA) that the voltage clamp of that name injects, the mean over the step that ends at the sample."""
    return Probe("clamp", as_location("soma"), label or f"current of {name}", name)


def name_of(mechanism: Any) -> str:
    """The name of a mechanism given as a class, an instance or a name.

    Raises RequestError for anything else.
    """
    if isinstance(mechanism, str):
        return mechanism
    if isinstance(mechanism, Mechanism):
        return mechanism.name
    if isinstance(mechanism, type) and issubclass(mechanism, Mechanism):
        return mechanism.__name__
    raise RequestError(
        f"{mechanism!r} was given where a mechanism is meant. It is named by its class, an instance or its name. "
        "Write of=SquidSodium."
    )
