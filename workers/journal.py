"""Places and their signatures in, what a backfill knew of them out; on disk, to resume.

Only a memory of what was hashed before: the bucket is the truth, and without the journal a
backfill reads every file again and comes to the same end.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SetupError
from workers.folders import Signature

_TABLE = """
CREATE TABLE IF NOT EXISTS documents (
  place BLOB NOT NULL,         -- path, as the file system spells it
  signature TEXT NOT NULL,     -- of its files and of what was declared of it
  record_id TEXT NOT NULL,     -- empty: refused at the door
  status TEXT NOT NULL,        -- stored, rejected or pending, as last known
  reason TEXT NOT NULL,
  run INTEGER NOT NULL,        -- when it was last seen
  PRIMARY KEY (place, signature)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of one document."""

    place: str
    record_id: str
    status: str
    reason: str


class Journal:
    """The memory of one backfill; close it, or use it in a `with` block."""

    def __init__(self, folder: Path, source: Path, bucket: str) -> None:
        """Open the journal of a source and a bucket. Raises SetupError when it cannot be kept."""
        key = hashlib.sha256(os.fsencode(source.resolve()) + b"\0" + bucket.encode()).hexdigest()
        self.path = folder / f"{key[:16]}.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self.path, isolation_level=None, timeout=30)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute(_TABLE)
            last = self._database.execute("SELECT max(run) FROM documents").fetchone()[0]
            self._run = (last or 0) + 1
        except (OSError, sqlite3.Error) as error:
            remedy = f"cannot be kept ({error}): make it writable, or remove it"
            raise SetupError(str(self.path), remedy) from error

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *exc: object) -> None:
        self._database.close()

    def find(self, place: str, signature: str) -> str | None:
        """Return the record ID of an unchanged document that was taken in before, or None."""
        row = self._database.execute(
            "SELECT record_id FROM documents WHERE place = ? AND signature = ? AND record_id <> ''",
            (os.fsencode(place), signature),
        ).fetchone()
        return None if row is None else str(row[0])

    def note(self, line: Line, signature: str) -> None:
        """Remember what is known of a document now."""
        self._database.execute(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?)",
            (
                os.fsencode(line.place),
                signature,
                line.record_id,
                line.status,
                line.reason,
                self._run,
            ),
        )

    def lines(self) -> Iterator[Line]:
        """Yield what is known of every document of this run, in the order of their places."""
        rows = self._database.execute(
            "SELECT place, record_id, status, reason FROM documents WHERE run = ? ORDER BY place",
            (self._run,),
        )
        for place, *rest in rows:
            yield Line(os.fsdecode(place), *rest)


def signature_text(signatures: Sequence[Signature], declared: str) -> str:
    """Return one text that changes with any file of a document or with what is declared of it."""
    plain = json.dumps(
        [declared, *([one.size_bytes, one.mtime_ns, one.inode] for one in signatures)]
    )
    return hashlib.sha256(plain.encode()).hexdigest()
