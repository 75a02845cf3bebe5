"""Where does it run? One cell or thousands, on as many cores as asked, in chunks that can be interrupted."""

from .accuracy import accuracy
from .run import run
from .sweep import Variation, sweep, together, vary

__all__ = ["Variation", "accuracy", "run", "sweep", "together", "vary"]
