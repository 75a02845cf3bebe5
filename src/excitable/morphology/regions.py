"""Parts of a cell, described without knowing the cell."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from ..errors import RequestError, UnknownNameError, nearest
from ..frozen import frozen
from ..units import to
from .names import find_branches
from .tree import KINDS, is_kind

if TYPE_CHECKING:
    from .discretise import Discretisation
    from .frusta import Integers

Mask = NDArray[np.bool_]


class Region(ABC):
    """A part of a cell: frozen, hashable, and evaluated only on a discretisation.

    Combine regions with | (either), & (both), - (the first without the second) and ~ (all the rest).

    >>> soma | axon
    soma | axon
    >>> dendrite - radius_less_than("0.5 um")
    dendrite - radius_less_than(0.5)
    """

    @abstractmethod
    def mask(self, discretisation: Discretisation) -> Mask:
        """Which compartments lie in the region: (compartments,) of bool."""

    def __or__(self, other: Region | str) -> Region:
        return _Combined("|", self, as_region(other))

    def __and__(self, other: Region | str) -> Region:
        return _Combined("&", self, as_region(other))

    def __sub__(self, other: Region | str) -> Region:
        return _Combined("-", self, as_region(other))

    def __invert__(self) -> Region:
        return _Outside(self)

    def __bool__(self) -> NoReturn:
        # `soma or axon` would silently mean `soma`.
        raise RequestError(
            f"The region {self!r} was used as true or false. A region has no truth value: `or`, `and` and "
            "`not` cannot combine regions. Write soma | axon, soma & axon, or ~soma."
        )


def _operand(region: Region) -> str:
    return f"({region!r})" if isinstance(region, _Combined) else repr(region)


@frozen(repr=False)
class _Combined(Region):
    sign: str
    first: Region
    second: Region

    def mask(self, discretisation: Discretisation) -> Mask:
        one, two = self.first.mask(discretisation), self.second.mask(discretisation)
        if self.sign == "|":
            return one | two
        return one & (two if self.sign == "&" else ~two)

    def __repr__(self) -> str:
        if self.sign == "|":
            return f"{self.first!r} | {self.second!r}"
        return f"{_operand(self.first)} {self.sign} {_operand(self.second)}"


@frozen(repr=False)
class _Outside(Region):
    inside: Region

    def mask(self, discretisation: Discretisation) -> Mask:
        return ~self.inside.mask(discretisation)

    def __repr__(self) -> str:
        return f"~{_operand(self.inside)}"


@frozen(repr=False)
class _OfKind(Region):
    name: str
    kinds: tuple[str, ...] | None  # None for every kind

    def mask(self, discretisation: Discretisation) -> Mask:
        if self.kinds is None:
            return np.ones(len(discretisation), dtype=bool)
        branches = discretisation.morphology.branches
        return np.array([branch.kind in self.kinds for branch in branches])[discretisation.branch]

    def __repr__(self) -> str:
        return self.name if self.name in _BY_NAME else f"region({self.name!r})"


@frozen(repr=False)
class _Labelled(Region):
    name: str

    def mask(self, discretisation: Discretisation) -> Mask:
        labels = discretisation.morphology.labels
        if self.name not in labels:
            known = [*labels, *_BY_NAME]
            raise UnknownNameError(
                f"Morphology {discretisation.morphology.name!r} has no region {self.name!r}. A region is "
                f"named by a kind of branch or by a label of your own. {nearest(self.name, known)} Write "
                f"label(morphology, {self.name!r}, ...) to make a label, or branch({self.name!r}) for a "
                "branch."
            )
        return labels[self.name].mask(discretisation)

    def __repr__(self) -> str:
        return f"region({self.name!r})"


@frozen(repr=False)
class _OfBranch(Region):
    name: str
    beyond: bool  # with all that grows from it

    def mask(self, discretisation: Discretisation) -> Mask:
        morphology = discretisation.morphology
        inside = np.zeros(len(morphology), dtype=bool)
        inside[find_branches(morphology, self.name)] = True
        if self.beyond:
            for number, parent in enumerate(morphology.parents.tolist()):
                inside[number] |= parent >= 0 and inside[parent]
        return np.asarray(inside[discretisation.branch])

    def __repr__(self) -> str:
        return f"{'subtree' if self.beyond else 'branch'}({self.name!r})"


@frozen(repr=False)
class _Compared(Region):
    comparison: str
    limit: float

    def mask(self, discretisation: Discretisation) -> Mask:
        if self.comparison == "order_at_least":
            return np.asarray(discretisation.order >= self.limit)
        radius = 0.5 * discretisation.diameter
        return np.asarray(radius < self.limit if self.comparison == "radius_less_than" else radius > self.limit)

    def __repr__(self) -> str:
        return f"{self.comparison}({self.limit:g})"


soma: Region = _OfKind("soma", ("soma",))
axon: Region = _OfKind("axon", ("axon",))
basal: Region = _OfKind("basal", ("basal",))
apical: Region = _OfKind("apical", ("apical",))
dendrite: Region = _OfKind("dendrite", ("basal", "apical", "dendrite"))
everywhere: Region = _OfKind("everywhere", None)

_BY_NAME: dict[str, Region] = {
    "soma": soma,
    "axon": axon,
    "basal": basal,
    "apical": apical,
    "dendrite": dendrite,
    "everywhere": everywhere,
}


def region(name: str) -> Region:
    """The region of this name: a kind of branch ("axon", "custom5"), or a label of the morphology.

    >>> region("axon") == axon
    True
    >>> region("trunk") & apical
    region('trunk') & apical
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    return _OfKind(name, (name,)) if is_kind(name) else _Labelled(name)


