"""The ceiling as an engine, for single compartments; and the proof of technique, where its file is given.

The variant is the number of lanes. `proof:16` runs the kernel of the file named by EXCITABLE_PROOF.
"""

from __future__ import annotations

import importlib.util
import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import llvmlite
import numpy as np
from ceiling import WIDTHS, compile_kernel, resting_state
from measure import Outcome, Settings, UnsupportedError
from numpy.typing import NDArray
from workloads import Membranes, Workload, steps

DEFAULT_WIDTH = 16


def version() -> str:
    return f"llvmlite {llvmlite.__version__}"


def proof_kernel(width: int) -> tuple[Any, Any]:
    """The function of the independent proof and the object that keeps its machine code."""
    path = os.environ.get("EXCITABLE_PROOF", "")
    if not Path(path).is_file():
        raise UnsupportedError("set EXCITABLE_PROOF to the file of the proof")
    description = importlib.util.spec_from_file_location("proof", path)
    if description is None or description.loader is None:
        raise UnsupportedError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(description)
    description.loader.exec_module(module)
    function, kept = module.host(width)
    return function, kept


class CeilingModel:
    """Blocks of lanes; threads each take a share of the blocks."""

    def __init__(self, workload: Membranes, settings: Settings, width: int) -> None:
        self.workload, self.width, self.threads = workload, width, settings.threads
        densities = np.array(workload.densities)
        # One cell is copied into all lanes: a block costs the same however many of its lanes are wanted.
        self.current = np.resize(densities, (-(-len(densities) // width), width))
        self.spikes = np.zeros_like(self.current)
        self.state = resting_state(len(self.current), width)
        self.proof = proof_kernel(width) if settings.engine == "proof" else None
        self.kernel = compile_kernel(width)
        self.pool = ThreadPoolExecutor(self.threads)

    def warm(self) -> None:
        self.step(slice(None), 100)

    def reset(self) -> None:
        self.state[:] = resting_state(*self.current.shape)

    def step(self, part: slice, count: int) -> None:
        state, current = self.state[part], self.current[part]
        if self.proof is not None:
            self.proof[0](state.ctypes.data, current.ctypes.data, len(state), count, self.workload.dt)
        else:
            self.kernel.run(state, current, self.spikes[part], count, self.workload.dt)

    def advance(self) -> None:
        count = steps(self.workload)
        if self.threads == 1:
            self.step(slice(None), count)
            return
        edges = np.linspace(0, len(self.state), self.threads + 1).astype(int)
        parts = [slice(a, b) for a, b in pairwise(edges)]
        list(self.pool.map(lambda part: self.step(part, count), parts))

    def outcome(self) -> Outcome:
        """Counted in a second run by a kernel that counts: the timed one does nothing but step."""
        spikes: NDArray[np.float64] = np.zeros_like(self.current)
        state = resting_state(*self.current.shape)
        compile_kernel(self.width, counting=True).run(
            state, self.current, spikes, steps(self.workload), self.workload.dt
        )
        return Outcome(spikes=int(spikes.ravel()[: self.workload.compartments].sum()))


def build(workload: Workload, settings: Settings) -> CeilingModel:
    if not isinstance(workload, Membranes):
        raise UnsupportedError("the ceiling has single compartments only")
    width = int(settings.variant or DEFAULT_WIDTH)
    if width not in WIDTHS:
        raise UnsupportedError(f"lanes are one of {WIDTHS}")
    if settings.engine == "proof" and width == 1 and workload.compartments > 1:
        raise UnsupportedError("the proof is measured with vectors; one lane is for one compartment")
    return CeilingModel(workload, settings, width)
