"""Expressions as text and as LaTeX: the equations in the documentation are the equations that run."""

from __future__ import annotations

import math
from collections.abc import Mapping

from .node import CONSTANT, LATER, SYMBOL, Expression, walk
from .operations import OPERATIONS

# How tightly a form binds in Python; an argument that binds less than its place needs is put in brackets.
BINDING = {
    "less": 1, "less_equal": 1, "either": 2, "both": 3, "add": 4, "subtract": 4, "multiply": 5, "divide": 5,
    "negative": 6, "opposite": 6, "power": 7,
}  # fmt: skip
ATOM = 8
ASSOCIATIVE = ("add", "multiply", "both", "either")


def as_text(expression: Expression, longest: int | None = None) -> str:
    """The expression as Python would write it; beyond `longest` characters, parts are left out.

    >>> from .node import symbol
    >>> as_text((symbol("v") + 40.0) / 10.0)
    '(v + 40) / 10'
    """
    text: dict[Expression, str] = {}
    for current in walk([expression]):
        if current.kind == CONSTANT:
            text[current] = _plain(current.payload)
        elif current.kind == SYMBOL:
            text[current] = str(current.payload)
        else:
            row = OPERATIONS[current.kind]
            parts = [_bracketed(current, k, a, text[a], "({})") for k, a in enumerate(current.arguments)]
            text[current] = row.text.format(*parts, payload=current.payload)
        if longest is not None and len(text[current]) > longest:
            # Shared parts are written out each time: without a limit the text may double at every node.
            text[current] = text[current][: longest - 1] + "…"
    return text[expression]


def as_latex(expression: Expression, names: Mapping[str, str] | None = None) -> str:
    r"""The expression as LaTeX; `names` gives symbols a spelling of their own.

    >>> from .node import symbol
    >>> as_latex(symbol("v") / 10.0)
    '\\frac{v}{10}'
    """
    names = names or {}
    latex: dict[Expression, str] = {}
    for current in walk([expression]):
        if current.kind == CONSTANT:
            latex[current] = _number(current.payload)
        elif current.kind == SYMBOL:
            latex[current] = names.get(current.payload, _name(current.payload))
        else:
            row = OPERATIONS[current.kind]
            parts = [_latex_part(current, k, a, latex[a]) for k, a in enumerate(current.arguments)]
            latex[current] = row.latex.format(*parts, payload=current.payload)
    return latex[expression]


def _latex_part(parent: Expression, place: int, argument: Expression, text: str) -> str:
    brackets = r"\left({}\right)"
    # Bars, roots and raised exponents show by themselves what belongs together.
    if parent.kind in ("divide", "sqrt", "exp") or (parent.kind == "power" and place == 1):
        return text
    if parent.kind == "negative" and argument.kind in ("multiply", "divide"):
        return text
    if place == 1 and parent.kind in ("add", "subtract", "multiply") and _is_negative(argument):
        return brackets.format(text)
    return _bracketed(parent, 0 if parent.kind in ASSOCIATIVE else place, argument, text, brackets)


def _bracketed(parent: Expression, place: int, argument: Expression, text: str, brackets: str) -> str:
    outer = BINDING.get(parent.kind)
    if outer is None:
        return text
    inner = BINDING["negative"] if _is_negative(argument) else BINDING.get(argument.kind, ATOM)
    # Sums and products group from the left, powers from the right, comparisons not at all.
    strict = parent.kind in ("less", "less_equal") or place == (0 if parent.kind == "power" else 1)
    tight = inner > outer if strict else inner >= outer
    return text if tight else brackets.format(text)


def _is_negative(x: Expression) -> bool:
    return x.kind == "negative" or (x.kind == CONSTANT and x.payload < 0.0)


def _plain(value: float) -> str:
    return str(int(value)) if abs(value) < 1e6 and value == int(value) else repr(value)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return r"\mathrm{NaN}" if math.isnan(value) else r"\infty" if value > 0.0 else r"-\infty"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.12g}"
    if "e" in text:
        digits, power = text.split("e")
        return rf"{digits} \cdot 10^{{{int(power)}}}"
    return text


def _name(name: str) -> str:
    last = str(name).rsplit(".", 1)[-1]
    if "_" in last:
        head, tail = last.split("_", 1)
        tail = tail.replace("_", r"\,")
        return rf"{head}_{{\mathrm{{{tail}}}}}" if len(head) == 1 else rf"\mathrm{{{head}}}_{{\mathrm{{{tail}}}}}"
    return last if len(last) == 1 else rf"\mathrm{{{last}}}"


LATER["text"] = as_text
