"""Where does a method run that chooses its own steps? Attempts in chunks, rows of accepted steps, and samples from them."""
