"""A program to a kernel that runs: from this process, from the disk, or written now."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from ..errors import InternalError
from ..frozen import frozen
from . import cache
from .adaptive.program import AdaptiveProgram
from .llvm.attempts import AttemptKernel
from .llvm.build import compile_text, load, processor
from .llvm.kernel import Kernel, Shape, Slots
from .memory import Memory
from .program import Program
from .system import Floats


@frozen(eq=False)
class Built:
    """Machine code ready to run, and the names of the entries of its two tables."""

    run: Callable[..., None]
    slots: Slots
    engine: Any


class Compiled:
    """A kernel bound to a memory: the host target."""

    def __init__(self, memory: Memory) -> None:
        self.memory, self.built = memory, build(memory.plan.program, memory.shape)

    def call(self, out: Floats, spikes: Floats, blocks: tuple[int, int], samples: int, every: int, step: int) -> None:
        """Advance a range of blocks: `samples` samples, each followed by `every` steps, from step `step`."""
        memory = self.memory
        layout, uniform = memory.tables(self.built.slots)
        arrays = (memory.arena, memory.shared, uniform, layout, memory.index, out, spikes)
        self.built.run(*(a.ctypes.data for a in arrays), *blocks, samples, every, step)


_ready: OrderedDict[str, Built] = OrderedDict()
KEPT = 64


def build(program: Program | AdaptiveProgram, shape: Shape) -> Built:
    """The kernel of a program for a shape; made once for each content, processor and version."""
    here = processor()
    name = cache.key(program.digest(), repr(shape), here.triple, here.name, here.features)
    found = _ready.get(name)
    if found is None:
        found = _ready[name] = _from_disk(name) or _made(name, program, shape)
        while len(_ready) > KEPT:
            _ready.popitem(last=False)
    _ready.move_to_end(name)
    return found


def assembly(program: Program | AdaptiveProgram, shape: Shape) -> str:
    """The kernel of a program as LLVM assembly, to read or to compare."""
    return _kernel(program, shape).write()


def _kernel(program: Program | AdaptiveProgram, shape: Shape) -> Kernel | AttemptKernel:
    fused = processor().fused
    if isinstance(program, AdaptiveProgram):
        return AttemptKernel(program, shape, fused)
    return Kernel(program, shape, fused)


def _from_disk(name: str) -> Built | None:
    entry = cache.look_up(name)
    if entry is None:
        return None
    code, names = entry
    try:
        run, engine = load(code)
        slots = Slots(*({key: k for k, key in enumerate(names[table])} for table in ("layout", "uniform")))
    except (RuntimeError, KeyError, TypeError, InternalError):
        return None
    return Built(run, slots, engine)


def _made(name: str, program: Program | AdaptiveProgram, shape: Shape) -> Built:
    kernel = _kernel(program, shape)
    code = compile_text(kernel.write())
    slots = kernel.slots
    cache.store(name, code, {"layout": list(slots.layout), "uniform": list(slots.uniform)})
    run, engine = load(code)
    return Built(run, slots, engine)
