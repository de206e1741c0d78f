"""The figures that a person gives a benchmark by the environment."""

import os
import sys

LARGEST = 1000


def whole_number(name: str, default: int, most: int = LARGEST, least: int = 1) -> int:
    """Return the variable ``name`` as a number from ``least`` to ``most``, or end the program with one line."""
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and least <= int(text) <= most):
        sys.exit(f"{name}={text}: 须为 {least} 到 {most} 的整数 · must be a whole number from {least} to {most}")
    return int(text)
