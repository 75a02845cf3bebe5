"""The one gate through which heavy packages come in: only when a verb that needs them is called."""

from __future__ import annotations

import importlib
from typing import Any

from ..errors import RequestError


def need(module: str, verb: str, extra: str) -> Any:
    """The imported `module`, or an error that says what to install.

    Args:
        module: What to import, for example "xarray" or "matplotlib.pyplot".
        verb: What the user called, for the message.
        extra: The extra of excitable that brings the package.

    Raises:
        RequestError: The package is not installed, or is there and does not import.

    >>> need("json", "an example", "tables").dumps([1])
    '[1]'
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise RequestError(
            f"{package} is needed for {verb} and cannot be imported ({error}). "
            f"excitable does not install it by itself. Write pip install 'excitable[{extra}]'."
        ) from error
