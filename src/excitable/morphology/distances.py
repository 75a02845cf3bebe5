"""Path distances along the tree, from the root or from any place, and the regions they bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import RequestError
from ..frozen import frozen
from ..units import to
from .frusta import Floats
from .places import Location, as_location, root
from .regions import Mask, Region

if TYPE_CHECKING:
    from .discretise import Discretisation


def path_distance(discretisation: Discretisation, origin: Location | Region | str = root) -> Floats:
    """Distance of every compartment's centre from `origin`, along the branches: (compartments,), µm.

    A region as the origin means its centre. With several places the nearest counts.

    >>> from excitable.morphology import ball_and_stick, discretise, per_branch
    >>> path_distance(discretise(ball_and_stick(), per_branch(2)), "soma").tolist()
    [5.0, 5.0, 60.0, 160.0]
    """
    places = as_location(origin).places(discretisation)
    from_each = [
        _from_place(discretisation, number, position)
        for number, position in zip(places[0].tolist(), places[1].tolist(), strict=True)
    ]
    return np.asarray(np.minimum.reduce(from_each))


def _from_place(discretisation: Discretisation, number: int, position: float) -> Floats:
    morphology = discretisation.morphology
    parents, starts = morphology.parents.tolist(), morphology.starts.tolist()
    here = starts[number] + position * float(morphology.lengths[number])
    # For each branch, how far from the root the paths to it and to the origin part.
    parting: dict[int, float] = {number: here}
    below, above = number, parents[number]
    while above >= 0:
        parting[above] = starts[below]
        below, above = above, parents[above]
    for branch, parent in enumerate(parents):
        if branch not in parting:
            parting[branch] = min(starts[branch], parting[parent])
    shared = np.array([parting[branch] for branch in range(len(parents))])[discretisation.branch]
    distance = discretisation.distance
    return np.asarray(here + distance - 2.0 * np.minimum(distance, shared))


@frozen(repr=False)
class _Within(Region):
    low: float
    high: float
    origin: Location

    def mask(self, discretisation: Discretisation) -> Mask:
        distance = discretisation.distance
        if self.origin != root:
            distance = path_distance(discretisation, self.origin)
        return np.asarray((distance >= self.low) & (distance < self.high))

    def __repr__(self) -> str:
        origin = "" if self.origin == root else f", origin={self.origin!r}"
        if self.high == np.inf:
            return f"distance_greater_than({self.low:g}{origin})"
        if self.low == 0.0:
            return f"distance_less_than({self.high:g}{origin})"
        return f"distance_between({self.low:g}, {self.high:g}{origin})"


def distance_less_than(limit: Any, origin: Location | Region | str = root) -> Region:
    """Compartments whose centre is less than `limit` (µm, or a quantity) along the branches from `origin`.

    >>> distance_less_than("0.1 mm")
    distance_less_than(100)
    """
    return _Within(0.0, to(limit, "um", what="the limit of distance_less_than"), as_location(origin))


def distance_greater_than(limit: Any, origin: Location | Region | str = root) -> Region:
    """Compartments whose centre is `limit` (µm, or a quantity) or more along the branches from `origin`.

    >>> distance_greater_than(100, origin="soma")
    distance_greater_than(100, origin=centre(soma))
    """
    return _Within(to(limit, "um", what="the limit of distance_greater_than"), np.inf, as_location(origin))


def distance_between(low: Any, high: Any, origin: Location | Region | str = root) -> Region:
    """The compartments whose centre is from `low` to below `high` (µm, or quantities) along the branches.

    Raises RequestError when `high` is not above `low`.

    >>> distance_between(100, 200)
    distance_between(100, 200)
    """
    near = to(low, "um", what="the lower limit of distance_between")
    far = to(high, "um", what="the upper limit of distance_between")
    if not far > near:
        raise RequestError(
            f"distance_between was given {near:g} and {far:g} µm. The second distance is larger than the "
            f"first. Write distance_between({far:g}, {near:g})."
        )
    return _Within(near, far, as_location(origin))
