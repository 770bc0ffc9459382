"""Documents that are ours in, those worth asking for in the bucket now out.

Nobody tells the watcher that a document is done: it asks. Each question costs a few
milliseconds, so the first in line are asked for in each look; of all others a listing of the
marks of what is pending tells those that are done, however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from pipeline.storage import ObjectStore, list_pending
from workers.documents import Paper
from workers.folders import Parts
from workers.intake import Taken

FIRST = 50  # in line: asked for in each look
MARKS_S = 0.5  # for listing marks in one look
FEW = 3000  # so many documents are looked up by the first letter of their IDs, more by two


class Ours(NamedTuple):
    """What is kept of a document until it is delivered; its intake has the rest."""

    record_id: str
    new: bool  # false: the same paper of the same dossier was ours already
    number: int  # of the paper that was taken in


class Undelivered:
    """The documents that are ours and lie in the inbox still; it may be lost."""

    def __init__(self, store: ObjectStore, clock: Callable[[], float]) -> None:
        """`store` has the marks; `clock` is monotonic, in seconds."""
        self._store, self._clock = store, clock
        self._ours: dict[Parts, Ours] = {}
        self._round: Iterator[list[Parts]] = iter(())

    def __len__(self) -> int:
        return len(self._ours)

    def add(self, paper: Paper, taken: Taken) -> None:
        """Remember a document that was taken in."""
        self._ours[paper.place] = Ours(taken.record_id, taken.new, paper.number)

    def holds(self, paper: Paper) -> bool:
        """Return whether a paper is ours just as it lies there."""
        ours = self._ours.get(paper.place)
        return ours is not None and ours.number == paper.number

    def get(self, place: Parts) -> Ours | None:
        """Return what was taken from a place."""
        return self._ours.get(place)

    def forget(self, place: Parts) -> None:
        """Forget a document that was delivered, has changed or has left."""
        self._ours.pop(place, None)

    def worth_asking(self) -> list[Parts]:
        """Return the places of the documents that may be done. Raises StoreError."""
        found = list(islice(self._ours, FIRST))
        if len(self._ours) <= FIRST:
            return found
        until = self._clock() + MARKS_S
        for unmarked in self._round:
            found += unmarked
            if self._clock() >= until:
                break
        else:
            self._round = self._unmarked()  # for the next look
        return list(dict.fromkeys(found))

    def _unmarked(self) -> Iterator[list[Parts]]:
        """Yield, group by group, those without a mark: their end was counted."""
        letters = 1 if len(self._ours) <= FEW else 2
        groups: dict[str, list[Parts]] = {}
        for place, ours in self._ours.items():
            groups.setdefault(ours.record_id[:letters], []).append(place)
        while groups:
            first, places = groups.popitem()
            marked = list_pending(self._store, first)
            yield [p for p in places if p in self._ours and self._ours[p].record_id not in marked]
