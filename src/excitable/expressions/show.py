"""Expressions as text and as LaTeX: the equations in the documentation are the equations that run."""

from __future__ import annotations

from collections.abc import Mapping

from .node import CONSTANT, LATER, SYMBOL, Expression, walk
from .operations import OPERATIONS

# How tightly a form binds; an argument that binds less than its place needs is put in brackets.
BINDING = {
    "either": 1, "both": 2, "opposite": 3, "less": 4, "less_equal": 4, "add": 5, "subtract": 5,
    "multiply": 6, "divide": 6, "negative": 7, "power": 8,
}  # fmt: skip
ATOM = 9


def as_text(expression: Expression) -> str:
    """The expression as Python would write it.

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
            parts = [
                _bracketed(current, k, a, latex[a], r"\left({}\right)")
                for k, a in enumerate(current.arguments)
            ]
            if current.kind in ("divide", "sqrt", "exp"):
                parts = [latex[a] for a in current.arguments]
            latex[current] = row.latex.format(*parts, payload=current.payload)
    return latex[expression]


def _bracketed(parent: Expression, place: int, argument: Expression, text: str, brackets: str) -> str:
    outer = BINDING.get(parent.kind)
    if outer is None:
        return text
    inner = BINDING.get(argument.kind, ATOM)
    if argument.kind == CONSTANT and argument.payload < 0.0:
        inner = BINDING["negative"]
    strict = (parent.kind in ("subtract", "divide", "less", "less_equal") and place == 1) or (
        parent.kind == "power" and place == 0
    )
    tight = inner > outer if strict else inner >= outer
    return text if tight else brackets.format(text)


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e6 else repr(value)


def _number(value: float) -> str:
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
        return (
            rf"{head}_{{\mathrm{{{tail}}}}}"
            if len(head) == 1
            else rf"\mathrm{{{head}}}_{{\mathrm{{{tail}}}}}"
        )
    return last if len(last) == 1 else rf"\mathrm{{{last}}}"


LATER["text"] = as_text
