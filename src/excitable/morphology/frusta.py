"""Length, area, volume and axial factor of truncated cones, and their exact sums over compartments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..frozen import frozen

if TYPE_CHECKING:
    from .tree import Morphology

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def lateral_area(first: Floats, second: Floats, length: Floats) -> Floats:
    """Area of the mantle of a frustum, in µm², from its two diameters and its length in µm.

    A step in diameter (length 0) counts as the ring between the two circles, as in NEURON.

    >>> round(float(lateral_area(np.float64(2), np.float64(2), np.float64(10))), 6)
    62.831853
    """
    slant = np.sqrt(length * length + 0.25 * (second - first) ** 2)
    return np.asarray(0.5 * np.pi * (first + second) * slant)


def enclosed_volume(first: Floats, second: Floats, length: Floats) -> Floats:
    """Volume of a frustum in µm³.

    >>> round(float(enclosed_volume(np.float64(2), np.float64(2), np.float64(10))), 6)
    31.415927
    """
    return np.asarray(np.pi / 12.0 * length * (first * first + first * second + second * second))


def axial_factor(first: Floats, second: Floats, length: Floats) -> Floats:
    """The integral of dx / (π r²) along a frustum, in 1/µm.

    >>> round(float(axial_factor(np.float64(2), np.float64(2), np.float64(np.pi))), 6)
    1.0
    """
    return np.asarray(4.0 / np.pi * length / (first * second))


@frozen(eq=False)
class Halves:
    """Sums over the half-compartments of a morphology, two per compartment, in order along the branches."""

    area: Floats
    volume: Floats
    factor: Floats
    span: Floats  # the integral of the diameter, µm²
    middle: Floats  # (compartments, 3), µm


def integrate(morphology: Morphology, counts: Integers) -> Halves:
    """Cut every branch into `counts` equal compartments; sum each half exactly over its frusta."""
    points, arc, owner = morphology.points, morphology.arc, morphology.owner
    cuts = 2 * counts - 1
    total = int(cuts.sum())
    branch = np.repeat(np.arange(len(counts)), cuts)
    rank = np.arange(1, total + 1) - np.repeat(np.cumsum(cuts) - cuts, cuts)
    fraction = rank / (2.0 * counts)[branch]
    where = fraction * morphology.lengths[branch]

    # Branch number plus relative position puts all points and all cuts on one increasing axis. It only
    # decides between which two points a cut lies; lengths are taken from the exact arc. A cut that falls
    # on a repeated point comes after it, so a step in diameter belongs to the compartment before.
    axis = owner + arc / morphology.lengths[owner]
    left = np.searchsorted(axis, branch + fraction, side="right") - 1
    gap = np.diff(arc, append=0.0)
    gap[gap <= 0.0] = 1.0  # repeated points and ends of branches: no cut lies there
    share = np.minimum((where - arc[left]) / gap[left], 1.0)
    diameters = points[:, 3]

    size = len(points) + total
    cut_slot = left + np.arange(1, total + 1)
    is_point = np.ones(size, dtype=bool)
    is_point[cut_slot] = False
    position, diameter, starts = np.empty(size), np.empty(size), np.ones(size, dtype=bool)
    position[is_point], position[cut_slot] = arc, where
    diameter[is_point] = diameters
    diameter[cut_slot] = diameters[left] + share * np.diff(diameters, append=0.0)[left]
    first_point = np.zeros(len(points), dtype=bool)
    first_point[morphology.offsets[:-1]] = True
    starts[is_point] = first_point
    begin = np.flatnonzero(starts)

    length = np.maximum(np.diff(position), 0.0)
    # A half without points inside has its length from the division: differences of positions would give
    # equal compartments areas that differ in the tenth digit.
    entries = np.ones(2 * int(counts.sum()), dtype=np.int64)
    entries[np.cumsum(2 * counts) - 1] = 2  # the last half of a branch ends in its last point
    single = np.diff(begin, append=size) == entries
    length[begin[single]] = np.repeat(morphology.lengths / (2 * counts), 2 * counts)[single]
    one, two = diameter[:-1], diameter[1:]
    ends = np.flatnonzero(is_point)[morphology.offsets[1:-1] - 1]  # no frustum joins two branches

    def gather(values: Floats) -> Floats:
        values[ends] = 0.0
        return np.asarray(np.add.reduceat(values, begin))

    odd = rank % 2 == 1
    near, along = left[odd], share[odd, None]
    middle = points[near, :3] + along * (points[near + 1, :3] - points[near, :3])
    return Halves(
        area=gather(lateral_area(one, two, length)),
        volume=gather(enclosed_volume(one, two, length)),
        factor=gather(axial_factor(one, two, length)),
        span=gather(0.5 * (one + two) * length),
        middle=middle,
    )
