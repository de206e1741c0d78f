"""The examples of the OpenAPI document: real answers of the seeded catalogue, kept beside this module as JSON.

A test asks the seeded catalogue for each of them again, so that an example cannot go stale.
"""

import json
from pathlib import Path
from typing import Any


def example(name: str) -> Any:
    """Return the example of this name."""
    return json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))


def example_text(name: str) -> str:
    """Return the example of this name that is not JSON."""
    return (Path(__file__).parent / f"{name}.txt").read_bytes().decode()  # CSV ends its lines in CR LF
