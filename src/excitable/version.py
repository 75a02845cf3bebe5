"""Which version of excitable is this?"""

__version__ = "0.1.0"
