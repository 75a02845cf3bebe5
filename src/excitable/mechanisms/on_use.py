"""A library of mechanisms whose files load when one of their names is spoken."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any


def loading(package: str, files: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """The `__getattr__` of a package: finds the file that holds a name, and the name in it.

    Args:
        package: The `__name__` of the package.
        files: The names that each file of the package holds.

    >>> loading("excitable.mechanisms.channels", {"squid": ("SquidLeak",)})("SquidLeak").__name__
    'SquidLeak'
    """
    holders = {name: file for file, names in files.items() for name in names}

    def __getattr__(name: str) -> Any:
        if name not in holders:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{package}.{holders[name]}"), name)

    return __getattr__
