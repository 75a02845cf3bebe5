"""The shape of a cell: branches made of points, joined in a tree."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import ArrayLike

from ..errors import MorphologyError, UnknownNameError, nearest
from ..frozen import field, frozen
from .frusta import Floats, Integers, enclosed_volume, lateral_area

if TYPE_CHECKING:
    from .regions import Region

KINDS = ("soma", "axon", "basal", "apical", "dendrite")
_CUSTOM = re.compile(r"custom-?\d+")


class _Measure(Protocol):
    def __call__(self, first: Floats, second: Floats, length: Floats) -> Floats: ...


def is_kind(name: str) -> bool:
    """Whether `name` is a kind of branch: soma, axon, basal, apical, dendrite or custom and a number."""
    return name in KINDS or _CUSTOM.fullmatch(name) is not None


@frozen(eq=False)
class Branch:
    """An unbranched stretch of one kind, along its points.

    `points` is (n, 4): x, y, z and diameter in µm, from the end nearest the root. `parent` is the index
    of the branch it grows from, -1 for the root; `attachment` in [0, 1] says where on the parent.

    >>> Branch("dend[0]", "basal", -1, 0.0, [[0, 0, 0, 2], [100, 0, 0, 1]])
    Branch('dend[0]', basal, 100 µm long, 2 points)
    """

    name: str
    kind: str
    parent: int
    attachment: float
    points: Floats

    def __post_init__(self) -> None:
        points = _point_array(self.points, self.name)
        _check_points(points, self.name)
        points.setflags(write=False)
        object.__setattr__(self, "points", points)
        if not is_kind(self.kind):
            raise UnknownNameError(
                f"Branch {self.name!r} has the unknown kind {self.kind!r}. A kind is soma, axon, basal, "
                f"apical, dendrite, or custom and a number. {nearest(self.kind, KINDS)}"
            )
        if not 0.0 <= self.attachment <= 1.0:
            raise MorphologyError(
                f"Branch {self.name!r} is attached at {self.attachment} of its parent. A place on the "
                "parent is a fraction from 0 (its start) to 1 (its end). Write attachment=1.0 to attach it "
                "to the end."
            )

    @cached_property
    def length(self) -> float:
        """Length along the points, in µm."""
        return float(np.sqrt((np.diff(self.points[:, :3], axis=0) ** 2).sum(axis=1)).sum())

    def __repr__(self) -> str:
        return f"Branch({self.name!r}, {self.kind}, {self.length:.4g} µm long, {len(self.points)} points)"


def _point_array(points: ArrayLike, name: str) -> Floats:
    try:
        array = np.array(points, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.empty(0)
    if array.ndim != 2 or array.shape[1] != 4 or len(array) < 2:
        raise MorphologyError(
            f"The points of branch {name!r} have the shape {np.shape(array)}. A branch needs two points or "
            "more, each with x, y, z and diameter in µm. Write points=[[0, 0, 0, 2], [100, 0, 0, 2]]."
        )
    return array


def _check_points(points: Floats, name: str) -> None:
    """Refuse what is not a frustum. One sum and one minimum suffice when all is well."""
    if not math.isfinite(float(points.sum())):
        row = int(np.flatnonzero(~np.isfinite(points).all(axis=1))[:1].sum())
        raise MorphologyError(
            f"Point {row} of branch {name!r} is {points[row].tolist()}. Coordinates and diameters are "
            "finite numbers in µm. Replace the point, or leave it out."
        )
    if not float(points[:, 3].min()) > 0.0:
        row = int(np.flatnonzero(points[:, 3] <= 0.0)[0])
        raise MorphologyError(
            f"Point {row} of branch {name!r} has the diameter {points[row, 3]} µm. A diameter is larger "
            "than 0. Write the measured diameter, or leave the point out."
        )
    if not (points[1:, :3] != points[:-1, :3]).any():
        raise MorphologyError(
            f"Branch {name!r} has length 0: all its {len(points)} points lie at {points[0, :3].tolist()}. A "
            "branch is longer than 0 µm. Move its end, or leave the branch out."
        )


@frozen(eq=False)
class Morphology:
    """The shape of one cell: branches, each after its parent; the first is the root.

    `report` tells in sentences how each odd thing in the source was understood; `labels` holds the names
    given to regions with `label`. Two morphologies are equal only when they are the same object.

    Raises MorphologyError when the branches are not one tree.

    >>> from excitable.morphology import ball_and_stick
    >>> ball_and_stick()
    Morphology('ball and stick': 1 soma, 1 dendrite; 220 µm long, 1885 µm²)
    """

    branches: tuple[Branch, ...]
    name: str = "cell"
    report: tuple[str, ...] = ()
    labels: Mapping[str, Region] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "branches", tuple(self.branches))
        object.__setattr__(self, "report", tuple(self.report))
        _check_tree(self.branches, self.name)

    def __len__(self) -> int:
        return len(self.branches)

    def __iter__(self) -> Iterator[Branch]:
        return iter(self.branches)

    def __getitem__(self, name: str | int) -> Branch:
        """The branch of this name or number.

        Raises UnknownNameError, with the nearest names, when there is none.
        """
        if isinstance(name, str):
            if name not in self.index:
                raise UnknownNameError(
                    f"Morphology {self.name!r} has no branch {name!r}. It has {len(self)} branches, from "
                    f"{self.branches[0].name!r} to {self.branches[-1].name!r}. {nearest(name, self.index)}"
                )
            return self.branches[self.index[name]]
        return self.branches[name]

    @cached_property
    def index(self) -> dict[str, int]:
        """The number of each branch by its name."""
        return {branch.name: number for number, branch in enumerate(self.branches)}

    @cached_property
    def points(self) -> Floats:
        """All points, branch after branch: (points, 4), µm."""
        return np.concatenate([branch.points for branch in self.branches])

    @cached_property
    def offsets(self) -> Integers:
        """Where each branch begins in `points`, and the end of the last: (branches + 1,)."""
        return np.cumsum([0] + [len(branch.points) for branch in self.branches], dtype=np.int64)

    @cached_property
    def owner(self) -> Integers:
        """The branch that each point belongs to: (points,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    @cached_property
    def _steps(self) -> Floats:
        steps = np.sqrt((np.diff(self.points[:, :3], axis=0, prepend=0.0) ** 2).sum(axis=1))
        steps[self.offsets[:-1]] = 0.0
        return np.asarray(steps)

    @cached_property
    def arc(self) -> Floats:
        """Distance of each point from the start of its branch, along the branch: (points,), µm."""
        # Summed per branch: a running sum over the whole cell would lose digits in the last branches.
        bounds = self.offsets.tolist()
        steps = self._steps
        return np.concatenate([np.cumsum(steps[a:b]) for a, b in pairwise(bounds)])

    @cached_property
    def lengths(self) -> Floats:
        """Length of each branch: (branches,), µm."""
        return self.arc[self.offsets[1:] - 1]

    @cached_property
    def parents(self) -> Integers:
        """The parent of each branch, -1 for the root: (branches,)."""
        return np.array([branch.parent for branch in self.branches], dtype=np.int64)

    @cached_property
    def starts(self) -> Floats:
        """Path distance from the start of the root to the start of each branch: (branches,), µm."""
        starts, lengths = [0.0] * len(self), self.lengths.tolist()
        for number, branch in enumerate(self.branches):
            if branch.parent >= 0:
                starts[number] = starts[branch.parent] + branch.attachment * lengths[branch.parent]
        return np.array(starts)

    @cached_property
    def orders(self) -> Integers:
        """How many branches lie between each branch and the root, which has 0: (branches,)."""
        orders = [0] * len(self)
        for number, branch in enumerate(self.branches):
            if branch.parent >= 0:
                orders[number] = orders[branch.parent] + 1
        return np.array(orders, dtype=np.int64)

    @cached_property
    def areas(self) -> Floats:
        """Membrane area of each branch, without end caps: (branches,), µm²."""
        return self._per_branch(lateral_area)

    @cached_property
    def volumes(self) -> Floats:
        """Volume of each branch: (branches,), µm³."""
        return self._per_branch(enclosed_volume)

    def _per_branch(self, measure: _Measure) -> Floats:
        diameter = self.points[:, 3]
        values = measure(np.concatenate([diameter[:1], diameter[:-1]]), diameter, self._steps)
        values[self.offsets[:-1]] = 0.0
        return np.asarray(np.add.reduceat(values, self.offsets[:-1]))

    def coordinates(self, branch: ArrayLike, position: ArrayLike) -> Floats:
        """x, y and z in µm of places on branches: positions from 0 to 1 on branch numbers, (places, 3).

        >>> from excitable.morphology import cable
        >>> cable(100, 2).coordinates([0, 0], [0.25, 1.0]).tolist()
        [[25.0, 0.0, 0.0], [100.0, 0.0, 0.0]]
        """
        number = np.atleast_1d(np.asarray(branch, dtype=np.int64))
        fraction = np.atleast_1d(np.asarray(position, dtype=np.float64))
        where = fraction * self.lengths[number]
        axis = self.owner + self.arc / self.lengths[self.owner]
        left = np.searchsorted(axis, number + fraction, side="right") - 1
        left = np.clip(left, self.offsets[number], self.offsets[number + 1] - 2)
        gap = self.arc[left + 1] - self.arc[left]
        share = np.clip((where - self.arc[left]) / np.where(gap > 0.0, gap, 1.0), 0.0, 1.0)
        near, far = self.points[left, :3], self.points[left + 1, :3]
        return np.asarray(near + share[:, None] * (far - near))

    @property
    def length(self) -> float:
        """Length of all branches together, in µm."""
        return float(self.lengths.sum())

    @property
    def area(self) -> float:
        """Membrane area of all branches together, without end caps, in µm²."""
        return float(self.areas.sum())

    @property
    def volume(self) -> float:
        """Volume of all branches together, in µm³."""
        return float(self.volumes.sum())

    def __repr__(self) -> str:
        kinds = ", ".join(f"{n} {kind}" for kind, n in Counter(b.kind for b in self.branches).items())
        odd = f"; {len(self.report)} remarks in .report" if self.report else ""
        return f"Morphology({self.name!r}: {kinds}; {self.length:.4g} µm long, {self.area:.4g} µm²{odd})"


def _check_tree(branches: Sequence[Branch], name: str) -> None:
    if not branches:
        raise MorphologyError(
            f"Morphology {name!r} has no branches. A cell has one branch or more. "
            "Write single_compartment(20, 20) for the smallest."
        )
    seen: set[str] = set()
    for number, branch in enumerate(branches):
        if branch.name in seen:
            raise MorphologyError(
                f"Morphology {name!r} has two branches called {branch.name!r}. Each name is used once. "
                f"Call the second {branch.name + 'b'!r}, say."
            )
        seen.add(branch.name)
        if number == 0 and branch.parent != -1:
            raise MorphologyError(
                f"The first branch {branch.name!r} of {name!r} has the parent {branch.parent}. The first "
                "branch is the root, with parent -1. Put the root first."
            )
        if number > 0 and not 0 <= branch.parent < number:
            _refuse_parent(branches, number, name)


def _refuse_parent(branches: Sequence[Branch], number: int, name: str) -> None:
    branch = branches[number]
    if branch.parent == -1:
        raise MorphologyError(
            f"Branch {branch.name!r} of {name!r} is a second root beside {branches[0].name!r}. A cell is "
            "one tree. Give the branch a parent, or make two morphologies."
        )
    raise MorphologyError(
        f"Branch {branch.name!r}, number {number} of {name!r}, has the parent {branch.parent}. A parent is "
        f"the number of an earlier branch, here 0 to {number - 1}; so no branch can be its own ancestor. "
        "Reorder the branches."
    )
