"""The questions of citizens, kept as data: what they ask, and the service they should find."""

from pathlib import Path

FOLDER = Path(__file__).parent


def questions(name: str) -> dict[str, str]:
    """Return the code of the service that each question of a file should find."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(" = ") for line in lines if not line.startswith("#"))
    return {asked: code for asked, _, code in pairs}


KNOWN = questions("questions")
"""Those that the synonyms were written with."""

UNSEEN = questions("questions-unseen")
"""Those that nobody looked at meanwhile; they stay out of the synonyms, to show how it fares with new ones."""
