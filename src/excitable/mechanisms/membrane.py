"""A kind of membrane: what all mechanisms of a compartment bring together, as equations."""

from __future__ import annotations

from collections.abc import Mapping

from ..expressions import Expression, constant, simplify
from ..frozen import field, frozen
from .declare import Parameter, State
from .mechanism import Mechanism


@frozen(eq=False)
class Motion:
    """How one state moves: its rate, the value it approaches where that is known, and the slope of the rate in it."""

    rate: Expression
    steady: Expression | None
    slope: Expression


@frozen(eq=False)
class Membrane:
    """One kind of membrane. Symbols are "v", "temperature", "diameter" and so on, and "Mechanism.name" for the rest.

    currents: mA/cm², by mechanism.  ion_currents: mA/cm², by ion.  fluxes: what each ion loses through the membrane
    with its current and without, mM µm/ms.  variables: what mechanisms may read of each other.
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

    @property
    def current(self) -> Expression:
        """The total outward ionic current density, mA/cm2."""
        total = constant(0.0)
        for part in self.currents.values():
            total = total + part
        return simplify(total)
