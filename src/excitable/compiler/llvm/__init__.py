"""Programs as LLVM text: vector code for the processor at hand, without a compiler on the machine."""
