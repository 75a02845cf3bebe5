"""Points on a cell, described without knowing the cell."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import RequestError
from ..frozen import frozen
from ..units import to
from .frusta import Floats, Integers
from .names import find_branches
from .regions import Region, as_region, everywhere, select

if TYPE_CHECKING:
    from .discretise import Discretisation


class Location(ABC):
    """One or more points of a cell: frozen, hashable, and evaluated only on a discretisation.

    >>> at("dend[3]", 0.5) | root
    at('dend[3]', 0.5) | root
    """

    @abstractmethod
    def places(self, discretisation: Discretisation) -> tuple[Integers, Floats]:
        """The branch number of each point, and its position on the branch from 0 to 1."""

    def compartments(self, discretisation: Discretisation) -> Integers:
        """The compartment that holds each point: floor(position · n), as in NEURON."""
        return discretisation.compartment_at(*self.places(discretisation))

    def compartment(self, discretisation: Discretisation) -> int:
        """The one compartment that holds the point.

        Raises RequestError when the location means several points.
        """
        found = self.compartments(discretisation)
        if len(found) != 1:
            raise RequestError(
                f"The location {self!r} means {len(found)} points of {discretisation.morphology.name!r}. "
                "One point is needed here. Write at('dend[0]', 0.5), centre(...), distal(...) or "
                "proximal(...)."
            )
        return int(found[0])

    def __or__(self, other: Location) -> Location:
        return _Several(self, as_location(other))


@frozen(repr=False)
class _Several(Location):
    first: Location
    second: Location

    def places(self, discretisation: Discretisation) -> tuple[Integers, Floats]:
        one, two = self.first.places(discretisation), self.second.places(discretisation)
        return np.concatenate([one[0], two[0]]), np.concatenate([one[1], two[1]])

    def __repr__(self) -> str:
        return f"{self.first!r} | {self.second!r}"


@frozen(repr=False)
class _Root(Location):
    def places(self, discretisation: Discretisation) -> tuple[Integers, Floats]:
        return np.array([0]), np.array([0.0])

    def __repr__(self) -> str:
        return "root"


@frozen(repr=False)
class _At(Location):
    """A position on each branch of a name, or on the only or the longest branch of a region."""

    branch: str | Region
    position: float

    def places(self, discretisation: Discretisation) -> tuple[Integers, Floats]:
        if isinstance(self.branch, Region):
            found = np.array([_longest(self.branch, discretisation)[0]])
        else:
            found = find_branches(discretisation.morphology, self.branch)
        return found, np.full(len(found), self.position)

    def __repr__(self) -> str:
        return f"at({self.branch!r}, {self.position:g})"


@frozen(repr=False)
class _OfRegion(Location):
    word: str
    region: Region

    def places(self, discretisation: Discretisation) -> tuple[Integers, Floats]:
        return _PLACES[self.word](self.region, discretisation)

    def __repr__(self) -> str:
        return f"{self.word}({self.region!r})"


def _centre(region: Region, discretisation: Discretisation) -> tuple[Integers, Floats]:
    number, found = _longest(region, discretisation)
    middle = 0.5 * (discretisation.start[found].min() + discretisation.stop[found].max())
    if discretisation.compartment_at(number, middle) not in found:  # the middle is a gap in the region
        middle = discretisation.position[found[np.abs(discretisation.position[found] - middle).argmin()]]
    return np.array([number]), np.array([middle])


def _distal(region: Region, discretisation: Discretisation) -> tuple[Integers, Floats]:
    found = select(region, discretisation)
    chosen = found[[discretisation.distance[found].argmax()]]
    return discretisation.branch[chosen], discretisation.stop[chosen]


def _proximal(region: Region, discretisation: Discretisation) -> tuple[Integers, Floats]:
    found = select(region, discretisation)
    chosen = found[[discretisation.distance[found].argmin()]]
    return discretisation.branch[chosen], discretisation.start[chosen]


def _terminals(region: Region, discretisation: Discretisation) -> tuple[Integers, Floats]:
    branches = discretisation.morphology.branches
    tip = np.ones(len(branches), dtype=bool)
    for item in branches[1:]:
        # A soma whose branches leave from its middle has a free end, yet nobody calls it a terminal.
        if item.attachment == 1.0 or branches[item.parent].kind == "soma":
            tip[item.parent] = False
    found = np.flatnonzero(tip & region.mask(discretisation)[discretisation.first[1:] - 1])
    if not len(found):
        raise RequestError(
            f"No branch of {discretisation.morphology.name!r} ends in the region {region!r}. A terminal is "
            "the free end of a branch. Write terminals(everywhere) for all of them."
        )
    return found, np.ones(len(found))


def _each(region: Region, discretisation: Discretisation) -> tuple[Integers, Floats]:
    found = select(region, discretisation)
    return discretisation.branch[found], discretisation.position[found]


_PLACES = {
    "centre": _centre,
    "distal": _distal,
    "proximal": _proximal,
    "terminals": _terminals,
    "each": _each,
}


def _longest(region: Region, discretisation: Discretisation) -> tuple[int, Integers]:
    """The branch with the greatest length in the region, and its compartments there."""
    found = select(region, discretisation)
    held = np.bincount(discretisation.branch[found], weights=discretisation.length[found])
    # Branches of equal length differ in the last digit; the first of them is meant.
    number = int(np.flatnonzero(held >= held.max() * (1 - 1e-9))[0])
    return number, found[discretisation.branch[found] == number]


root: Location = _Root()


def at(branch: str | Region, position: Any = 0.5) -> Location:
    """A position from 0 (start) to 1 (end) on a branch; of a region, on its only or its longest branch.

    A name that fits several branches means that position on each of them.

    Raises RequestError when the position is not between 0 and 1.

    >>> at("axon[0]", 1)
    at('axon[0]', 1)
    """
    fraction = to(position, "1", what=f"the position on {branch}")
    if not 0.0 <= fraction <= 1.0:
        raise RequestError(
            f"The position on {branch} is {fraction:g}. A position is a fraction of the branch, from 0 "
            f"(start) to 1 (end). Write at({branch!r}, 0.5) for the middle."
        )
    return _At(branch, fraction)


def centre(region: Region | str) -> Location:
    """The middle of a region: of its only branch, or of the branch with most of it when there are several.

    >>> centre("soma")
    centre(soma)
    """
    return _OfRegion("centre", as_region(region))


def distal(region: Region | str) -> Location:
    """The far end of a region: the end of the compartment with the greatest path distance from the root.

    >>> distal("axon")
    distal(axon)
    """
    return _OfRegion("distal", as_region(region))


def proximal(region: Region | str) -> Location:
    """The near end of a region: the start of the compartment with the least path distance from the root.

    >>> proximal("axon")
    proximal(axon)
    """
    return _OfRegion("proximal", as_region(region))


def terminals(region: Region | str = everywhere) -> Location:
    """The free ends of the branches that end in a region.

    >>> terminals("axon")
    terminals(axon)
    """
    return _OfRegion("terminals", as_region(region))


def each(region: Region | str) -> Location:
    """The centre of every compartment of a region.

    >>> each("axon")
    each(axon)
    """
    return _OfRegion("each", as_region(region))


def as_location(thing: Location | Region | str) -> Location:
    """`thing` itself when it is a location; the centre of it when it is a region or the name of one.

    Raises RequestError for anything else.

    >>> from excitable.morphology import soma
    >>> as_location(soma)
    centre(soma)
    """
    if isinstance(thing, Location):
        return thing
    if isinstance(thing, Region | str):
        return centre(thing)
    raise RequestError(
        f"{thing!r} is not a place on a cell. A location is at, centre, distal, proximal, terminals, each "
        "or root. Write at('soma', 0.5), or a region to mean its centre."
    )
