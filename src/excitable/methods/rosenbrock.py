"""Rosenbrock methods with an embedded estimate: tables of coefficients, and the method that chooses its own step.

With the exact Jacobian J of y' = f(t, y), the stages of one step h solve

    (1 / (γ h) - J) u_i = f(t + α_i h, y + Σ_j a_ij u_j) + Σ_j c_ij u_j / h + γ_i h ∂f/∂t,      i = 1 … s

and y + Σ m_i u_i is the new value, Σ e_i u_i an estimate of its error: Hairer & Wanner, Solving Ordinary Differential
Equations II (2nd ed., 1996), §IV.7, eqs 7.4 and 7.25 for this form, which needs no product with J.
"""

from __future__ import annotations

from ..errors import RequestError
from ..frozen import frozen

Row = tuple[float, ...]


@frozen()
class Tableau:
    """The coefficients of a Rosenbrock method; `order` is that of the new value, the estimate is one lower."""

    name: str
    order: int
    gamma: float
    a: tuple[Row, ...]
    c: tuple[Row, ...]
    m: Row
    e: Row
    alpha: Row
    gammas: Row

    @property
    def stages(self) -> int:
        """The number of stages."""
        return len(self.m)

    def same_point(self, stage: int) -> int | None:
        """The earliest stage that evaluates f where `stage` does, if there is one."""
        for earlier in range(stage):
            rows = [tuple(self.a[k]) + (0.0,) * (self.stages - len(self.a[k])) for k in (earlier, stage)]
            if rows[0] == rows[1] and self.alpha[earlier] == self.alpha[stage]:
                return earlier
        return None


# Sandu, Verwer, Blom, Spee, Carmichael & Potra 1997, Atmos Environ 31:3459, table 2: L-stable, two evaluations a step.
ROS3 = Tableau(
    "ROS3",
    3,
    0.43586652150845899941601945119356,
    ((), (1.0,), (1.0, 0.0)),
    (
        (),
        (-1.0156171083877702091975600115545,),
        (4.0759956452537699824805835358067, 9.2076794298330791242156818474003),
    ),
    (1.0, 6.1697947043828245592553615689730, -0.42772256543218573326238373806514),
    (0.5, -2.9079558716805469821718236208017, 0.22354069897811569627360909276199),
    (0.0, 0.43586652150845899941601945119356, 0.43586652150845899941601945119356),
    (0.43586652150845899941601945119356, 0.24291996454816804366592249683314, 2.1851380027664058511513169485832),
)

_RODAS4_LAST = (1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950)
# Hairer & Wanner 1996, §VI.4, the code RODAS: stiffly accurate, order 4 also where some equations are algebraic.
RODAS4 = Tableau(
    "RODAS4",
    4,
    0.25,
    (
        (),
        (1.544,),
        (0.9466785280815826, 0.2557011698983284),
        (3.314825187068521, 2.896124015972201, 0.9986419139977817),
        _RODAS4_LAST,
        (*_RODAS4_LAST, 1.0),
    ),
    (
        (),
        (-5.6688,),
        (-2.430093356833875, -0.2063599157091915),
        (-0.1073529058151375, -9.594562251023355, -20.47028614809616),
        (7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160),
        (8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054),
    ),
    (*_RODAS4_LAST, 1.0, 1.0),
    (0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
    (0.0, 0.386, 0.21, 0.63, 1.0, 1.0),
    (0.25, -0.1043, 0.1035, -0.0362000000000023, 0.0, 0.0),
)

# Tolerances at which the cheaper table is the faster one.
CHEAP = 1e-5
TABLEAUX = {table.name: table for table in (ROS3, RODAS4)}


@frozen()
class Adaptive:
    """Steps as long as the wanted error of each allows, chosen for every run of a sweep by itself.

    tolerance: the error that one step may make, relative: 1 means 100 mV for voltages, the whole range of a gate, and
    100 % of any other state.  largest: the longest step, ms.  tableau: "ROS3" (third order, cheap) or "RODAS4"
    (fourth); without it the first where the tolerance is 1e-5 or more, the second below: each is then the faster one.

    >>> Adaptive(tolerance=1e-6)
    adaptive(tolerance=1e-06)

    Raises RequestError for a tolerance outside 1e-12 … 0.1, a step that is not positive, or an unknown tableau.
    """

    tolerance: float = 1e-4
    largest: float = float("inf")
    tableau: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.tolerance, (int, float)) or not 1e-12 <= self.tolerance <= 0.1:
            raise RequestError(
                f"The adaptive method was given tolerance={self.tolerance!r}. It is the relative error of one step, a "
                "number between 1e-12 and 0.1. Write Adaptive(tolerance=1e-5)."
            )
        if not self.largest > 0.0:
            raise RequestError(
                f"The adaptive method was given largest={self.largest!r}. It is the longest step in ms, and positive. "
                "Write Adaptive(largest=1.0)."
            )
        if self.tableau is not None and self.tableau not in TABLEAUX:
            raise RequestError(
                f"The adaptive method was given tableau={self.tableau!r}. The tableaux are {', '.join(TABLEAUX)}. "
                "Write Adaptive(tableau='RODAS4')."
            )

    @property
    def name(self) -> str:
        """What recordings call the method."""
        return "adaptive"

    @property
    def table(self) -> Tableau:
        """The coefficients."""
        return TABLEAUX[self.tableau or ("ROS3" if self.tolerance >= CHEAP else "RODAS4")]

    @property
    def order(self) -> int:
        """The power of the step with which errors shrink."""
        return self.table.order

    def __repr__(self) -> str:
        return f"adaptive(tolerance={self.tolerance:g})"


adaptive = Adaptive()
