"""Where does a cell stand still, and is it stable there? The equations of a whole cell, as arrays."""
