"""The order in which the tree of compartments is eliminated: from the leaves to a root in its middle, level by level.

A root in the middle halves the longest chain, and nodes of one level do not depend on each other, so that a processor
that runs ahead overlaps them. The order is a property of the shape: it is the same for one cell and for thousands.
"""

from __future__ import annotations

import numpy as np

from ..errors import MorphologyError
from .system import Floats, Integers, Tree


def elimination(nodes: int, edges: Integers, conductance: Floats) -> Tree:
    """The tree of `nodes` joined by `edges` (m, 2) with the given conductances (µS), rooted in its middle.

    Raises MorphologyError where the edges do not make one tree.
    """
    if len(edges) != nodes - 1:
        raise MorphologyError(
            f"{len(edges)} connections join {nodes} points. A cell is one tree, with one connection fewer than points. "
            "Remove the loop, or join the parts."
        )
    neighbours, start = _adjacency(nodes, edges)
    far, _, _ = _paths(0, nodes, neighbours, start)
    order, parent, _ = _paths(int(far[-1]), nodes, neighbours, start)
    path = [int(order[-1])]
    while parent[path[-1]] >= 0:
        path.append(int(parent[path[-1]]))
    root = path[len(path) // 2]
    order, parent, depth = _paths(root, nodes, neighbours, start)
    by_level = order[np.argsort(-depth[order], kind="stable")]
    child = by_level[by_level != root]
    above = parent[child]
    return Tree(child, above, _coupling(child, above, nodes, edges, conductance), root)


def _adjacency(nodes: int, edges: Integers) -> tuple[Integers, Integers]:
    """The neighbours of all nodes, one after the other, and where those of each node begin."""
    ends, others = edges.T.ravel(), edges[:, ::-1].T.ravel()
    order = np.argsort(ends, kind="stable")
    return others[order], np.searchsorted(ends[order], np.arange(nodes + 1))


def _paths(root: int, nodes: int, neighbours: Integers, start: Integers) -> tuple[Integers, Integers, Integers]:
    """Nodes from the root outwards, the parent of each, and its depth."""
    near, first = neighbours.tolist(), start.tolist()
    above, deep, sequence = [-2] * nodes, [0] * nodes, [root]
    above[root] = -1
    for node in sequence:
        for other in near[first[node] : first[node + 1]]:
            if above[other] == -2:
                above[other] = node
                deep[other] = deep[node] + 1
                sequence.append(other)
    if len(sequence) != nodes:
        raise MorphologyError(
            f"Only {len(sequence)} of {nodes} points can be reached from the root. A cell is one connected tree. "
            "Join the parts, or simulate them as separate cells."
        )
    return np.array(sequence), np.array(above), np.array(deep)


def _coupling(child: Integers, parent: Integers, nodes: int, edges: Integers, conductance: Floats) -> Floats:
    low, high = np.minimum(child, parent), np.maximum(child, parent)
    keys = np.minimum(edges[:, 0], edges[:, 1]) * nodes + np.maximum(edges[:, 0], edges[:, 1])
    order = np.argsort(keys)
    return np.asarray(conductance[order][np.searchsorted(keys[order], low * nodes + high)], dtype=np.float64)
