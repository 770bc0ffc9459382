"""Bytes and keys in, verified objects in a bucket out; the same for every S3 store."""

from __future__ import annotations

import base64
import errno
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from minio import Minio
from minio.error import S3Error
from urllib3.exceptions import HTTPError

from pipeline.errors import DiskFull, StoreError
from pipeline.storage.answers import STORE_FAULTS, NotFound, refusal, was_never_sent
from pipeline.storage.connection import CHUNK_BYTES, Connection, Pieces, let_go
from pipeline.storage.probe import Probe, probe
from pipeline.storage.uploads import abort_stale

PART_BYTES = 16 << 20  # of a multipart upload: what it holds in memory
PUT_ONCE_VALID = timedelta(minutes=5)  # of a signature that never leaves this process
PRECONDITION_FAILED = 412


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as the store holds it."""

    key: str
    size_bytes: int
    sha256: str  # hex; empty when the store was not told and the bytes were not read


class ObjectStore:
    """One bucket; may be shared by threads and survives a fork."""

    def __init__(
        self,
        endpoint: str,
        access_key: str,
        secret_key: str,
        bucket: str,
        *,
        secure: bool = False,
        timeout_s: float = 60.0,
        region: str = "us-east-1",
    ) -> None:
        """Remember where the bucket is; `endpoint` is host:port, nothing is sent yet.

        Raises SetupError when the endpoint cannot be one.
        """
        self._connection = Connection(
            endpoint, access_key, secret_key, bucket, secure, timeout_s, region
        )
        self.address, self.bucket = self._connection.address, bucket
        self._bucket_seen = False

    def close(self) -> None:
        """Close the idle connections; the store can be used again."""
        self._connection.close()

    def __enter__(self) -> ObjectStore:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def ensure_bucket(self) -> None:
        """Create the bucket unless it exists."""

        def create(client: Minio) -> None:
            if client.bucket_exists(self.bucket):
                return
            try:
                client.make_bucket(self.bucket)
            except S3Error as error:
                # Another process was faster.
                if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                    raise

        self._connection.call("", create)
        self._bucket_seen = True

    def check(self) -> None:
        """Raise StoreError unless the store answers and the bucket is there."""
        # A listing is refused with a body that names the reason; a HEAD has none.
        next(self.list("no-such-folder/"), None)

    def probe(self) -> Probe:
        """Return what the server really keeps to; takes a few objects' time."""
        return probe(self)

    def put_bytes(self, key: str, data: bytes, media_type: str) -> StoredObject:
        """Store the bytes, replacing what was there, and read them back by hash."""
        return self._put(key, lambda: io.BytesIO(data), media_type)

    def put_file(self, key: str, path: Path, media_type: str) -> StoredObject:
        """Store a file, replacing what was there, and read it back by hash.

        Raises StoreError if what the store then holds is not what was sent.
        """
        return self._put(key, lambda: path.open("rb"), media_type)

    def put_once(self, key: str, data: bytes, media_type: str) -> bool:
        """Store the bytes unless the key exists; return whether it was this call that did.

        Of any number of callers one gets True. If a reply was lost, the object is read: holds
        it our bytes, it was us; so different callers must not put the same bytes. After a
        StoreError it is open whether the object was put.
        """
        headers = {
            "If-None-Match": "*",
            "Content-Type": media_type,
            "Content-MD5": base64.b64encode(
                hashlib.md5(data, usedforsecurity=False).digest()
            ).decode(),
        }
        unsure = False  # a request may have been carried out without our learning of it

        def put(client: Minio) -> bool:
            nonlocal unsure
            # The client has no conditional put, and If-None-Match among its metadata would
            # silently overwrite. A signed URL takes the header; it is used here and now only.
            url = client.presigned_put_object(self.bucket, key, expires=PUT_ONCE_VALID)
            try:
                response = self._connection.pool.request(
                    "PUT", url, body=data, headers=headers, redirect=False
                )
            except HTTPError as fault:
                unsure = unsure or not was_never_sent(fault)
                raise
            if response.status == 200:
                return True
            if response.status == PRECONDITION_FAILED:
                return unsure and self.get(key) == data
            unsure = unsure or response.status >= 500
            raise refusal(response)

        return self._connection.call(key, put)

    def get(self, key: str) -> bytes:
        """Return the whole object. Raises NotFound."""

        def read(client: Minio) -> bytes:
            response = client.get_object(self.bucket, key)
            try:
                return bytes(response.read(decode_content=False))
            finally:
                let_go(response)

        return self._connection.call(key, read)

    def get_file(self, key: str, path: Path) -> StoredObject:
        """Write the object to `path` and return it with the hash of what was written.

        Raises NotFound; DiskFull when this machine's disk is full.
        """

        def read(client: Minio) -> StoredObject:
            with path.open("wb") as stream:
                return _copy(key, client.get_object(self.bucket, key), stream)

        try:
            return self._connection.call(key, read)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(str(path.parent), "no space is left for a working copy") from error
            raise

    def open_range(self, key: str, start: int = 0, length: int | None = None) -> Pieces:
        """Return `length` bytes (None: all) from `start` on, in pieces of at most 1 MiB.

        The object is opened at once: NotFound comes from this call, not from the first piece.
        Raises ValueError when the range begins behind the end.
        """
        if start < 0 or (length is not None and length < 1):
            raise ValueError(f"no range: {length} bytes from {start} of {key}")
        response = self._connection.call(
            key, lambda client: client.get_object(self.bucket, key, start, length or 0)
        )
        return Pieces(response, lambda fault: self._connection.explain(fault, key))

    def stat(self, key: str) -> StoredObject:
        """Return size and remembered hash of an object. Raises NotFound."""
        try:
            found = self._connection.call(key, lambda client: client.stat_object(self.bucket, key))
        except NotFound:
            # Such a reply has no body, so it could as well mean that there is no bucket.
            self._require_bucket()
            raise
        sha256 = (found.metadata or {}).get("x-amz-meta-sha256", "")
        return StoredObject(key, int(found.size), str(sha256))

    def written_at(self, key: str) -> datetime:
        """Return when the store wrote an object, by its clock. Raises NotFound."""
        found = self._connection.call(key, lambda client: client.stat_object(self.bucket, key))
        return found.last_modified or datetime.now(UTC)

    def exists(self, key: str) -> bool:
        """Return whether there is such an object."""
        try:
            self.stat(key)
        except NotFound:
            return False
        return True

    def list(self, prefix: str, *, delimiter: bool = False) -> Iterator[str]:
        """Yield the keys that begin with `prefix`, in no order to rely on.

        With `delimiter`, what lies deeper comes once as its folder, ending in "/".
        """
        try:
            found = self._connection.client().list_objects(
                self.bucket, prefix=prefix, recursive=not delimiter
            )
            for item in found:
                yield str(item.object_name)
        except STORE_FAULTS as fault:
            raise self._connection.explain(fault) from fault

    def delete(self, key: str) -> None:
        """Remove the object; it need not exist."""
        self._connection.call(key, lambda client: client.remove_object(self.bucket, key))

    def abort_stale_uploads(self, age: timedelta = timedelta(days=1)) -> int:
        """Remove the parts of uploads that were cut off so long ago; return how many."""
        return abort_stale(self._connection, datetime.now(UTC), age)

    def _put(self, key: str, open_source: Callable[[], BinaryIO], media_type: str) -> StoredObject:
        with open_source() as source:
            sha256, size = _hash_of(iter(lambda: source.read(CHUNK_BYTES), b""))

        def put(client: Minio) -> None:
            with open_source() as source:
                client.put_object(
                    self.bucket,
                    key,
                    source,
                    size,
                    media_type,
                    {"sha256": sha256},
                    part_size=PART_BYTES,
                    num_parallel_uploads=1,  # a page never waits for the network: memory counts
                )

        self._connection.call(key, put)
        try:
            found = self._connection.call(
                key, lambda client: _copy(key, client.get_object(self.bucket, key), None)
            )
        except NotFound:
            found = StoredObject(key, 0, "")
        if (found.size_bytes, found.sha256) != (size, sha256):
            raise StoreError(
                self.address,
                f"holds other bytes under {key} than we sent ({found.size_bytes} of {size}): "
                "check its disks, and that no other program writes to the bucket",
            )
        return found

    def _require_bucket(self) -> None:
        if not self._bucket_seen:
            self.check()
            self._bucket_seen = True


def _copy(key: str, response: Any, out: BinaryIO | None) -> StoredObject:
    """Read a response to its end; return the size and hash of what came, and write it to `out`."""
    try:
        pieces = response.stream(CHUNK_BYTES, decode_content=False)
        sha256, size = _hash_of(pieces, out)
        return StoredObject(key, size, sha256)
    finally:
        let_go(response)


def _hash_of(pieces: Iterable[bytes], out: BinaryIO | None = None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        if out is not None:
            out.write(piece)
    return digest.hexdigest(), size
