"""An S3 server in, the same server behind a wire that fails on command out.

An HTTP relay: requests go on byte for byte (also their Host, which is signed). What it is told
it refuses, holds back, cuts in the middle, or it swallows the answer to what was carried out.
"""

from __future__ import annotations

import http.client
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Mode = Literal["pass", "refuse", "hang", "cut", "lose"]

CHUNK_BYTES = 1 << 16
TIMEOUT_S = 30.0
LEAST_CUT_BYTES = 2_000  # bodies worth cutting in the middle
SLOW_DOWN = b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>later</Message></Error>"
_HOP = {"connection", "keep-alive", "transfer-encoding"}


class Wire:
    """The relay; `endpoint` is where clients connect."""

    def __init__(self, target: str) -> None:
        """Listen; nothing fails yet. `target` is host:port of the server."""
        self.target = target
        self.fired = 0  # requests that failed by our doing
        self._mode: Mode = "pass"
        self._left = 0  # of what is done to a number of requests
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.endpoint = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def set(self, mode: Mode, left: int = 0) -> None:
        """Fail from now on, or for `left` requests ("cut", "lose")."""
        with self._lock:
            self._mode, self._left = mode, left

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()

    def fate(self, method: str, path: str, headers: Any, length: int) -> Mode:
        """Return what happens to a request."""
        with self._lock:
            mode = self._mode
            if mode in ("pass", "refuse", "hang"):
                self.fired += mode != "pass"
                return mode
            commit = method == "PUT" and headers.get("If-None-Match") == "*"
            fits = commit if mode == "lose" else method == "PUT" and length >= LEAST_CUT_BYTES
            if not fits or self._left <= 0:
                return "pass"
            self._left -= 1
            self.fired += 1
            return mode

    def hold(self) -> None:
        """Return when requests are no longer held back."""
        until = time.monotonic() + TIMEOUT_S
        while time.monotonic() < until:
            with self._lock:
                if self._mode != "hang":
                    return
            time.sleep(0.05)


def _handler(wire: Wire) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 120

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (OSError, http.client.HTTPException):
                self.close_connection = True

        def _relay(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            fate = wire.fate(self.command, self.path, self.headers, length)
            if fate == "hang":
                wire.hold()
                self.close_connection = True
                return
            if fate == "refuse":
                self._skip(length)
                self._answer(503, [("Content-Type", "application/xml")], SLOW_DOWN)
                return
            far = http.client.HTTPConnection(wire.target, timeout=TIMEOUT_S)
            try:
                self._forward(far, length // 2 if fate == "cut" else length)
                if fate == "cut":
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                answer = far.getresponse()
                if fate == "lose":
                    answer.read()
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self._pass_on(answer)
            except (OSError, http.client.HTTPException):
                self.close_connection = True  # the server is away: as if there were no relay
            finally:
                far.close()

        def _forward(self, far: http.client.HTTPConnection, most: int) -> None:
            far.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in _HOP:
                    far.putheader(name, value)
            far.endheaders()
            left = most
            while left > 0 and (chunk := self.rfile.read(min(CHUNK_BYTES, left))):
                far.send(chunk)
                left -= len(chunk)

        def _pass_on(self, answer: http.client.HTTPResponse) -> None:
            headers = [(k, v) for k, v in answer.getheaders() if k.lower() not in _HOP]
            body = self.command != "HEAD" and answer.status not in (204, 304)
            if body and answer.getheader("Content-Length") is None:
                self._answer(answer.status, headers, answer.read())
                return
            self.send_response_only(answer.status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            while body and (chunk := answer.read(CHUNK_BYTES)):
                self.wfile.write(chunk)

        def _answer(self, status: int, headers: list[tuple[str, str]], data: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def _skip(self, length: int) -> None:
            while length > 0 and (chunk := self.rfile.read(min(CHUNK_BYTES, length))):
                length -= len(chunk)

        def log_message(self, *arguments: object) -> None:
            pass

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _relay

    return Handler
