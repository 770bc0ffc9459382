"""The drop folder in, documents that are ours out; and what is done, delivered.

A look at the whole folder every few seconds is the truth: shares give no or doubled file
events, and what was there before the start is treated like what comes. A file is taken when it
has not changed for a while and its end is there; else it waits without limit. It leaves when
its record, or the reason of its refusal, is in the bucket. Nothing here must be remembered:
after a restart the same look at the same folder leads to the same end.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Event

from redis import Redis

from pipeline.errors import StoreError, TooLarge
from pipeline.extraction import load_schemas, schemas_folder
from pipeline.model import Dossier
from pipeline.settings import Settings
from pipeline.storage import ObjectStore
from workers.connections import open_broker, open_store
from workers.delivery import Delivery
from workers.documents import MANIFEST, Drop, Paper, read_drops
from workers.folders import Parts, Signature, as_path, as_text, list_folder
from workers.intake import ChangedMeanwhile, Facts, Origin, Taken, find_outcome, queue_soon, take_in
from workers.manifest import BrokenManifest, Manifest, read_manifest
from workers.moving import Gone
from workers.reports import Reports, Say
from workers.room import Room
from workers.settling import Settling

OLDEST, NEXT = 50, 100  # documents asked for in one look: the first in line, and some in turn


@dataclass(frozen=True, slots=True)
class Pending:
    """A document that is ours and not delivered yet."""

    paper: Paper
    taken: Taken
    code: str | None  # of its dossier


class Watch:
    """What a watcher knows of one inbox; all of it may be lost."""

    def __init__(
        self,
        settings: Settings,
        store: ObjectStore,
        broker: Redis,
        say: Say,
        *,
        titles: Mapping[str, str],
        schemas: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`titles` names the document types for clerks; `schemas` holds dossier.schema.json."""
        self._settings, self._store, self._broker = settings, store, broker
        self._schemas, self._types = schemas, frozenset(titles)
        self.reports = Reports(say, settings.language)
        self._room = Room(settings, say)
        self._delivery = Delivery(settings, titles)
        self._settling = Settling(settings.inbox, settings.settle_s, clock)
        self._manifests: dict[str, tuple[Signature | None, Manifest | None]] = {}
        self._pending: dict[Parts, Pending] = {}
        self._may_take = self._broker_answers = True
        self._turn = 0

    def look(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Look at the whole inbox once: take in what is whole, deliver what is done."""
        present: set[Parts] = set()
        names: set[str] = set()
        self._may_take, self._broker_answers = self._room.is_enough(), True
        try:
            for drop in read_drops(self._settings.inbox, self._os_error):
                if stop():
                    return
                present.update(paper.place for paper in drop.papers)
                names.add(drop.name or "")
                self._look_at(drop)
        except OSError as error:
            self.reports.os_error(str(self._settings.inbox), error)
            return
        self.reports.over(str(self._settings.inbox))
        self._settling.keep_only(present, names)
        self._pending = {k: v for k, v in self._pending.items() if k in present}
        self._manifests = {k: v for k, v in self._manifests.items() if k in names}
        self._deliver_done(stop)

    def _look_at(self, drop: Drop) -> None:
        if drop.name is not None:
            self.reports.over(as_text(drop.name))  # it can be read
        for place in drop.strange:
            self.reports.trouble(as_path(place), "inbox.not-a-file")
        self._settling.observe(drop)
        manifest = self._manifest(drop) if self._settling.is_quiet(drop) else None
        if manifest is None:
            return
        if drop.name is not None and not drop.papers and not drop.strange:
            self._tidy(drop.name, drop.ready)
        delivered: int | None = None
        position = 0  # among the papers that no dossier.json declares
        for paper in drop.papers:
            name = paper.place[-1]
            position += not manifest.declares(name)
            pending = self._pending.get(paper.place)
            if pending is not None and pending.paper == paper:
                continue
            self._pending.pop(paper.place, None)
            if self._may_take and self._is_ready(paper, drop.ready):
                delivered = self._delivered(drop, manifest) if delivered is None else delivered
                self._take(paper, manifest.facts(name, delivered + position))

    def _manifest(self, drop: Drop) -> Manifest | None:
        """Return what is declared of a dossier; None: it is held back."""
        if drop.name is None:
            return Manifest(Dossier())
        known = self._manifests.get(drop.name)
        if known is not None and known[0] == drop.manifest:
            return known[1]
        place = (drop.name, MANIFEST)
        manifest: Manifest | None = Manifest(Dossier(code=as_text(drop.name)))
        try:
            if drop.manifest is not None:
                manifest = read_manifest(
                    self._settings.inbox, drop.name, self._schemas, self._types
                )
            self._delivery.end_waiting(place)
            self.reports.over(as_path(place))
        except BrokenManifest as broken:
            manifest = None
            self._tell_waiting(place, "inbox.bad-manifest", str(broken))
        except OSError as error:
            self._os_error(place, error)
            return None
        self._manifests[drop.name] = (drop.manifest, manifest)
        return manifest

    def _is_ready(self, paper: Paper, released: bool) -> bool:
        try:
            if self._settling.is_ready(paper, released):
                return True
        except OSError as error:
            self._os_error(paper.place, error)
        if self._settling.is_overdue(paper):
            self._tell_waiting(paper.place, "inbox.incomplete", "")
        return False

    def _take(self, paper: Paper, facts: Facts) -> None:
        source, settings = as_path(paper.place), self._settings
        origin = Origin(settings.inbox, source, settings.station, "counter")
        try:
            taken = take_in(paper, facts, origin, self._store, settings.max_file_bytes)
        except ChangedMeanwhile:
            self._settling.start_again(paper.place)
        except TooLarge as error:
            self._turn_away(paper, error)
        except StoreError as error:
            self._may_take = False  # what is next would only wait for the same
            self.reports.our_error(error)
        except OSError as error:
            self._settling.wait(paper.place)
            self._os_error(paper.place, error)
        else:
            self.reports.over(self._store.address)
            self._pending[paper.place] = Pending(paper, taken, facts.dossier.code)
            self._delivery.end_waiting(paper.place)
            self.reports.event("received" if taken.new else "known", source, taken.record_id)
            self._queue(taken.record_id)

    def _queue(self, record_id: str) -> None:
        if not self._broker_answers:
            return
        try:
            queue_soon(self._store, self._broker, record_id, "counter", self._settings)
        except StoreError as error:
            # Each further question would take seconds; the sweep queues what we leave.
            self._broker_answers = False
            self.reports.our_error(error)

    def _turn_away(self, paper: Paper, error: TooLarge) -> None:
        try:
            self._delivery.turned_away(paper, error)
            self.reports.event("refused", as_path(paper.place), error.code)
        except Gone:
            self._settling.start_again(paper.place)
        except OSError as trouble:
            self._settling.wait(paper.place)
            self._os_error(paper.place, trouble)

    def _deliver_done(self, stop: Callable[[], bool]) -> None:
        waiting = list(self._pending)
        due, rest = waiting[:OLDEST], waiting[OLDEST:]
        if rest:
            start = self._turn % len(rest)
            due += islice((*rest[start:], *rest[:start]), NEXT)
            self._turn = start + NEXT
        for place in due:
            if stop():
                return
            try:
                self._deliver(self._pending[place])
            except Gone:
                # Written to or replaced since: it is looked at like a new one.
                self._pending.pop(place)
                self._settling.start_again(place)
            except StoreError as error:
                self.reports.our_error(error)
                return
            except OSError as error:
                self._os_error(place, error)

    def _deliver(self, pending: Pending) -> None:
        paper, taken = pending.paper, pending.taken
        outcome = find_outcome(self._store, taken.record_id)
        if outcome is None:
            return
        kind, found = outcome
        if kind == "stored":
            self._delivery.good(paper, taken, found)
        else:
            self._delivery.refused(paper, taken, found, pending.code)
        self._pending.pop(paper.place)
        self._settling.start_again(paper.place)
        self.reports.event(kind, as_path(paper.place), taken.record_id)

    def _delivered(self, drop: Drop, manifest: Manifest) -> int:
        """Return how many undeclared papers are in outbox/ already: ordinals go on there."""
        if drop.name is None:
            return 0
        try:
            entries = list_folder(self._settings.outbox, (drop.name,))
        except OSError:
            return 0
        names = [one.name for one in entries if not one.name.endswith(".txt")]
        return sum(name != MANIFEST and not manifest.declares(name) for name in names)

    def _tidy(self, name: str, ready: bool) -> None:
        try:
            self._delivery.tidy(name, ready)
        except (OSError, Gone):
            return  # somebody has just put something into it: so it stays

    def _tell_waiting(self, place: Parts, code: str, detail: str) -> None:
        self.reports.trouble(as_path(place), code, detail)
        try:
            self._delivery.say_waiting(place, code, detail)
        except OSError as error:
            self.reports.os_error(str(self._settings.rejected), error)

    def _os_error(self, place: Parts, error: OSError) -> None:
        self.reports.os_error(as_path(place), error)


def run_watch(settings: Settings, say: Say) -> None:
    """Watch the inbox until SIGTERM or SIGINT; `settings` are resolved.

    Raises SetupError when the schemas are wrong.
    """
    folder = schemas_folder(Path(settings.schemas) if settings.schemas else None)
    titles = {name: schema.title for name, schema in load_schemas(folder).types.items()}
    store, broker = open_store(settings), open_broker(settings)
    watch = Watch(settings, store, broker, say, titles=titles, schemas=folder)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    prepared = False
    while not stop.is_set():
        prepared = prepared or _prepare(settings, store, watch.reports)
        if prepared:
            watch.look(stop.is_set)
        stop.wait(settings.scan_every_s)


def _prepare(settings: Settings, store: ObjectStore, reports: Reports) -> bool:
    """Make the folders and the bucket where they are missing; return whether all are there."""
    try:
        for home in (settings.inbox, settings.outbox, settings.rejected):
            home.mkdir(parents=True, exist_ok=True)
        store.ensure_bucket()
    except StoreError as error:
        reports.our_error(error)
        return False
    except OSError as error:
        reports.os_error(str(error.filename or settings.home), error)
        return False
    return True
