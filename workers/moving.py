"""A file or folder in one root in, the same under a free name in another root out.

Nothing is ever overwritten and nothing is deleted before a verified copy exists. A ticket is
written first, under a name that it claims: the file of ticket `a.pdf.txt` is `a.pdf`.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from workers.documents import is_litter
from workers.folders import (
    CHUNK_BYTES,
    Parts,
    Signature,
    list_folder,
    open_file,
    open_folder,
    sha256_of,
    signature_of,
)

TICKET = ".txt"
MOST_NAME_BYTES = 255  # of Linux; SMB and NFS allow no more
ROOM_BYTES = 12  # for a suffix and the ticket's ending
MOST_NAMES = 10_000


class Gone(Exception):
    """What should be moved has changed or left: look at it again."""


def make_folder(root: Path, parts: Parts) -> None:
    """Make a folder below `root`, which must exist or can be made. Raises OSError."""
    root.mkdir(parents=True, exist_ok=True)
    for depth in range(len(parts)):
        with (
            open_folder(root, parts[:depth]) as folder,
            contextlib.suppress(FileExistsError),
        ):
            os.mkdir(parts[depth], dir_fd=folder)


def claim_name(root: Path, folder: Parts, name: str, ticket: bytes) -> str:
    """Write the ticket beside the first free name like `name` and return that name.

    A ticket of the same text whose file is still missing was ours before we were cut off: it is
    used again. `folder` exists below `root`. Raises OSError.
    """
    with open_folder(root, folder) as descriptor:
        for candidate in _names(name):
            if _exists(candidate, descriptor):
                continue
            if _write_ticket(candidate + TICKET, ticket, descriptor):
                return candidate
    raise OSError(errno.EEXIST, f"no free name in {MOST_NAMES}", name)


def free_name(root: Path, folder: Parts, name: str) -> str:
    """Return the first name like `name` that is free in a folder below `root`. Raises OSError."""
    with open_folder(root, folder) as descriptor:
        return next(one for one in _names(name) if not _exists(one, descriptor))


def move_file(
    source_root: Path, source: Parts, expected: Signature, root: Path, target: Parts
) -> None:
    """Move a file to a name that is free; `expected` is what it must still be.

    Raises Gone if it is not, OSError.
    """
    with (
        open_folder(source_root, source[:-1]) as here,
        open_folder(root, target[:-1]) as there,
    ):
        try:
            found = os.stat(source[-1], dir_fd=here, follow_symlinks=False)
            if Signature(found.st_size, found.st_mtime_ns, found.st_ino) != expected:
                raise Gone(source[-1])
            os.rename(source[-1], target[-1], src_dir_fd=here, dst_dir_fd=there)
        except FileNotFoundError:
            raise Gone(source[-1]) from None
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            copy_file(source_root, source, expected, there, target[-1])
            os.unlink(source[-1], dir_fd=here)
        os.fsync(there)


def move_folder(
    source_root: Path,
    source: Parts,
    files: Sequence[tuple[str, Signature]],
    root: Path,
    target: Parts,
) -> None:
    """Move a folder of page images to a name that is free, if it holds just these files still.

    Raises Gone if it does not: then it is where it was. Raises OSError.
    """
    _require(source_root, source, files)
    with (
        open_folder(source_root, source[:-1]) as here,
        open_folder(root, target[:-1]) as there,
    ):
        try:
            os.rename(source[-1], target[-1], src_dir_fd=here, dst_dir_fd=there)
        except FileNotFoundError:
            raise Gone(source[-1]) from None
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy_folder(source_root, source, files, root, target)
            return
        os.fsync(there)
        try:
            _require(root, target, files)
        except Gone:
            # A page came in between the look and the move: it belongs to no record yet.
            os.rename(target[-1], source[-1], src_dir_fd=there, dst_dir_fd=here)
            raise


def copy_file(source_root: Path, source: Parts, expected: Signature, there: int, name: str) -> None:
    """Copy a file into an open folder, to disk and verified, where no rename is possible.

    Raises Gone if the file is not, or no longer, what was expected, or if another watcher copies
    it just now; OSError.
    """
    # Named after its target: what a killed watcher left is written over by the next one.
    partial = _partial(name)
    with open_file(source_root, source) as descriptor, _claimed(partial, there) as copy:
        try:
            _write_copy(descriptor, copy)
            if signature_of(descriptor) != expected:
                raise Gone(source[-1])
            if sha256_of(copy) != sha256_of(descriptor):
                raise OSError(errno.EIO, "the copy differs from the file", source[-1])
            os.rename(partial, name, src_dir_fd=there, dst_dir_fd=there)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(partial, dir_fd=there)
            raise


@contextmanager
def _claimed(name: str, folder: int) -> Iterator[int]:
    """Open a file of ours to write; the lock goes with this process, however it ends."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
    descriptor = os.open(name, flags, 0o644, dir_fd=folder)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Gone(name) from None
        except OSError:
            pass  # a share without locks: two watchers write the same bytes then
        if not _is(name, descriptor, folder):
            raise Gone(name)  # another watcher was done in between: this is the delivered file
        yield descriptor
    finally:
        os.close(descriptor)


