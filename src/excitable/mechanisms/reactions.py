"""Kinetic schemes: states that turn into each other, written as reactions.

A scheme keeps its list of reactions, each with two sides and two rates, and not only the rates of change that follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..errors import MechanismError
from ..expressions import Expression, constant
from ..frozen import frozen
from .steady import steady_values

Side = tuple[tuple[str, int], ...]
_TERM = re.compile(r"\s*(\d+)?\s*([A-Za-z_]\w*)\s*")


@frozen(eq=False)
class Reaction:
    """One reaction: its sides, each a tuple of (name, how many), and the rates forward and backward.

    The rates multiply the product of what stands on their side: 1/ms for one reactant, 1/(mM ms) for two, and so on.
    """

    left: Side
    right: Side
    forward: Any
    backward: Any

    @property
    def text(self) -> str:
        """Both sides, as they were written.

        >>> Reaction((("ca_inside", 1), ("free", 1)), (("bound", 1),), 1.0, 2.0).text
        'ca_inside + free <-> bound'
        """
        return f"{_spelled(self.left)} <-> {_spelled(self.right)}"

    @property
    def names(self) -> tuple[str, ...]:
        """What takes part in it."""
        return tuple(dict.fromkeys(name for name, _ in (*self.left, *self.right)))

    def change(self, name: str) -> int:
        """How many of `name` one forward reaction makes."""
        return sum(n for k, n in self.right if k == name) - sum(n for k, n in self.left if k == name)

    def sides(self, values: Mapping[str, Any]) -> tuple[Any, Any]:
        """How often it happens forward and backward, by the law of mass action."""
        return self.forward * _product(self.left, values), self.backward * _product(self.right, values)

    def net(self, values: Mapping[str, Any]) -> Any:
        """How much more often it happens forward than backward."""
        forward, backward = self.sides(values)
        return forward - backward


@frozen(eq=False)
class Kinetic:
    """The law of one state, or one substance, of a scheme."""

    name: str
    scheme: Reactions

    def rate(self, values: Mapping[str, Any]) -> Any:
        """The rate of change where states and substances have the given values."""
        total: Any = 0.0
        for reaction in self.scheme.reactions:
            change = reaction.change(self.name)
            if change:
                net = reaction.net(values)
                total = total + net if change == 1 else total - net if change == -1 else total + change * net
        return total


class Reactions(Mapping[str, Kinetic]):
    """A scheme: a mapping from each state in it to its law. See `reactions`."""

    __array_ufunc__ = None

    def __init__(self, listed: tuple[Reaction, ...], total: Any) -> None:
        self.reactions, self.total = listed, total
        self.names = tuple(dict.fromkeys(name for reaction in listed for name in reaction.names))

    def __getitem__(self, name: str) -> Kinetic:
        if name not in self.names:
            raise KeyError(name)
        return Kinetic(name, self)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __or__(self, others: Mapping[str, Any]) -> dict[str, Any]:
        return {**self, **others}

    def __ror__(self, others: Mapping[str, Any]) -> dict[str, Any]:
        return {**others, **self}

    def __mul__(self, factor: Any) -> Reactions:
        faster = (Reaction(r.left, r.right, factor * r.forward, factor * r.backward) for r in self.reactions)
        return Reactions(tuple(faster), self.total)

    __rmul__ = __mul__

    def steady(self, total: Any = 1.0, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Where all states rest, for numbers, arrays or expressions; None where that is not a linear system.

        values: of the substances that take part and are not states of the scheme, such as `ca_inside`.

        >>> reactions(("closed", "open", 1.0, 3.0)).steady()
        {'closed': 0.75, 'open': 0.25}

        Raises MechanismError where a reaction is of higher order in the states, or where a state cannot be left.
        """
        given = dict(values or {})
        flows: dict[tuple[str, str], Any] = {}
        for reaction in self.reactions:
            ends = [[(name, n) for name, n in side if name not in given] for side in (reaction.left, reaction.right)]
            if any(len(end) != 1 or end[0][1] != 1 for end in ends):
                raise MechanismError(
                    f"The steady state of the reaction {reaction.text} was asked for, and it is not linear in its "
                    "states. Only where each side has one state does it follow from a linear system. "
                    "Declare where the states start: state_variable(…, start=…)."
                )
            (first, _), (last, _) = ends[0][0], ends[1][0]
            for key, rate, side in (
                ((first, last), reaction.forward, reaction.left),
                ((last, first), reaction.backward, reaction.right),
            ):
                if not _is_nothing(rate):
                    others = _product([(name, n) for name, n in side if name in given], given)
                    flow = rate if others is None else rate * others
                    flows[key] = flows[key] + flow if key in flows else flow
        return steady_values([name for name in self.names if name not in given], flows, total)