def as_region(thing: Region | str) -> Region:
    """`thing` itself when it is a region; the region of that name when it is a string.

    Raises RequestError for anything else.
    """
    if isinstance(thing, Region):
        return thing
    if isinstance(thing, str):
        return region(thing)
    raise RequestError(
        f"{thing!r} is not a part of a cell. A region is soma, axon, dendrite, a name, or a combination of "
        "them. Write soma | axon, or region('trunk')."
    )


def branch(name: str) -> Region:
    """The branches of this name; * and ? are wildcards, and "dend" means every dend[...].

    >>> branch("dend[3]") | branch("apic*")
    branch('dend[3]') | branch('apic*')
    """
    return _OfBranch(name, beyond=False)


def subtree(name: str) -> Region:
    """The branches of this name and all that grows from them, away from the root.

    >>> apical & subtree("apic[12]")
    apical & subtree('apic[12]')
    """
    return _OfBranch(name, beyond=True)


def tag(number: int) -> Region:
    """The branches with this type number in an SWC file: 1 soma, 2 axon, 3 basal, 4 apical, others custom.

    >>> tag(2) == axon
    True
    >>> tag(5)
    region('custom5')
    """
    return region(KINDS[number - 1] if 1 <= number <= 4 else f"custom{int(number)}")


def radius_less_than(limit: Any) -> Region:
    """The compartments whose mean radius is below `limit` (µm, or a quantity).

    >>> radius_less_than("1 um")
    radius_less_than(1)
    """
    return _Compared("radius_less_than", to(limit, "um", what="the limit of radius_less_than"))


def radius_greater_than(limit: Any) -> Region:
    """The compartments whose mean radius is above `limit` (µm, or a quantity).

    >>> radius_greater_than(0.5)
    radius_greater_than(0.5)
    """
    return _Compared("radius_greater_than", to(limit, "um", what="the limit of radius_greater_than"))


def order_at_least(least: int) -> Region:
    """The compartments with `least` branches or more between them and the root.

    >>> order_at_least(2)
    order_at_least(2)
    """
    return _Compared("order_at_least", int(least))


def select(region: Region | str, discretisation: Discretisation) -> Integers:
    """The compartments of `region`, in order.

    Raises RequestError when the cell has none, UnknownNameError when a name in it is unknown.

    >>> from excitable.morphology import ball_and_stick, discretise, per_branch
    >>> select(dendrite, discretise(ball_and_stick(), per_branch(3))).tolist()
    [3, 4, 5]
    """
    found = np.flatnonzero(as_region(region).mask(discretisation))
    if not len(found):
        kinds = ", ".join(dict.fromkeys(b.kind for b in discretisation.morphology.branches))
        raise RequestError(
            f"The region {region!r} holds none of the {len(discretisation)} compartments of "
            f"{discretisation.morphology.name!r}. This cell has branches of the kinds {kinds}. Name one of "
            "these, use a wider limit, or cut the cell more finely."
        )
    return found
