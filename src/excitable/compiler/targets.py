"""Where a program can run. One table: a target is a name, and what binds a program to memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ..frozen import frozen
from .adaptive.interpreter import InterpretedAttempts
from .adaptive.memory import AdaptiveMemory
from .build import Compiled
from .interpreter import Interpreted
from .memory import Memory
from .system import Floats


class Bound(Protocol):
    """A program bound to its memory."""

    def call(self, out: Floats, spikes: Floats, blocks: tuple[int, int], samples: int, every: int, step: int) -> None:
        """Advance a range of blocks."""


@frozen()
class Target:
    """A kind of machine. `bind` makes a program ready to run on a memory."""

    name: str
    bind: Callable[[Memory], Bound]
    threads: bool

    def __repr__(self) -> str:
        return self.name


def _interpreted(memory: Memory) -> Bound:
    return InterpretedAttempts(memory) if isinstance(memory, AdaptiveMemory) else Interpreted(memory)


host = Target("host", Compiled, threads=True)
interpreter = Target("interpreter", _interpreted, threads=False)

TARGETS: dict[str, Target] = {target.name: target for target in (host, interpreter)}
