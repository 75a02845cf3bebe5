"""The least that a compiler in Python has to load; what excitable's start is measured against."""

import llvmlite.binding
import numpy

print(numpy.__version__, llvmlite.__version__)
