"""A mechanism: declared parameters and states, and methods of plain arithmetic for rates and currents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from ..errors import MechanismError, UnknownNameError, nearest
from ..expressions import Expression, affine, as_expression, derivative, evaluate, symbol, symbols_of
from ..frozen import replace
from ..units import Unit, to, to_array
from .declare import Parameter, State, check_limits
from .laws import AlphaBeta, Relaxation
from .place import Along
from .reactions import Kinetic
from .variables import FIXED, unit_of_variable

METHODS = ("rates", "current", "flux", "provides", "starts")
# Names that a parameter or a state cannot have: a mechanism has them already.
OWN = ("name", "ion", "faces", *METHODS, "parameters", "states", "bind", "reads")


class Mechanism:
    """The base of everything that sits in a membrane. Subclass `Channel`, or this for what carries no current.

    A subclass declares parameters and states in its body and defines any of

    - `rates(self, …)`: a mapping from state to its law (`alpha_beta`, `relax`) or its rate of change;
    - `current(self, …)`: the outward current density in mA/cm2, or a mapping from ion to current density;
    - `flux(self, …)`: what it moves without current: a mapping from ion to the amount that leaves through the membrane
      in mM um/ms, or from a pair of places ("ca_inside", "ca_store") to what goes from one to the other in mM/ms;
    - `provides(self, …)`: a mapping from variable (such as `e_na`) to its value, for other mechanisms to read;
    - `starts(self, …)`: a mapping from state to the value at which it starts, where that is not a number.

    The arguments of these methods are the variables that the mechanism reads: `v`, `temperature`, `e_na`,
    `ca_inside`, `i_ca` and so on. Methods are arithmetic on `self.parameter`, `self.state` and the arguments.
    `faces` is the place in the cell that its currents and fluxes leave from.
    """

    ion: ClassVar[str | None] = None
    faces: ClassVar[str] = "inside"
    parameters: Mapping[str, Parameter] = {}
    states: Mapping[str, State] = {}
    name: str

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        parameters, states = dict(cls.parameters), dict(cls.states)
        for key, value in list(vars(cls).items()):
            if not isinstance(value, (Parameter, State)):
                continue
            if key in FIXED or key in OWN or key.startswith("_"):
                raise MechanismError(
                    f"The mechanism {cls.__name__} declares {key!r}, a name with a meaning of its own. "
                    "Names of parameters and states must not begin with _ or be one of "
                    f"{', '.join((*FIXED, *OWN))}. Choose another name."
                )
            named = replace(value, name=key)
            if isinstance(named, Parameter):
                parameters[key] = named
            else:
                states[key] = named
            setattr(cls, key, named)
        cls.parameters, cls.states = parameters, states

    def __init__(self, *, name: str | None = None, **values: Any) -> None:
        label = type(self).__name__ if name is None else name
        if not isinstance(label, str) or not label.isidentifier():
            raise MechanismError(
                f"{name!r} was given as the name of a {type(self).__name__}. A name is one word of letters, "
                "digits and _ "
                "that begins with a letter. Write name='fast_sodium'."
            )
        unknown = [key for key in values if key not in self.parameters]
        if unknown:
            raise UnknownNameError(
                f"{type(self).__name__} has no parameter {unknown[0]!r}. {nearest(unknown[0], self.parameters)} "
                f"Write {type(self).__name__}({next(iter(self.parameters), '')}=…)."
            )
        fields = self.__dict__
        fields["name"] = label
        for key, declared in self.parameters.items():
            given = values.get(key, declared.default)
            if isinstance(given, Along):
                fields[key] = given
                continue
            fields[key] = to(given, declared.unit, what=f"{key} of {label}")
            check_limits(declared, fields[key], f"{key} of {label}")

    def __setattr__(self, key: str, value: Any) -> None:
        raise MechanismError(
            f"{key} = {value!r} was assigned to a {type(self).__name__}. Mechanisms are descriptions and do not "
            "change. "
            f"Write {type(self).__name__}({key}={value!r}) to make another."
        )

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(
            (
                type(self),
                tuple((k, v) for k, v in self.__dict__.items() if isinstance(v, (str, float, Along))),
            )
        )

    def __repr__(self) -> str:
        changed = {k: getattr(self, k) for k, p in self.parameters.items() if getattr(self, k) != p.default}
        parts = [f"{k}={v!r}" for k, v in changed.items()]
        if self.name != type(self).__name__:
            parts.insert(0, f"name={self.name!r}")
        return f"{type(self).__name__}({', '.join(parts)})"

    # ------------------------------------------------------------ what a subclass may define
    def rates(self, *variables: Any) -> Mapping[str, Any]:
        """The law of each state; nothing moves unless a subclass says how."""
        return {}

    def current(self, *variables: Any) -> Any:
        """The outward current density in mA/cm2 (or a mapping from ion to it); none unless a subclass says so."""
        return {}

    def flux(self, *variables: Any) -> Mapping[Any, Any]:
        """What moves without current; nothing unless a subclass says so."""
        return {}

    def provides(self, *variables: Any) -> Mapping[str, Any]:
        """Variables that other mechanisms may read; none unless a subclass says so."""
        return {}

    def starts(self, *variables: Any) -> Mapping[str, Any]:
        """Where states start, for those whose start is more than a number; none unless a subclass says so."""
        return {}

    def has(self, method: str) -> bool:
        """Whether its class defines one of the five methods."""
        return getattr(type(self), method) is not getattr(Mechanism, method)

    def reads(self, method: str) -> tuple[str, ...]:
        """The variables that one of the five methods reads: the names of its arguments.

        Raises MechanismError for an argument that is not a variable.
        """
        if not self.has(method):
            return ()
        function = getattr(type(self), method)
        names: tuple[str, ...] = function.__code__.co_varnames[1 : function.__code__.co_argcount]
        for name in names:
            if unit_of_variable(name) is None:
                raise MechanismError(
                    f"{type(self).__name__}.{method} asks for {name!r}, which is not a variable of the membrane. "
                    f"{nearest(name, [*FIXED, 'e_na', 'ca_inside', 'ca_outside', 'i_ca'])} "
                    f"Parameters and states are read from self; write self.{name} if it is one."
                )
        return names

    def measures(self) -> dict[str, Unit]:
        """The unit of every parameter and state."""
        parameters = {key: declared.measure for key, declared in self.parameters.items()}
        return parameters | {key: declared.measure for key, declared in self.states.items()}

    # ------------------------------------------------------------ looking at one mechanism without a cell
    def bind(self, **values: Any) -> Self:
        """A copy whose states and parameters are the given numbers, arrays or expressions, to call methods on.

        Raises UnknownNameError for a name that is neither.
        """
        for key in values:
            if key not in self.parameters and key not in self.states:
                raise UnknownNameError(
                    f"{self.name} has no parameter or state {key!r}. {nearest(key, [*self.parameters, *self.states])} "
                    "Write the name as it is declared in the class."
                )
        bound = object.__new__(type(self))
        bound.__dict__.update(self.__dict__)
        bound.__dict__.update(values)
        return bound

    def steady_state(self, name: str, **variables: Any) -> Any:
        """The value at which the state `name` rests, for numbers or arrays of the variables it reads.

        Raises UnknownNameError for an unknown state, MechanismError where the rate is curved in the state.
        """
        return self._of_law(name, variables)[0]

    def time_constant(self, name: str, **variables: Any) -> Any:
        """The time constant of the state `name` in ms, for numbers or arrays of the variables it reads."""
        return self._of_law(name, variables)[1]

    def _of_law(self, name: str, variables: dict[str, Any]) -> tuple[Any, Any]:
        if name not in self.states:
            raise UnknownNameError(
                f"{self.name} has no state {name!r}. {nearest(name, self.states)} Write one of its declared states."
            )
        steady, slope = self._traced_law(name)
        values = {k: to_value(k, v) for k, v in variables.items()}
        values.update({k: getattr(self, k) for k in self.parameters if k not in values})
        return evaluate(steady, values), -1.0 / evaluate(slope, values)

    def _traced_law(self, name: str) -> tuple[Expression, Expression]:
        bound = self.bind(**{k: symbol(k) for k in (*self.parameters, *self.states)})
        law = dict(bound.rates(**{k: symbol(k) for k in self.reads("rates")})).get(name)
        if isinstance(law, Kinetic):
            return self._of_scheme(name, law)
        if isinstance(law, (AlphaBeta, Relaxation)):
            return as_expression(law.steady), as_expression(law.slope)
        parts = None if law is None else affine(as_expression(law), name)
        if parts is None or symbols_of(*parts) & {name}:
            raise MechanismError(
                f"The state {name!r} of {self.name} has no closed steady state: "
                f"{'nothing advances it' if law is None else 'its rate is curved in the state itself'}. "
                "Only affine laws have one. Write the law with alpha_beta or relax, or solve rates(...) = 0 "
                "numerically."
            )
        intercept, slope = parts
        return -intercept / slope, slope

    def _of_scheme(self, name: str, law: Kinetic) -> tuple[Expression, Expression]:
        """Of states that turn into each other, the rest of one, and how its rate depends on itself."""
        read = {key: symbol(key) for key in law.scheme if key not in self.states}
        own = {key: symbol(key) for key in law.scheme if key in self.states}
        total = 1.0 if law.scheme.total is None else law.scheme.total
        rest = as_expression(law.scheme.steady(total, read)[name])
        return rest, derivative(as_expression(law.rate({**read, **own})), name)


class Channel(Mechanism):
    """A mechanism that carries current through the membrane; `ion` names the ion where `current` returns one value."""


def to_value(name: str, value: Any) -> Any:
    """A variable given by the user, as numbers in its documented unit."""
    unit = unit_of_variable(name)
    if unit is None or isinstance(value, Expression):
        return value
    return to_array(value, unit, what=name)