def reactions(*listed: tuple[str, str, Any, Any], total: Any = None) -> Reactions:
    """The laws of states that turn into each other, as reactions (left, right, forward rate, backward rate).

    A side is a state, or several things with numbers before them, as in "2 calcium + free"; what stands in it is a
    state of the mechanism or a concentration that `rates` reads, which the reaction then takes up or gives back. Rates
    are in 1/ms for one reactant; a rate of 0 makes the reaction go one way. total: the sum of all states, which is
    kept; 1 for gates. Multiply it by a factor to make all reactions faster; unite it with other laws by `|`.

    >>> scheme = 2.0 * reactions(("closed", "open", 1.0, 3.0), ("open", "inactivated", 0.5, 0.0))
    >>> scheme["open"].rate({"closed": 1.0, "open": 0.0, "inactivated": 0.0})
    2.0

    Raises MechanismError for a reaction that is not such a tuple, a side that cannot be read, equal sides or a negative
    rate; when the cell is run, for sides that do not balance where a total is declared.
    """
    if not listed:
        raise MechanismError(
            "A scheme without reactions was written. It has at least one. "
            "Write reactions(('closed', 'open', alpha, beta))."
        )
    return Reactions(tuple(_reaction(given) for given in listed), total)


def _reaction(given: Any) -> Reaction:
    if not (isinstance(given, tuple) and len(given) == 4 and all(isinstance(side, str) for side in given[:2])):
        raise MechanismError(
            f"{given!r} stands in a list of reactions. A reaction has two sides and two rates. "
            "Write ('closed', 'open', alpha, beta), with beta=0.0 where it goes one way."
        )
    made = Reaction(_side(given[0]), _side(given[1]), given[2], given[3])
    if not any(made.change(name) for name in made.names):
        raise MechanismError(f"The reaction {made.text} changes nothing. Its sides must differ. Name two states.")
    for rate in given[2:]:
        if not isinstance(rate, Expression) and _is_negative(rate):
            raise MechanismError(
                f"A rate of the reaction {made.text} was given as {rate!r}. A rate is never negative. "
                "Exchange the sides for the other direction."
            )
    return made


def _side(text: str) -> Side:
    found: dict[str, int] = {}
    for term in text.split("+"):
        match = _TERM.fullmatch(term)
        if match is None or match[1] == "0":
            raise MechanismError(
                f"The side {text!r} of a reaction cannot be read at {term.strip()!r}. A side is names joined by +, "
                "with whole numbers before them. Write 'open', or '2 calcium + free'."
            )
        found[match[2]] = found.get(match[2], 0) + int(match[1] or 1)
    return tuple(found.items())


def _spelled(side: Side) -> str:
    return " + ".join(name if n == 1 else f"{n} {name}" for name, n in side)


def _product(side: Iterable[tuple[str, int]], values: Mapping[str, Any]) -> Any:
    total: Any = None
    for name, n in side:
        part = values[name] if n == 1 else values[name] ** n
        total = part if total is None else total * part
    return total


def _is_nothing(rate: Any) -> bool:
    if isinstance(rate, Expression):
        return rate is constant(0.0)
    return not getattr(rate, "ndim", 0) and float(rate) == 0.0


def _is_negative(rate: Any) -> bool:
    return bool((rate < 0.0).any()) if getattr(rate, "ndim", 0) else float(rate) < 0.0
