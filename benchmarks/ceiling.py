"""The ceiling: how fast one squid compartment can be stepped on this processor, in vector code.

One kernel, no cells, no tree, no recording: each SIMD lane is a compartment, and the state stays in registers
for the whole run of its block. Float64, all rates evaluated exactly, implicit voltage, exponential gates.
What a simulator reaches of this speed is the measure of its overhead.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import llvmlite.binding as llvm
import llvmlite.ir as ir
import numpy as np
from numpy.typing import NDArray
from workloads import (
    CAPACITANCE,
    LEAK,
    LEAK_REVERSAL,
    POTASSIUM,
    POTASSIUM_REVERSAL,
    SODIUM,
    SODIUM_REVERSAL,
    START,
    resting_gates,
)

WIDTHS = (1, 4, 8, 16, 32)
VARIABLES = 4
DOUBLE, INTEGER, INDEX = ir.DoubleType(), ir.IntType(64), ir.IntType(32)

# Sums may be fused, divisions by constants turned round; but nothing is said of rounding order beyond that.
FAST = ("nnan", "ninf", "nsz", "arcp", "contract")

# exp on [-ln 2 / 2, ln 2 / 2]: Chebyshev interpolation of degree 11 (computed with mpmath, error 1.7e-17),
# lowest power first. ln 2 is split in two so that k ln 2 is exact in the first part.
EXP_POLYNOMIAL = (
    1.0,
    1.0,
    0.5000000000000019,
    0.1666666666666668,
    0.04166666666648795,
    0.008333333333319589,
    0.0013888888952352863,
    0.00019841269890076403,
    2.4801485441561313e-05,
    2.755724088722987e-06,
    2.763265472252779e-07,
    2.5110049204818658e-08,
)
LOG2_E, LN2_HIGH, LN2_LOW = 1.4426950408889634, 0.6931471803691238, 1.9082149292705877e-10
EXP_LARGEST = 700.0
NEAR_ZERO = 1e-5


class Lanes:
    """Writes operations on vectors of float64 into one basic block; one lane is a plain number."""

    def __init__(self, builder: ir.IRBuilder, width: int) -> None:
        self.builder, self.width = builder, width
        self.real = ir.VectorType(DOUBLE, width) if width > 1 else DOUBLE
        self.whole = ir.VectorType(INTEGER, width) if width > 1 else INTEGER

    def fill(self, value: float, kind: Any = None) -> ir.Constant:
        return ir.Constant(kind or self.real, [value] * self.width if self.width > 1 else value)

    def vector(self, value: float | ir.Value | Vector) -> Vector:
        if isinstance(value, Vector):
            return value
        return Vector(self, self.fill(value) if isinstance(value, int | float) else value)

    def spread(self, number: ir.Value) -> Vector:
        """The same run-time number in every lane."""
        if self.width == 1:
            return self.vector(number)
        empty = ir.Constant(self.real, ir.Undefined)
        first = self.builder.insert_element(empty, number, INDEX(0))
        everywhere = ir.Constant(ir.VectorType(INDEX, self.width), [0] * self.width)
        return self.vector(self.builder.shuffle_vector(first, empty, everywhere))

    def intrinsic(self, name: str, *arguments: ir.Value) -> ir.Value:
        suffix = f"v{self.width}f64" if self.width > 1 else "f64"
        kind = ir.FunctionType(self.real, [self.real] * len(arguments))
        module = self.builder.function.module
        full = f"llvm.{name}.{suffix}"
        function = module.globals.get(full) or ir.Function(module, kind, full)
        return self.builder.call(function, arguments)


class Vector:
    """A value in all lanes, with arithmetic, so that the membrane below reads like its paper."""

    def __init__(self, lanes: Lanes, value: ir.Value) -> None:
        self.lanes, self.value = lanes, value

    def join(self, operation: str, left: Any, right: Any) -> Vector:
        write = getattr(self.lanes.builder, operation)
        left, right = self.lanes.vector(left), self.lanes.vector(right)
        return Vector(self.lanes, write(left.value, right.value, flags=FAST))

    def __add__(self, other: Any) -> Vector:
        return self.join("fadd", self, other)

    def __sub__(self, other: Any) -> Vector:
        return self.join("fsub", self, other)

    def __mul__(self, other: Any) -> Vector:
        return self.join("fmul", self, other)

    def __rmul__(self, other: Any) -> Vector:
        return self.join("fmul", other, self)

    def __truediv__(self, other: Any) -> Vector:
        return self.join("fdiv", self, other)

    def __rtruediv__(self, other: Any) -> Vector:
        return self.join("fdiv", other, self)


def fused(product: Vector, factor: Vector | float, term: Vector | float) -> Vector:
    """product * factor + term, rounded once where the processor can."""
    lanes = product.lanes
    values = [lanes.vector(x).value for x in (product, factor, term)]
    return lanes.vector(lanes.intrinsic("fmuladd", *values))


def exp(x: Vector) -> Vector:
    """e^x = 2^k e^r with |r| <= ln 2 / 2: a polynomial in r, and k added to the exponent's bits."""
    lanes, write = x.lanes, x.lanes.builder
    bounded = lanes.intrinsic("maxnum", x.value, lanes.fill(-EXP_LARGEST))
    bounded = lanes.intrinsic("minnum", bounded, lanes.fill(EXP_LARGEST))
    turns = lanes.vector(lanes.intrinsic("rint", write.fmul(bounded, lanes.fill(LOG2_E))))
    rest = fused(turns, -LN2_LOW, fused(turns, -LN2_HIGH, lanes.vector(bounded)))
    total = lanes.vector(EXP_POLYNOMIAL[-1])
    for coefficient in EXP_POLYNOMIAL[-2::-1]:
        total = fused(total, rest, coefficient)
    shifted = write.shl(write.fptosi(turns.value, lanes.whole), lanes.fill(52, lanes.whole))
    bits = write.add(write.bitcast(total.value, lanes.whole), shifted)
    return lanes.vector(write.bitcast(bits, lanes.real))


