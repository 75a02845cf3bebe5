"""Where does a method run that chooses its own steps? Attempts in chunks, rows of accepted steps, samples from them."""
