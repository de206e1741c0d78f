"""The figures that a person gives a benchmark by the environment."""

import os
import sys

LARGEST = 1000


def whole_number(name: str, default: int) -> int:
    """Return the variable ``name`` as a number from 1 to ``LARGEST``, or end the program with one line."""
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= LARGEST):
        sys.exit(f"{name}={text}: 须为 1 到 {LARGEST} 的整数 · must be a whole number from 1 to {LARGEST}")
    return int(text)
