"""The mechanisms that share a piece of membrane, brought together: one set of states, laws and currents.

Here the names that mechanisms read are found among those that others provide, and units are checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import MechanismError, UnitError, nearest
from ..expressions import (
    Expression,
    affine,
    as_expression,
    constant,
    derivative,
    simplify,
    symbol,
    symbols_of,
    unit_if_pure,
    unit_of,
)
from ..frozen import frozen
from ..units import Unit, parse
from .declare import Parameter, State
from .ions import Ion
from .laws import AlphaBeta, Relaxation
from .mechanism import Mechanism
from .variables import FIXED, ion_of, unit_of_variable

CURRENT_DENSITY = parse("mA/cm2")


@frozen(eq=False)
class Motion:
    """How one state moves: its rate, the value it approaches where that is known, and the slope of the rate in it."""

    rate: Expression
    steady: Expression | None
    slope: Expression


@frozen(eq=False)
class Membrane:
    """One kind of membrane. Symbols are "v", "temperature", "diameter", "t", and "Mechanism.name" for the rest."""

    mechanisms: tuple[Mechanism, ...]
    states: Mapping[str, State]
    motions: Mapping[str, Motion]
    starts: Mapping[str, Expression]
    parameters: Mapping[str, Parameter]
    currents: Mapping[str, Expression]
    ion_currents: Mapping[str, Expression]
    variables: Mapping[str, Expression]

    @property
    def current(self) -> Expression:
        """The total outward ionic current density, mA/cm2."""
        total = constant(0.0)
        for part in self.currents.values():
            total = total + part
        return simplify(total)


def assemble(mechanisms: Sequence[Mechanism]) -> Membrane:
    """Bring mechanisms together into one membrane.

    Raises MechanismError for two mechanisms of one name, a variable that nobody provides or that two provide, a
    state that nobody advances, a law for what is not a state; UnitError where units do not go together.
    """
    return _Assembly(mechanisms).membrane()


class _Assembly:
    def __init__(self, mechanisms: Sequence[Mechanism]) -> None:
        self.mechanisms = tuple(mechanisms)
        self.bound: dict[str, Mechanism] = {}
        self.units: dict[str, Unit] = {name: parse(unit) for name, (unit, _) in FIXED.items()}
        self.parameters: dict[str, Parameter] = {}
        self.states: dict[str, State] = {}
        self.known: dict[str, Expression] = {name: symbol(name) for name in FIXED}
        self.providers: dict[str, Mechanism] = {}
        self.looking: list[str] = []
        for mechanism in self.mechanisms:
            self._enter(mechanism)
        for mechanism in self.mechanisms:
            self._list_provided(mechanism)

    def _enter(self, mechanism: Mechanism) -> None:
        name = mechanism.name
        if name in self.bound:
            raise MechanismError(
                f"Two mechanisms on one membrane are called {name!r}: {self.bound[name]!r} and {mechanism!r}. "
                f"Their states and parameters could not be told apart. Write {type(mechanism).__name__}(name='…') "
                "for one."
            )
        symbols = {}
        self.parameters |= {f"{name}.{key}": declared for key, declared in mechanism.parameters.items()}
        self.states |= {f"{name}.{key}": declared for key, declared in mechanism.states.items()}
        for key, measure in mechanism.measures().items():
            symbols[key] = symbol(f"{name}.{key}")
            self.units[f"{name}.{key}"] = measure
        self.bound[name] = mechanism.bind(**symbols)

    def _list_provided(self, mechanism: Mechanism) -> None:
        if type(mechanism).provides is Mechanism.provides:
            return
        # The names are known only after a call; the values handed in here are not used.
        bound = self.bound[mechanism.name]
        for variable in bound.provides(*(symbol(name) for name in mechanism.reads("provides"))):
            if unit_of_variable(variable) is None or variable in FIXED or variable.startswith("i_"):
                raise MechanismError(
                    f"{mechanism.name} provides {variable!r}, which is not a variable that mechanisms may provide. "
                    "They are e_X, X_inside and X_outside for an ion X. Write one of those."
                )
            other = self.providers.get(variable)
            if other is not None:
                raise MechanismError(
                    f"Both {other.name} and {mechanism.name} provide {variable!r} on one membrane. "
                    "A variable has one source. Paint only one of them there."
                )
            self.providers[variable] = mechanism

    # ------------------------------------------------------------ variables
    def variable(self, name: str, reader: str) -> Expression:
        if name in self.known:
            return self.known[name]
        if name in self.looking:
            raise MechanismError(
                f"The variable {name!r} depends on itself: {' → '.join([*self.looking, name])}. "
                "A variable must follow from states, parameters and other variables. Make one of them a state."
            )
        self.looking.append(name)
        try:
            self.known[name] = self._find(name, reader)
        finally:
            self.looking.pop()
        return self.known[name]

    def _find(self, name: str, reader: str) -> Expression:
        provider = self.providers.get(name)
        if provider is not None:
            given = self.call(provider, "provides")[name]
            return self._in_unit(given, unit_of_variable(name) or "1", f"{name} of {provider.name}")
        if name.startswith("i_"):
            return self._ion_current(ion_of(name))
        for mechanism in self.mechanisms:
            if isinstance(mechanism, Ion) and name in mechanism.fixed():
                return constant(mechanism.fixed()[name])
        ion = ion_of(name)
        remedy = (
            f"paint(cell, region, Ion({ion!r}, valence=…, reversal=…))"
            if name.startswith("e_")
            else f"paint(cell, region, Ion({ion!r}, valence=…, inside=…, outside=…))"
        )
        raise MechanismError(
            f"{reader} reads {name!r}, and nothing on this membrane provides it. "
            f"The mechanisms here are {', '.join(self.bound)}; they provide "
            f"{', '.join(self.providers) or 'no variables'}. "
            f"Write {remedy}."
        )

    def _ion_current(self, ion: str) -> Expression:
        total = constant(0.0)
        for mechanism in self.mechanisms:
            total = total + self._current_of(mechanism).get(ion, constant(0.0))
        return simplify(total)

    # ------------------------------------------------------------ calls
    def call(self, mechanism: Mechanism, method: str) -> Any:
        names = mechanism.reads(method)
        arguments = [self.variable(name, f"{mechanism.name}.{method}") for name in names]
        result = getattr(self.bound[mechanism.name], method)(*arguments)
        if method != "current" and not isinstance(result, Mapping):
            raise MechanismError(
                f"{mechanism.name}.{method} returned {result!r}. It must return a mapping from name to value. "
                f"Write return {{'{next(iter(mechanism.states), 'm')}': …}}."
            )
        return result

    def _current_of(self, mechanism: Mechanism) -> dict[str, Expression]:
        if type(mechanism).current is Mechanism.current:
            return {}
        result = self.call(mechanism, "current")
        if not isinstance(result, Mapping):
            result = {mechanism.ion or "": result}
        return {
            ion: self._in_unit(value, "mA/cm2", f"the current of {mechanism.name}{' for ' + ion if ion else ''}")
            for ion, value in result.items()
        }

    def _in_unit(self, value: Any, unit: str, what: str) -> Expression:
        expression = as_expression(value)
        found, wanted = unit_of(expression, self.units, what=what), parse(unit)
        if found is None:
            self._refuse_open_scale(expression, wanted, unit, what)
            return expression
        if found == wanted:
            return expression
        if found.dimensions != wanted.dimensions:
            raise UnitError(
                f"{what} comes out in {found.name}. It is expected in {unit}. "
                "Check the declared units of the parameters in its equation."
            )
        return expression * (found.scale / wanted.scale)

    def _refuse_open_scale(self, expression: Expression, wanted: Unit, unit: str, what: str) -> None:
        """Bare factors leave the unit open: whether they convert it or not would change the result a thousandfold."""
        found = unit_if_pure(expression, self.units)
        if found is not None and found.dimensions == wanted.dimensions and found != wanted:
            raise UnitError(
                f"{what} is a bare number times a quantity in {found.name}, and is expected in {unit}. Whether the "
                "number converts the unit, or is part of the law, cannot be told. Declare the quantities of the "
                f"equation in units that give {unit} without a factor, such as S/cm2 with mV; a default may still be "
                "written with another unit, as in parameter('0.1 mS/cm2', 'S/cm2')."
            )

    # ------------------------------------------------------------ the whole
    def membrane(self) -> Membrane:
        currents: dict[str, Expression] = {}
        ion_currents: dict[str, Expression] = {}
        for mechanism in self.mechanisms:
            parts = self._current_of(mechanism)
            if parts:
                total = constant(0.0)
                for ion, part in parts.items():
                    total = total + part
                    if ion:
                        ion_currents[ion] = simplify(ion_currents.get(ion, constant(0.0)) + part)
                currents[mechanism.name] = simplify(total)
        motions: dict[str, Motion] = {}
        for mechanism in self.mechanisms:
            motions.update(self._motions_of(mechanism))
        starts = {name: self._start_of(name, motions[name]) for name in self.states}
        for mechanism in self.mechanisms:
            for name in mechanism.reads("provides"):
                self.variable(name, f"{mechanism.name}.provides")
        return Membrane(
            self.mechanisms,
            self.states,
            motions,
            starts,
            self.parameters,
            currents,
            ion_currents,
            dict(self.known),
        )

    def _motions_of(self, mechanism: Mechanism) -> dict[str, Motion]:
        laws = dict(self.call(mechanism, "rates")) if type(mechanism).rates is not Mechanism.rates else {}
        for key in laws:
            if key not in mechanism.states:
                raise MechanismError(
                    f"{mechanism.name}.rates gives a law for {key!r}, which is not one of its states. "
                    f"{nearest(key, mechanism.states)} Declare it in the class: {key} = state_variable(…)."
                )
        motions = {}
        for key, declared in mechanism.states.items():
            if key not in laws:
                raise MechanismError(
                    f"Nothing advances the state {key!r} of {mechanism.name}. Every state needs a law. "
                    f"Write rates(self, v) returning {{'{key}': …}}, or make it a parameter if it never changes."
                )
            motions[f"{mechanism.name}.{key}"] = self._motion(mechanism, key, declared, laws[key])
        return motions

    def _motion(self, mechanism: Mechanism, key: str, declared: State, law: Any) -> Motion:
        full, what = f"{mechanism.name}.{key}", f"the rate of {key} of {mechanism.name}"
        x = symbol(full)
        if isinstance(law, (AlphaBeta, Relaxation)):
            rate = self._in_unit(law.rate(x), _per_ms(declared.unit), what)
            return Motion(simplify(rate), simplify(as_expression(law.steady)), simplify(as_expression(law.slope)))
        rate = simplify(self._in_unit(law, _per_ms(declared.unit), what))
        parts = affine(rate, full)
        if parts is None:
            slope = simplify(derivative(rate, full))
            return Motion(rate, None, slope)
        return Motion(rate, None, parts[1])

    def _start_of(self, full: str, motion: Motion) -> Expression:
        declared = self.states[full]
        if declared.start is not None:
            return constant(declared.start)
        if motion.steady is not None:
            return motion.steady
        parts = affine(motion.rate, full)
        if parts is None or full in symbols_of(*parts) or parts[1] is constant(0.0):
            raise MechanismError(
                f"The state {full!r} has no steady value to start from: its rate is {motion.rate!r}. "
                "A state whose law is curved, or has no rest, needs a start. Write state_variable(…, start=…)."
            )
        return simplify(-parts[0] / parts[1])


def _per_ms(unit: str) -> str:
    return "1/ms" if unit in ("1", "") else f"{unit}/ms"
