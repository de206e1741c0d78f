"""The figures that a person gives a benchmark by the environment."""

import os
import sys

LARGEST = 1000


def whole_number(name: str, default: int, most: int = LARGEST) -> int:
    """Return the variable ``name`` as a number from 1 to ``most``, or end the program with one line."""
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= most):
        sys.exit(f"{name}={text}: 须为 1 到 {most} 的整数 · must be a whole number from 1 to {most}")
    return int(text)
