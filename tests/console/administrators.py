"""Administrators for tests: their tokens, their cookie, and a real server that knows one of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from service_catalog.actions.catalogue import Catalogue
from service_catalog.console.sessions import COOKIE
from service_catalog.domain.access import Role
from tests.serving import Server, run
from tests.tokens import signed

HERE = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form of these pages, as the test client names the host."""


def secret(catalogue: Catalogue, role: Role = Role.ADMINISTRATOR) -> str:
    """Issue a token and return its secret."""
    return signed(catalogue, role)["Authorization"].removeprefix("Bearer ")


def hold(client: FlaskClient, token: str) -> None:
    """Give the client the cookie that a browser would keep; over plain HTTP the test client drops it."""
    client.set_cookie(COOKIE, token, secure=False)


@dataclass(frozen=True)
class Site:
    """A real server, its folder, and the token of an administrator whose name is 王芳."""

    base: str
    folder: Path
    token: str


@contextmanager
def administered(folder: Path) -> Iterator[Site]:
    """Yield the real server over the seed."""
    with Server(folder) as running:
        yield Site(running.base, folder, issue(folder, "administrator", "王芳"))


def issue(folder: Path, role: str, name: str) -> str:
    """Issue a token by the command and return it."""
    created = run(folder, "token", "create", "--role", role, "--name", name).stdout
    return next(word for word in created.split() if word.startswith("sct_"))


def sign_in(page: Page, token: str, path: str = "/en/admin") -> None:
    """Sign in by the form, and so come to the page at ``path``."""
    page.goto(path)
    page.get_by_label("访问令牌" if not path.startswith("/en/") else "Access token").fill(token)
    page.get_by_role("button", name="登录" if not path.startswith("/en/") else "Sign in", exact=True).click()
    expect(page.get_by_role("button", name="退出登录" if not path.startswith("/en/") else "Sign out")).to_be_visible()
