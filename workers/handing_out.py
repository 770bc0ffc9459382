"""Documents that are ours in, those that are done handed out to the clerks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.errors import StoreError
from pipeline.storage import ObjectStore
from workers.delivery import Delivery
from workers.documents import Paper, find_paper
from workers.folders import Parts, as_path
from workers.intake import Taken, find_intake, find_outcome
from workers.moving import Gone
from workers.reports import Reports
from workers.settling import Settling
from workers.undelivered import Ours, Undelivered

HAND_OUT_S = 2.0  # within one look, however much is done


class HandingOut:
    """Moves what is done out of the inbox, each with its ticket."""

    def __init__(
        self,
        inbox: Path,
        store: ObjectStore,
        delivery: Delivery,
        undelivered: Undelivered,
        settling: Settling,
        reports: Reports,
    ) -> None:
        """`undelivered` are the documents that lie in `inbox` still; what is done is taken off."""
        self._inbox, self._store, self._delivery = inbox, store, delivery
        self._undelivered, self._settling, self._reports = undelivered, settling, reports

    def deliver_done(self, stop: Callable[[], bool], clock: Callable[[], float]) -> bool:
        """Deliver what is done, for a while; return whether nothing is left of it.

        `clock` is monotonic, in seconds.
        """
        until = clock() + HAND_OUT_S
        try:
            for place in self._undelivered.worth_asking():
                if stop() or clock() > until:
                    return False
                ours = self._undelivered.get(place)
                if ours is not None:
                    self._deliver(place, ours)
        except StoreError as error:
            self._reports.our_error(error)
        return True

    def _deliver(self, place: Parts, ours: Ours) -> None:
        """Deliver a document if it is done, and is what was taken in. Raises StoreError."""
        try:
            paper = find_paper(self._inbox, place)
            if paper is None:
                self._start_again(place)  # it has left
                return
            if paper.number != ours.number:
                return  # written to since: it is taken in again when it is quiet
            kind = self._hand_out(paper, ours)
        except Gone:
            # It has just changed; or beside its pages lies what is no page.
            self._start_again(place)
            self._settling.wait(place)
        except OSError as error:
            self._reports.os_error(as_path(place), error)
        else:
            if kind is not None:
                self._start_again(place)
                self._reports.event(kind, as_path(place), ours.record_id)

    def _start_again(self, place: Parts) -> None:
        self._undelivered.forget(place)
        self._settling.start_again(place)

    def _hand_out(self, paper: Paper, ours: Ours) -> str | None:
        """Move a paper to outbox/ or rejected/ if it is done; return what became of it."""
        outcome = find_outcome(self._store, ours.record_id)
        intake = find_intake(self._store, ours.record_id) if outcome is not None else None
        if outcome is None or intake is None:
            return None
        kind, found = outcome
        received, source = str(intake["received_at"]), str(intake["source_path"])
        taken = Taken(ours.record_id, ours.new, received, source)
        if kind == "stored":
            self._delivery.good(paper, taken, found)
        else:
            self._delivery.refused(paper, taken, found, intake["dossier"]["code"])
        return kind
