"""Shapes made by hand: cables, balls and sticks, trees, and your own points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..errors import MorphologyError, RequestError, nearest
from ..units import to, to_array
from .tree import Branch, Morphology

_FAMILY = {"soma": "soma", "axon": "axon", "basal": "dend", "apical": "apic", "dendrite": "dend"}


def family(kind: str) -> str:
    """What branches of a kind are called, before the bracket: NEURON's names.

    >>> family("basal"), family("custom5")
    ('dend', 'dend_5')
    """
    number = kind.removeprefix("custom")
    return _FAMILY.get(kind) or (f"minus_{number[1:]}" if number.startswith("-") else f"dend_{number}")


def _size(value: Any, what: str) -> float:
    number = to(value, "um", what=what)
    if not number > 0.0:
        raise MorphologyError(
            f"{what[0].upper()}{what[1:]} is {number:g} µm. It is a length larger than 0. "
            "Write a number in µm, or a quantity such as '20 um'."
        )
    return number


def _straight(start: float, length: float, first: float, second: float) -> list[list[float]]:
    return [[start, 0.0, 0.0, first], [start + length, 0.0, 0.0, second]]


def cable(length: Any, diameter: Any, name: str = "cable", kind: str = "dendrite") -> Morphology:
    """One cylinder along x, starting at the origin; `length` and `diameter` in µm, or quantities.

    Raises MorphologyError when a size is not positive.

    >>> cable("1 mm", 2, kind="axon")
    Morphology('cable': 1 axon; 1000 µm long, 6283 µm²)
    """
    return frustum(length, diameter, diameter, name=name, kind=kind)


def frustum(
    length: Any, first_diameter: Any, second_diameter: Any, name: str = "frustum", kind: str = "dendrite"
) -> Morphology:
    """One truncated cone along x, from `first_diameter` to `second_diameter`; all in µm, or quantities.

    Raises MorphologyError when a size is not positive.

    >>> frustum(100, 2, 1)
    Morphology('frustum': 1 dendrite; 100 µm long, 471.2 µm²)
    """
    points = _straight(
        0.0,
        _size(length, f"the length of {name}"),
        _size(first_diameter, f"the first diameter of {name}"),
        _size(second_diameter, f"the second diameter of {name}"),
    )
    return Morphology((Branch(f"{family(kind)}[0]", kind, -1, 0.0, np.array(points)),), name)


def single_compartment(length: Any = 20.0, diameter: Any = None, name: str = "cell") -> Morphology:
    """A soma without branches: a cylinder, whose mantle has the area of a sphere when both sizes are equal.

    `length` and `diameter` in µm, or quantities; `diameter` is the length unless given.

    Raises MorphologyError when a size is not positive.

    >>> import math
    >>> math.isclose(single_compartment(20).area, 4 * math.pi * 10**2)
    True
    """
    return cable(length, length if diameter is None else diameter, name=name, kind="soma")


def ball_and_stick(
    soma_diameter: Any = 20.0,
    length: Any = 200.0,
    diameter: Any = 1.0,
    name: str = "ball and stick",
    kind: str = "dendrite",
) -> Morphology:
    """A soma as long as it is wide, and a cylinder that leaves from its far end; sizes in µm, or quantities.

    Raises MorphologyError when a size is not positive.

    >>> ball_and_stick(12.6157, 200, 1, kind="axon")
    Morphology('ball and stick': 1 soma, 1 axon; 212.6 µm long, 1128 µm²)
    """
    ball = _size(soma_diameter, f"the soma diameter of {name}")
    stick = _straight(ball, _size(length, f"the length of {name}"), *[_size(diameter, f"the diameter of {name}")] * 2)
    return Morphology(
        (
            Branch("soma[0]", "soma", -1, 0.0, np.array(_straight(0.0, ball, ball, ball))),
            Branch(f"{family(kind)}[0]", kind, 0, 1.0, np.array(stick)),
        ),
        name,
    )


def balanced_tree(
    depth: int,
    length: Any = 100.0,
    diameter: Any = 2.0,
    children: int = 2,
    power: float = 1.5,
    name: str = "balanced tree",
    kind: str = "dendrite",
) -> Morphology:
    """A tree in which every branch divides into `children` alike, `depth` times.

    `length` and the `diameter` of the first branch in µm, or quantities; one length for all, or one for
    each of the `depth` + 1 generations. Diameters obey d(parent)^power = Σ d(child)^power; with 3/2 and
    lengths in proportion to √d the tree is one equivalent cylinder.
    Source: Rall, Ann. N.Y. Acad. Sci. 96:1071 (1962).

    Raises RequestError for a depth or number of children that is not whole, MorphologyError for a size.

    >>> balanced_tree(3)
    Morphology('balanced tree': 15 dendrite; 1500 µm long, 3674 µm²)
    """
    if depth != int(depth) or depth < 0 or children != int(children) or children < 1 or not power > 0:
        raise RequestError(
            f"{name!r} was asked for with depth {depth!r}, children {children!r} and power {power!r}. Depth "
            "is a whole number from 0, children from 1, and the power larger than 0. Write "
            "balanced_tree(3)."
        )
    spans = to_array(length, "um", what=f"the length of {name}")
    if spans.shape not in ((), (int(depth) + 1,)):
        raise RequestError(
            f"{name!r} has lengths of the shape {spans.shape}. It needs one length, or one for each of its "
            f"{int(depth) + 1} generations. Write balanced_tree({int(depth)}, length=100)."
        )
    spans = np.broadcast_to(spans, int(depth) + 1)
    thickness = _size(diameter, f"the diameter of {name}")
    branches: list[Branch] = []
    parents: list[tuple[int, float, float]] = [(-1, 0.0, 0.0)]  # number, x and y of the end
    for generation in range(int(depth) + 1):
        span = _size(float(spans[generation]), f"the length of generation {generation} of {name}")
        angles = np.linspace(-0.5, 0.5, children) if children > 1 else np.zeros(1)
        grown: list[tuple[int, float, float]] = []
        for parent, x, y in parents:
            for angle in angles * (np.pi / 3) * 0.7**generation if parent >= 0 else [0.0]:
                end = (x + span * float(np.cos(angle)), y + span * float(np.sin(angle)))
                points = np.array([[x, y, 0.0, thickness], [*end, 0.0, thickness]])
                attachment = 1.0 if parent >= 0 else 0.0
                grown.append((len(branches), *end))
                branches.append(Branch(f"{family(kind)}[{len(branches)}]", kind, parent, attachment, points))
        parents = grown
        thickness *= children ** (-1.0 / power)
    return Morphology(tuple(branches), name)


def from_points(points: ArrayLike, name: str = "points", kind: str = "dendrite") -> Morphology:
    """One branch through your own points: (n, 4), x, y, z and diameter in µm, or a quantity.

    Raises MorphologyError when a point is not finite or a diameter not positive.

    >>> from_points([[0, 0, 0, 2], [50, 0, 0, 1], [80, 40, 0, 1]])
    Morphology('points': 1 dendrite; 100 µm long, 392.7 µm²)
    """
    array = to_array(points, "um", what=f"the points of {name}")
    return Morphology((Branch(f"{family(kind)}[0]", kind, -1, 0.0, array),), name)


Row = tuple[str, str, str | None, float, ArrayLike]


def from_table(rows: Iterable[Sequence[Any]], name: str = "table") -> Morphology:
    """Branches from rows of (name, kind, name of the parent or None, attachment, points).

    Points are (n, 4): x, y, z and diameter in µm. The parent stands in an earlier row.

    Raises MorphologyError when a row is not complete or its parent is not in an earlier row.

    >>> from_table([
    ...     ("body", "soma", None, 0, [[0, 0, 0, 10], [10, 0, 0, 10]]),
    ...     ("stalk", "axon", "body", 0.5, [[5, 5, 0, 1], [5, 105, 0, 1]]),
    ... ])
    Morphology('table': 1 soma, 1 axon; 110 µm long, 628.3 µm²)
    """
    branches: list[Branch] = []
    numbers: dict[str, int] = {}
    for row in rows:
        if len(row) != 5:
            raise MorphologyError(
                f"Row {len(branches)} of {name!r} has {len(row)} entries. A row is (name, kind, parent, "
                "attachment, points). Write ('dend[0]', 'basal', 'soma[0]', 1.0, [[0, 0, 0, 2], [100, 0, "
                "0, 2]])."
            )
        label, kind, parent, attachment, points = row
        if parent is not None and parent not in numbers:
            raise MorphologyError(
                f"Branch {label!r} of {name!r} grows from {parent!r}, which is in no earlier row. The "
                f"parent of a branch comes before it. {nearest(str(parent), numbers)}"
            )
        number = -1 if parent is None else numbers[parent]
        numbers[str(label)] = len(branches)
        array = to_array(points, "um", what=f"the points of {label}")
        branches.append(Branch(str(label), str(kind), number, float(attachment), array))
    return Morphology(tuple(branches), name)
