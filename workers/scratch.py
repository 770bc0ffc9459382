"""A root folder in, a scratch folder for this process out; those of dead processes go."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from pipeline.errors import SetupError

LOCK = "lock"  # held by the owner, and by the kernel's rule no longer than it lives

_locks: list[int] = []  # file descriptors, kept open until this process ends


def own_scratch(root: Path, name: str) -> Path:
    """Make a scratch folder for this process; remove those whose process is gone.

    Raises SetupError when `root` cannot be written.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        _remove_orphans(root)
        folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=root))
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise SetupError(str(root), f"make it writable for this user: {error.strerror}") from error
    _locks.append(lock)
    return folder


def empty(folder: Path) -> None:
    """Remove all folders in a scratch folder."""
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)


def _remove_orphans(root: Path) -> None:
    for folder in root.iterdir():
        try:
            lock = os.open(folder / LOCK, os.O_RDWR)
        except OSError:
            continue  # being made just now, or removed by another worker
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue  # its worker lives
        else:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)
