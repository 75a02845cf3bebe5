"""LLVM text to machine code in memory, for this processor and no other."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any

import llvmlite.binding as llvm

from ...errors import InternalError
from ...frozen import frozen

SIGNATURE = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 7, *[ctypes.c_int64] * 5)


@frozen()
class Processor:
    """The processor that code is made for: LLVM's names of its kind and of everything it can do."""

    triple: str
    name: str
    features: str

    @property
    def fused(self) -> bool:
        """Whether a·b + c is one instruction."""
        return not self.triple.startswith(("x86_64", "i686")) or "+fma," in self.features + ","


@cache
def processor() -> Processor:
    """The processor of this machine."""
    return Processor(llvm.get_process_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten())


def _machine() -> Any:
    """A new description of this processor for LLVM: an engine takes the one it is given for its own."""
    _initialise()
    here = processor()
    target = llvm.Target.from_triple(here.triple)
    return target.create_target_machine(cpu=here.name, features=here.features, opt=2, jit=True, codemodel="jitdefault")


@cache
def _initialise() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


def compile_text(text: str) -> bytes:
    """The object code of a module in LLVM assembly.

    Raises InternalError where LLVM refuses the text.
    """
    machine = _machine()
    try:
        module = llvm.parse_assembly(f'target triple = "{processor().triple}"\n{text}')
        module.verify()
    except RuntimeError as problem:
        raise InternalError(f"LLVM refused a kernel: {problem}. Please report this with your model.") from problem
    return bytes(machine.emit_object(module))


def load(code: bytes) -> tuple[Callable[..., None], Any]:
    """The function `run` of object code, and what must be kept alive while it is used."""
    machine = _machine()
    empty = llvm.parse_assembly(f'target triple = "{processor().triple}"\n')
    engine = llvm.create_mcjit_compiler(empty, machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    address = engine.get_function_address("run")
    if not address:
        raise InternalError("A kernel was compiled and its function is not there. Please report this with your model.")
    return SIGNATURE(address), engine
