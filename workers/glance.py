"""A drop folder in, a number for each name in it that changes when anything below it changes out.

Every file is asked for its size and time in each look, since a share's folders do not tell that
a file in them grew. Nothing but the number is kept of what is as it was: the look at a hundred
thousand files that wait costs their stat calls and little else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from workers.documents import MOST_DEPTH, Trouble, is_left_alone
from workers.folders import Entry, entry_of, open_below, open_folder


def glance(root: Path, on_trouble: Trouble) -> Iterator[tuple[Entry, int]]:
    """Yield what lies in a drop folder, in no order, each with its number.

    What cannot be read goes to `on_trouble` and the others go on. Raises OSError when `root`
    itself cannot be read.
    """
    with open_folder(root, ()) as top, os.scandir(top) as found:
        for one in found:
            try:
                seen = _see(one, top)
            except FileNotFoundError:
                continue  # it has just left
            except OSError as error:
                on_trouble((one.name,), error)
                continue
            if seen is not None:
                yield seen


def _see(one: os.DirEntry[str], top: int) -> tuple[Entry, int] | None:
    """Return a name with its number; None: it is left alone. Raises OSError."""
    if one.name.startswith("."):
        return None
    entry = entry_of(one)
    if entry.kind == "folder":
        return entry, _number(entry.name, top, 0)
    return None if is_left_alone(entry.name) else (entry, hash(entry))


def _number(name: str, above: int, depth: int) -> int:
    """Return the sum over all that lies in a folder: its order does not count."""
    total = 0
    with open_below(name, above) as folder, os.scandir(folder) as found:
        for one in found:
            try:
                # A folder's own time says nothing that its content does not.
                if one.is_dir(follow_symlinks=False):
                    total += hash((one.name, _deeper(one.name, folder, depth + 1)))
                else:
                    at = one.stat(follow_symlinks=False)
                    total += hash((one.name, at.st_mode, at.st_size, at.st_mtime_ns, at.st_ino))
            except FileNotFoundError:
                continue  # it has just left
    return hash(total)


def _deeper(name: str, above: int, depth: int) -> int:
    if depth > MOST_DEPTH:
        return 0  # as deep as papers are sought, no trap leads further
    try:
        return _number(name, above, depth)
    except FileNotFoundError:
        raise
    except OSError as error:
        return -(error.errno or 1)  # told by who reads the dossier
