"""The entrance: arguments in, an exit code out.

0: fine.  1: a measured number does not hold.  2: a wrong request.  130: interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from ..errors import ExcitableError, InternalError, NumericalError
from ..library import Interrupted, parse_assignments
from .carry_out import carry_out, choose_preparation, demonstrate
from .describe import show
from .listing import list_preparations
from .rest import show_rest
from .terminal import folded, say

FINE, DOES_NOT_HOLD, WRONG_REQUEST, INTERRUPTED = 0, 1, 2, 130


def parser() -> argparse.ArgumentParser:
    """What can be written on the command line."""
    top = argparse.ArgumentParser(
        prog="excitable",
        description="A simulator of excitable cells: published preparations, and neurons of your own.",
        epilog="exit codes: 0 fine, 1 a measured number does not hold, 2 a wrong request, 130 interrupted",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="{list,show,run,rest,demo}")

    listing = commands.add_parser("list", help="which preparations there are")
    listing.add_argument("--json", action="store_true", help="print a list of {name, summary, source}")

    showing = commands.add_parser("show", help="equations as they run, parameters with units, source")
    showing.add_argument("name", metavar="NAME|FILE.swc", help="a preparation, or a file with the shape of a neuron")
    form = showing.add_mutually_exclusive_group()
    form.add_argument("--latex", action="store_const", const="latex", dest="form", help="equations as LaTeX")
    form.add_argument("--json", action="store_const", const="json", dest="form", help="everything as JSON")

    running = commands.add_parser("run", help="carry out a preparation, or make the neuron in a file fire")
    running.add_argument("name", metavar="NAME|FILE.swc", help="a preparation, or a file with the shape of a neuron")
    running.add_argument("--out", type=Path, default=Path("out"), metavar="DIR", help="where figures and data go (out)")
    running.add_argument("--json", action="store_true", help="print {name, measured, files} as JSON")
    running.add_argument("--duration", metavar="TIME", help="how long the first experiment lasts: 50, '50 ms'")
    running.add_argument("--dt", metavar="TIME", help="the step of every experiment: 0.01, '10 us'")

    resting = commands.add_parser("rest", help="where a preparation stands still, and whether it is stable there")
    resting.add_argument("name", metavar="NAME|FILE.swc", help="a preparation, or a file with the shape of a neuron")
    resting.add_argument("--json", action="store_true", help="print voltage, eigenvalues and states as JSON")

    for command in (showing, running, resting):
        command.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="settings",
                             help="change a setting or Mechanism.parameter: --set 'diameter=0.5 mm'")  # fmt: skip

    demo = commands.add_parser("demo", help="the squid giant axon and a pyramidal cell, with figures")
    demo.add_argument("--out", type=Path, default=Path("out"), metavar="DIR", help="where figures and data go (out)")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks and return the exit code.

    >>> main(["show", "squid_membran"])
    2
    """
    # Figures go to files: no window system is needed, or asked for.
    os.environ.setdefault("MPLBACKEND", "Agg")
    with warnings.catch_warnings():
        warnings.showwarning = _warn
        return _guarded(arguments)


def _guarded(arguments: Sequence[str] | None) -> int:
    try:
        return _do(parser().parse_args(arguments))
    except (KeyboardInterrupt, Interrupted) as stopped:
        _complain(str(stopped) or "Interrupted.")
        return INTERRUPTED
    except InternalError:
        raise
    except NumericalError as error:
        _complain(str(error))
        return DOES_NOT_HOLD
    except ExcitableError as error:
        _complain(str(error))
        return WRONG_REQUEST
    except BrokenPipeError:
        # The reader (head, less) has seen enough; Python must not complain when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE


def _do(asked: argparse.Namespace) -> int:
    if asked.command == "list":
        return list_preparations(asked.json)
    if asked.command == "demo":
        return FINE if demonstrate(asked.out) else DOES_NOT_HOLD
    preparation = choose_preparation(asked.name)
    settings = parse_assignments(asked.settings)
    if asked.command == "show":
        return show(preparation, settings, asked.form or "text")
    if asked.command == "rest":
        return show_rest(preparation, settings, asked.json)
    request = {name: _time(getattr(asked, name)) for name in ("duration", "dt")}
    holds = carry_out(preparation, settings, asked.out, asked.json, **request)
    return FINE if holds else DOES_NOT_HOLD


def _time(text: str | None) -> float | str | None:
    """A bare number is in ms."""
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return text


def _warn(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning is a sentence for the user; where in the program it was raised does not help."""
    _complain(f"warning: {message}")


def _complain(message: str) -> None:
    say(folded(f"excitable: {message}"), sys.stderr)
