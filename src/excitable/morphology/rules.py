"""How finely a morphology is cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import RequestError
from ..frozen import frozen
from ..units import to
from .discretise import LARGEST, Rule, discretise
from .frusta import Floats, Integers
from .names import find_branches
from .regions import Region
from .tree import Morphology


@frozen(repr=False)
class _PerBranch:
    count: int

    def counts(self, morphology: Morphology) -> Integers:
        return np.full(len(morphology), self.count, dtype=np.int64)

    def __repr__(self) -> str:
        return f"per_branch({self.count})"


@frozen(repr=False)
class _MaxLength:
    length: float

    def counts(self, morphology: Morphology) -> Integers:
        # A branch of 60.000000000000004 µm has 3 pieces of 20 µm, not 4.
        return _whole(np.maximum(np.ceil(morphology.lengths / self.length * (1 - 1e-12)), 1), self)

    def __repr__(self) -> str:
        return f"max_length({self.length:g})"


@frozen(repr=False)
class _Lambda:
    fraction: float
    frequency: float
    axial_resistivity: float
    capacitance: float

    def counts(self, morphology: Morphology) -> Integers:
        lengths = morphology.lengths / self.space_constants(morphology)
        return _whole(((lengths / self.fraction + 0.9) / 2).astype(np.float64) // 1 * 2 + 1, self)

    def space_constants(self, morphology: Morphology) -> Floats:
        """The AC length constant of each branch, in µm, summed over its points: (branches,)."""
        diameter = morphology.points[:, 3]
        steps = np.diff(morphology.arc, prepend=0.0)
        steps[morphology.offsets[:-1]] = 0.0
        summed = np.concatenate([diameter[:1], diameter[:-1]]) + diameter
        electrotonic = np.add.reduceat(steps / np.sqrt(summed), morphology.offsets[:-1])
        scale = 1e-5 * np.sqrt(8 * np.pi * self.frequency * self.axial_resistivity * self.capacitance)
        return np.asarray(morphology.lengths / (electrotonic * scale))

    def __repr__(self) -> str:
        return (
            f"d_lambda({self.fraction:g}, frequency={self.frequency:g}, "
            f"axial_resistivity={self.axial_resistivity:g}, capacitance={self.capacitance:g})"
        )


@frozen(repr=False)
class _ByBranch:
    rules: tuple[tuple[str | Region, Rule], ...]
    otherwise: Rule

    def counts(self, morphology: Morphology) -> Integers:
        counts = self.otherwise.counts(morphology)
        for where, rule in self.rules:
            if isinstance(where, Region):
                chosen = where.mask(discretise(morphology, per_branch(1)))
            else:
                chosen = np.zeros(len(morphology), dtype=bool)
                chosen[find_branches(morphology, where)] = True
            counts[chosen] = rule.counts(morphology)[chosen]
        return counts

    def __repr__(self) -> str:
        rules = ", ".join(f"{where!r}: {rule!r}" for where, rule in self.rules)
        return f"by_branch({{{rules}}}, otherwise={self.otherwise!r})"


def _whole(counts: Floats, rule: object) -> Integers:
    # Beyond the limit anyway, and a float too large for an integer would wrap to a negative count.
    return np.minimum(counts, LARGEST + 1).astype(np.int64)


def _positive(value: Any, unit: str, what: str) -> float:
    number = to(value, unit, what=what)
    if not number > 0.0:
        raise RequestError(
            f"{what[0].upper()}{what[1:]} is {number:g} {unit}. It is larger than 0. "
            f"Write a value such as '{'100' if unit != 'um' else '20'} {unit}'."
        )
    return number


def per_branch(count: int) -> Rule:
    """Every branch in `count` compartments.

    Raises RequestError when `count` is not a whole number from 1.

    >>> per_branch(3)
    per_branch(3)
    """
    if isinstance(count, bool) or count != int(count) or count < 1:
        raise RequestError(
            f"The number of compartments per branch is {count!r}. It is a whole number, at least 1. Write "
            "per_branch(1)."
        )
    return _PerBranch(int(count))


def max_length(length: Any) -> Rule:
    """Every branch in as few compartments as make none longer than `length` (µm, or a quantity).

    Raises RequestError when the length is not positive.

    >>> from excitable.morphology import cable
    >>> max_length("20 um").counts(cable(90, 1)).tolist()
    [5]
    """
    return _MaxLength(_positive(length, "um", "the length of max_length"))


def d_lambda(
    fraction: float = 0.1,
    frequency: Any = 100.0,
    axial_resistivity: Any = 100.0,
    capacitance: Any = 1.0,
) -> Rule:
    """Every branch in an odd number of compartments, each at most `fraction` of its AC length constant.

    `frequency` in Hz, `axial_resistivity` in Ω·cm, `capacitance` in µF/cm².
    Source: Hines and Carnevale, Neuroscientist 7:123 (2001); the arithmetic is NEURON's `lambda_f`.

    Raises RequestError when a number is not positive.

    >>> from excitable.morphology import cable
    >>> d_lambda(0.1).counts(cable(1000, 1)).tolist()
    [37]
    """
    return _Lambda(
        _positive(fraction, "1", "the fraction of d_lambda"),
        _positive(frequency, "Hz", "the frequency of d_lambda"),
        _positive(axial_resistivity, "ohm cm", "the axial resistivity of d_lambda"),
        _positive(capacitance, "uF/cm2", "the capacitance of d_lambda"),
    )


def by_branch(rules: Mapping[str | Region, int | Rule], otherwise: int | Rule = 1) -> Rule:
    """A rule or a number for each named branch or region; later entries win; `otherwise` for the rest.

    Raises UnknownNameError, when a morphology is cut, for a name that fits no branch.

    >>> by_branch({"dend*": max_length(20), "soma": 3})
    by_branch({'dend*': max_length(20), 'soma': per_branch(3)}, otherwise=per_branch(1))
    """
    return _ByBranch(tuple((where, _as_rule(rule)) for where, rule in rules.items()), _as_rule(otherwise))


def _as_rule(rule: int | Rule) -> Rule:
    if hasattr(rule, "counts"):
        return rule
    return per_branch(rule)
