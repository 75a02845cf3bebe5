"""How does time advance? Expressions in, expressions out; each method declares its order."""

from .fixed import METHODS, Method, backward_euler, staggered
from .rosenbrock import Adaptive, adaptive
from .step import MembraneStep, finish, level_states, membrane_step

__all__ = [
    "METHODS",
    "Adaptive",
    "MembraneStep",
    "Method",
    "adaptive",
    "backward_euler",
    "finish",
    "level_states",
    "membrane_step",
    "staggered",
]
