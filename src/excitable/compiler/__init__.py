"""From equations to machine code: passes over a graph, a plan of what is stored, and the targets."""
