"""Numbers that describe a shape."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..errors import RequestError
from ..units import to_array
from .frusta import Integers
from .tree import Morphology


def summary(morphology: Morphology) -> dict[str, Any]:
    """The usual numbers of a morphology, by name; lengths in µm, areas in µm², volumes in µm³.

    `branches` counts by kind; `tips` are branches that nothing grows from; `reach` is the longest path
    from the start of the root; `extent` the size along x, y and z, without the thickness of the branches.

    >>> from excitable.morphology import balanced_tree
    >>> numbers = summary(balanced_tree(3))
    >>> numbers["branches"], numbers["tips"], numbers["largest_order"], numbers["reach"]
    ({'dendrite': 15}, 8, 3, 400.0)
    """
    corners = morphology.points[:, :3]
    return {
        "branches": dict(Counter(branch.kind for branch in morphology)),
        "tips": len(morphology) - len(set(morphology.parents[1:].tolist())),
        "largest_order": int(morphology.orders.max()),
        "length": morphology.length,
        "area": morphology.area,
        "volume": morphology.volume,
        "reach": float((morphology.starts + morphology.lengths).max()),
        "extent": tuple((corners.max(axis=0) - corners.min(axis=0)).tolist()),
    }


def sholl(morphology: Morphology, radii: ArrayLike, centre: ArrayLike | None = None) -> Integers:
    """How many neurites cross spheres of the given radii (µm, or quantities): (radii,).

    The spheres lie round `centre` (x, y, z), the middle of the first branch unless given; branches of the
    soma are not counted, nor a stretch between two points that only grazes a sphere.
    Source: Sholl, J. Anat. 87:387 (1953).

    Raises RequestError when the centre is not one point.

    >>> from excitable.morphology import balanced_tree
    >>> sholl(balanced_tree(3), [50, 150, 250], centre=(0, 0, 0)).tolist()
    [1, 2, 4]
    """
    spheres = np.atleast_1d(to_array(radii, "um", what="the radii of sholl"))
    middle = morphology.coordinates(0, 0.5)[0]
    if centre is not None:
        middle = to_array(centre, "um", what="the centre of sholl")
    if middle.shape != (3,):
        raise RequestError(
            f"The centre of sholl has the shape {middle.shape}. It is one point in space. Write centre=(0, 0, 0)."
        )
    away = np.sqrt(((morphology.points[:, :3] - middle) ** 2).sum(axis=1))
    neurite = np.array([branch.kind != "soma" for branch in morphology])[morphology.owner]
    stretch = (morphology.owner[1:] == morphology.owner[:-1]) & neurite[1:]
    near, far = np.minimum(away[1:], away[:-1])[stretch], np.maximum(away[1:], away[:-1])[stretch]
    # Stretches that begin within the sphere, less those that end within it.
    near.sort()
    far.sort()
    return np.searchsorted(near, spheres, side="left") - np.searchsorted(far, spheres, side="left")
