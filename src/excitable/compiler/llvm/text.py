"""LLVM assembly as lines of text: fresh names, blocks and loops."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager

# Assembly that does nothing, and that LLVM does not see through.
OPAQUE = 'call i64 asm "", "=r,0"(i64 {})'


class Text:
    """A function body that grows line by line. Values are the names of LLVM registers, or literals."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.declarations: dict[str, None] = {}
        self.count = 0
        self.block = "entry"

    def fresh(self) -> str:
        """A register name that nobody has."""
        self.count += 1
        return f"%x{self.count}"

    def let(self, instruction: str) -> str:
        """Emit an instruction and return the register of its result."""
        name = self.fresh()
        self.lines.append(f"  {name} = {instruction}")
        return name

    def do(self, instruction: str) -> None:
        """Emit an instruction without a result."""
        self.lines.append(f"  {instruction}")

    def label(self, name: str) -> None:
        """Begin a block."""
        self.lines.append(f"{name}:")
        self.block = name

    def declare(self, text: str) -> None:
        """Declare a function, once."""
        self.declarations[text] = None

    # ------------------------------------------------------------ whole numbers
    def add(self, a: str, b: str) -> str:
        """The sum of two whole numbers; adding a literal 0 takes no instruction."""
        return a if b == "0" else b if a == "0" else self.let(f"add nsw i64 {a}, {b}")

    def multiply(self, a: str, b: str) -> str:
        """The product of two whole numbers; multiplying by a literal 1 takes no instruction."""
        return a if b == "1" else self.let(f"mul nsw i64 {a}, {b}")

    # ------------------------------------------------------------ memory
    def address(self, base: str, index: str, kind: str = "double") -> str:
        """The address of an element of an array."""
        return base if index == "0" else self.let(f"getelementptr {kind}, ptr {base}, i64 {index}")

    def load(self, kind: str, base: str, index: str = "0") -> str:
        """The value of a type that begins at an element of an array of doubles, or of whole numbers."""
        return self.let(f"load {kind}, ptr {self.address(base, index, 'i64' if kind == 'i64' else 'double')}, align 8")

    def store(self, kind: str, value: str, base: str, index: str = "0") -> None:
        """Write a value that begins at an element of an array of doubles."""
        self.do(f"store {kind} {value}, ptr {self.address(base, index)}, align 8")

    # ------------------------------------------------------------ control
    @contextmanager
    def loop(
        self, start: str, stop: str, step: str = "1", *, down: bool = False, opaque: bool = False
    ) -> Iterator[str]:
        """A loop from `start` up to but not including `stop`, or down from `stop` - 1 to `start`.

        opaque: hide from LLVM how the counter goes on. It would look for closed forms of every address, which takes
        seconds for the passes of a large model.
        """
        self.count += 1
        name = f"loop{self.count}"
        before = self.block
        self.do(f"br label %{name}.head")
        self.label(f"{name}.head")
        counter = f"%{name}.i"
        place = len(self.lines)
        self.lines.append("")
        go = self.let(f"icmp {'sgt' if down else 'slt'} i64 {counter}, {start if down else stop}")
        self.do(f"br i1 {go}, label %{name}.body, label %{name}.end")
        self.label(f"{name}.body")
        if down:
            index = self.let(f"sub nsw i64 {counter}, {step}")
            yield index
            following = index
        else:
            yield self.let(OPAQUE.format(counter)) if opaque else counter
            following = self.let(f"add nsw i64 {counter}, {step}")
        first = stop if down else start
        self.lines[place] = f"  {counter} = phi i64 [ {first}, %{before} ], [ {following}, %{self.block} ]"
        self.do(f"br label %{name}.head")
        self.label(f"{name}.end")

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """What is done only where an i1 holds."""
        self.count += 1
        name = f"when{self.count}"
        self.do(f"br i1 {condition}, label %{name}.yes, label %{name}.end")
        self.label(f"{name}.yes")
        yield
        self.do(f"br label %{name}.end")
        self.label(f"{name}.end")


def literal(value: float) -> str:
    """A double as LLVM writes it, bit for bit."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"
