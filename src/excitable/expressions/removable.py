"""Quotients that are 0/0 at one voltage: x / (e^x - 1) and (e^x - 1) / x become operations that are finite.

Authors write them with scales, offsets, signs and parameters: 0.1 (v + 40) / (1 - e^(-(v + 40)/10)), or
a (v - half) / (e^((v - half)/slope) - 1). What counts is that a factor of the one side is proportional to a
factor of the exponent.
"""

from __future__ import annotations

from .node import CONSTANT, Expression, constant, node

MOST_FACTORS = 20  # a square of a square of a square has ever more


def removable(x: Expression) -> Expression | None:
    """The quotient `x` with linoid or phi1 in place of a removable singularity; None where it has none."""
    if not any(current.kind == "exp" for side in x.arguments for current in _near(side)):
        return None
    factor, above, below = _factors(x)
    for side, other, shape in ((below, above, "linoid"), (above, below, "phi")):
        for place, term in enumerate(side):
            found = _grown(term)
            if found is None:
                continue
            sign, exponent = found
            matched = _cancel(exponent, other)
            if matched is None:
                continue
            # The side that held e^b - 1 keeps its other factors; b stands where the matched factors stood.
            number, over, under = matched
            rest = side[:place] + side[place + 1 :]
            if shape == "linoid":
                return _assemble(factor / sign / number, [*over, node("linoid", (exponent,))], [*rest, *under])
            return _assemble(factor * sign * number, [*rest, *under, node("phi", (exponent,), 1)], over)
    return None


def _near(x: Expression) -> list[Expression]:
    """The factors of `x`, and the terms of those that are sums."""
    _, above, below = _factors(x)
    return [term for side in (*above, *below) for term in (side, *side.arguments)]


def _factors(x: Expression) -> tuple[float, list[Expression], list[Expression]]:
    """(number, above, below) with x = number · product of `above` / product of `below`."""
    number = 1.0
    above: list[Expression] = []
    below: list[Expression] = []
    stack = [(x, True)]
    while stack:
        current, on_top = stack.pop()
        if len(above) + len(below) > MOST_FACTORS:
            (above if on_top else below).append(current)
        elif current.kind == CONSTANT and current.payload != 0.0:
            number = number * current.payload if on_top else number / current.payload
        elif current.kind == "negative":
            number = -number
            stack.append((current.arguments[0], on_top))
        elif current.kind in ("multiply", "divide"):
            first, second = current.arguments
            stack += [(second, on_top == (current.kind == "multiply")), (first, on_top)]
        else:
            (above if on_top else below).append(current)
    return number, above, below


def _grown(x: Expression) -> tuple[float, Expression] | None:
    """(s, b) where x = s·(e^b - 1) in the forms that simplification leaves."""
    if x.kind not in ("add", "subtract"):
        return None
    first, second = x.arguments
    if x.kind == "add" and first.kind == CONSTANT and first.payload == -1.0 and second.kind == "exp":
        return 1.0, second.arguments[0]
    if x.kind == "subtract" and first.kind == CONSTANT and first.payload == 1.0 and second.kind == "exp":
        return -1.0, second.arguments[0]
    return None


def _cancel(exponent: Expression, others: list[Expression]) -> tuple[float, list[Expression], list[Expression]] | None:
    """(number, over, under) with exponent / product of `others` = number · under / over; None if none."""
    number, above, below = _factors(exponent)
    over, under = list(others), []
    for factor in above:
        for place, other in enumerate(over):
            ratio = _ratio(factor, other)
            if ratio is not None:
                number *= ratio
                del over[place]
                break
        else:
            under.append(factor)
    if len(over) == len(others):
        return None
    return number, over + below, under


def _ratio(a: Expression, b: Expression) -> float | None:
    """The number a / b where both are multiples of one affine formula, else None."""
    if a is b:
        return 1.0
    (scale_a, offset_a, core_a), (scale_b, offset_b, core_b) = affine_parts(a), affine_parts(b)
    if core_a is None or core_b is None or scale_a == 0.0 or scale_b == 0.0:
        return None
    if core_a.kind == core_b.kind == "subtract" and core_a.arguments == core_b.arguments[::-1]:
        scale_b = -scale_b
    elif core_a is not core_b:
        return None
    ratio = scale_a / scale_b
    room = 1e-12 * max(abs(offset_a), abs(ratio * offset_b), 1e-300)
    return ratio if abs(offset_a - ratio * offset_b) <= room else None


def affine_parts(x: Expression) -> tuple[float, float, Expression | None]:
    """(scale, offset, core) with x = scale · core + offset."""
    if x.kind == CONSTANT:
        return 0.0, x.payload, None
    if x.kind == "negative":
        scale, offset, core = affine_parts(x.arguments[0])
        return -scale, -offset, core
    first = x.arguments[0] if x.arguments else x
    if x.kind in ("multiply", "add", "subtract") and first.kind == CONSTANT:
        scale, offset, core = affine_parts(x.arguments[1])
        if x.kind == "multiply":
            return first.payload * scale, first.payload * offset, core
        sign = 1.0 if x.kind == "add" else -1.0
        return sign * scale, first.payload + sign * offset, core
    return 1.0, 0.0, x


def _assemble(number: float, above: list[Expression], below: list[Expression]) -> Expression:
    top, bottom = _product(above), _product(below)
    whole = top if bottom is None else node("divide", (constant(1.0) if top is None else top, bottom))
    return constant(number) if whole is None else node("multiply", (constant(number), whole))


def _product(factors: list[Expression]) -> Expression | None:
    total: Expression | None = None
    for factor in factors:
        total = factor if total is None else node("multiply", (total, factor))
    return total
