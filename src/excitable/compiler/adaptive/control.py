"""What each cell decides by itself: how far to step, whether to accept, and when to turn an edge.

A cell that has arrived at an edge first looks at it from the left, which leaves a row with the rates there, and then
goes on to its right. The factors are those of Hairer & Wanner 1996, §IV.8: safety 0.9, no growth after a rejection.
"""

from __future__ import annotations

from ...expressions import Expression, maximum, minimum, symbol, where
from ...methods.rosenbrock import Tableau

SAFETY, SLOWEST, FASTEST = 0.9, 0.1, 6.0
# Beyond the last edge there is nothing; a step this small no longer changes the time.
NEVER = 1e300
UNDERFLOW = 1e-12


def begin(tableau: Tableau) -> dict[str, Expression]:
    """The step to attempt, whether it ends at an edge, and a time inside it.

    A step that would leave a rest smaller than itself before the edge is halved with it.
    """
    t, h, edge, looking = (symbol(name) for name in ("t", "h", "edge", "looking"))
    room = edge - t
    whole = where(h * 1.000001 >= room, room, where(2.0 * h >= room, 0.5 * room, h))
    step = where(looking > 0.0, h, whole)
    return {
        "step": step,
        "arrives": where((looking <= 0.0) & (step >= room), 1.0, 0.0),
        "pole": 1.0 / (tableau.gamma * step),
        "window": where(looking > 0.0, symbol("window"), t + 0.5 * step),
        "error": symbol("error") * 0.0,
    }


def control(tableau: Tableau) -> dict[str, Expression]:
    """What follows from the error of the attempt."""
    t, h, step, error, edge = (symbol(name) for name in ("t", "h", "step", "error", "edge"))
    looking, arrives, stuck = symbol("looking") > 0.0, symbol("arrives") > 0.0, symbol("stuck")
    open_ = (edge < NEVER) & (stuck <= 0.0)
    live = open_ & (symbol("looking") <= 0.0)
    good = error <= 1.0
    bounded = where(error < 1e12, maximum(error, 1e-12), 1e12)
    factor = minimum(maximum(SAFETY * bounded ** (-1.0 / tableau.order), SLOWEST), FASTEST)
    grown = step * where(symbol("rejected") > 0.0, minimum(factor, 1.0), factor)
    # A step cut short by an edge says little about how long the next may be.
    after = where(arrives, maximum(h, grown), grown)
    shorter = step * minimum(factor, 0.5)
    following = where(looking, minimum(h, symbol("first")), where(live, where(good, after, shorter), h))
    following = minimum(following, symbol("largest"))
    accepted = where(live & good, 1.0, 0.0)
    refused = live & ~good
    turned = where(open_ & looking, 1.0, 0.0)
    return {
        "h": following,
        "next_t": where(live & good, where(arrives, edge, t + step), t),
        "looking": where(live & good & arrives, 1.0, 0.0),
        "accepted": accepted,
        "turned": turned,
        "record": maximum(accepted, turned),
        "rejected": where(refused, 1.0, 0.0),
        "stuck": where(refused & (following < UNDERFLOW * (1.0 + abs(t))), 1.0, stuck),
    }
