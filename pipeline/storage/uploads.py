"""A bucket in, uploads that were cut off in the middle out of it.

Large files go up in parts. Whoever is killed between two of them leaves parts that no listing
shows and that cost space for ever; not every store removes them by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from minio import Minio

from pipeline.storage.connection import Connection

MOST_PAGES = 1000  # of a listing, 1000 uploads each: a bound for a store that repeats itself


def abort_stale(connection: Connection, now: datetime, age: timedelta) -> int:
    """Remove the parts of uploads that began more than `age` ago; return how many there were.

    Raises StoreError.
    """
    removed = 0
    after: tuple[str | None, str | None] = (None, None)  # key and upload where a page ended
    for _ in range(MOST_PAGES):
        page = _list(connection, *after)
        for upload in page.uploads:
            if upload.initiated_time is not None and now - upload.initiated_time >= age:
                _abort(connection, upload.object_name, upload.upload_id)
                removed += 1
        after = (page.next_key_marker, page.next_upload_id_marker)
        if not page.is_truncated or not after[0]:
            break
    return removed


def _list(connection: Connection, key: str | None, upload_id: str | None) -> Any:
    def ask(client: Minio) -> Any:
        # The client has no public call for this; it signs and parses it all the same.
        return client._list_multipart_uploads(
            connection.bucket, key_marker=key, upload_id_marker=upload_id
        )

    return connection.call("", ask)


def _abort(connection: Connection, key: str, upload_id: str) -> None:
    def abort(client: Minio) -> None:
        client._abort_multipart_upload(connection.bucket, key, upload_id)

    connection.call(key, abort)
