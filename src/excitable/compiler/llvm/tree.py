"""The tree of compartments solved: points without membrane, elimination from the leaves, and the way back."""

from __future__ import annotations

from ..passes import prepared
from .frame import Frame
from .values import Values, broadcast, vector


def junctions(f: Frame, first: bool = True) -> None:
    """Rows of points without membrane: the sum of the couplings where a matrix begins, and nothing on the right."""
    t, width = f.text, f.shape.narrow
    real, zero = vector("double", width), Values(f.text, width, str).constant(0.0)
    with t.loop("0", f.layout("junctions.count")) as k:
        node = t.multiply(t.add(f.layout("junctions.first"), k), str(f.shape.cells))
        if first:
            axial = t.load("double", "%shared", t.add(f.layout("junctions.axial"), k))
            t.store(real, broadcast(t, axial, width), f.base, t.add(f.layout("diagonal"), node))
        t.store(real, zero, f.base, t.add(f.layout("right"), node))


def solve(f: Frame) -> None:
    """Elimination in the order of the tree; the inverse of each pivot is taken once."""
    t, width = f.text, f.shape.narrow
    real = vector("double", width)
    one = Values(t, width, str).constant(1.0)
    w = Values(t, width, str, f.fused)
    edges = f.layout("edges.count")
    diagonal, right, v = f.layout("diagonal"), f.layout("right"), f.layout("v")
    with t.loop("0", edges) as k:
        child, parent, u = _edge(f, k, width)
        at_child, at_parent = t.add(diagonal, child), t.add(diagonal, parent)
        inverse = t.let(f"fdiv {real} {one}, {t.load(real, f.base, at_child)}")
        factor = t.let(f"fmul {real} {u}, {inverse}")
        opposite = t.let(f"fneg {real} {t.let(f'fmul {real} {u}, {u}')}")
        pivot = w.call("fma", opposite, inverse, t.load(real, f.base, at_parent))
        t.store(real, pivot, f.base, at_parent)
        at_right = t.add(right, parent)
        known = t.let(f"fmul {real} {t.load(real, f.base, t.add(right, child))}, {inverse}")
        total = w.call("fma", u, known, t.load(real, f.base, at_right))
        t.store(real, total, f.base, at_right)
        t.store(real, factor, f.base, at_child)
        t.store(real, known, f.base, t.add(right, child))
    root = t.multiply(f.layout("root"), str(f.shape.cells))
    x = t.let(f"fdiv {real} {t.load(real, f.base, t.add(right, root))}, "
              f"{t.load(real, f.base, t.add(diagonal, root))}")  # fmt: skip
    _arrive(f, root, x, right, v, width)
    with t.loop("0", edges, down=True) as k:
        child, parent, _ = _edge(f, k, width)
        factor = t.load(real, f.base, t.add(diagonal, child))
        above = t.load(real, f.base, t.add(right, parent))
        x = w.call("fma", factor, above, t.load(real, f.base, t.add(right, child)))
        _arrive(f, child, x, right, v, width)


def eliminate(f: Frame, looks: str, first: bool) -> None:
    """One stage of several with one matrix: what flows along the cell at the voltages `looks`, and elimination.

    The first stage factors the matrix: "diagonal" then holds the factor of each edge and "inverse" that of each pivot.
    """
    t, width = f.text, f.shape.narrow
    real, w = vector("double", width), Values(t, width, str, f.fused)
    one = w.constant(1.0)
    diagonal, right, v, inverses = (f.layout(name) for name in ("diagonal", "right", looks, "inverse"))
    with t.loop("0", f.layout("edges.count")) as k:
        child, parent, u = _edge(f, k, width)
        here, above = t.load(real, f.base, t.add(v, child)), t.load(real, f.base, t.add(v, parent))
        flow = t.let(f"fmul {real} {u}, {t.let(f'fsub {real} {above}, {here}')}")
        at_child, at_right = t.add(right, child), t.add(right, parent)
        mine = t.let(f"fadd {real} {t.load(real, f.base, at_child)}, {flow}")
        rest = t.let(f"fsub {real} {t.load(real, f.base, at_right)}, {flow}")
        if first:
            inverse = t.let(f"fdiv {real} {one}, {t.load(real, f.base, t.add(diagonal, child))}")
            t.store(real, inverse, f.base, t.add(inverses, child))
            opposite = t.let(f"fneg {real} {t.let(f'fmul {real} {u}, {u}')}")
            at_parent = t.add(diagonal, parent)
            t.store(real, w.call("fma", opposite, inverse, t.load(real, f.base, at_parent)), f.base, at_parent)
            t.store(real, t.let(f"fmul {real} {u}, {inverse}"), f.base, t.add(diagonal, child))
        else:
            inverse = t.load(real, f.base, t.add(inverses, child))
        known = t.let(f"fmul {real} {mine}, {inverse}")
        t.store(real, known, f.base, at_child)
        t.store(real, w.call("fma", u, known, rest), f.base, at_right)
    root = t.multiply(f.layout("root"), str(f.shape.cells))
    if first:
        pivot = t.load(real, f.base, t.add(diagonal, root))
        t.store(real, t.let(f"fdiv {real} {one}, {pivot}"), f.base, t.add(inverses, root))


def substitute_back(f: Frame, into: str) -> None:
    """The way back from the root to the leaves; the solution goes to the array `into`."""
    t, width = f.text, f.shape.narrow
    real, w = vector("double", width), Values(t, width, str, f.fused)
    diagonal, right, target = (f.layout(name) for name in ("diagonal", "right", into))
    root = t.multiply(f.layout("root"), str(f.shape.cells))
    inverse = t.load(real, f.base, t.add(f.layout("inverse"), root))
    x = t.let(f"fmul {real} {t.load(real, f.base, t.add(right, root))}, {inverse}")
    t.store(real, x, f.base, t.add(target, root))
    with t.loop("0", f.layout("edges.count"), down=True) as k:
        child, parent, _ = _edge(f, k, width)
        factor = t.load(real, f.base, t.add(diagonal, child))
        above = t.load(real, f.base, t.add(target, parent))
        x = w.call("fma", factor, above, t.load(real, f.base, t.add(right, child)))
        t.store(real, x, f.base, t.add(target, child))


def _edge(f: Frame, k: str, width: int) -> tuple[str, str, str]:
    """Child and parent of the k-th elimination, counted with cells, and their coupling."""
    t = f.text
    at = t.multiply(k, "2")
    child = t.load("i64", "%index", t.add(f.layout("edges.nodes"), at))
    parent = t.load("i64", "%index", t.add(t.add(f.layout("edges.nodes"), at), "1"))
    u = broadcast(t, t.load("double", "%shared", t.add(f.layout("edges.coupling"), k)), width)
    cells = str(f.shape.cells)
    return t.multiply(child, cells), t.multiply(parent, cells), u


def _arrive(f: Frame, node: str, x: str, right: str, v: str, width: int) -> None:
    """x is known at a node: keep it for the neighbours, and finish the voltage."""
    t, real = f.text, vector("double", width)
    t.store(real, x, f.base, t.add(right, node))
    at = t.add(v, node)
    names = {"x": x, "v": t.load(real, f.base, at) if f.program.finish.arguments else x}
    (new,) = Values(t, width, names.__getitem__, f.fused).write(prepared([f.program.finish]))
    t.store(real, new, f.base, at)
