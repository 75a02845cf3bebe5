"""The membrane of a patch integrated by SciPy: an answer that shares no step, no compiler and no target with a run.

Only the equations are shared. They are written out as one Python function of scalars and given to LSODA.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

import excitable as ex
from excitable.expressions import Expression, evaluate, symbols_of
from excitable.expressions.node import CONSTANT, SYMBOL, walk
from excitable.mechanisms import Mechanism, assemble

Array = NDArray[np.float64]
TOLERANCE = 1e-9


class Patch:
    """The equations of a cell of one kind of membrane, as a function of voltage and states."""

    def __init__(self, cell: ex.Cell) -> None:
        kinds = [painting.what for painting in cell.paintings if isinstance(painting.what, Mechanism)]
        # What is painted later under the same name takes the place of what was there.
        self.membrane = assemble(list({mechanism.name: mechanism for mechanism in kinds}.values()))
        self.capacitance = cell.capacitance
        self.names = list(self.membrane.motions)
        shape = cell.discretise()
        self.known = {
            "temperature": cell.temperature,
            "capacitance": cell.capacitance,
            "diameter": float(shape.diameter[0]),
            "area": float(shape.area[0]),
            "volume": float(shape.volume[0]),
        }
        for mechanism in self.membrane.mechanisms:
            for name in mechanism.parameters:
                self.known[f"{mechanism.name}.{name}"] = getattr(mechanism, name)
        self.initial = [cell.initial_voltage, *self._starts(cell.initial_voltage)]
        rates = [self.membrane.motions[name].rate for name in self.names]
        self.slope = written_out([self.membrane.current, *rates], ["v", *self.names], self.known)

    def _starts(self, voltage: float) -> list[float]:
        values: dict[str, Any] = {**self.known, "v": voltage, "t": 0.0}
        waiting = dict(self.membrane.starts)
        while waiting:
            ready = [name for name, start in waiting.items() if not symbols_of(start) & set(waiting)]
            for name in ready:
                values[name] = float(evaluate(waiting.pop(name), values))
        return [values[name] for name in self.names]

    def run(self, times: Array, density: Sequence[tuple[float, float, float]] = ()) -> dict[str, Array]:
        """Voltage "v" (mV) and each "Mechanism.state" at the times (ms); density: (start, stop, µA/cm²) of pulses."""
        edges = {edge for start, stop, _ in density for edge in (start, stop)}
        inner = sorted(edge for edge in edges if times[0] < edge < times[-1])
        state, parts = np.array(self.initial), []
        for begin, end in itertools.pairwise([float(times[0]), *inner, float(times[-1])]):
            pushed = sum(strength for start, stop, strength in density if start <= begin < stop)
            wanted = np.unique(np.concatenate([[begin], times[(times >= begin) & (times <= end)], [end]]))
            found = solve_ivp(
                lambda t, y, pushed=pushed: self.derivative(y, t, pushed),
                (begin, end),
                state,
                method="LSODA",
                t_eval=wanted,
                rtol=TOLERANCE,
                atol=1e-3 * TOLERANCE,
            )
            assert found.success, found.message
            parts.append(found.y[:, np.isin(wanted, times) & (wanted < (end if end < times[-1] else np.inf))])
            state = found.y[:, -1]
        return dict(zip(["v", *self.names], np.concatenate(parts, axis=1), strict=True))

    def derivative(self, y: Array, t: float, pushed: float) -> list[float]:
        """dv/dt (mV/ms) and the rates of the states, with `pushed` µA/cm² injected."""
        current, *rates = self.slope(t, *y.tolist())
        return [(pushed - 1e3 * current) / self.capacitance, *rates]


def written_out(
    expressions: Sequence[Expression], arguments: Sequence[str], known: dict[str, float]
) -> Callable[..., tuple[float, ...]]:
    """The expressions as one Python function of time and the arguments, each shared part computed once."""
    names: dict[Expression, str] = {}
    lines: list[str] = []
    for count, node in enumerate(walk(expressions)):
        if node.kind == CONSTANT:
            names[node] = repr(float(node.payload))
        elif node.kind == SYMBOL and node.payload in arguments:
            names[node] = f"a{arguments.index(node.payload)}"
        elif node.kind == SYMBOL:
            names[node] = "t" if node.payload == "t" else repr(float(known[node.payload]))
        else:
            names[node] = f"x{count}"
            parts = [f"({names[argument]})" for argument in node.arguments]
            lines.append(f"    {names[node]} = {SPELT[node.kind].format(*parts, payload=node.payload)}")
    declared = ", ".join(f"a{k}" for k in range(len(arguments)))
    body = [f"def slope(t, {declared}):", *lines, f"    return ({', '.join(names[e] for e in expressions)},)"]
    space: dict[str, Any] = {"math": math, "linoid": linoid, "phi": phi, "exp": exp}
    exec("\n".join(body), space)  # the text is our own, made of numbers and operations
    made: Callable[..., tuple[float, ...]] = space["slope"]
    return made


SPELT = {
    "add": "{} + {}",
    "subtract": "{} - {}",
    "multiply": "{} * {}",
    "divide": "{} / {}",
    "negative": "-{}",
    "power": "{} ** {}",
    "exp": "exp({})",
    "log": "math.log({})",
    "sqrt": "math.sqrt({})",
    "tanh": "math.tanh({})",
    "sin": "math.sin({})",
    "cos": "math.cos({})",
    "floor": "math.floor({})",
    "absolute": "abs({})",
    "minimum": "min({}, {})",
    "maximum": "max({}, {})",
    "less": "{} < {}",
    "less_equal": "{} <= {}",
    "equal": "{} == {}",
    "both": "{} and {}",
    "either": "{} or {}",
    "opposite": "not {}",
    "where": "({1} if {0} else {2})",
    "linoid": "linoid({})",
    "phi": "phi({payload}, {})",
}


def exp(x: float) -> float:
    return math.exp(x) if x < 709.0 else math.inf


def linoid(x: float) -> float:
    return 1.0 if x == 0.0 else x / math.expm1(x) if x < 700.0 else 0.0


def phi(order: int, x: float) -> float:
    assert order == 1
    return 1.0 if x == 0.0 else math.expm1(x) / x
