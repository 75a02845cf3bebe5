"""How much a recording may take."""

from __future__ import annotations

import os

from ..compiler.memory import Memory
from ..errors import RequestError


def refuse_too_much(memory: Memory, samples: int) -> None:
    """Refuse a recording that would not fit into the memory of this machine.

    Raises RequestError that says how many samples to leave out.
    """
    size = 8 * memory.cells * memory.width * samples
    try:
        room = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        room = 16 << 30
    if size > 0.7 * room:
        raise RequestError(
            f"The recording would take {size / 2**30:.1f} GB: {memory.width} values of {memory.cells} runs, "
            f"{samples} times. "
            f"This machine has {room / 2**30:.0f} GB. Write every={max(2, int(2 * size / room) + 1)}, or record "
            "at fewer "
            "places."
        )