def _is(name: str, descriptor: int, folder: int) -> bool:
    try:
        named = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return os.path.samestat(named, os.fstat(descriptor))


def _partial(name: str) -> str:
    return f".{_cut(name, MOST_NAME_BYTES - ROOM_BYTES)}.part"


def _copy_folder(
    source_root: Path,
    source: Parts,
    files: Sequence[tuple[str, Signature]],
    root: Path,
    target: Parts,
) -> None:
    partial = (*target[:-1], _partial(target[-1]))
    make_folder(root, partial)
    with open_folder(root, partial) as there:
        for name in {one.name for one in list_folder(root, partial)} - {name for name, _ in files}:
            os.unlink(name, dir_fd=there)  # of a killed watcher, who found other pages there
        for name, signature in files:
            copy_file(source_root, (*source, name), signature, there, name)
        os.fsync(there)
    _require(source_root, source, files)
    with open_folder(root, target[:-1]) as folder:
        os.rename(partial[-1], target[-1], src_dir_fd=folder, dst_dir_fd=folder)
        os.fsync(folder)
    with open_folder(source_root, source) as here:
        for name, _ in files:
            os.unlink(name, dir_fd=here)
    with open_folder(source_root, source[:-1]) as here, contextlib.suppress(OSError):
        os.rmdir(source[-1], dir_fd=here)  # what else lies in it stays where it is


def _write_copy(descriptor: int, copy: int) -> None:
    os.ftruncate(copy, 0)
    position = 0
    while chunk := os.pread(descriptor, CHUNK_BYTES, position):
        # A full disk may take a part of it only.
        position += os.pwrite(copy, chunk, position)
    os.fsync(copy)


def _require(root: Path, folder: Parts, files: Sequence[tuple[str, Signature]]) -> None:
    """Raise Gone unless the folder holds just these files (and what desktops leave behind)."""
    try:
        found = {
            (one.name, one.signature)
            for one in list_folder(root, folder)
            if not is_litter(one.name)
        }
    except FileNotFoundError:
        raise Gone(folder[-1]) from None
    if found != set(files):
        raise Gone(folder[-1])


def _names(name: str) -> Iterator[str]:
    """Yield the name, then the name with -2, -3, …; cut so that a ticket's ending fits."""
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 8:
        stem, dot, ending = name, "", ""
    room = MOST_NAME_BYTES - ROOM_BYTES - len(os.fsencode(dot + ending))
    stem = _cut(stem, room)
    yield stem + dot + ending
    for number in range(2, MOST_NAMES):
        yield f"{stem}-{number}{dot}{ending}"


def _cut(text: str, most_bytes: int) -> str:
    while len(os.fsencode(text)) > most_bytes:
        text = text[:-1]
    return text


def _exists(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _write_ticket(name: str, text: bytes, folder: int) -> bool:
    flags = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY
    try:
        descriptor = os.open(name, flags, 0o644, dir_fd=folder)
    except FileExistsError:
        # Ours when we were cut off while we wrote it, or before we moved the file.
        if not _begins(name, text, folder):
            return False
        descriptor = os.open(name, os.O_WRONLY | os.O_NOFOLLOW, dir_fd=folder)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return True


def _begins(name: str, text: bytes, folder: int) -> bool:
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return False
    with os.fdopen(descriptor, "rb") as stream:
        return text.startswith(stream.read(len(text) + 1))
