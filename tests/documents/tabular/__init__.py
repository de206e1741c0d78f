"""Files that hold many services."""
