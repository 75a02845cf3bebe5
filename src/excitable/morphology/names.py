"""Branches found by name: exact, by wildcard, or by the part before the bracket."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from ..errors import UnknownNameError, nearest
from .frusta import Integers

if TYPE_CHECKING:
    from .tree import Morphology


def find_branches(morphology: Morphology, name: str) -> Integers:
    """The numbers of the branches that `name` means, in order.

    "dend[3]" is one branch; "dend*" and "dend[?]" are all that fit (brackets stand for themselves);
    "dend" is every branch called dend[...].

    Raises UnknownNameError, with the nearest spellings, when no branch fits.

    >>> from excitable.morphology import ball_and_stick
    >>> find_branches(ball_and_stick(), "d*").tolist()
    [1]
    """
    if name in morphology.index:
        return np.array([morphology.index[name]])
    if "*" in name or "?" in name:
        text = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in name)
    else:
        text = re.escape(name) + r"\[.*\]"
    pattern = re.compile(text)
    found = [number for known, number in morphology.index.items() if pattern.fullmatch(known)]
    if not found:
        families = [known.partition("[")[0] for known in morphology.index]
        raise UnknownNameError(
            f"Morphology {morphology.name!r} has no branch {name!r}. A branch is named exactly, such as "
            f"{morphology.branches[0].name!r}, or with the wildcards * and ?. "
            f"{nearest(name, [*families, *morphology.index])}"
        )
    return np.array(found)
