"""Fresh process to the first voltage trace in Brian 2 (Cython): one squid compartment, 1 s; prints the peak.

The first argument is the folder of its compiled-code cache: an empty one is a cold start.
"""

import sys

import brian2
from brian2 import cm, mS, ms, mV, uA, uF

brian2.prefs.codegen.target = "cython"
if len(sys.argv) > 1:
    brian2.prefs.codegen.runtime.cython.cache_dir = sys.argv[1]
membrane = """
dv/dt = (10*uA/cm**2 - sodium*m**3*h*(v - 50*mV) - potassium*n**4*(v + 77*mV) - leak*(v + 54.3*mV))/C : volt
dm/dt = 1/exprel(-(v + 40*mV)/(10*mV))/ms*(1 - m) - 4*exp(-(v + 65*mV)/(18*mV))/ms*m : 1
dh/dt = 0.07*exp(-(v + 65*mV)/(20*mV))/ms*(1 - h) - 1/(exp(-(v + 35*mV)/(10*mV)) + 1)/ms*h : 1
dn/dt = 0.1/exprel(-(v + 55*mV)/(10*mV))/ms*(1 - n) - 0.125*exp(-(v + 65*mV)/(80*mV))/ms*n : 1
"""
constants = {
    "sodium": 120 * mS / cm**2,
    "potassium": 36 * mS / cm**2,
    "leak": 0.3 * mS / cm**2,
    "C": uF / cm**2,
}
brian2.defaultclock.dt = 0.025 * ms
group = brian2.NeuronGroup(1, membrane, method="exponential_euler", namespace=constants | {"uA": uA, "cm": cm})
group.v, group.m, group.h, group.n = -65 * mV, 0.0529, 0.5961, 0.3177
trace = brian2.StateMonitor(group, "v", record=0)
brian2.run(1000 * ms)
print(max(trace.v[0] / mV))
