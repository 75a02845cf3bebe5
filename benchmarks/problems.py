"""What the work-precision diagrams measure: problems, the ways to solve them, and their settings. No engine here."""

from __future__ import annotations

import math
from dataclasses import dataclass

from workloads import THRESHOLD, WORKLOADS, Heart, Membranes, Workload

# Within these of the converged solution an answer counts as good: spike times (µs) and peaks (mV).
TIME_WANTED, PEAK_WANTED = 10.0, 0.1
# So many times less time the default needs than the fastest peer, and the adaptive method than CVODE in NEURON.
DEFAULT_WANTED, ADAPTIVE_WANTED = 6.0, 3.0


@dataclass(frozen=True)
class Problem:
    """A workload whose voltage is read at one place; `claimed` says whether the promised ratios are about it.

    fall: a spike ends where the voltage falls through this (mV).  lasting: within this of the converged solution its
    duration counts as good (µs).  families: the engines for which it is written; all where none is named.
    """

    name: str
    words: str
    workload: Workload
    claimed: bool = True
    fall: float = THRESHOLD
    lasting: float = math.inf
    families: tuple[str, ...] = ()


PROBLEMS = {
    problem.name: problem
    for problem in (
        Problem("axon", "squid axon: a cable of 1000 compartments, eight conducted spikes", WORKLOADS["W3"]),
        Problem("tree", "branched cell: 508 compartments, eight spikes", WORKLOADS["W4"]),
        Problem("membrane", "squid membrane: one compartment, fourteen spikes",
                Membranes("membrane", (10.0,), duration=200.0), claimed=False),
        Problem("heart", "cardiac cell: ten Tusscher & Panfilov 2006, epicardial, ten beats", Heart("heart", 10),
                claimed=False, fall=-70.0, lasting=200.0, families=("excitable", "myokit")),
    )
}  # fmt: skip


def halved(first: float, count: int) -> tuple[float, ...]:
    """A step (ms) and its halves."""
    return tuple(first / 2**k for k in range(count))


def tenths(first: int, last: int) -> tuple[float, ...]:
    """Tolerances, two for each power of ten, from 10^first to 10^last."""
    return tuple(10.0 ** (-k / 2) for k in range(-2 * first, -2 * last + 1))


# The finest first-order steps are there because nothing coarser meets what is wanted.
FIRST_ORDER, SECOND_ORDER = halved(0.025, 7), halved(0.1, 6)


@dataclass(frozen=True)
class Way:
    """An engine with a method: `values` are its steps (ms), or its tolerances where `order` is None.

    The converged solution of a family is that of its `limit`: all ways of a family solve the same equations on
    the same compartments.  drawn: whether it has a line in the figure.  usual: the
    setting of someone who does not set it.  installed: whether it needs no compiler of the user's own.
    """

    engine: str
    words: str
    order: int | None
    values: tuple[float, ...]
    limit: bool = False
    drawn: bool = True
    usual: float = 0.025
    installed: bool = True

    @property
    def comparable(self) -> bool:
        """Whether it solves the equations themselves, and not with rates from a table."""
        return self.family != "neuron" or "exact" in self.engine or "native" in self.engine

    @property
    def family(self) -> str:
        name = self.engine.partition(":")[0]
        return "neuron" if name == "coreneuron" else name


WAYS = (
    Way("excitable", "excitable, default", 2, SECOND_ORDER, limit=True),
    Way("excitable:adaptive", "excitable, adaptive", None, tenths(-2, -7), usual=1e-4),
    Way("excitable:euler", "excitable, backward Euler", 1, FIRST_ORDER),
    Way("neuron", "NEURON, default", 1, FIRST_ORDER[:5]),
    Way("neuron:second", "NEURON, second order", 2, SECOND_ORDER),
    Way("neuron:second+exact", "NEURON, second order, no table", 2, SECOND_ORDER, limit=True),
    Way("neuron:cvode", "NEURON, CVODE", None, tenths(-1, -6), drawn=False, usual=1e-3),
    Way("neuron:cvode+exact", "NEURON, CVODE, no table", None, tenths(-1, -6), usual=1e-3),
    Way("coreneuron:second", "CoreNEURON, second order", 2, SECOND_ORDER),
    Way("coreneuron:second+exact", "CoreNEURON, second order, no table", 2, SECOND_ORDER, drawn=False),
    Way("coreneuron:second+native", "CoreNEURON, second order, compiled here", 2, SECOND_ORDER, installed=False),
    Way("arbor", "Arbor", 1, FIRST_ORDER, limit=True),
    Way("jaxley", "Jaxley", 1, FIRST_ORDER),
    Way("jaxley:second", "Jaxley, Crank-Nicolson", 2, SECOND_ORDER, limit=True),
    Way("brian2", "Brian 2, C++", 1, FIRST_ORDER, limit=True),
    Way("myokit", "Myokit, CVODES", None, tenths(-4, -9), limit=True, usual=1e-6),
)  # fmt: skip
BY_ENGINE = {way.engine: way for way in WAYS}
