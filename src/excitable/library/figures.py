"""What to draw of a preparation, as data. The room of the plots knows how."""

from __future__ import annotations

from typing import Any

from ..frozen import frozen


@frozen()
class Traces:
    """Signals of one experiment against time.

    signals: their labels; all voltages where there are none.  window: ms, shown part of the time.
    """

    name: str
    title: str
    experiment: str
    signals: tuple[str, ...] = ()
    window: tuple[float, float] | None = None


@frozen()
class Gates:
    """The gating variables of one experiment against time, below its voltage."""

    name: str
    title: str
    experiment: str
    window: tuple[float, float] | None = None


@frozen()
class Kymograph:
    """A signal at many places: distance against time, voltage as colour."""

    name: str
    title: str
    experiment: str
    signal: str


@frozen()
class Drawing:
    """The shape of the cell with a signal as colour at one time (ms)."""

    name: str
    title: str
    experiment: str
    signal: str
    time: float


@frozen(eq=False)
class Line:
    """One line of a chart: x and y of one length, drawn as a line or as dots."""

    label: str
    x: Any
    y: Any
    dots: bool = False


@frozen(eq=False)
class Chart:
    """Lines over two labelled axes, for what is not a trace: a firing curve, a profile beside its theory."""

    name: str
    title: str
    x: str
    y: str
    lines: tuple[Line, ...]


@frozen(eq=False)
class Stack:
    """Charts one above the other over one axis: what goes on for minutes, with a scale of its own for each quantity.

    x: the words of the axis that all share, in place of their own.
    """

    name: str
    title: str
    x: str
    charts: tuple[Chart, ...]


Figure = Traces | Gates | Kymograph | Drawing | Chart | Stack
