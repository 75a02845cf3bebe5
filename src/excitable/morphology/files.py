"""Morphologies from files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import MorphologyError, RequestError, nearest
from ..units import to
from .sections import join
from .swc import read_points
from .tree import Morphology


def read_swc(
    path: str | Path, *, minimum_diameter: Any = None, tree: int | None = None, name: str | None = None
) -> Morphology:
    """The cell in an SWC file, with branches, somas and areas as in NEURON.

    Points thinner than `minimum_diameter` (µm, or a quantity) are given that diameter; without it a radius
    of 0 is refused. `tree` chooses one connected piece, from 0, of a file with several. What was odd is
    told in `.report`. The page docs/morphology.md says how each odd thing is understood.

    Raises MorphologyError, naming line, point and remedy, when the file is not one tree of points.

    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "cell.swc"
    >>> _ = path.write_text("1 1 0 0 0 5 -1\\n2 3 5 0 0 1 1\\n3 3 105 0 0 1 2\\n")
    >>> read_swc(path)
    Morphology('cell': 1 soma, 1 basal; 110 µm long, 942.5 µm²; 2 remarks in .report)
    """
    least = None
    if minimum_diameter is not None:
        least = to(minimum_diameter, "um", what="the minimum diameter")
        if not least > 0.0:
            raise MorphologyError(
                f"The minimum diameter is {least:g} µm. It is larger than 0. Write minimum_diameter='0.1 um'."
            )
    points = read_points(path, least, tree)
    return join(points, Path(path).stem if name is None else name)


_READERS = {".swc": read_swc}


def read(path: str | Path, **choices: Any) -> Morphology:
    """The cell in a file, in the format that its suffix says: .swc.

    `choices` are those of the reader: see `read_swc`.

    Raises RequestError for an unknown suffix, MorphologyError for a file that is not a cell.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _READERS:
        raise RequestError(
            f"{str(path)!r} ends in {suffix!r}, which is no known format. Formats are told by the suffix: "
            f"{', '.join(_READERS)}. {nearest(suffix, _READERS)}"
        )
    return _READERS[suffix](path, **choices)
