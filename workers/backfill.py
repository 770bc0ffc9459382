"""A tree of dossiers or a CSV in, a balance out; the files are neither moved nor changed.

A bounded number of documents is on its way at any time. A journal remembers what was hashed
before, so that a second run goes on where the first was cut off; what is done is asked of the
bucket.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from redis import Redis

from pipeline.errors import SetupError, StoreError, TooLarge
from pipeline.extraction import schemas_folder
from pipeline.messages import explain, explain_error
from pipeline.settings import Settings
from pipeline.storage import ObjectStore, get_failed, list_failed, list_records
from workers.backlog import Job, NotTaken, read_backlog
from workers.intake import (
    ChangedMeanwhile,
    Origin,
    Outcome,
    Taken,
    find_outcome,
    queue_soon,
    take_in,
)
from workers.journal import Journal, Line, signature_text
from workers.progress import Progress, Summary

Status = Literal["stored", "rejected"]
T = TypeVar("T")

REPORT_EVERY_S = 1.0
ASK_EVERY_S = 0.5
ASK_AT_ONCE = 100  # documents asked for in one go, in turn
STORE_PAUSE_S = 5.0
BROKER_PAUSE_S = 30.0
RATE_OVER_S = 600.0  # the rate is that of the last minutes, so that the ETA follows it


OnProgress = Callable[[Progress], None]


def run_backfill(
    source: Path,
    settings: Settings,
    store: ObjectStore,
    broker: Redis,
    *,
    on_progress: OnProgress = lambda progress: None,
) -> Summary:
    """Digitize every document of a source and wait for the end; Ctrl-C ends it early.

    Call again to resume. While the store does not answer it waits. Raises SetupError when the
    source or the journal cannot be read.
    """
    schemas = schemas_folder(Path(settings.schemas) if settings.schemas else None)
    with Journal(settings.data / "backfill", source, f"{store.address}/{store.bucket}") as journal:
        run = _Run(settings, store, broker, journal, on_progress)
        try:
            run.total = sum(1 for _ in read_backlog(source, schemas))
            run.learn_what_is_done()
            for job in read_backlog(source, schemas):
                run.take(job)
            while run.pending:
                run.wait()
        except KeyboardInterrupt:
            pass  # what is on its way goes on without us
        return run.end()


@dataclass(frozen=True, slots=True)
class _Known:
    place: str
    signature: str
    record_id: str  # empty: refused at the door


@dataclass(slots=True)
class _Run:
    settings: Settings
    store: ObjectStore
    broker: Redis
    journal: Journal
    on_progress: OnProgress
    total: int = 0
    stored: int = 0
    rejected: int = 0
    pending: dict[_Known, None] = field(default_factory=dict)  # the first in line first
    records: set[str] = field(default_factory=set)  # record IDs stored when we began
    failed: set[str] = field(default_factory=set)
    began: float = field(default_factory=time.monotonic)
    reported: float = 0.0
    done_at: list[float] = field(default_factory=list)
    trouble: str = ""
    broker_from: float = 0.0  # not asked before

    def learn_what_is_done(self) -> None:
        """Ask the bucket once for all, instead of for every document."""
        self._patiently(self.store.ensure_bucket)
        self.records = self._patiently(lambda: list_records(self.store))
        self.failed = self._patiently(lambda: list_failed(self.store))

    def take(self, job: Job) -> None:
        """Take in one document, or count why not; wait while too many are on their way."""
        while len(self.pending) >= self.settings.window:
            self.wait()
        if job.paper is None:
            refusal = job.refusal or NotTaken("inbox.unreadable", job.source)
            self._refuse(job, refusal.reason, refusal.detail)
            return
        signature = signature_text(job.paper.signatures, job.declared())
        record_id = self.journal.find(job.place, signature)
        try:
            if record_id is None:
                taken = self._patiently(lambda: self._take_in(job))
                record_id = str(taken.record_id)
        except TooLarge as error:
            self._refuse(job, error.code, error.detail)
        except ChangedMeanwhile:
            self._refuse(job, "inbox.incomplete", "")
        except OSError as error:
            self._refuse(job, "inbox.unreadable", error.strerror or str(error))
        else:
            self._follow(_Known(job.place, signature, record_id))
        self._report()

    def wait(self) -> None:
        """Ask what became of some documents, in turn, and report."""
        for known in list(self.pending)[:ASK_AT_ONCE]:
            self.pending.pop(known)
            outcome = self._outcome(known.record_id)
            if outcome is None:
                self.pending[known] = None  # to the end of the line
            elif outcome[0] == "stored":
                self._finish(known, "stored", "")
            else:
                self._finish(known, "rejected", self._why(outcome[1]))
        self._report()
        time.sleep(ASK_EVERY_S)

    def end(self) -> Summary:
        """Write the report and return the sums."""
        self._report(last=True)
        report = self.journal.path.with_suffix(".csv")
        try:
            with report.open("w", encoding="utf-8-sig", newline="") as stream:
                lines = csv.writer(stream)
                lines.writerow(["path", "record_id", "status", "reason"])
                for line in self.journal.lines():
                    path = line.place.encode("utf-8", "replace").decode()
                    lines.writerow([path, line.record_id, line.status, line.reason])
        except OSError as error:
            raise SetupError(str(report), f"cannot be written: {error.strerror}") from error
        received = self.stored + self.rejected + len(self.pending)
        seconds = round(time.monotonic() - self.began, 1)
        return Summary(
            received, self.stored, self.rejected, len(self.pending), seconds, str(report)
        )

    def _take_in(self, job: Job) -> Taken:
        assert job.paper is not None and job.facts is not None  # noqa: S101 - for mypy
        origin = Origin(job.root, job.source, self.settings.station, "bulk")
        most = self.settings.max_file_bytes
        return take_in(job.paper, job.facts, origin, self.store, most)

    def _outcome(self, record_id: str) -> Outcome | None:
        return self._patiently(lambda: find_outcome(self.store, record_id))

    def _follow(self, known: _Known) -> None:
        if known.record_id in self.records:
            self._finish(known, "stored", "")
        elif known.record_id in self.failed:
            failure = self._patiently(lambda: get_failed(self.store, known.record_id))
            self._finish(known, "rejected", self._why(failure))
        else:
            self.journal.note(Line(known.place, known.record_id, "pending", ""), known.signature)
            self.pending[known] = None
            self._queue(known.record_id)

    def _queue(self, record_id: str) -> None:
        if time.monotonic() < self.broker_from:
            return
        try:
            queue_soon(self.store, self.broker, record_id, "bulk", self.settings)
        except StoreError:
            # The sweep queues what we leave; each further question would take seconds.
            self.broker_from = time.monotonic() + BROKER_PAUSE_S

    def _refuse(self, job: Job, code: str, detail: str) -> None:
        reason = str(explain(code, "", detail, self.settings.language))
        self._finish(_Known(job.place, "", ""), "rejected", reason)
        self._report()

    def _finish(self, known: _Known, status: Status, reason: str) -> None:
        self.journal.note(Line(known.place, known.record_id, status, reason), known.signature)
        if status == "stored":
            self.stored += 1
        else:
            self.rejected += 1
        self.done_at.append(time.monotonic())

    def _why(self, failure: dict[str, Any]) -> str:
        code, detail = str(failure["code"]), str(failure.get("detail", ""))
        detail = "" if code == "bug" else detail
        return str(explain(code, "", detail, self.settings.language))

    def _patiently(self, call: Callable[[], T]) -> T:
        """Return what the call returns; while the store does not answer, wait and call again."""
        while True:
            try:
                result = call()
            except StoreError as error:
                self.trouble = str(explain_error(error, self.settings.language))
                self._report(last=True)
                time.sleep(STORE_PAUSE_S)
            else:
                self.trouble = ""
                return result

    def _report(self, last: bool = False) -> None:
        now = time.monotonic()
        if not last and now - self.reported < REPORT_EVERY_S:
            return
        self.reported = now
        self.done_at = [one for one in self.done_at if now - one < RATE_OVER_S]
        span_s = max(min(now - self.began, RATE_OVER_S), 0.001)
        per_minute = 60 * len(self.done_at) / span_s
        done = self.stored + self.rejected
        left = max(self.total - done, 0)
        self.on_progress(
            Progress(
                total=self.total,
                received=done + len(self.pending),
                stored=self.stored,
                rejected=self.rejected,
                pending=len(self.pending),
                seconds=round(now - self.began, 1),
                per_minute=round(per_minute, 1),
                eta_s=round(60 * left / per_minute, 1) if per_minute else None,
                trouble=self.trouble,
            )
        )
