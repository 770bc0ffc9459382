"""A running system in, what a reader and an archivist saw all the while out."""

from __future__ import annotations

import hashlib
import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from bench.chaos.system import System
from pipeline.errors import DigitizationError
from pipeline.storage import ObjectStore

PAUSE_S = 0.25


@dataclass(slots=True)
class Commits:
    """When documents reached their end, by looking into the bucket past the wire."""

    system: System
    times: list[float] = field(default_factory=list)  # s, monotonic; one for each end
    _seen: set[str] = field(default_factory=set)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Look until `stop`."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(10)

    def next_after(self, moment: float) -> float | None:
        """Return after how many seconds the next document ended; None: none did."""
        return next((when - moment for when in self.times if when > moment), None)

    def _run(self) -> None:
        while not self._stop.wait(PAUSE_S):
            try:
                with self.system.bucket() as bucket:
                    found = {*bucket.list("record/"), *bucket.list("failed/")}
            except DigitizationError:
                continue
            now = time.monotonic()
            self.times += [now] * len(found - self._seen)
            self._seen |= found


@dataclass(slots=True)
class Reader:
    """A downstream system: fetches records and their files over HTTP, again and again."""

    system: System
    choice: random.Random
    read: int = 0
    wrong: list[str] = field(default_factory=list)  # half-visible, changed, or other bytes
    _attempts: dict[str, str] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Read until `stop`."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Read no more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(30)

    def _run(self) -> None:
        while not self._stop.wait(PAUSE_S):
            listed = self.system.get("/v1/records?limit=100")
            try:
                rows = json.loads(listed or b"{}").get("records", [])
            except ValueError:
                continue  # the answer broke off
            for row in self.choice.sample(rows, min(3, len(rows))):
                self._look_at(str(row["record_id"]))

    def _look_at(self, record_id: str) -> None:
        answer = self.system.get(f"/v1/records/{record_id}")
        if answer is None:
            return
        try:
            record = json.loads(answer)
        except ValueError:
            return
        before = self._attempts.setdefault(record_id, record["attempt"])
        if before != record["attempt"]:
            self.wrong.append(f"{record_id} was of try {before} and is of {record['attempt']}")
        file = self.choice.choice(record["files"])
        data = self.system.get(f"/v1/records/{record_id}/files/{file['name']}", 30.0)
        if data is None:
            # Nothing, an error or half an answer: is it there for one who asks the bucket?
            if self._is_missing(file):
                self.wrong.append(f"{record_id} is visible, but {file['key']} is not there")
            return
        self.read += 1
        if len(data) == file["size_bytes"] and hashlib.sha256(data).hexdigest() != file["sha256"]:
            self.wrong.append(f"{file['key']} has other bytes than its record says")

    def _is_missing(self, file: dict[str, Any]) -> bool:
        try:
            with self.system.bucket() as bucket:
                return not bucket.exists(file["key"])
        except DigitizationError:
            return False


def read_all(bucket: ObjectStore, prefix: str) -> dict[str, dict[str, Any]]:
    """Return the JSON objects under a prefix by their keys."""
    return {key: json.loads(bucket.get(key)) for key in bucket.list(prefix)}
