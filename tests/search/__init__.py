"""Search: what is found, in which order, on both engines, and by the questions of citizens."""
