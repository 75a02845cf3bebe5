"""How a cell moves near a point where it stands still: eigenvalues of the Jacobian, and what they say.

Small systems get all their eigenvalues. Of a large cell the slowest are computed (Arnoldi's method on the inverse, from
the solution of the tree), and the number of those that grow is counted exactly: the determinant of the Jacobian minus
iω, product of the pivots of the elimination, winds around zero once for each of them as ω runs along the axis (the
argument principle, as in Nyquist 1932, Bell Syst Tech J 11:126).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...compiler.system import Floats
from ...frozen import frozen
from .conserved import Totals
from .dynamics import Dynamics
from .elimination import Blocks, Linear

Complex = NDArray[np.complex128]

# Up to this many unknowns all eigenvalues are computed.
DENSE = 400
SLOWEST, KRYLOV = 8, 60
# What Arnoldi's method has found to this share is made exact by inverse iteration.
ROUGH = 0.02
# A real part is zero where it is below this share of the largest eigenvalue, which rounding blurs it by, or this, 1/ms.
ROUNDING, NEUTRAL = 1e-13, 1e-11
FREQUENCIES = 400
ROOM = 3_000_000


@frozen(eq=False)
class Spectrum:
    """Eigenvalues at a point, 1/ms, the one with the largest real part first.

    Attributes:
        values: All of them, or the slowest and what was found of the growing ones.
        growing: How many of all have a positive real part.
        neutral: How many are zero without a conserved sum that explains it.
        all: Whether `values` holds every one.
    """

    values: Complex
    growing: int
    neutral: int
    all: bool

    @property
    def kind(self) -> str:
        """What the point is: "stable node", "stable focus", "saddle", "unstable node", "unstable focus" …

        A focus turns: its slowest pair of eigenvalues, or its fastest growing one, is complex. A saddle has both
        eigenvalues that shrink and a single one that grows; with a growing pair it is an unstable focus.
        """
        first = self.values[0] if len(self.values) else -1.0
        turns = abs(first.imag) > 1e-12 * max(abs(first), 1e-300)
        if not self.growing:
            word = "focus" if turns else "node"
            return f"marginal {word}" if self.neutral else f"stable {word}"
        if turns:
            return "unstable focus"
        shrinks = not self.all or bool((self.values.real < 0.0).any())
        return "saddle" if shrinks else "unstable node"


def spectrum(dynamics: Dynamics, totals: Totals, point: Floats) -> Spectrum:
    """The eigenvalues at one point, (size, 1), without the zeros that conserved sums bring."""
    _, linear = dynamics.linearise(point)
    if dynamics.size <= DENSE:
        return _dense(dynamics, totals, linear)
    linear = without(totals, linear)
    growing = count_growing(linear)
    values = _slowest(linear, -1e-7)
    for shift in (0.01, 0.1, 1.0, 10.0):
        if (values.real > 0.0).sum() >= growing:
            break
        values = _merged(values, _slowest(linear, shift))
    return Spectrum(_ordered(values), growing, 0, False)


def growing(dynamics: Dynamics, totals: Totals, point: Floats) -> int:
    """How many eigenvalues have a positive real part at one point, (size, 1), without the others where that costs."""
    _, linear = dynamics.linearise(point)
    if dynamics.size <= DENSE:
        return _dense(dynamics, totals, linear).growing
    return count_growing(without(totals, linear))


def marginal(dynamics: Dynamics, totals: Totals, point: Floats) -> bool:
    """Whether an eigenvalue is zero at one point, (size, 1), that no conserved sum explains; only of small cells."""
    return dynamics.size <= DENSE and spectrum(dynamics, totals, point).neutral > 0


def turning(dynamics: Dynamics, totals: Totals, point: Floats) -> complex:
    """Of the pairs of complex eigenvalues the one closest to the imaginary axis; not a number where there is none."""
    _, linear = dynamics.linearise(point)
    if dynamics.size <= DENSE:
        values = _dense(dynamics, totals, linear).values
    else:
        # Where the pivots have a zero on the axis, their product is smallest; inverse iteration goes on from there.
        linear = without(totals, linear)
        frequency = np.geomspace(1e-4, 10.0 * _fastest(linear), FREQUENCIES)
        depth = np.concatenate([
            np.log(np.abs(linear.solver.pivots(linear.admittance(1j * some)))).sum(axis=0)
            for some in np.array_split(frequency, 1 + len(linear.mass) * FREQUENCIES // ROOM)
        ])  # fmt: skip
        lowest = 1 + np.flatnonzero((np.diff(depth)[:-1] < 0.0) & (np.diff(depth)[1:] >= 0.0))
        vector = np.random.default_rng(3).normal(size=len(linear.mass)).astype(np.complex128)
        found = [_polished(linear, 1j * frequency[k], vector) for k in lowest]
        values = np.concatenate([np.zeros(0, dtype=np.complex128), *found])
    pairs = values[values.imag > 0.0]
    return complex(pairs[np.argmin(np.abs(pairs.real))]) if pairs.size else complex(np.nan, np.nan)


def _dense(dynamics: Dynamics, totals: Totals, linear: Linear) -> Spectrum:
    basis = invariant(dynamics, totals)
    matrix = basis.T @ linear.whole() @ basis
    values = _ordered(np.linalg.eigvals(matrix).astype(np.complex128))
    limit = max(NEUTRAL, ROUNDING * float(np.abs(values).max(initial=0.0)))
    growing = int((values.real > limit).sum())
    return Spectrum(values, growing, int((np.abs(values) <= limit).sum()), True)


def invariant(dynamics: Dynamics, totals: Totals) -> Floats:
    """Directions that keep every conserved sum, as columns over compartments and states, at right angles."""
    weights = _wholesale(dynamics, totals)
    if not len(weights):
        return np.eye(weights.shape[1])
    return np.ascontiguousarray(np.linalg.svd(weights)[2][len(weights) :].T)


def _wholesale(dynamics: Dynamics, totals: Totals) -> Floats:
    """Every conserved sum of every compartment as a row over compartments and states, of length one."""
    joints = dynamics.nodes - dynamics.compartments
    rows, first = [], dynamics.compartments
    for law, kind in zip(totals.laws, dynamics.kinds, strict=True):
        for weights in law.weights:
            for k in range(kind.count):
                row = np.zeros(dynamics.size - joints)
                row[kind.what.compartments[k]] = weights[0]
                row[first + np.arange(kind.states) * kind.count + k] = weights[1:]
                rows.append(row / np.linalg.norm(row))
        first += kind.states * kind.count
    return np.array(rows).reshape(len(rows), dynamics.size - joints)


def without(totals: Totals, linear: Linear) -> Linear:
    """The Jacobian on the surface on which every sum of states is what it was."""
    if not totals.words:
        return linear
    blocks, nodes = [], linear.solver.nodes
    for law, block in zip(totals.laws, linear.blocks, strict=True):
        basis = np.linalg.svd(law.weights[:, 1:])[2][len(law.rows) :].T
        inside = np.einsum("sa,cpst,tb->cpab", basis, block.states, basis)
        blocks.append(Blocks(block.conductance, block.by_state @ basis, block.by_voltage @ basis, np.asarray(inside)))
    size = nodes + sum(len(w) * b.states.shape[-1] for w, b in zip(linear.solver.compartments, blocks, strict=True))
    mass = np.concatenate([linear.mass[:nodes], np.ones((size - nodes, 1))])
    return Linear(linear.solver, tuple(blocks), mass)


def count_growing(linear: Linear) -> int:
    """How many eigenvalues have a positive real part, counted exactly for a cell of any size.

    The determinant of J - s M is that of the states alone times the product of the pivots of the tree. The growing
    eigenvalues of the states alone are counted directly; what the pivots add or take away is how often their product
    winds around zero.
    """
    inside = 0
    for block in linear.blocks:
        if block.states.shape[-1]:
            inside += int((np.linalg.eigvals(block.states[:, 0]).real > 0.0).sum())
    widest = max((block.states.shape[-1] for block in linear.blocks), default=0)
    size = max(1, ROOM // (len(linear.mass) * max(1, widest)))
    top = _fastest(linear)
    # Not from zero itself: there a conserved sum has its pole, and the zero that takes it away.
    frequency = np.geomspace(1e-8, 100.0 * top, FREQUENCIES)
    phase = _phases(linear, frequency, size)
    for _ in range(30):
        wide = np.flatnonzero((np.abs(_turns(phase)) > 0.25 * np.pi).any(axis=0))
        if not len(wide) or len(frequency) > 40 * FREQUENCIES:
            break
        middle = 0.5 * (frequency[wide] + frequency[wide + 1])
        extra = _phases(linear, middle, size)
        frequency = np.insert(frequency, wide + 1, middle)
        phase = np.insert(phase, wide + 1, extra, axis=1)
    # Pivots begin as real numbers and end as iωC, or as real ones at junctions: the ends of the axis are added so.
    inward = np.concatenate(linear.solver.compartments)
    last, first = np.zeros(len(phase)), np.where(np.abs(phase[:, 0]) < 0.5 * np.pi, 0.0, np.pi)
    last[inward] = 0.5 * np.pi
    whole = np.column_stack([first, phase, last])
    return inside + round((0.5 * np.pi * len(inward) - float(_turns(whole).sum())) / np.pi)


def _phases(linear: Linear, frequency: Floats, size: int) -> Floats:
    """The phase of every pivot at s = iω, (nodes, frequencies)."""
    parts = []
    for start in range(0, len(frequency), size):
        diagonal = linear.admittance(1j * frequency[start : start + size])
        parts.append(np.angle(linear.solver.pivots(diagonal)))
    return np.concatenate(parts, axis=1)


def _turns(phase: Floats) -> Floats:
    """The change of each phase from one frequency to the next, between minus and plus half a turn."""
    return (np.diff(phase, axis=1) + np.pi) % (2.0 * np.pi) - np.pi


def _fastest(linear: Linear) -> float:
    """A bound on how fast anything moves, 1/ms."""
    conductance = linear.solver.axial.copy()
    fastest = 1.0
    for where, block in zip(linear.solver.compartments, linear.blocks, strict=True):
        conductance[where] += np.abs(block.conductance)
        if block.states.shape[-1]:
            fastest = max(fastest, float(np.abs(block.states).sum(axis=3).max()))
        fastest = max(fastest, float((2.0 * conductance[where] / linear.mass[where]).max()))
    return fastest


def _slowest(linear: Linear, shift: float) -> Complex:
    """Eigenvalues near `shift` by Arnoldi's method on (J - shift M)⁻¹ M, those that have converged."""
    size = len(linear.mass)
    steps = min(KRYLOV, size - 1)
    basis = np.zeros((steps + 1, size))
    table = np.zeros((steps + 1, steps))
    basis[0] = np.random.default_rng(2).normal(size=size)
    basis[0] /= np.linalg.norm(basis[0])
    mass = linear.mass[:, 0]
    for k in range(steps):
        fresh = linear.solve((mass * basis[k])[:, None], shift)[:, 0]
        for _ in range(2):
            part = basis[: k + 1] @ fresh
            table[: k + 1, k] += part
            fresh = fresh - part @ basis[: k + 1]
        table[k + 1, k] = np.linalg.norm(fresh)
        if table[k + 1, k] < 1e-14:
            steps = k + 1
            break
        basis[k + 1] = fresh / table[k + 1, k]
    ritz, vectors = np.linalg.eig(table[:steps, :steps])
    misses = np.abs(table[steps, steps - 1] * vectors[-1]) if steps < len(table) else np.zeros(steps)
    order = np.argsort(-np.abs(ritz))
    good = [i for i in order if misses[i] < ROUGH * abs(ritz[i]) and ritz[i].imag >= 0.0][:SLOWEST]
    found = np.zeros(0, dtype=np.complex128)
    for i in good:
        found = _merged(
            found, _polished(linear, shift + 1.0 / ritz[i], (vectors[:, i] @ basis[:steps]).astype(complex))
        )
    return found


