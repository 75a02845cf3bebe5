"""The error of an adaptive run, by a run at a smaller tolerance, and runs that choose the tolerance by it."""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import RequestError
from ...frozen import replace
from ...methods.rosenbrock import Adaptive
from ...recordings import Recording
from ...recordings.error_statement import ErrorStatement, compare
from ..request import Request, perform

# A tolerance so many times smaller makes errors as much smaller; less than that is counted on.
FINER = 10.0
COUNTED = 5.0
FIRST, SMALLEST = 1e-3, 1e-11


def within(request: Request, limits: Mapping[str, float]) -> tuple[Recording, ErrorStatement, float]:
    """The run whose stated error is within the limits, its statement, and the seconds spent on the search.

    Raises RequestError where no tolerance of the method is small enough.
    """
    asked: Adaptive = request.method  # type: ignore[assignment]
    method, spent, coarse = replace(asked, tolerance=max(asked.tolerance, FIRST)), 0.0, None
    while True:
        fine = perform(replace(request, method=method))
        spent += float(fine.description["seconds"])
        if not fine.complete:
            return fine, ErrorStatement({}, {}, {}, 0.0, 0), spent
        if coarse is not None:
            statement = state(coarse, fine, of_fine=True)
            if statement.within(limits):
                return fine, statement, spent
        coarse, method = fine, replace(method, tolerance=method.tolerance / FINER)
        if method.tolerance < SMALLEST:
            break
    raise RequestError(
        f"The tolerance {dict(limits)} was not met with steps of relative error {method.tolerance * FINER:.1g}. It "
        "lies below what rounding leaves. Write a larger tolerance, or look for a threshold that is only just reached."
    )


def finer(method: Adaptive) -> Adaptive:
    """The method whose result shows the error of this one."""
    return replace(method, tolerance=max(method.tolerance / FINER, 1e-12))


def state(coarse: Recording, fine: Recording, *, of_fine: bool) -> ErrorStatement:
    """The error of either of two runs whose tolerances are a factor `FINER` apart."""
    return compare(coarse, fine, order=1, ratio=COUNTED, of_fine=of_fine)
