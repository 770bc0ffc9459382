"""The address of a bucket in, answered requests out: connections, retries, forks."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import urllib3
from minio import Minio

from pipeline.errors import SetupError
from pipeline.storage.answers import STORE_FAULTS, explain, is_passing

T = TypeVar("T")

CONNECT_S = 2.0
PAUSES_S = (0.1, 0.3)  # before the second and the third try
CHUNK_BYTES = 1 << 20
POOL_SIZE = 16  # connections kept; more threads open more


class Connection:
    """One bucket and the connections to it; may be shared by threads and survives a fork.

    Nothing is retried behind our back: a request that met a broken connection or a passing
    fault is sent again at most twice within half a second, then the caller gets our error.
    """

    def __init__(
        self,
        endpoint: str,
        access_key: str,
        secret_key: str,
        bucket: str,
        secure: bool,
        timeout_s: float,
        region: str,
    ) -> None:
        """Remember where the bucket is; nothing is sent yet. Raises SetupError."""
        self.address = f"S3 store {endpoint}"
        self.bucket = bucket
        self._endpoint = endpoint
        self._timeout_s = timeout_s
        self._arguments: dict[str, Any] = {
            "access_key": access_key,
            "secret_key": secret_key,
            "secure": secure,
            "region": region,  # else the client asks the server before each first request
        }
        self._connect()

    def close(self) -> None:
        """Close the idle connections; the next request opens new ones."""
        self.pool.clear()

    def call(self, key: str, action: Callable[[Minio], T]) -> T:
        """Return what the action returns; its faults come out as our errors about `key`."""
        for pause_s in (*PAUSES_S, None):
            try:
                return action(self.client())
            except STORE_FAULTS as fault:
                if pause_s is None or not is_passing(fault):
                    raise self.explain(fault, key) from fault
                time.sleep(pause_s)
        raise AssertionError("the last try returns or raises")

    def explain(self, fault: BaseException, key: str = "") -> Exception:
        """Return our error for a fault that came outside of `call`."""
        return explain(fault, self.address, self.bucket, key)

    def client(self) -> Minio:
        """Return a client whose connections belong to this process."""
        # Shared across a fork, both sides would read each other's replies.
        if self._pid != os.getpid():
            self._connect()
        return self._client

    def _connect(self) -> None:
        self._pid = os.getpid()
        # The client's own pool retries five times and waits five minutes.
        self.pool = urllib3.PoolManager(
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_S, read=self._timeout_s),
            maxsize=POOL_SIZE,
        )
        try:
            self._client = Minio(self._endpoint, http_client=self.pool, **self._arguments)
        except ValueError as error:
            raise SetupError("SOHOA_S3_ENDPOINT", f"{error}: give host:port") from error


class Pieces(Iterator[bytes]):
    """The bytes of an object as they arrive; lets go of the connection at its end."""

    def __init__(self, response: Any, explain: Callable[[BaseException], Exception]) -> None:
        """Take over an open response; `explain` turns its faults into our errors."""
        self._response = response
        self._explain = explain
        self._stream = response.stream(CHUNK_BYTES, decode_content=False)

    def __next__(self) -> bytes:
        try:
            return bytes(next(self._stream))
        except StopIteration:
            self.close()
            raise
        except STORE_FAULTS as fault:
            self.close()
            raise self._explain(fault) from fault

    def close(self) -> None:
        """Break off; safe to call again."""
        let_go(self._response)

    def __del__(self) -> None:
        self.close()


def let_go(response: Any) -> None:
    """Give the connection of a response back to its pool, or close it when bytes remain."""
    # Read to its end, the connection is back already; else `close` closes it.
    response.close()
    response.release_conn()
