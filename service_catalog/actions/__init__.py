"""One function for each thing a person does. Every write goes through ``writing``; nobody else commits."""
