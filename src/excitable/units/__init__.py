"""In what units? One internal system, and the door through which every public quantity enters it.

    quantity        internal unit       densities and materials      internal unit
    time            ms                  current per area             mA/cm2
    voltage         mV                  conductance per area         S/cm2
    length          um                  capacitance per area         uF/cm2
    current         nA                  resistivity                  ohm cm
    conductance     uS
    resistance      Mohm
    concentration   mM
    temperature     degC

Inward membrane current is negative; injected current is positive. An injected current of +0.1 nA and a sodium
current of -0.1 nA push the membrane the same way.

A number is taken to be in the documented unit. A string such as "0.2 nA", or a quantity of the pint library,
is converted; a wrong dimension is an error that names both. Units are checked once, when a model is built,
and are gone from the kernel.

>>> to("0.2 nA", "nA", what="the amplitude of the step")
0.2
>>> to("309.15 K", "degC", what="the temperature")
36.0
>>> parse("S/cm2") * parse("mV") == parse("mA/cm2")
True
"""

from __future__ import annotations

from .algebra import ONE, Unit, parse
from .conversion import to, to_array

__all__ = ["ONE", "Unit", "parse", "to", "to_array"]
