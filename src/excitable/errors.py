"""What can go wrong, and whose turn it is to act.

    ExcitableError
    ├── ModelError          your model: a shape, a mechanism, a cell
    │   ├── MorphologyError     a file or a tree that is not a cell
    │   ├── MechanismError      a channel, pump or synapse that is not well posed
    │   └── CellError           a painting or placement that does not fit the cell
    ├── RequestError        your request: a protocol, a probe, an argument of `run`
    │   ├── UnitError           a quantity of the wrong dimension, or not a number
    │   ├── UnknownNameError    a name that nobody has
    │   └── StorageError        a result that could not be written or read
    ├── NumericalError      the numbers blew up; `recording` holds what was computed
    └── InternalError       our bug: please report it

A warning, AccuracyWarning, says that a step is too coarse for the model.

Every message has three sentences: what happened (with the value and your own object), what was
expected, and what to write.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class ExcitableError(Exception):
    """The root of every error that excitable raises on purpose."""


class ModelError(ExcitableError):
    """The model itself cannot be simulated."""


class MorphologyError(ModelError, ValueError):
    """A file or a tree that is not the shape of a cell."""


class MechanismError(ModelError, ValueError):
    """A mechanism that is not well posed."""


class CellError(ModelError, ValueError):
    """A painting or placement that does not fit the cell."""


class RequestError(ExcitableError, ValueError):
    """The model is sound, but what was asked of it cannot be done."""


class UnitError(RequestError):
    """A quantity of the wrong dimension, or not a number."""


class UnknownNameError(RequestError, KeyError, AttributeError):
    """A name that nobody has."""

    def __str__(self) -> str:
        # KeyError would print the message as a quoted representation.
        return str(self.args[0]) if self.args else ""


class StorageError(RequestError, OSError):
    """A result that could not be written or read."""


class NumericalError(ExcitableError, ArithmeticError):
    """The numbers blew up; `recording` holds everything that was computed before."""

    def __init__(self, message: str, recording: Any = None) -> None:
        super().__init__(message)
        self.recording = recording


class AccuracyWarning(UserWarning):
    """A step that is too coarse for the model it is used on."""


class InternalError(ExcitableError):
    """A bug of excitable's own."""


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest spellings of `name`, or lists what is known.

    >>> nearest("conductence", ["conductance", "reversal"])
    "Did you mean 'conductance'?"
    """
    names = list(dict.fromkeys(known))
    close = difflib.get_close_matches(str(name), names, n=3, cutoff=0.6)
    if close:
        return "Did you mean " + " or ".join(repr(c) for c in close) + "?"
    if not names:
        return "There are none to choose from."
    shown = ", ".join(repr(k) for k in names[:12])
    return f"Known are {shown}{' …' if len(names) > 12 else ''}."
