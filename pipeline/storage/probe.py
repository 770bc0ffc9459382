"""A bucket in, what its server really keeps to out; for `sohoa doctor` and each worker."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from pipeline.storage.answers import NotFound

if TYPE_CHECKING:
    from pipeline.storage.objects import ObjectStore

ROUNDS = 5
SIZE_BYTES = 16_384  # about a record
MEDIA_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Probe:
    """What a store does; false anywhere: it cannot be trusted with records."""

    conditional_put: bool  # a second put under `If-None-Match: *` is refused
    read_after_write: bool  # what was put is read, and what was deleted is gone, at once
    remembers_hashes: bool  # the metadata `sha256` comes back; false costs speed only
    ahead_s: float  # of the store's clock before ours; S3 refuses requests beyond 15 minutes
    put_s: float  # median, of 16 KiB
    get_s: float  # median


def probe(store: ObjectStore) -> Probe:
    """Try what we rely on with a few objects of our own, which are removed again.

    Raises StoreError when the store does not answer at all.
    """
    prefix = f"probe/{uuid4().hex}"
    keys = [f"{prefix}/{n}" for n in range(ROUNDS)]
    puts, gets, fresh = list[float](), list[float](), list[bool]()
    try:
        for n, key in enumerate(keys):
            data = bytes([n]) * SIZE_BYTES
            began = time.perf_counter()
            won = store.put_once(key, data, MEDIA_TYPE)
            put = time.perf_counter()
            read = _read(store, key)
            gets.append(time.perf_counter() - put)
            puts.append(put - began)
            fresh.append(won and read == data)
        refused = not store.put_once(keys[0], b"other", MEDIA_TYPE)
        kept = _read(store, keys[0]) == bytes([0]) * SIZE_BYTES
        listed = set(store.list(prefix)) == set(keys)
        hashed = store.put_bytes(keys[1], b"hash", MEDIA_TYPE).sha256
        ahead_s = (store.written_at(keys[1]) - datetime.now(UTC)).total_seconds()
        remembers = store.stat(keys[1]).sha256 == hashed
    finally:
        for key in keys:
            store.delete(key)
    gone = _read(store, keys[0]) is None
    return Probe(
        conditional_put=refused and kept,
        read_after_write=all(fresh) and listed and gone,
        remembers_hashes=remembers,
        ahead_s=ahead_s,
        put_s=statistics.median(puts),
        get_s=statistics.median(gets),
    )


def _read(store: ObjectStore, key: str) -> bytes | None:
    try:
        return store.get(key)
    except NotFound:
        return None
