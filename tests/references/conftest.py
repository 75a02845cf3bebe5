"""Loads the package first: it lets tests import the benchmarks' cells."""

import references

__all__ = ["references"]
