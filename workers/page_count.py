"""The bytes of a file in, the number of pages that it says it has out.

Counted at the door, by other means than those that read the pages later: if the two differ, a
page was lost or made up, and `sohoa reconcile` says so. No pixel is decoded, and a hostile file
costs a bounded time; what cannot be told is None.
"""

from __future__ import annotations

import os
import re
import struct
import subprocess

from workers.wholeness import Kind

PDFINFO_S = 5.0
PDFINFO_BYTES = 1_000_000_000  # of memory
MOST_DIRECTORIES = 20_000

_PAGES = re.compile(rb"^Pages:\s+(\d{1,7})\s*$", re.M)
_NEW_SUBFILE_TYPE = 254
_NOT_A_PAGE = 0b101  # TIFF 6.0: a reduced copy, a transparency mask


def pages_of(descriptor: int, kind: Kind) -> int | None:
    """Return how many pages an open file says that it has; None: it does not say."""
    if kind in ("jpg", "png"):
        return 1
    if kind == "tif":
        try:
            return _tiff_pages(descriptor)
        except (struct.error, ValueError):
            return None
    return _pdf_pages(descriptor) if kind == "pdf" else None


def _pdf_pages(descriptor: int) -> int | None:
    """Ask poppler, in a process with limits."""
    limits = [f"--as={PDFINFO_BYTES}", f"--cpu={int(PDFINFO_S)}", "--nofile=64", "--core=0"]
    # By descriptor: whatever is renamed meanwhile, this is the file that was hashed.
    command = ["prlimit", *limits, "pdfinfo", f"/proc/self/fd/{descriptor}"]
    try:
        done = subprocess.run(  # noqa: S603 - our own words and a number
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(descriptor,),
            timeout=PDFINFO_S,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _PAGES.search(done.stdout)
    return int(found[1]) if found else None


def _tiff_pages(descriptor: int) -> int | None:
    """Count the directories that are pages: no thumbnails, overviews or masks."""
    head = os.pread(descriptor, 16, 0)
    order, big = ("<" if head[:2] == b"II" else ">"), head[2:4] in (b"+\0", b"\0+")
    number, count, entry = ("Q", "Q", 20) if big else ("I", "H", 12)
    (offset,) = struct.unpack_from(order + number, head, 8 if big else 4)
    seen: set[int] = set()
    pages = 0
    while offset and offset not in seen:
        seen.add(offset)
        if len(seen) > MOST_DIRECTORIES:
            return None
        width = struct.calcsize(order + count)
        (entries,) = struct.unpack(order + count, os.pread(descriptor, width, offset))
        if entries > 0xFFFF:
            return None
        body = os.pread(descriptor, entries * entry + struct.calcsize(number), offset + width)
        pages += not _subfile_type(body, entries, entry, order) & _NOT_A_PAGE
        (offset,) = struct.unpack_from(order + number, body, entries * entry)
    return pages or len(seen)


def _subfile_type(body: bytes, entries: int, entry: int, order: str) -> int:
    for start in range(0, entries * entry, entry):
        tag, kind = struct.unpack_from(order + "HH", body, start)
        if tag == _NEW_SUBFILE_TYPE:
            at = start + (12 if entry == 20 else 8)
            (value,) = struct.unpack_from(order + ("H" if kind == 3 else "I"), body, at)
            return int(value)
    return 0
