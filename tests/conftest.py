"""What holds for all tests: the check between the passes of the compiler is on, and no test is timed."""

import hypothesis

import excitable.compiler.check

excitable.compiler.check.on = True
# A slow machine is not a failure.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
