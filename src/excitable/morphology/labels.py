"""Names of your own for parts of a morphology."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from ..errors import RequestError
from ..frozen import replace
from .discretise import discretise
from .regions import Region, branch, everywhere
from .rules import per_branch
from .tree import KINDS, Morphology, is_kind


def label(morphology: Morphology, name: str, where: Region | str | Sequence[str]) -> Morphology:
    """The same morphology with one more label: a region, a branch name (* and ? allowed), or several names.

    Use it as `region(name)`.

    Raises RequestError when the name is taken, UnknownNameError when `where` names what the cell lacks.

    >>> from excitable.morphology import balanced_tree, region, select, discretise, per_branch
    >>> tree = label(balanced_tree(3), "trunk", "dend[0]")
    >>> select(region("trunk"), discretise(tree, per_branch(4))).tolist()
    [0, 1, 2, 3]
    """
    taken = [*KINDS, repr(everywhere), *morphology.labels]
    if not name or name in taken or is_kind(name):
        raise RequestError(
            f"The label {name!r} cannot be given to {morphology.name!r}. It is empty, a kind of branch, or "
            f"taken: {', '.join(taken)}. Choose another, such as {name + '_2' if name else 'trunk'!r}."
        )
    if isinstance(where, Region):
        chosen = where
    else:
        names = [where] if isinstance(where, str) else list(where)
        if not names:
            raise RequestError(
                f"The label {name!r} was given to no branch of {morphology.name!r}. It needs a region or "
                f"one name or more. Write label(morphology, {name!r}, 'dend[0]')."
            )
        chosen = reduce(or_, (branch(item) for item in names))
    chosen.mask(discretise(morphology, per_branch(1)))  # a misspelt name is refused now, not at the first run
    return replace(morphology, labels={**morphology.labels, name: chosen})
