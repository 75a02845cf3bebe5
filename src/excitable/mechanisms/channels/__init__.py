"""Voltage-gated channels, one flat file each, with its paper."""

from .squid import SquidLeak, SquidPotassium, SquidSodium

__all__ = ["SquidLeak", "SquidPotassium", "SquidSodium"]
