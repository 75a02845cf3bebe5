"""What does the membrane do? Channels, ions and pools as declared fields and plain arithmetic.

Beside the names below stand those of `cardiac`, `channels`, `pools` and `transport`, which load when they are named.
"""

from typing import Any

from . import cardiac, channels, pools, transport
from .assembly import assemble
from .channels import SquidLeak, SquidPotassium, SquidSodium
from .condition import Condition
from .declare import Parameter, State, gate, parameter, state_variable
from .ions import Ion
from .laws import AlphaBeta, Relaxation, alpha_beta, relax
from .leak import Leak
from .mechanism import Channel, Mechanism
from .membrane import Membrane, Motion, Scheme
from .place import Along, along
from .reactions import Reaction, Reactions, reactions

__all__ = [
    "Along",
    "AlphaBeta",
    "Channel",
    "Condition",
    "Ion",
    "Leak",
    "Mechanism",
    "Membrane",
    "Motion",
    "Parameter",
    "Reaction",
    "Reactions",
    "Relaxation",
    "Scheme",
    "SquidLeak",
    "SquidPotassium",
    "SquidSodium",
    "State",
    "along",
    "alpha_beta",
    "assemble",
    "gate",
    "parameter",
    "reactions",
    "relax",
    "state_variable",
]
LIBRARIES = (cardiac, channels, pools, transport)
__all__ += [name for library in LIBRARIES for name in library.__all__ if name not in __all__]


def __getattr__(name: str) -> Any:
    # What few simulations need loads when it is named.
    for library in LIBRARIES:
        if name in library.__all__:
            return getattr(library, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
