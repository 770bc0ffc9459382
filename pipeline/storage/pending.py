"""A bucket in, what is not done yet out, without listing what is.

A mark `pending/{id}.json` is put before a document's intake and removed after its end was
counted. So what is received and not done always has a mark, and there are as many marks as
documents on their way, however many millions are done. A mark is a hint: one too many is
removed, one that is missing is put by the walk through the whole bucket.
"""

from __future__ import annotations

from pipeline.storage.keys import parse_key, pending_key
from pipeline.storage.objects import ObjectStore
from pipeline.storage.record import MEDIA_TYPE


def mark_pending(store: ObjectStore, record_id: str) -> None:
    """Mark a document as not done; safe to repeat."""
    store.put_once(pending_key(record_id), b"{}\n", MEDIA_TYPE)


def end_pending(store: ObjectStore, record_id: str) -> None:
    """Remove the mark of a document whose end was counted; safe to repeat."""
    store.delete(pending_key(record_id))


def list_pending(store: ObjectStore, first: str = "") -> set[str]:
    """Return the IDs of all documents that are marked, or of those that begin with `first`."""
    return set(ids_of(store, f"pending/{first}"))


def ids_of(store: ObjectStore, prefix: str) -> list[str]:
    """Return the record ID of each key of ours that begins with `prefix`, in its order."""
    found = []
    for key in store.list(prefix):
        try:
            found.append(parse_key(key).record_id)
        except ValueError:
            continue  # another program's; the bucket may be shared
    return found
