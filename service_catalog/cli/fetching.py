"""The one place where the command line asks a catalogue's server: public files over HTTP, every failure in one line."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

import click

from service_catalog.domain.causes import cause_of
from service_catalog.domain.vocabulary import Text
from service_catalog.verification.files import LONGEST_LINE, LONGEST_NOTE
from service_catalog.verification.logs import read_canonical

MOST_ENTRIES = 10_000
"""Entries that a server hands out at once."""

TIMEOUT = 30
"""Seconds that a server may keep silent."""

_API = "/api/v1/log"
_HANDLERS = (
    ProxyHandler,
    UnknownHandler,
    HTTPHandler,
    HTTPSHandler,
    HTTPRedirectHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
)
"""What Python opens by itself, but for files, FTP and data in the address."""


class FetchFailed(click.ClickException):
    """The server cannot be reached, or what it sends is not what was asked for; another try goes on from there."""

    exit_code = 2


class LogServer:
    """The public log of a catalogue's server."""

    def __init__(self, url: str) -> None:
        """Take the server's address, of the scheme http or https.

        Raises:
            ValueError: where it is no such address.
        """
        parts = urlsplit(url)
        is_plain = parts.hostname and parts.port != 0 and not parts.query and not parts.fragment
        if parts.scheme not in {"http", "https"} or not is_plain:
            raise ValueError(url)
        self._base = url.rstrip("/") + _API
        self._opener = OpenerDirector()
        for handler in _HANDLERS:
            self._opener.add_handler(handler())

    def checkpoint(self) -> str:
        """Return the signed head of the log, as it was sent.

        Raises:
            FetchFailed: where it cannot be had.
        """
        with self._asked("/checkpoint") as response:
            return response.read(LONGEST_NOTE).decode(errors="replace")

    def entries(self, start: int, count: int) -> Iterator[bytes]:
        """Yield ``count`` entries from position ``start`` on, each a line with its line feed.

        Raises:
            FetchFailed: where they cannot be had; those that were yielded are whole.
        """
        path = f"/entries?from={start}&limit={count}"
        with self._asked(path) as response:
            for position in range(start, start + count):
                line = response.readline(LONGEST_LINE)
                if not line.endswith(b"\n") or read_canonical(line[:-1]) is None:
                    raise self._failed(
                        path, Text(f"第 {position} 条不是完整的条目", f"entry {position} is not a whole entry")
                    )
                yield line

    @contextmanager
    def _asked(self, path: str) -> Iterator[HTTPResponse]:
        """Ask for something; whatever goes wrong before all of it was read is said in one line."""
        try:
            with self._opener.open(Request(self._base + path), timeout=TIMEOUT) as response:  # noqa: S310 - see _HANDLERS
                yield response
        except (OSError, HTTPException, ValueError) as error:
            raise self._failed(path, _cause(error)) from None

    def _failed(self, path: str, cause: Text) -> FetchFailed:
        place = self._base + path
        return FetchFailed(f"无法取得 {place}：{cause.zh} · {place} cannot be fetched: {cause.en}")


def _cause(error: Exception) -> Text:
    reason = error.reason if isinstance(error, URLError) and not isinstance(error, HTTPError) else error
    match reason:
        case HTTPError():
            return Text(f"服务器回答 {reason.code}", f"the server answers {reason.code}")
        case TimeoutError():
            return Text("等待超时", "it timed out")
        case socket.gaierror():
            return Text("找不到这台主机", "there is no such host")
        case ssl.SSLError():
            return Text("无法建立可信的 TLS 连接", f"no trusted TLS connection: {reason.reason}")
        case OSError():
            return cause_of(reason)
        case _:
            return Text("应答不合 HTTP 规定", "the answer, or the address, is not as HTTP has it")
