"""The mechanisms that share a piece of membrane, brought together: one set of states, laws and currents.

Here the names that mechanisms read are found among those that others provide, and units are checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import MechanismError, nearest
from ..expressions import Expression, as_expression, constant, simplify, substitute, symbol, symbols_of
from ..units import Unit, parse
from .condition import Condition, Course
from .declare import Parameter, State
from .equation_units import in_unit
from .exchange import Exchange
from .ions import Ion
from .mechanism import METHODS, Mechanism
from .membrane import Membrane, Motion, Scheme
from .motions import motions_of, starts_of
from .schemes import schemes_of
from .variables import CURRENT, FIXED, ion_of, may_be_provided, place_of, unit_of_variable

# A mechanism and the method of it that reads variables.
Reader = tuple[Mechanism, str]


def assemble(mechanisms: Sequence[Mechanism]) -> Membrane:
    """Bring mechanisms together into one membrane.

    Raises MechanismError for two mechanisms of one name, a variable that nobody provides or that two provide, an ion
    without valence, a state that nobody advances, a law for what is not a state; UnitError where units do not go
    together.
    """
    return Assembly(mechanisms).membrane()


class Assembly:
    """Mechanisms of one membrane, with what has been found of their variables so far."""

    def __init__(self, mechanisms: Sequence[Mechanism]) -> None:
        self.mechanisms = tuple(mechanisms)
        self.bound: dict[str, Mechanism] = {}
        self.units: dict[str, Unit] = {name: parse(unit) for name, (unit, _) in FIXED.items()}
        self.parameters: dict[str, Parameter] = {}
        self.states: dict[str, State] = {}
        self.known: dict[str, Expression] = {}
        self.providers: dict[str, Mechanism] = {}
        self.looking: list[str] = []
        self.stated: dict[str, dict[str, Any]] = {}
        self.currents: dict[str, dict[str, Expression]] = {}
        self.exchange = Exchange(self)
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
        if not mechanism.has("provides"):
            return
        # The names are known only after a call; the values handed in here are not used.
        bound = self.bound[mechanism.name]
        for variable in bound.provides(*(symbol(name) for name in mechanism.reads("provides"))):
            if not may_be_provided(variable):
                raise MechanismError(
                    f"{mechanism.name} provides {variable!r}, which is not a variable that mechanisms may provide. "
                    "They are e_X, X_inside and X_outside for an ion X, and stimuli such as light. Write one of those."
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
        """The expression of a variable that `reader` asks for."""
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
            what = f"{name} of {provider.name}"
            return self.in_unit(given, unit_of_variable(name) or "1", what, (provider, "provides"))
        if name in FIXED:
            return symbol(name)
        ion, place = ion_of(name), place_of(name)
        if name.startswith("i_"):
            return self.exchange.current(ion)
        if name.startswith("flux_"):
            return self.exchange.flux(ion)
        if place and name.startswith("gain_"):
            return self.exchange.gain(ion, place)
        if name.startswith("volume_"):
            return symbol("volume")
        if place:
            stated = self.ion(ion)
            if stated is not None and place in stated.parameters:
                return symbol(f"{stated.name}.{place}")
        raise self._missing(name, reader)

    def _missing(self, name: str, reader: str) -> MechanismError:
        ion, place = ion_of(name), place_of(name)
        if name.startswith("e_"):
            remedy = f"paint(cell, region, Ion({ion!r}, valence=…, reversal=…))"
        elif place in ("inside", "outside"):
            remedy = f"paint(cell, region, Ion({ion!r}, valence=…, inside=…, outside=…))"
        else:
            remedy = f"paint(cell, region, Condition({name!r}, …))"
        return MechanismError(
            f"{reader} reads {name!r}, and nothing on this membrane provides it. "
            f"The mechanisms here are {', '.join(self.bound)}; they provide "
            f"{', '.join(self.providers) or 'no variables'}. "
            f"Write {remedy}."
        )

    def ion(self, symbol_of_ion: str) -> Ion | None:
        """What the membrane is told of an ion."""
        return next((stated for stated in self.ions if stated.symbol == symbol_of_ion), None)

    @property
    def ions(self) -> list[Ion]:
        """The ions that are stated."""
        return [mechanism for mechanism in self.mechanisms if isinstance(mechanism, Ion)]

    # ------------------------------------------------------------ calls
    def call(self, mechanism: Mechanism, method: str) -> Any:
        """What a method of a mechanism returns; variables stand in it by their names, for units and messages."""
        names = mechanism.reads(method)
        self.units |= {name: parse(unit_of_variable(name) or "1") for name in names}
        result = getattr(self.bound[mechanism.name], method)(*(symbol(name) for name in names))
        if method != "current" and not isinstance(result, Mapping):
            raise MechanismError(
                f"{mechanism.name}.{method} returned {result!r}. It must return a mapping from name to value. "
                f"Write return {{'{next(iter(mechanism.states), 'm')}': …}}."
            )
        return result

    def laws(self, mechanism: Mechanism) -> dict[str, Any]:
        """The laws of a mechanism, by name."""
        if mechanism.name not in self.stated:
            self.stated[mechanism.name] = dict(self.call(mechanism, "rates")) if mechanism.has("rates") else {}
        return self.stated[mechanism.name]

    def in_unit(self, value: Any, unit: str, what: str, reader: Reader) -> Expression:
        """The value as an expression in `unit`, with what the variables that it reads are in their place."""
        found = self._found(value, reader)
        return substitute([in_unit(value, unit, self.units, what)], found)[0]

    def resolved(self, value: Any, reader: Reader) -> Expression:
        """The value with what the variables that it reads are in their place."""
        return substitute([as_expression(value)], self._found(value, reader))[0]

    def _found(self, value: Any, reader: Reader) -> dict[str, Expression]:
        """The variables of a value, found now; one that is missing is told before units are looked at."""
        mechanism, method = reader
        names = symbols_of(as_expression(value)) & set(mechanism.reads(method))
        return {name: self.variable(name, f"{mechanism.name}.{method}") for name in sorted(names)}

    def current_of(self, mechanism: Mechanism) -> dict[str, Expression]:
        """The current densities of a mechanism by ion, mA/cm²; "" where it names none."""
        if not mechanism.has("current"):
            return {}
        if mechanism.name in self.currents:
            return self.currents[mechanism.name]
        result = self.call(mechanism, "current")
        if not isinstance(result, Mapping):
            result = {mechanism.ion or "": result}
        what = f"the current of {mechanism.name}"
        found = self.currents[mechanism.name] = {
            ion: self.in_unit(value, CURRENT, f"{what} for {ion}" if ion else what, (mechanism, "current"))
            for ion, value in result.items()
        }
        return found

    def _starts_of(self, mechanism: Mechanism) -> dict[str, Expression]:
        if not mechanism.has("starts"):
            return {}
        given: Mapping[str, Any] = self.call(mechanism, "starts")
        for key in given:
            if key not in mechanism.states:
                raise MechanismError(
                    f"{mechanism.name}.starts gives a value for {key!r}, which is not one of its states. "
                    f"{nearest(key, mechanism.states)} Write the name of a declared state."
                )
        return {
            key: self.in_unit(
                value, mechanism.states[key].unit, f"the start of {key} of {mechanism.name}", (mechanism, "starts")
            )
            for key, value in given.items()
        }

    # ------------------------------------------------------------ the whole
    def membrane(self) -> Membrane:
        """Everything that the mechanisms say, as equations."""
        currents: dict[str, Expression] = {}
        ion_currents: dict[str, Expression] = {}
        for mechanism in self.mechanisms:
            parts = self.current_of(mechanism)
            if parts:
                total = constant(0.0)
                for ion, part in parts.items():
                    total = total + part
                    if ion:
                        ion_currents[ion] = simplify(ion_currents.get(ion, constant(0.0)) + part)
                currents[mechanism.name] = simplify(total)
        motions: dict[str, Motion] = {}
        schemes: dict[str, tuple[Scheme, ...]] = {}
        starts: dict[str, Expression] = {}
        for mechanism in self.mechanisms:
            motions |= motions_of(self, mechanism)
            schemes[mechanism.name] = found = schemes_of(self, mechanism)
            starts |= starts_of(self, mechanism, motions, found, self._starts_of(mechanism))
        self._refuse_nothing()
        self._find_the_rest()
        known = {**{name: symbol(name) for name in FIXED}, **self.known}
        return Membrane(
            self.mechanisms, self.states, motions, starts, self.parameters, currents, ion_currents, known,
            self.exchange.fluxes(), {name: found for name, found in schemes.items() if found},
            self._courses(),
        )  # fmt: skip

    def _refuse_nothing(self) -> None:
        """An ion of which there is nothing has no potential."""
        for mechanism in self.mechanisms:
            if isinstance(mechanism, Condition) and (stated := self.ion(ion_of(mechanism.variable))) is not None:
                given = [getattr(mechanism, key) for key in ("value", "pulse") if key in mechanism.parameters]
                if stated.reversal is None and any(isinstance(value, float) and value <= 0.0 for value in given):
                    raise MechanismError(
                        f"{mechanism!r} gives the ion {stated.symbol!r} a concentration of 0 mM. Its reversal "
                        "potential is that of Nernst, and needs a concentration above 0. "
                        "Write a small positive number such as 1e-4."
                    )

    def _courses(self) -> dict[str, Course]:
        conditions = (bound for bound in self.bound.values() if isinstance(bound, Condition))
        return {bound.name: bound.course for bound in conditions if bound.course is not None}

    def _find_the_rest(self) -> None:
        """Variables that are read or provided and have not been found yet; an ion need not have a potential."""
        for mechanism in self.mechanisms:
            for method in METHODS:
                names = mechanism.reads(method)
                if not isinstance(mechanism, Ion) or all(self._stated(name) for name in names):
                    for name in names:
                        self.variable(name, f"{mechanism.name}.{method}")
        carried = [ion for mechanism in self.mechanisms for ion in self.current_of(mechanism) if ion]
        for name in (*(f"i_{ion}" for ion in carried), *(f"flux_{ion}" for ion in self.exchange.fluxes())):
            self.variable(name, "a recording")
        for name, provider in self.providers.items():
            if all(name in self.known or self._stated(name) for name in provider.reads("provides")):
                self.variable(name, provider.name)

    def _stated(self, name: str) -> bool:
        ion = self.ion(ion_of(name))
        return name in FIXED or name in self.providers or (ion is not None and place_of(name) in ion.parameters)
