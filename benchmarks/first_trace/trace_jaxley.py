"""Fresh process to the first voltage trace in Jaxley: one squid compartment, 1 s; prints the peak in mV."""

import jax
import jaxley
from jaxley.channels import HH

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platform_name", "cpu")
cell = jaxley.Compartment()
cell.insert(HH())
for name, value in {"length": 20.0, "radius": 10.0, "v": -65.0, "HH_eLeak": -54.3}.items():
    cell.set(name, value)
cell.init_states()
cell.record("v", verbose=False)
pulse = jaxley.step_current(i_delay=0.0, i_dur=1000.0, i_amp=0.1256637, delta_t=0.025, t_max=1000.0)
cell.stimulate(pulse, verbose=False)
print(jaxley.integrate(cell, delta_t=0.025).max())
