"""A bucket in, all its documents out, in shards that fit into memory.

Record IDs are hashes, so their first letters cut the bucket into even pieces, however large it
is; each shard can be compared and forgotten before the next is listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pipeline.storage.keys import Key, parse_key
from pipeline.storage.objects import ObjectStore

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # of a record ID
SHARD_SIZE = 1000  # documents: small enough that one shard never holds up a sweep for long
MOST_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Shard:
    """The documents whose IDs begin with `prefix`, as the bucket has them."""

    prefix: str
    received: frozenset[str]
    versions: dict[str, int]  # of the documents with a record: its highest version
    failed: frozenset[str]


def read_shards(store: ObjectStore, size: int = SHARD_SIZE, prefix: str = "") -> Iterator[Shard]:
    """Yield the whole bucket, at most about `size` documents at a time. Raises StoreError."""
    # The intakes first: what is listed later has an intake, but not the other way round.
    received = {key.record_id for key in islice(_keys(store, f"intake/{prefix}"), size + 1)}
    if len(received) > size and len(prefix) < MOST_DEPTH:
        for letter in LETTERS:
            yield from read_shards(store, size, prefix + letter)
        return
    versions: dict[str, int] = {}
    for key in _keys(store, f"record/{prefix}"):
        versions[key.record_id] = max(versions.get(key.record_id, 0), key.number or 0)
    failed = {key.record_id for key in _keys(store, f"failed/{prefix}")}
    yield Shard(prefix, frozenset(received), versions, frozenset(failed))


def read_objects(store: ObjectStore, prefix: str) -> dict[str, dict[str, set[str]]]:
    """Return the files of the documents whose IDs begin with `prefix`.

    Record ID → attempt → names, as in `files/{id}/{attempt}/{name}`; the originals stand under
    the attempt "". Raises StoreError.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for room in ("original", "files"):
        for key in _keys(store, f"{room}/{prefix}"):
            attempts = found.setdefault(key.record_id, {})
            attempts.setdefault(key.attempt or "", set()).add(str(key))
    return found


def _keys(store: ObjectStore, prefix: str) -> Iterator[Key]:
    for name in store.list(prefix):
        try:
            yield parse_key(name)
        except ValueError:
            continue  # another program's; the bucket may be shared
