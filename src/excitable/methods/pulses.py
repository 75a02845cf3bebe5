"""Conditions that come in pulses, seen by a step of a fixed length: rates and currents count with their mean over it.

A course c is 0 or 1 at any time, so that whatever depends on it is f(0) + c (f(1) - f(0)), however curved f is, and its
mean over a step follows from the part of the step that lies in pulses. Edges may fall anywhere in a step. Where two
conditions change within one step, each counts with its own part.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..expressions import Expression, constant, derivative, simplify_all
from ..frozen import replace
from ..mechanisms import Membrane, Motion
from ..mechanisms.condition import Course, through_time


def mean_over_pulses(
    expressions: Sequence[Expression], membrane: Membrane, middle: Expression, width: Expression
) -> list[Expression]:
    """The means of expressions over a stretch of time around `middle`, as far as conditions change in it."""
    found = list(expressions)
    for course in membrane.courses.values():
        off, on = (_where(found, course, constant(value)) for value in (0.0, 1.0))
        share = course.mean(middle, width)
        found = [a if a is b else a + share * (b - a) for a, b in zip(off, on, strict=True)]
    return found


def _where(expressions: Sequence[Expression], course: Course, value: Expression) -> list[Expression]:
    """The expressions where a course has one value."""
    return simplify_all(through_time(expressions, [course], lambda _: value))


def steadied(membrane: Membrane, middle: Expression, width: Expression) -> Membrane:
    """The membrane as a step sees it whose stretch of time is `width` around `middle`: no condition changes in it."""
    if not membrane.courses:
        return membrane
    rates = mean_over_pulses([motion.rate for motion in membrane.motions.values()], membrane, middle, width)
    motions = {}
    for (name, motion), rate in zip(membrane.motions.items(), rates, strict=True):
        same = rate is motion.rate
        motions[name] = motion if same else Motion(rate, None, simplify_all([derivative(rate, name)])[0])
    return replace(membrane, motions=motions)
