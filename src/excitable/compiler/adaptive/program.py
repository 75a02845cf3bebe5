"""The program of an attempted step that an adaptive method takes, for every cell of a block by itself.

For every block of cells, as long as one of its cells has somewhere to go, the phases are

    begin        step, window and pole of each cell
    hold         clamped voltages stand at their command
    points       what is injected: at the start, and as each stage needs it
    stages       for each: where it looks, one pass a kind, junctions, clamped rows, the tree
    last         new states beside the old ones, and the largest error of each cell
    control      accepted or not, the next step, what turns an edge
    record       a row for each cell whose step was accepted, before it is taken
    commit       the new values where accepted

What belongs to a cell and changes in time has the extent LANE.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from ...frozen import frozen
from ..program import Pass, spelled

# What a cell keeps from attempt to attempt, in its part of the arena.
LANES = (
    "t", "next_t", "h", "step", "pole", "window", "error", "edge", "edge_number", "looking", "arrives", "accepted",
    "turned", "rejected", "stuck", "record",
)  # fmt: skip


@frozen(eq=False)
class Stage:
    """One stage: where it looks (over all nodes, absent where that is the voltage itself), and a pass for each kind."""

    nodes: Pass | None
    membranes: tuple[Pass, ...]


@frozen(eq=False)
class AdaptiveProgram:
    """Everything a target needs to write a kernel of attempted steps."""

    begin: Pass
    hold: tuple[Pass, ...]
    points: tuple[Pass, ...]
    stages: tuple[Stage, ...]
    last: tuple[Pass, ...]
    control: Pass
    commit: tuple[Pass, ...]
    commit_nodes: Pass
    solve: bool

    def parts(self) -> Iterator[tuple[Pass, str]]:
        """Every pass, and over what it goes: "cell", "nodes", "kind0" …, or the name of a list of points."""
        yield self.begin, "cell"
        yield from ((part, part.name) for part in (*self.hold, *self.points))
        for stage in self.stages:
            if stage.nodes is not None:
                yield stage.nodes, "nodes"
            yield from ((part, f"kind{k}") for k, part in enumerate(stage.membranes))
        yield from ((part, f"kind{k}") for k, part in enumerate(self.last))
        yield self.control, "cell"
        yield from ((part, f"kind{k}") for k, part in enumerate(self.commit))
        yield self.commit_nodes, "nodes"

    def digest(self) -> str:
        """A text that is the same for programs that make the same kernel, and no others."""
        text = hashlib.sha256(f"adaptive {self.solve} {len(self.hold)} {len(self.points)}\n".encode())
        for part, domain in self.parts():
            text.update(f"{domain} {[(s.extent.value, s.array) for s, _ in part.writes]}\n".encode())
            for line in spelled(part.name, part.reads, [e for _, e in part.writes]):
                text.update(f"{line}\n".encode())
        return text.hexdigest()
