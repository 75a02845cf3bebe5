"""Single membranes in Myokit, by CVODES of SUNDIALS: a dense Newton matrix, so no cables and no trees.

The absolute tolerance is the setting; the relative one is a hundred times that, as in Myokit's own default.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import myokit
from measure import Outcome, Settings, UnsupportedError, crossings, summary
from peers import BY_NAME
from workloads import Heart, Membranes, Workload

MODELS = Path(__file__).resolve().parent / "models"
DEFAULT_TOLERANCE = 1e-6
RELATIVE = 100.0


def version() -> str:
    return f"{myokit.__version__}, SUNDIALS {myokit.Sundials.version()}"


def squid(workload: Membranes) -> tuple[Any, Any]:
    """The model, and no protocol: the current is steady."""
    model = myokit.load_model(str(MODELS / "squid_membrane.mmt"))
    model.set_value("membrane.drive", workload.densities[0])
    return model, None


def ventricle(workload: Heart) -> tuple[Any, Any]:
    """The model with its gates at their steady values, and its pulses."""
    model = myokit.load_model(str(MODELS / "ten_tusscher_2006.mmt"))
    model.set_initial_values(
        [
            model.get(f"{state.qname()}_inf").eval() if model.has_variable(f"{state.qname()}_inf") else start
            for state, start in zip(model.states(), model.initial_values(as_floats=True), strict=True)
        ]
    )
    return model, myokit.pacing.blocktrain(workload.period, workload.pulse, offset=workload.first)


class MyokitModel:
    """One model, compiled; the voltage is kept at each step of the solver."""

    def __init__(self, model: Any, protocol: Any, duration: float, tolerance: float) -> None:
        self.duration = duration
        self.simulation = myokit.Simulation(model, protocol)
        self.simulation.set_tolerance(tolerance, RELATIVE * tolerance)
        self.log: Any = None

    def warm(self) -> None:
        self.simulation.run(1.0)

    def reset(self) -> None:
        self.simulation.reset()

    def advance(self) -> None:
        self.log = self.simulation.run(self.duration, log=["engine.time", "membrane.V"])

    def samples(self) -> tuple[Any, Any]:
        return self.log["engine.time"], self.log["membrane.V"]

    def outcome(self) -> Outcome:
        times, voltages = self.samples()
        return summary(crossings(voltages, times))


def build(workload: Workload, settings: Settings) -> MyokitModel:
    # Where the libraries were put when the environment was made.
    myokit.SUNDIALS_INC[:0], myokit.SUNDIALS_LIB[:0] = BY_NAME["myokit"].headers(), BY_NAME["myokit"].libraries()
    if isinstance(workload, Membranes) and workload.compartments == 1:
        model, protocol = squid(workload)
    elif isinstance(workload, Heart):
        model, protocol = ventricle(workload)
    else:
        raise UnsupportedError("Myokit solves one membrane; its solver for cables is explicit")
    return MyokitModel(model, protocol, workload.duration, settings.tolerance or DEFAULT_TOLERANCE)
