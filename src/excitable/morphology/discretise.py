"""A morphology cut into compartments, and the tree of resistances between them."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from ..errors import RequestError
from ..frozen import frozen
from .frusta import Floats, Integers, integrate
from .tree import Morphology

LARGEST = 50_000_000


class Rule(Protocol):
    """Says how many compartments each branch gets."""

    def counts(self, morphology: Morphology) -> Integers:
        """The number of compartments of each branch, at least 1: (branches,)."""
        ...


@frozen(eq=False)
class Discretisation:
    """Compartments in branch order, along each branch, and how they are joined.

    Nodes are numbered: the compartments first, then the junctions, points without membrane where three
    or more cables meet. `edges` is an undirected tree over the nodes; `edge_factors` is the integral of
    dx / (π r²), in 1/µm, from the edge to the centre of the compartment at each end (0 at a junction).
    The resistance of an edge is 1e-2 · Σ resistivity · factor, in MΩ with the resistivity in Ω·cm.

    >>> from excitable.morphology import cable, discretise, per_branch
    >>> parts = discretise(cable(100, 2), per_branch(4))
    >>> parts.area.round(3).tolist()
    [157.08, 157.08, 157.08, 157.08]
    >>> parts.edges.tolist()
    [[0, 1], [1, 2], [2, 3]]
    """

    morphology: Morphology
    branch: Integers  # (compartments,) the branch of each compartment
    start: Floats  # (compartments,) where it begins, as a fraction of its branch
    stop: Floats  # (compartments,) where it ends, as a fraction of its branch
    length: Floats  # (compartments,) µm
    diameter: Floats  # (compartments,) mean diameter, µm
    area: Floats  # (compartments,) membrane, µm²
    volume: Floats  # (compartments,) µm³
    distance: Floats  # (compartments,) path distance from the start of the root to the centre, µm
    centre: Floats  # (compartments, 3) µm
    half_factors: Floats  # (compartments, 2) dx / (π r²) over the first and the second half, 1/µm
    junctions: Integers  # (junctions,) node numbers
    edges: Integers  # (edges, 2) node numbers
    edge_factors: Floats  # (edges, 2) 1/µm
    first: Integers  # (branches + 1,) the first compartment of each branch, and the number of compartments

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def __len__(self) -> int:
        return len(self.branch)

    def __repr__(self) -> str:
        return (
            f"Discretisation({self.morphology.name!r}: {len(self)} compartments, "
            f"{len(self.junctions)} junctions, {len(self.edges)} edges)"
        )

    @property
    def node_count(self) -> int:
        """Compartments and junctions together."""
        return len(self.branch) + len(self.junctions)

    @cached_property
    def counts(self) -> Integers:
        """The number of compartments of each branch: (branches,)."""
        return np.diff(self.first)

    @cached_property
    def position(self) -> Floats:
        """Centre of each compartment as a fraction of its branch: (compartments,)."""
        return np.asarray(0.5 * (self.start + self.stop))

    @cached_property
    def order(self) -> Integers:
        """Branch order of each compartment, 0 on the root: (compartments,)."""
        return self.morphology.orders[self.branch]

    def compartment_at(self, branch: ArrayLike, position: ArrayLike) -> Integers:
        """The compartment that holds a place, as NEURON finds it: floor(position · n), the end in the last.

        `branch` is a branch number or an array of them, `position` a fraction of the branch.
        """
        number = np.asarray(branch, dtype=np.int64)
        count = self.counts[number]
        inside = np.floor(np.asarray(position) * count).astype(np.int64)
        return np.asarray(self.first[number] + np.clip(inside, 0, count - 1), dtype=np.int64)


def discretise(morphology: Morphology, rule: Rule) -> Discretisation:
    """Cut `morphology` into compartments of equal length on each branch; `rule` says how many.

    Areas, volumes and axial factors are exact for the frusta between the points. A branch attached to the
    end of another meets it there: two cables share one edge, three or more a junction. A branch attached
    between the ends is joined to the centre of the compartment that holds the place.

    Raises RequestError when the rule gives fewer than one compartment, or too many.

    >>> from excitable.morphology import ball_and_stick, per_branch
    >>> discretise(ball_and_stick(), per_branch(3))
    Discretisation('ball and stick': 6 compartments, 0 junctions, 5 edges)
    """
    counts = _checked_counts(morphology, rule)
    first = np.concatenate([[0], np.cumsum(counts)])
    branch = np.repeat(np.arange(len(counts)), counts)
    rank = np.arange(len(branch)) - first[branch]
    count = counts[branch]
    length = (morphology.lengths / counts)[branch]
    halves = integrate(morphology, counts)
    factors = halves.factor.reshape(-1, 2)
    junctions, edges, edge_factors = _connect(morphology, counts, first, factors)
    start, stop = rank / count, (rank + 1) / count
    return Discretisation(
        morphology=morphology,
        branch=branch,
        start=start,
        stop=stop,
        length=length,
        diameter=_pairs(halves.span) / length,
        area=_pairs(halves.area),
        volume=_pairs(halves.volume),
        distance=morphology.starts[branch] + (rank + 0.5) / count * morphology.lengths[branch],
        centre=halves.middle,
        half_factors=factors,
        junctions=junctions,
        edges=edges,
        edge_factors=edge_factors,
        first=first,
    )


def _pairs(halves: Floats) -> Floats:
    return np.asarray(halves.reshape(-1, 2).sum(axis=1))


def _checked_counts(morphology: Morphology, rule: Rule) -> Integers:
    if not hasattr(rule, "counts"):
        raise RequestError(
            f"{rule!r} does not say how to cut {morphology.name!r}. A rule is per_branch, max_length, "
            "d_lambda or by_branch. Write discretise(morphology, per_branch(1))."
        )
    counts = np.asarray(rule.counts(morphology), dtype=np.int64)
    if counts.shape != (len(morphology),) or counts.min() < 1:
        raise RequestError(
            f"{rule!r} gives the counts {counts.tolist()[:8]} for the {len(morphology)} branches of "
            f"{morphology.name!r}. Each branch needs one compartment or more. Write per_branch(1) for the "
            "coarsest."
        )
    if counts.sum() > LARGEST:
        raise RequestError(
            f"{rule!r} would cut {morphology.name!r} into {counts.sum():,} compartments. The limit is "
            f"{LARGEST:,}. Write a coarser rule, such as max_length('10 um')."
        )
    return counts


def _connect(
    morphology: Morphology, counts: Integers, first: Integers, factors: Floats
) -> tuple[Integers, Integers, Floats]:
    """Junctions, edges and edge factors of the compartments."""
    begins, ends = first[:-1], first[1:] - 1
    inner = np.delete(np.arange(first[-1] - 1), ends[:-1])  # each compartment with a successor on its branch
    direct, meeting = _meeting_points(morphology, counts, first)

    is_direct = direct >= 0
    blocks = [
        (inner, inner + 1, factors[inner, 1], factors[inner + 1, 0]),
        (direct[is_direct], begins[is_direct], np.zeros(is_direct.sum()), factors[begins[is_direct], 0]),
    ]

    # Every branch brings its last half to its own end and its first half to the point where it starts.
    at_point = ~is_direct
    point = np.concatenate([np.arange(1, len(morphology) + 1), meeting[at_point]])
    node = np.concatenate([ends, begins[at_point]])
    factor = np.concatenate([factors[ends, 1], factors[begins[at_point], 0]])
    order = np.argsort(point, kind="stable")
    point, node, factor = point[order], node[order], factor[order]
    cables = np.bincount(point, minlength=len(morphology) + 1)

    pair = cables[point] == 2
    blocks.append((node[pair][::2], node[pair][1::2], factor[pair][::2], factor[pair][1::2]))
    crowd = cables[point] >= 3
    junction_of = np.cumsum(cables >= 3) - 1 + first[-1]
    blocks.append((junction_of[point[crowd]], node[crowd], np.zeros(crowd.sum()), factor[crowd]))

    one, two, factor_one, factor_two = (np.concatenate(column) for column in zip(*blocks, strict=True))
    junctions = first[-1] + np.arange((cables >= 3).sum())
    return junctions, np.stack([one, two], axis=1), np.stack([factor_one, factor_two], axis=1)


def _meeting_points(morphology: Morphology, counts: Integers, first: Integers) -> tuple[Integers, Integers]:
    """Where each branch starts: a compartment it joins directly, or -1 and the point where cables meet.

    Point 0 is the start of the root; point b + 1 is the end of branch b.
    """
    direct, meeting = [-1] * len(morphology), [0] * len(morphology)
    numbers, begins = counts.tolist(), first.tolist()
    for number, branch in enumerate(morphology.branches):
        parent = branch.parent
        if parent < 0:
            continue
        if branch.attachment == 1.0:
            meeting[number] = parent + 1
        elif branch.attachment == 0.0:
            direct[number], meeting[number] = direct[parent], meeting[parent]
        else:
            inside = min(int(branch.attachment * numbers[parent]), numbers[parent] - 1)
            direct[number] = begins[parent] + inside
    return np.array(direct, dtype=np.int64), np.array(meeting, dtype=np.int64)
