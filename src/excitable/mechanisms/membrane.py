"""A kind of membrane: what all mechanisms of a compartment bring together, as equations."""

from __future__ import annotations

from collections.abc import Mapping

from ..expressions import Expression, constant, simplify, symbol
from ..frozen import field, frozen
from .condition import Course
from .declare import Parameter, State
from .mechanism import Mechanism
from .reactions import Reaction
from .variables import CURRENT, unit_of_variable


@frozen(eq=False)
class Motion:
    """How one state moves: its rate, the value it approaches where that is known, and the slope of the rate in it."""

    rate: Expression
    steady: Expression | None
    slope: Expression


@frozen(eq=False)
class Scheme:
    """States that turn into each other, by the names of their symbols.

    transitions: the reactions, with names of symbols ("Mechanism.state", or "ca_inside" for what is taken up) and with
    expressions as rates of one event, 1/ms (1/(mM ms) …).  total: what the states add up to; None where none is known.
    """

    states: tuple[str, ...]
    transitions: tuple[Reaction, ...]
    total: Expression | None

    @property
    def remainder(self) -> tuple[str, Expression] | None:
        """The first state, and what the others leave for it; None without a total."""
        if self.total is None:
            return None
        first, *others = self.states
        taken = constant(0.0)
        for name in others:
            taken = taken + symbol(name)
        return first, simplify(self.total - taken)


@frozen(eq=False)
class Membrane:
    """One kind of membrane. Symbols are "v", "temperature", "diameter" and so on, and "Mechanism.name" for the rest.

    currents: mA/cm², by mechanism.  ion_currents: mA/cm², by ion.  fluxes: what each ion loses through the membrane
    with its current and without, mM µm/ms.  schemes: kinetic schemes, by mechanism.  courses: of conditions
    that come in pulses, by mechanism.  variables: what mechanisms may read of each other.
    """

    mechanisms: tuple[Mechanism, ...]
    states: Mapping[str, State]
    motions: Mapping[str, Motion]
    starts: Mapping[str, Expression]
    parameters: Mapping[str, Parameter]
    currents: Mapping[str, Expression]
    ion_currents: Mapping[str, Expression]
    variables: Mapping[str, Expression]
    fluxes: Mapping[str, Expression] = field(default_factory=dict)
    schemes: Mapping[str, tuple[Scheme, ...]] = field(default_factory=dict)
    courses: Mapping[str, Course] = field(default_factory=dict)

    def observed(self, quantity: str, of: str, name: str) -> tuple[Expression, str, str]:
        """What a probe looks at, a "state", a "current" or a "variable": its expression, its unit and what it is."""
        if quantity == "state":
            return symbol(f"{of}.{name}"), self.states[f"{of}.{name}"].unit, f"state {name} of {of}"
        if quantity == "variable":
            return self.variables[name], unit_of_variable(name) or "1", name
        if of:
            return self.currents[of], CURRENT, "current"
        return (self.ion_currents[name] if name else self.current), CURRENT, "current"

    @property
    def remainders(self) -> dict[str, Expression]:
        """States that need no equation of their own: what the other states of their scheme leave of its total."""
        found = (scheme.remainder for schemes in self.schemes.values() for scheme in schemes)
        return dict(pair for pair in found if pair is not None)

    @property
    def current(self) -> Expression:
        """The total outward ionic current density, mA/cm2."""
        total = constant(0.0)
        for part in self.currents.values():
            total = total + part
        return simplify(total)
