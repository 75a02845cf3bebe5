"""The command line: list, show, run and demo. A client of the public names only."""

from .main import main

__all__ = ["main"]