def _polished(linear: Linear, value: complex, vector: Complex) -> Complex:
    """An eigenvalue by inverse iteration from a rough one, with its conjugate; nothing where it does not converge."""
    vector, mass = vector / np.linalg.norm(vector), linear.mass[:, 0]
    for _ in range(8):
        with np.errstate(all="ignore"):
            fresh = linear.solve((mass * vector)[:, None], value)[:, 0]
        if not np.isfinite(fresh).all():
            break  # the shift is an eigenvalue to the last bit
        change = 1.0 / complex(np.vdot(vector, fresh))
        value, vector = value + change, fresh / np.linalg.norm(fresh)
        if abs(change) < 1e-10 * abs(value):
            break
    else:
        return np.zeros(0, dtype=np.complex128)
    if abs(value.imag) < 1e-9 * abs(value):
        return np.array([value.real], dtype=np.complex128)
    return np.array([value, value.conjugate()])


def _merged(first: Complex, second: Complex) -> Complex:
    fresh = [each for each in second if not len(first) or np.abs(first - each).min() > 1e-6 * (1e-3 + abs(each))]
    return np.concatenate([first, np.array(fresh, dtype=np.complex128)])


def _ordered(values: Complex) -> Complex:
    return values[np.lexsort((-values.imag, -values.real.round(14)))]
