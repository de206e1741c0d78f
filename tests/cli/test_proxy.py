"""Debian's nginx as a caching proxy in front: it keeps what may be kept, and asks about everything else each time."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from service_catalog.domain.access import Role
from tests.conftest import debian_program
from tests.serving import Server, free_port, is_listening, run, wait_until

CARD = "/api/v1/services/430203-card-application"
NGINX = """
daemon off;
user root;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    fastcgi_temp_path {folder}/fastcgi;
    proxy_temp_path {folder}/proxy;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    proxy_cache_path {folder}/cache keys_zone=catalogue:1m;
    proxy_cache catalogue;
    add_header X-Cache-Status $upstream_cache_status always;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass {base};
            proxy_set_header If-None-Match $http_if_none_match;
            proxy_no_cache $http_if_none_match;
        }}
    }}
    server {{
        listen 127.0.0.1:{revalidating};
        location / {{
            proxy_pass {base};
            proxy_ignore_headers Cache-Control;
            proxy_cache_valid 200 1s;
            proxy_cache_revalidate on;
            proxy_cache_bypass $http_authorization $http_cookie;
            proxy_no_cache $http_authorization $http_cookie;
        }}
    }}
}}
"""


class Proxy:
    """nginx in front of a server: as the docs have it, and as whoever bears answers a second old would set it."""

    def __init__(self, server: Server, folder: Path) -> None:
        """Start it."""
        self.server, self.port, self.revalidating = server, free_port(), free_port()
        file = folder / "nginx.conf"
        file.write_text(NGINX.format(folder=folder, base=server.base, port=self.port, revalidating=self.revalidating))
        errors = ["-e", str(folder / "error.log")]
        self.process = subprocess.Popen([debian_program("nginx"), *errors, "-c", str(file)], start_new_session=True)
        wait_until(lambda: is_listening(self.revalidating), "nginx listens")

    def get(self, path: str, port: int | None = None, **headers: str) -> tuple[str | None, urllib3.BaseHTTPResponse]:
        """Ask the proxy; return what it says of its cache, and the answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.server.http.request("GET", f"http://127.0.0.1:{port or self.port}{path}", headers=named)
        return answer.headers.get("X-Cache-Status"), answer


@pytest.fixture
def proxy(server: Server, tmp_path: Path) -> Iterator[Proxy]:
    folder = tmp_path / "nginx"
    folder.mkdir()
    started = Proxy(server, folder)
    yield started
    os.killpg(started.process.pid, signal.SIGTERM)
    started.process.wait(timeout=60)


def edited(server: Server, folder: Path) -> str:
    """Change the card on the server itself and return its new tag."""
    token = run(folder, "token", "create", "--role", Role.ADMINISTRATOR, "--name", "tests").stdout.strip()
    body = b'{"changes": {"single_window": false}, "reason": "x"}'
    headers = {"Authorization": f"Bearer {token}", "If-Match": server.get(CARD).headers["ETag"]}
    answer = server.http.request(
        "PATCH", server.base + CARD, body=body, headers={**headers, "Content-Type": "application/json"}
    )
    assert answer.status == 200, answer.data
    return answer.headers["ETag"]


def test_proxy_keeps_named_revisions_and_never_gives_an_older_answer_than_the_server(
    proxy: Proxy, tmp_path: Path
) -> None:
    named = f"{CARD}?revision=1"
    tag = proxy.server.get(named).headers["ETag"]
    assert proxy.get(named, If_None_Match=tag)[1].status == 304
    (missed, first), (hit, again) = proxy.get(named), proxy.get(named)
    assert (missed, hit, again.data) == ("MISS", "HIT", first.data)
    assert proxy.get(named, If_None_Match=tag)[0] == "HIT"
    of_signed, signed = proxy.get(named, Authorization="Bearer x")
    assert of_signed == "MISS" and "Access-Control-Allow-Origin" not in signed.headers
    before = proxy.get(CARD)[1].headers["ETag"]
    assert proxy.get(CARD, If_None_Match=before)[1].status == 304
    after = edited(proxy.server, tmp_path)
    asked, now = proxy.get(CARD, If_None_Match=before)
    assert (asked, now.status, now.headers["ETag"]) == ("MISS", 200, after)
    assert proxy.get(named)[1].data == first.data


def test_proxy_that_asks_once_a_second_is_told_by_the_tag_that_nothing_changed(proxy: Proxy) -> None:
    _, first = proxy.get(CARD, proxy.revalidating)
    seen = {"MISS"}

    def was_revalidated() -> bool:
        status, answer = proxy.get(CARD, proxy.revalidating)
        assert answer.data == first.data
        seen.add(status or "")
        return "REVALIDATED" in seen

    wait_until(was_revalidated, "nginx asks by the tag")
    assert "HIT" in seen and "EXPIRED" not in seen
    assert proxy.get(CARD, proxy.revalidating, Cookie="session=x")[0] == "BYPASS"