def linear_over_exponential(x: Vector) -> Vector:
    """x / (e^x - 1), by its series near 0."""
    lanes, write = x.lanes, x.lanes.builder
    near = write.fcmp_ordered("<", lanes.intrinsic("fabs", x.value), lanes.fill(NEAR_ZERO))
    quotient = write.fdiv(x.value, write.fsub(exp(x).value, lanes.fill(1.0)))
    return lanes.vector(write.select(near, fused(x, -0.5, 1.0).value, quotient))


def squid_step(v: Vector, m: Vector, h: Vector, n: Vector, current: Vector, dt: Vector) -> tuple[Vector, ...]:
    """One step of the membrane of Hodgkin & Huxley 1952; conductances in mS/cm², current in µA/cm²."""
    squared = n * n
    sodium, potassium, leak = (
        (1e3 * SODIUM) * (m * m * m * h),
        (1e3 * POTASSIUM) * (squared * squared),
        1e3 * LEAK,
    )
    outward = sodium * (v - SODIUM_REVERSAL) + potassium * (v - POTASSIUM_REVERSAL) + leak * (v - LEAK_REVERSAL)
    v = v + (current - outward) / (CAPACITANCE / dt + sodium + potassium + leak)

    def advance(gate: Vector, opening: Vector, closing: Vector) -> Vector:
        rate = opening + closing
        steady = opening / rate
        return steady + (gate - steady) * exp(dt * rate * -1.0)

    m = advance(m, linear_over_exponential((v + 40.0) * -0.1), 4.0 * exp((v + 65.0) * (-1.0 / 18.0)))
    h = advance(h, 0.07 * exp((v + 65.0) * -0.05), 1.0 / (exp((v + 35.0) * -0.1) + 1.0))
    n = advance(n, 0.1 * linear_over_exponential((v + 55.0) * -0.1), 0.125 * exp((v + 65.0) * -0.0125))
    return v, m, h, n


