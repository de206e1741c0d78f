"""The command line ``service-catalog``: each command is one call of an action."""
