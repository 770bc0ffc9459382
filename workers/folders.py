"""A root folder and names below it in, entries and open files out; links are never followed.

The inbox is written by people we do not know: every step below the root is opened with
O_NOFOLLOW, so that no link or `..` leads out of it, also when it is swapped while we look.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

Parts = tuple[str, ...]  # names below a root, as the file system spells them
CHUNK_BYTES = 1 << 20


class NotAFile(OSError):
    """A link, device, pipe or socket lies where a regular file should."""


class Signature(NamedTuple):
    """What changes when a file is written to or replaced."""

    size_bytes: int
    mtime_ns: int
    inode: int


class Entry(NamedTuple):
    """One name in a folder."""

    name: str
    kind: Literal["file", "folder", "other"]
    signature: Signature


def list_folder(root: Path, parts: Parts) -> list[Entry]:
    """Return what lies in a folder below `root`, in no order. Raises OSError."""
    with open_folder(root, parts) as descriptor:
        return list(entries_of(descriptor))


def entries_of(folder: int) -> Iterator[Entry]:
    """Yield what lies in an open folder, in no order. Raises OSError."""
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                seen = entry_of(entry)
            except FileNotFoundError:
                continue  # it has just left
            yield seen


def entry_of(found: os.DirEntry[str]) -> Entry:
    """Return what lies under a name that was just listed. Raises OSError."""
    return _entry(found.name, found.stat(follow_symlinks=False))


def find_entry(root: Path, parts: Parts) -> Entry | None:
    """Return what lies under a name below `root`; None: nothing. Raises OSError."""
    try:
        with open_folder(root, parts[:-1]) as folder:
            found = os.stat(parts[-1], dir_fd=folder, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return None  # also where a file or a link took the place of a folder on the way
    return _entry(parts[-1], found)


@contextmanager
def open_folder(root: Path, parts: Parts) -> Iterator[int]:
    """Open a folder below `root` and give its descriptor. Raises OSError."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts:
            deeper = _open(part, os.O_DIRECTORY, descriptor)
            os.close(descriptor)
            descriptor = deeper
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def open_below(name: str, folder: int) -> Iterator[int]:
    """Open a folder in an open folder and give its descriptor. Raises OSError."""
    descriptor = _open(name, os.O_DIRECTORY, folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def open_file(root: Path, parts: Parts) -> Iterator[int]:
    """Open a regular file below `root` for reading. Raises OSError, NotAFile."""
    with open_folder(root, parts[:-1]) as folder:
        # O_NONBLOCK: a pipe without a writer must not hold us.
        descriptor = _open(parts[-1], os.O_NONBLOCK, folder)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotAFile(f"{parts[-1]}: not a regular file")
        yield descriptor
    finally:
        os.close(descriptor)


def signature_of(descriptor: int) -> Signature:
    """Return the signature of an open file."""
    return _signature(os.fstat(descriptor))


def path_of(descriptor: int) -> Path:
    """Return a path that leads to an open file and to no other (Linux)."""
    return Path(f"/proc/self/fd/{descriptor}")


def sha256_of(descriptor: int) -> str:
    """Return the SHA-256 of an open file, in hex, wherever its position is."""
    digest, position = hashlib.sha256(), 0
    while chunk := os.pread(descriptor, CHUNK_BYTES, position):
        digest.update(chunk)
        position += len(chunk)
    return digest.hexdigest()


def as_text(name: str) -> str:
    """Return a name as valid Unicode; bytes that are none become U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace")


def as_path(parts: Parts) -> str:
    """Return the names as one path with slashes, valid Unicode."""
    return "/".join(as_text(part) for part in parts)


def _open(name: str, flags: int, folder: int) -> int:
    if name in ("", ".", "..") or "/" in name:
        raise ValueError(f"not a name: {name!r}")
    return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | flags, dir_fd=folder)


def _entry(name: str, found: os.stat_result) -> Entry:
    kind: Literal["file", "folder", "other"] = "other"
    if stat.S_ISREG(found.st_mode):
        kind = "file"
    elif stat.S_ISDIR(found.st_mode):
        kind = "folder"
    return Entry(name, kind, _signature(found))


def _signature(found: os.stat_result) -> Signature:
    return Signature(found.st_size, found.st_mtime_ns, found.st_ino)
