"""The equations of a cell, read off the graph that is compiled: what is shown is what runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cells import Cell
from ..expressions import Expression, as_expression, as_latex, as_text, symbol
from ..frozen import field, frozen
from ..mechanisms import Mechanism
from ..mechanisms.laws import AlphaBeta, Relaxation
from ..mechanisms.reactions import Kinetic, Reaction
from ..mechanisms.variables import place_of


@frozen(eq=False)
class Equation:
    """One equation: what stands on the left, as text and as LaTeX, and the expression on the right.

    `names` spells symbols on the right in LaTeX: alpha_m as α with an index.
    """

    left: str
    left_latex: str
    right: Expression
    unit: str
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The equation as Python would write it."""
        return f"{self.left} = {as_text(self.right)}"

    @property
    def latex(self) -> str:
        """The equation as LaTeX."""
        return f"{self.left_latex} = {as_latex(self.right, self.names)}"


@frozen(eq=False)
class Turning:
    """One reaction of a kinetic scheme, with its rates forward and backward as expressions."""

    reaction: Reaction
    unit: str

    @property
    def text(self) -> str:
        """The reaction as it was written, and how fast it goes each way."""
        forward, backward = (as_text(as_expression(rate)) for rate in (self.reaction.forward, self.reaction.backward))
        return f"{self.reaction.text}, forward = {forward}, backward = {backward}"

    @property
    def latex(self) -> str:
        """The reaction with its rates over and under the arrows."""
        left, right = (_side_in_latex(side) for side in (self.reaction.left, self.reaction.right))
        over, under = (as_latex(as_expression(rate)) for rate in (self.reaction.forward, self.reaction.backward))
        return rf"{left} \underset{{{under}}}{{\overset{{{over}}}{{\rightleftharpoons}}}} {right}"


@frozen(eq=False)
class Painted:
    """A mechanism of a cell with the regions on which it is painted, as text."""

    mechanism: Mechanism
    regions: tuple[str, ...]

    @property
    def words(self) -> str:
        """The first line of its docstring."""
        return (type(self.mechanism).__doc__ or "").strip().partition("\n")[0]

    @property
    def source(self) -> str:
        """The sentence after "Source:" in its docstring, "" where there is none."""
        _, _, source = (type(self.mechanism).__doc__ or "").partition("Source:")
        return " ".join(source.split())


def painted(cell: Cell) -> tuple[Painted, ...]:
    """The mechanisms of a cell, each once, in the order of painting.

    >>> from excitable.library import find
    >>> squid = find("squid_membrane")
    >>> [each.mechanism.name for each in painted(squid.cell(squid.defaults))]
    ['SquidSodium', 'SquidPotassium', 'SquidLeak']
    """
    found: list[tuple[Mechanism, list[str]]] = []
    for painting in cell.paintings:
        what, region = painting.what, repr(painting.region)
        if not isinstance(what, Mechanism):
            continue
        same = next((regions for mechanism, regions in found if mechanism == what), None)
        if same is None:
            found.append((what, [region]))
        elif region not in same:
            same.append(region)
    return tuple(Painted(mechanism, tuple(regions)) for mechanism, regions in found)


def equations(mechanism: Mechanism) -> tuple[Equation | Turning, ...]:
    """The current, what it provides to others, and the laws of its states.

    >>> from excitable.mechanisms import SquidLeak
    >>> [each.text for each in equations(SquidLeak())]
    ['i = conductance * (v - reversal)']
    """
    bound = mechanism.bind(**{name: symbol(name) for name in (*mechanism.parameters, *mechanism.states)})
    found: list[Equation | Turning] = []
    currents = _called(bound, mechanism, "current")
    for ion, value in currents.items() if isinstance(currents, Mapping) else [(mechanism.ion or "", currents)]:
        name = f"i_{ion}" if ion else "i"
        found.append(_equation(name, rf"i_{{\mathrm{{{ion}}}}}" if ion else "i", value, "mA/cm2"))
    for key, value in dict(_called(bound, mechanism, "flux")).items():
        found.append(_flux(key, value))
    for name, value in dict(_called(bound, mechanism, "provides")).items():
        found.append(_equation(name, as_latex(symbol(name)), value, ""))
    laws = dict(_called(bound, mechanism, "rates"))
    schemes = {id(law.scheme): law.scheme for law in laws.values() if isinstance(law, Kinetic)}
    for scheme in schemes.values():
        found += [Turning(reaction, _rate_unit(mechanism, reaction)) for reaction in scheme.reactions]
    for name, law in laws.items():
        if not isinstance(law, Kinetic):
            found.extend(_law(name, law, mechanism.states[name].unit))
    return tuple(found)


def _rate_unit(mechanism: Mechanism, reaction: Reaction) -> str:
    """1/ms, unless reactants meet."""
    orders = {sum(n for _, n in side) for side in (reaction.left, reaction.right)}
    fractions = all(mechanism.states[name].unit in ("1", "") for name in reaction.names if name in mechanism.states)
    return "1/ms" if orders == {1} or fractions else ""


def _side_in_latex(side: tuple[tuple[str, int], ...]) -> str:
    return " + ".join(as_latex(symbol(name)) if n == 1 else rf"{n} \, {as_latex(symbol(name))}" for name, n in side)


def _flux(key: Any, value: object) -> Equation:
    if isinstance(key, tuple):
        first, last = (as_latex(symbol(name)) for name in key)
        return _equation(f"flux({key[0]} -> {key[1]})", rf"J_{{{first} \to {last}}}", value, "mM/ms")
    unit = "mM/ms" if place_of(key) else "mM um/ms"
    return _equation(f"flux_{key}", rf"J_{{{as_latex(symbol(key))}}}", value, unit)


def _called(bound: Mechanism, mechanism: Mechanism, method: str) -> Any:
    return getattr(bound, method)(*(symbol(name) for name in mechanism.reads(method)))


def _law(name: str, law: object, unit: str) -> list[Equation]:
    x, per_ms = symbol(name), "1/ms" if unit in ("1", "") else f"{unit}/ms"
    latex = as_latex(x)
    left, left_latex = f"d{name}/dt", rf"\frac{{\mathrm{{d}} {latex}}}{{\mathrm{{d}} t}}"
    if isinstance(law, AlphaBeta):
        alpha, beta = symbol(f"alpha_{name}"), symbol(f"beta_{name}")
        names = {f"alpha_{name}": rf"\alpha_{{{latex}}}", f"beta_{name}": rf"\beta_{{{latex}}}"}
        return [
            Equation(left, left_latex, as_expression(alpha * (1.0 - x) - beta * x), per_ms, names),
            _equation(f"alpha_{name}", names[f"alpha_{name}"], law.alpha, "1/ms"),
            _equation(f"beta_{name}", names[f"beta_{name}"], law.beta, "1/ms"),
        ]
    if isinstance(law, Relaxation):
        steady, time_constant = symbol(f"{name}_inf"), symbol(f"tau_{name}")
        names = {f"{name}_inf": rf"{latex}_\infty", f"tau_{name}": rf"\tau_{{{latex}}}"}
        return [
            Equation(left, left_latex, as_expression((steady - x) / time_constant), per_ms, names),
            _equation(f"{name}_inf", names[f"{name}_inf"], law.steady, unit),
            _equation(f"tau_{name}", names[f"tau_{name}"], law.time_constant, "ms"),
        ]
    return [_equation(left, left_latex, law, per_ms)]


def _equation(left: str, left_latex: str, right: object, unit: str) -> Equation:
    return Equation(left, left_latex, as_expression(right), unit)
