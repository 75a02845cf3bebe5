"""What is born where a rest begins to oscillate: the first Lyapunov coefficient of a Hopf bifurcation.

Source: Kuznetsov 2004, Elements of Applied Bifurcation Theory, eq 5.34.
"""

from __future__ import annotations

import numpy as np

from ...compiler.system import Floats
from .conserved import Totals
from .dynamics import Dynamics
from .spectrum import invariant

# mV: the exact Jacobian is differentiated by differences over so much of the critical direction.
REACH = 0.02


def first_lyapunov(dynamics: Dynamics, totals: Totals, point: Floats) -> float:
    """The first Lyapunov coefficient at a point with a pair of eigenvalues ±iω, 1/(mV² ms) · ms.

    Negative: a stable oscillation grows out of the rest (supercritical); positive: an unstable one shrinks onto it
    (subcritical). Its size depends on the scale of the eigenvector, whose voltage is 1 mV here; its sign does not.
    """
    joints = dynamics.nodes - dynamics.compartments
    basis = invariant(dynamics, totals)

    def jacobian(move: Floats) -> Floats:
        whole = np.insert(basis @ move, [dynamics.compartments] * joints, 0.0)[:, None]
        matrix = basis.T @ dynamics.linearise(point + whole)[1].whole() @ basis
        return np.asarray(matrix, dtype=np.float64)

    still = jacobian(np.zeros(basis.shape[1]))
    values, right = np.linalg.eig(still)
    turning = np.where(values.imag > 1e-9 * np.abs(values).max(), np.abs(values.real), np.inf)
    critical = int(np.argmin(turning))
    omega = float(values[critical].imag)
    q = right[:, critical]
    q = q / np.abs((basis @ q)[: dynamics.compartments]).max()
    left_values, left = np.linalg.eig(still.T)
    p = left[:, int(np.argmin(np.abs(left_values - values[critical].conjugate())))]
    p = p / np.vdot(p, q).conjugate()

    def once(direction: Floats) -> Floats:
        return (jacobian(REACH * direction) - jacobian(-REACH * direction)) / (2.0 * REACH)

    def twice(direction: Floats) -> Floats:
        return (jacobian(REACH * direction) - 2.0 * still + jacobian(-REACH * direction)) / REACH**2

    slope = once(q.real) + 1j * once(q.imag)
    same, mixed = slope @ q, slope @ q.conjugate()
    # The second derivative along q and its conjugate is that along both of their parts.
    third = (twice(q.real) + twice(q.imag)) @ q
    steady = np.asarray(np.linalg.solve(still, mixed.real), dtype=np.float64)
    double = np.asarray(np.linalg.solve(2j * omega * np.eye(len(still)) - still, same), dtype=np.complex128)
    second = slope @ steady
    back = once(double.real) + 1j * once(double.imag)
    total = np.vdot(p, third) - 2.0 * np.vdot(p, second) + np.vdot(p, back @ q.conjugate())
    return float(total.real / (2.0 * omega))
