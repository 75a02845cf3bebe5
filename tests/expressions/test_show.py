"""The text of a formula is Python that gives the formula back; its LaTeX is what a paper would print."""

import math
import random

import pytest

from excitable import expressions
from excitable.expressions import (
    OPERATIONS,
    as_latex,
    as_text,
    exp,
    exprel,
    linoid,
    simplify,
    sqrt,
    symbol,
    symbols_of,
    walk,
    where,
)
from excitable.expressions.node import constant, node

from .test_simplify import random_graph

a, b, c = (symbol(name) for name in "abc")

TEXTS = {
    "a + b * c": a + b * c,
    "(a + b) * c": (a + b) * c,
    "a - (b - c)": a - (b - c),
    "a - b - c": a - b - c,
    "a + (b - c)": a + (b - c),
    "a * (b * c)": a * (b * c),
    "a / (b / c)": a / (b / c),
    "a / b / c": a / b / c,
    "a / (b * c)": a / (b * c),
    "(a + b)**2": (a + b) ** 2,
    "(-a)**2": (-a) ** 2,
    "-a**2": -(a**2),
    "(a**b)**c": (a**b) ** c,
    "a**b**c": a ** (b**c),
    "a**(-b)": a ** (-b),
    "(-2)**a": constant(-2.0) ** a,
    "-(a + b)": -(a + b),
    "-a * b": -a * b,
    "a - -3": a - constant(-3.0),
    "exp(-(a + b) / 10)": exp(-(a + b) / 10.0),
    "abs(a - b)": abs(a - b),
    "where(a < b + 1, a, -b)": where(a < b + 1.0, a, -b),
    "(a < b) & (b <= c)": (a < b) & (b <= c),
    "~(a < b) | (b < c)": ~(a < b) | (b < c),
    "(a < b) & ((b < c) | (c < a))": (a < b) & ((b < c) | (c < a)),
    "phi2(a) + linoid(b)": node("phi", (a,), 2) + linoid(b),
    "1e+20 * a + 0.1": 1e20 * a + 0.1,
    "inf * a": math.inf * a,
    "equal(a, b)": node("equal", (a, b)),
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_exact_and_reads_back(text):
    assert as_text(TEXTS[text]) == text
    assert read(text) is TEXTS[text]
    assert repr(TEXTS[text]) == text


def read(text):
    """The formula that a text stands for: every row of the table by the name in its spelling."""
    spellings = {row.text.split("(")[0]: row.name for row in OPERATIONS.values() if "(" in row.text}
    names = {
        spelling: lambda *arguments, name=name: node(name, tuple(map(expressions.as_expression, arguments)))
        for spelling, name in spellings.items()
    }
    phis = {f"phi{k}": lambda x, k=k: node("phi", (x,), k) for k in range(1, 6)}
    known = {**names, **phis, **{name: symbol(name) for name in "abc"}, "inf": math.inf, "nan": math.nan}
    return expressions.as_expression(eval(text, {"__builtins__": {}}, known))


@pytest.mark.parametrize("name", [row.name for row in OPERATIONS.values()])
def test_every_row_reads_back(name):
    row = OPERATIONS[name]
    arguments = (a < b, a + b, -c) if name == "where" else (a + b, -c, a * c)
    if name in ("both", "either", "opposite"):
        arguments = (a < b, b < c)
    formula = node(name, arguments[: row.arity], 1 if row.takes_payload else None)
    assert read(as_text(formula)) is formula
    assert as_latex(formula)


@pytest.mark.parametrize("seed", range(100))
def test_simple_random_formulas_read_back(seed):
    formula = simplify(random_graph(random.Random(seed), 8))
    if any(x.arguments and not symbols_of(x) for x in walk([formula])):
        return  # Python would compute with its numbers
    assert simplify(read(as_text(formula))) is formula


def test_a_long_formula_is_shortened_and_a_doubling_one_does_not_explode():
    big = a
    for _ in range(200):
        big = big * big + 1.0
    assert len(repr(big)) <= 200
    assert repr(big).endswith("…")
    assert as_text(a + b, 3) == "a …"


v, g = symbol("v"), symbol("g_max")
LATEX = {
    r"\frac{v + 40}{10}": (v + 40.0) / 10.0,
    r"0.1 \, \left(v + 40\right)": 0.1 * (v + 40.0),
    r"e^{-\frac{v}{18}}": exp(-(v / 18.0)),
    r"\sqrt{v + 1}": sqrt(v + 1.0),
    r"{v}^{3}": v**3,
    r"{\left(-v\right)}^{2}": (-v) ** 2,
    r"{v}^{a + 1}": v ** (a + 1.0),
    r"v - \left(a - b\right)": v - (a - b),
    r"v + a - b": v + (a - b),
    r"a \, b \, c": a * (b * c),
    r"-a \, b": -(a * b),
    r"a \, \left(-b\right)": a * -b,
    r"v + \left(-3\right)": v + constant(-3.0),
    r"g_{\mathrm{max}} \, v": g * v,
    r"\mathrm{tau}_{\mathrm{m\,h}}": symbol("tau_m_h"),
    r"\mathrm{dt}": symbol("dt"),
    r"m": symbol("soma.m"),
    r"\varphi_{1}\left(v\right)": exprel(v),
    r"\operatorname{linoid}\left(v\right)": linoid(v),
    r"\left|v\right|": abs(v),
    r"1 \cdot 10^{-7} \, v": 1e-7 * v,
    r"\infty": constant(math.inf),
    r"-\infty": constant(-math.inf),
    r"\mathrm{NaN}": constant(math.nan),
    r"\begin{cases} a & v < 0 \\ b & \text{otherwise} \end{cases}": where(v < 0.0, a, b),
    r"\left(a < b\right) \wedge \left(b \le c\right)": (a < b) & (b <= c),
}  # fmt: skip


@pytest.mark.parametrize("latex", LATEX)
def test_latex_is_exact(latex):
    assert as_latex(LATEX[latex]) == latex


def test_latex_takes_names():
    assert as_latex(v * g, {"v": "V", "g_max": r"\bar g"}) == r"V \, \bar g"
