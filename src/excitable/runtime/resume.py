"""Going on from where a run ended."""

from __future__ import annotations

import numpy as np

from ..compiler.memory import Memory
from ..compiler.plan import Plan
from ..errors import RequestError
from ..recordings import State


def restore(plan: Plan, memory: Memory, state: State) -> int:
    """Write a final state into memory; returns the number of steps already taken.

    A state in which the cell stands still ("steady", as a resting state is) goes with any step and method: there states
    that lag behind the voltage are what states level with it are.

    Raises RequestError where the state is of another model, step or method.
    """
    facts, dt = state.description, float(plan.values["dt"])
    wanted = {} if facts.get("steady") else {"method": plan.method.name, "dt": dt}
    for name, value in wanted.items():
        if facts.get(name) != value:
            raise RequestError(
                f"The run that is continued had {name} = {facts.get(name)!r}, and this one has {value!r}. "
                "A run goes on with the method and the step that it had. "
                f"Write run(…, {name}={facts.get(name)!r}, start=…)."
            )
    put(memory, "v", state, plan.system.nodes, memory.node)
    for k, kind in enumerate(plan.system.kinds):
        for name in kind.membrane.states:
            put(memory, name, state, len(plan.system.discretisation), None, k, kind.compartments)
    for k, clamp in enumerate(plan.system.clamps):
        held = state.arrays.get(f"clamp {clamp.what.name}")
        if held is not None:
            memory.put(f"clamp{k}.current", held)
    return int(facts["step"])


def put(
    memory: Memory, name: str, state: State, rows: int, nodes: np.ndarray | None, k: int = 0,
    compartments: np.ndarray | None = None,
) -> None:  # fmt: skip
    """Write one array of a state: voltages of `nodes`, or a variable of the `compartments` of kind `k`.

    Raises RequestError where the state does not have it, or not for this cell.
    """
    table = state.arrays.get(name)
    shape = (rows, memory.cells)
    if table is not None and table.shape == (rows, 1):
        # One cell that has settled may be where every run of a sweep begins.
        table = np.broadcast_to(table, shape)
    if table is None or table.shape != shape:
        raise RequestError(
            f"The state that is continued has {'no ' if table is None else ''}{name!r}"
            f"{'' if table is None else f' of shape {table.shape}'}; this model needs it with shape {shape}. "
            "A state belongs to the cell and the sweep that made it. Continue with the same cell, mechanisms and axes."
        )
    if nodes is not None or compartments is None:
        whole = memory.get("v")
        whole[nodes] = table
        memory.put("v", whole)
        return
    here = table[compartments]
    if np.isnan(here).any():
        raise RequestError(
            f"The state that is continued has no {name!r} in some compartments where this cell has that mechanism. "
            "A state belongs to the cell that made it. Continue with the same painting."
        )
    memory.put(f"kind{k}.{name}", here)
