"""What every peer serves: the documents of the seed, as our server answers them, and how they lie in a table."""

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["PEER_FOLDER"])
"""Where the documents lie, and where a peer keeps its database."""

PLAIN = (
    "code",
    "division",
    "domain",
    "handling",
    "matter_type",
    "revision",
    "schema",
    "single_window",
    "status",
    "updated_at",
    "version",
    "visits",
)
"""Members that are one value each: a column of their own, beside ``id``."""

NESTED = (
    "audiences",
    "codes",
    "fees",
    "legal_basis",
    "life_events",
    "materials",
    "name",
    "online_channels",
    "provenance",
    "summary",
    "tags",
    "time_limits",
)
"""Members that are objects or lists: a column of JSON each."""


def documents() -> list[dict[str, Any]]:
    """Return the services."""
    found: list[dict[str, Any]] = json.loads((FOLDER / "services.json").read_text(encoding="utf-8"))
    return found


def online_for(document: dict[str, Any]) -> dict[str, bool]:
    """Return for whom a service can be done online, as columns that a list is filtered by."""
    channels = {channel["audience"] for channel in document["online_channels"]}
    return {f"online_for_{audience}": audience in channels for audience in ("individual", "enterprise")}


def rows() -> Iterator[dict[str, Any]]:
    """Yield each service as the values of its columns; what is nested stays as it is."""
    for document in documents():
        yield {name: document[name] for name in ("id", *PLAIN, *NESTED)} | online_for(document)


def write_table(file: Path) -> None:
    """Write the services into the table ``service`` of a new SQLite file, what is nested as JSON."""
    columns = ["id", *PLAIN, *NESTED, "online_for_individual", "online_for_enterprise"]
    first = next(rows())
    types = [f"{name} {'INTEGER' if isinstance(first[name], int) else 'TEXT'}" for name in columns[1:]]
    with sqlite3.connect(file) as connection:
        connection.execute(f"CREATE TABLE service (id TEXT PRIMARY KEY, {', '.join(types)})")
        connection.execute("CREATE INDEX by_online_for_individual ON service (online_for_individual)")
        for row in rows():
            values = [json.dumps(row[name], ensure_ascii=False) if name in NESTED else row[name] for name in columns]
            connection.execute(f"INSERT INTO service VALUES ({', '.join('?' * len(columns))})", values)  # noqa: S608
    connection.close()


if __name__ == "__main__":
    write_table(FOLDER / "datasette.sqlite3")
