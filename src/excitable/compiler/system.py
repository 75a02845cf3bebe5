"""The system of one run: kinds of membrane, the tree, what is placed and what is looked at, as numbers and equations.

`gather` (in `gather.py`) makes it from the descriptions; nothing in it knows a method, a layout or a machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..frozen import frozen
from ..mechanisms import Membrane
from ..morphology import Discretisation
from ..protocols import Clamp, Stimulus
from ..recordings.probes import Probe

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@frozen(eq=False)
class Kind:
    """A kind of membrane: the mechanisms that share it, its compartments, and their parameters.

    `values` maps each symbol of a parameter to a number, to an array over the compartments of the kind (n, 1), over
    the cells of a sweep (1, cells), or over both (n, cells).
    """

    membrane: Membrane
    compartments: Integers
    values: Mapping[str, Any]


@frozen(eq=False)
class Tree:
    """The order of elimination: node `child[k]` into `parent[k]`, coupled by `coupling[k]` (µS); the root comes last.

    Nodes are numbered as in the discretisation.
    """

    child: Integers
    parent: Integers
    coupling: Floats
    root: int

    def axial(self, nodes: int) -> Floats:
        """The sum of the couplings of each node, µS."""
        total = np.zeros(nodes)
        np.add.at(total, self.child, self.coupling)
        np.add.at(total, self.parent, self.coupling)
        return total


Item = TypeVar("Item", Stimulus, Clamp)


@frozen(eq=False)
class Placed(Generic[Item]):
    """A stimulus or clamp with the compartment it sits in, and its numbers (each a float or an array over cells)."""

    what: Item
    node: int
    values: Mapping[str, Any]


@frozen(eq=False)
class Watch:
    """A probe with the compartments it looks at."""

    probe: Probe
    compartments: Integers


@frozen(eq=False)
class System:
    """Everything that a run needs to know of the model, the protocol and the wishes.

    `voltage` is the voltage of each compartment at the start, (n, 1), or of each cell, (1, cells).
    """

    discretisation: Discretisation
    kinds: tuple[Kind, ...]
    tree: Tree
    voltage: Floats
    placed: tuple[Placed[Stimulus], ...]
    clamps: tuple[Placed[Clamp], ...]
    watches: tuple[Watch, ...]
    cells: int

    @property
    def nodes(self) -> int:
        """Compartments and junctions."""
        return self.discretisation.node_count