class KernelWriter:
    """run(state, current, spikes, blocks, steps, dt): for each block all steps, then the next block.

    `state` is (blocks, variables, lanes), `current` and `spikes` (blocks, lanes). Only a counting kernel
    touches `spikes`: the number of upward crossings of 0 mV.
    """

    def __init__(self, width: int, counting: bool) -> None:
        self.module = ir.Module("ceiling")
        self.module.triple = llvm.get_default_triple()
        pointer = DOUBLE.as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [pointer, pointer, pointer, INTEGER, INTEGER, DOUBLE])
        self.function = ir.Function(self.module, kind, "run")
        names = ("entry", "block", "step", "stored", "end")
        self.places = {name: self.function.append_basic_block(name) for name in names}
        self.write = ir.IRBuilder(self.places["entry"])
        self.lanes = Lanes(self.write, width)
        self.counting = counting

    def slot(self, base: ir.Value, block: ir.Value, rows: int, row: int) -> ir.Value:
        """Where one vector of a block lies in an array with `rows` vectors for each block."""
        width, write = self.lanes.width, self.write
        place = write.add(write.mul(block, INTEGER(rows * width)), INTEGER(row * width))
        return write.bitcast(write.gep(base, [place]), self.lanes.real.as_pointer())

    def counted(self, count: ir.Value, before: ir.Value, after: ir.Value) -> ir.Value:
        zero = self.lanes.fill(0.0)
        below = self.write.fcmp_ordered("<", before, zero)
        above = self.write.fcmp_ordered(">=", after, zero)
        more = self.write.select(self.write.and_(below, above), self.lanes.fill(1.0), zero)
        return self.write.fadd(count, more)

    def all_steps(self, loaded: list[ir.Value], injected: Vector, dt: Vector, steps: ir.Value) -> list[ir.Value]:
        """The inner loop, which touches no memory. The last state and the count, if there is one."""
        write, outer, inner = self.write, self.places["block"], self.places["step"]
        write.branch(inner)
        write.position_at_end(inner)
        step = write.phi(INTEGER)
        now = [write.phi(self.lanes.real) for _ in loaded]
        v, m, h, n = (self.lanes.vector(phi) for phi in now[:VARIABLES])
        after = [value.value for value in squid_step(v, m, h, n, injected, dt)]
        if self.counting:
            after.append(self.counted(now[VARIABLES], now[0], after[0]))
        following = write.add(step, INTEGER(1))
        for phi, first, again in zip([step, *now], [INTEGER(0), *loaded], [following, *after], strict=True):
            phi.add_incoming(first, outer)
            phi.add_incoming(again, inner)
        write.cbranch(write.icmp_signed("<", following, steps), inner, self.places["stored"])
        return after

    def finished(self) -> ir.Module:
        """The whole function: a loop over blocks around the loop over steps."""
        write, lanes, places = self.write, self.lanes, self.places
        state, current, spikes, blocks, steps, dt = self.function.args
        step_length = lanes.spread(dt)
        write.branch(places["block"])
        write.position_at_end(places["block"])
        block = write.phi(INTEGER)
        block.add_incoming(INTEGER(0), places["entry"])
        slots = [self.slot(state, block, VARIABLES, row) for row in range(VARIABLES)]
        loaded = [write.load(place, align=8) for place in slots]
        injected = lanes.vector(write.load(self.slot(current, block, 1, 0), align=8))
        if self.counting:
            slots.append(self.slot(spikes, block, 1, 0))
            loaded.append(lanes.fill(0.0))
        after = self.all_steps(loaded, injected, step_length, steps)
        write.position_at_end(places["stored"])
        for place, value in zip(slots, after, strict=True):
            write.store(value, place, align=8)
        next_block = write.add(block, INTEGER(1))
        block.add_incoming(next_block, places["stored"])
        write.cbranch(write.icmp_signed("<", next_block, blocks), places["block"], places["end"])
        write.position_at_end(places["end"])
        write.ret_void()
        return self.module


@dataclass(frozen=True)
class Kernel:
    """A compiled kernel; `engine` owns the machine code and must outlive the function."""

    width: int
    function: Callable[..., None]
    engine: Any
    compile_seconds: float

    def run(
        self,
        state: NDArray[np.float64],
        current: NDArray[np.float64],
        spikes: NDArray[np.float64],
        steps: int,
        dt: float,
    ) -> None:
        self.function(state.ctypes.data, current.ctypes.data, spikes.ctypes.data, len(state), steps, dt)


def compile_kernel(width: int, counting: bool = False) -> Kernel:
    """Machine code for this processor, with everything it can do."""
    start = time.perf_counter()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    module = llvm.parse_assembly(str(KernelWriter(width, counting).finished()))
    module.verify()
    features = llvm.get_host_cpu_features().flatten()
    target = llvm.Target.from_default_triple()
    machine = target.create_target_machine(cpu=llvm.get_host_cpu_name(), features=features, opt=3)
    passes = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=3))
    passes.getModulePassManager().run(module, passes)
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    signature = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 3, *[ctypes.c_int64] * 2, ctypes.c_double)
    function = signature(engine.get_function_address("run"))
    return Kernel(width, function, engine, time.perf_counter() - start)


def resting_state(blocks: int, width: int) -> NDArray[np.float64]:
    state = np.empty((blocks, VARIABLES, width))
    state[:] = np.array([START, *resting_gates()])[None, :, None]
    return state
