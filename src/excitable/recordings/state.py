"""Where a run ended, so that another can go on from there as if it had never stopped."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..frozen import field, frozen
from .signal import read_only, same_numbers


def plain(fact: Any) -> Any:
    """`fact` as JSON has it: Python's numbers for NumPy's, lists for tuples, dictionaries."""
    if isinstance(fact, Mapping):
        return {name: plain(each) for name, each in fact.items()}
    if isinstance(fact, (list, tuple)):
        return [plain(each) for each in fact]
    return fact.item() if isinstance(fact, np.generic) else fact


@frozen(eq=False, repr=False)
class State:
    """Everything a run needs to continue, bit for bit: named arrays and a few plain facts.

    Attributes:
        arrays: Name to array, of any numeric type and shape.
        description: Plain facts that JSON can hold: numbers, text, lists and mappings of them.

    >>> import numpy as np
    >>> State({"voltage": np.array([-65.0])}, {"time": 10.0})
    State(voltage (1,) float64; time=10.0)
    """

    arrays: Mapping[str, NDArray[Any]]
    description: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kept = {name: read_only(values, None) for name, values in self.arrays.items()}
        object.__setattr__(self, "arrays", MappingProxyType(kept))
        object.__setattr__(self, "description", MappingProxyType(plain(self.description)))

    def identical(self, other: State) -> bool:
        """Whether every array agrees in type, shape and value, and every fact is the same."""
        return (
            self.arrays.keys() == other.arrays.keys()
            and all(same_numbers(values, other.arrays[name]) for name, values in self.arrays.items())
            and repr(sorted(self.description.items())) == repr(sorted(other.description.items()))
        )

    def __reduce__(self) -> tuple[Any, ...]:
        # A read-only mapping cannot be pickled; the plain ones rebuild it (worker processes need this).
        return State, (dict(self.arrays), dict(self.description))

    def __repr__(self) -> str:
        arrays = ", ".join(f"{name} {array.shape} {array.dtype}" for name, array in self.arrays.items())
        facts = ", ".join(f"{name}={value!r}" for name, value in self.description.items())
        return f"State({arrays}; {facts})"
