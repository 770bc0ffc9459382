"""The drop folder in, documents that are ours out; and what is done, delivered.

A look at the whole folder every few seconds is the truth: shares give no or doubled file
events, and what was there before the start is treated like what comes. A file is taken when it
has not changed for a while and its end is there; else it waits without limit. It leaves when
its record, or the reason of its refusal, is in the bucket. Nothing here must be remembered:
after a restart the same look at the same folder leads to the same end.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from redis import Redis

from pipeline.errors import StoreError, TooLarge
from pipeline.model import Dossier
from pipeline.settings import Settings
from pipeline.storage import ObjectStore
from workers.delivery import Delivery
from workers.documents import MANIFEST, Drop, Paper, read_drop
from workers.folders import Entry, Parts, as_path, as_text, find_entry, list_folder
from workers.glance import glance
from workers.handing_out import HandingOut
from workers.intake import ChangedMeanwhile, Facts, Origin, queue_soon, take_in
from workers.manifest import BrokenManifest, Manifest, read_manifest
from workers.moving import Gone
from workers.reports import Reports, Say
from workers.room import Room
from workers.settling import Settling
from workers.undelivered import Undelivered

OBSERVE_S = 1.0  # for reading what is new or changed within one look; the rest has its turn next
TAKE_S = 2.0  # for taking in what waits longest, and again what came last, within one look

Stop = Callable[[], bool]


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
        self._clock = clock
        self.reports = Reports(say, settings.language)
        self._room = Room(settings, say)
        self._delivery = Delivery(settings, titles)
        self._settling = Settling(settings.inbox, settings.settle_s, clock)
        self._undelivered = Undelivered(store, clock)
        self._handing = HandingOut(
            settings.inbox, store, self._delivery, self._undelivered, self._settling, self.reports
        )
        self._may_take = self._broker_answers = True
        self._began = 0.0  # the last look, by the clock

    def look(self, stop: Stop = lambda: False) -> float:
        """Look at the whole inbox once: take in what is whole, deliver what is done.

        Return in how many seconds the next look has work to do, as far as that is known: 0 when
        this one has not come to an end of it.
        """
        self._may_take, self._broker_answers = self._room.is_enough(), True
        self._began = self._clock()
        due: list[tuple[float, str]] = []
        try:
            all_seen = self._see(due, stop)
        except OSError as error:
            self.reports.os_error(str(self._settings.inbox), error)
            return self._settings.scan_every_s
        self.reports.over(str(self._settings.inbox))
        ended = self._take_due(due, stop)
        ended = self._handing.deliver_done(stop, self._clock) and ended
        if not (ended and all_seen):
            return 0.0
        return self._settling.next_due(self._began) - self._clock()

    def _see(self, due: list[tuple[float, str]], stop: Stop) -> bool:
        """Note what has changed, for a while, and find what is `due`, and since when.

        Return whether nothing is left of it. Raises OSError when the inbox cannot be read.
        """
        in_time = all_seen = True
        for entry, number in glance(self._settings.inbox, self._os_error):
            if stop():
                return False
            if self._settling.has_changed(entry.name, number):
                in_time = in_time and self._clock() <= self._began + OBSERVE_S
                # What changes all the time must not keep others from being read at all.
                if in_time and not self._settling.had_its_turn(entry.name):
                    self._observe(entry, number)
                else:
                    all_seen = False
            when = self._settling.due(entry.name)
            if when <= self._began:
                due.append((when, entry.name))
        self._settling.end_look(all_read=in_time)
        return all_seen

    def _observe(self, entry: Entry, number: int | None = None) -> Drop | None:
        """Read what lies under a name and note how it looks; None: it cannot be read."""
        unreadable: list[Parts] = []

        def on_trouble(place: Parts, error: OSError) -> None:
            unreadable.append(place)
            self._os_error(place, error)

        drop = read_drop(self._settings.inbox, entry, on_trouble)
        if drop is None:
            return None
        if drop.name is not None:
            self.reports.over(as_text(drop.name))  # it can be read
        for place in drop.strange:
            self.reports.trouble(as_path(place), "inbox.not-a-file")
        self._settling.observe(entry.name, number, drop)
        self._settling.plan(entry.name, drop, self._undelivered.holds, retry=bool(unreadable))
        return drop

    def _take_due(self, due: list[tuple[float, str]], stop: Stop) -> bool:
        """Take in what may be ready, for a while; return whether nothing is left of it.

        What waits longest comes first; then, if that is much, what came last, so that a clerk at
        the counter never stands behind a backlog.
        """
        due.sort()
        queue, ended = deque(name for _, name in due), True
        for take_next in (queue.popleft, queue.pop):
            until = self._clock() + TAKE_S
            while queue and self._may_take and self._clock() <= until and not stop():
                name = take_next()
                ended = self._look_at(name, stop) and ended
                if not self._may_take:
                    self._settling.put_back(
                        name, self._began
                    )  # the store may not want just this one
        return (ended and not queue) or not self._may_take

    def _look_at(self, name: str, stop: Stop) -> bool:
        """Do what is due about a name; return whether nothing is left of it."""
        try:
            entry = find_entry(self._settings.inbox, (name,))
        except OSError as error:
            self._os_error((name,), error)
            return True
        drop = self._observe(entry) if entry is not None else None
        if drop is None or not self._settling.is_quiet(name, drop):
            return True
        try:
            manifest = self._manifest(drop)
        except OSError as error:
            self._os_error((name, MANIFEST), error)
            self._settling.plan(name, drop, lambda _: True, retry=True)
            return True
        if manifest is None:
            self._settling.put_off(name)
            return True
        if drop.name is not None and not drop.papers and not drop.strange:
            self._tidy(drop.name, drop.ready)
            return True
        ended = self._take_papers(drop, manifest, stop)
        self._settling.plan(name, drop, self._undelivered.holds)
        return ended

    def _take_papers(self, drop: Drop, manifest: Manifest, stop: Stop) -> bool:
        """Take in what is ready of a dossier, for a while; return whether nothing is left of it."""
        until = self._clock() + TAKE_S  # from now: to read a large folder takes as long
        delivered: int | None = None
        position = 0  # among the papers that no dossier.json declares
        for paper in drop.papers:
            name = paper.place[-1]
            position += not manifest.declares(name)
            if self._undelivered.holds(paper):
                continue
            if not self._may_take or stop() or self._clock() > until:
                return False
            if self._is_ready(paper, drop.ready):
                delivered = self._delivered(drop, manifest) if delivered is None else delivered
                self._take(paper, manifest.facts(name, delivered + position))
        return True

    def _manifest(self, drop: Drop) -> Manifest | None:
        """Return what is declared of a dossier; None: it is held back. Raises OSError."""
        if drop.name is None:
            return Manifest(Dossier())
        if drop.manifest is None:
            manifest = Manifest(Dossier(code=as_text(drop.name)))
        else:
            try:
                manifest = read_manifest(
                    self._settings.inbox, drop.name, self._schemas, self._types
                )
            except BrokenManifest as broken:
                self._tell_waiting((drop.name, MANIFEST), "inbox.bad-manifest", str(broken))
                return None
        self._delivery.end_waiting((drop.name, MANIFEST))
        self.reports.over(as_path((drop.name, MANIFEST)))
        return manifest

    def _is_ready(self, paper: Paper, released: bool) -> bool:
        try:
            if self._settling.is_ready(paper, released):
                return True
        except FileNotFoundError:
            self._settling.start_again(paper.place)  # it has just left
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
        except (ChangedMeanwhile, FileNotFoundError):
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
            self._undelivered.add(paper, taken)
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
