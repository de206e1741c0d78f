"""Tests, in rooms that mirror those of the package; ``rules`` holds the laws of the house."""
