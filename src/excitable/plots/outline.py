"""A cell as short straight pieces in the plane: what a drawing needs to know of a shape."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..frozen import frozen
from ..morphology import Discretisation, Morphology

Array = NDArray[np.float64]
PLANES = {"xy": (0, 1, 2), "xz": (0, 2, 1), "yz": (1, 2, 0), "yx": (1, 0, 2), "zx": (2, 0, 1), "zy": (2, 1, 0)}


@frozen(eq=False)
class Pieces:
    """Straight pieces of the drawn cell.

    Attributes:
        ends: Both ends of each piece in the plane, µm, shape (n, 2, 2).
        widths: Diameter at both ends, µm, shape (n, 2).
        depth: How near each piece lies to the eye, µm, shape (n,).
        owner: The compartment (or the branch, for a shape that is not cut) of each piece, shape (n,).
        branch: The branch of each piece, shape (n,).
    """

    ends: Array
    widths: Array
    depth: Array
    owner: NDArray[np.int64]
    branch: NDArray[np.int64]


def pieces(shape: Morphology | Discretisation, plane: str) -> Pieces:
    """The pieces of a shape, cut at its points and, where it has compartments, at their borders."""
    whole = shape if isinstance(shape, Morphology) else shape.morphology
    across, up, depth = PLANES[plane]
    found: list[Array] = []
    owners: list[NDArray[np.int64]] = []
    for number, branch in enumerate(whole.branches):
        points = np.asarray(branch.points)
        steps = np.sqrt((np.diff(points[:, :3], axis=0) ** 2).sum(axis=1))
        along = np.concatenate([[0.0], np.cumsum(steps)]) / (steps.sum() or 1.0)
        cuts = along
        if isinstance(shape, Discretisation):
            first, last = int(shape.first[number]), int(shape.first[number + 1])
            cuts = np.unique(np.concatenate([along, shape.start[first:last], [1.0]]))
        # Two points may lie on one spot, with another diameter: that step has no length to draw.
        kept = np.concatenate([[True], np.diff(along) > 0])
        cut = np.column_stack([np.interp(cuts, along[kept], points[kept, k]) for k in range(4)])
        middle = 0.5 * (cuts[1:] + cuts[:-1])
        found.append(np.stack([cut[:-1], cut[1:]], axis=1))
        if isinstance(shape, Discretisation):
            owners.append(first + np.searchsorted(shape.start[first:last], middle, side="right") - 1)
        else:
            owners.append(np.full(middle.size, number))
    both, owner = np.concatenate(found), np.concatenate(owners)
    branches = np.repeat(np.arange(len(found)), [len(each) for each in found])
    return Pieces(both[:, :, [across, up]], both[:, :, 3], both[:, :, depth].mean(axis=1), owner, branches)


def disc(whole: Morphology, plane: str) -> tuple[int, Array, float] | None:
    """A soma given as a point or a short cylinder, as a disc: its branch, its centre in the plane and its radius, µm.

    The ball has the surface of the cylinder. A soma traced in more detail is drawn as it was traced.
    """
    somata = [number for number, branch in enumerate(whole.branches) if branch.kind == "soma"]
    if len(somata) != 1 or len(whole.branches[somata[0]].points) > 3:
        return None
    points = np.asarray(whole.branches[somata[0]].points)
    steps = np.sqrt((np.diff(points[:, :3], axis=0) ** 2).sum(axis=1))
    surface = float((0.5 * (points[1:, 3] + points[:-1, 3]) * steps).sum())
    if steps.sum() > 2.0 * points[:, 3].max():
        return None
    across, up, _ = PLANES[plane]
    centre = 0.5 * (points[0, :3] + points[-1, :3])
    return somata[0], centre[[across, up]], float(np.sqrt(surface / 4.0))
