"""What holds for all tests: the check between the passes of the compiler is on."""

import excitable.compiler.check

excitable.compiler.check.on = True
