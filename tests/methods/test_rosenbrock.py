"""Order of the tableaux, and elimination of local systems, by NumPy on expressions."""
