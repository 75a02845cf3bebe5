"""How is a method made fast that chooses its own steps? The program of one attempted step, its numbers and memory."""
