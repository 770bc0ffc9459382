"""What lies in the inbox in, which papers are whole and quiet out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workers.documents import Drop, Paper
from workers.folders import Parts, Signature, open_file
from workers.wholeness import is_whole

PATIENT = 10  # times the settle time: for folders of pages and for files that are still empty
RECHECK_S = 30.0  # until an unchanged but incomplete file is looked at again
REPORT_S = 600.0  # a file that is incomplete for so long is reported


@dataclass(slots=True)
class _Seen:
    signatures: tuple[Signature, ...]
    first: float  # s, of the clock: when the paper was first seen
    since: float  # since when it has not changed
    check_after: float = 0.0
    reported: bool = False


@dataclass(slots=True)
class _Quiet:
    places: frozenset[Parts]
    manifest: Signature | None
    since: float


class Settling:
    """Since when papers and dossiers have not changed; it may be lost."""

    def __init__(self, root: Path, settle_s: float, clock: Callable[[], float]) -> None:
        """Watch the papers below `root`; `clock` is monotonic, in seconds."""
        self._root, self._settle_s, self._clock = root, settle_s, clock
        self._seen: dict[Parts, _Seen] = {}
        self._quiet: dict[str, _Quiet] = {}

    def observe(self, drop: Drop) -> None:
        """Note how the papers of a dossier look now."""
        now = self._clock()
        for paper in drop.papers:
            seen = self._seen.setdefault(paper.place, _Seen(paper.signatures, now, now))
            if seen.signatures != paper.signatures:
                seen.signatures, seen.since, seen.check_after = paper.signatures, now, 0.0

    def is_quiet(self, drop: Drop) -> bool:
        """Return whether nothing was added to a dossier's folder for the settle time.

        Loose files know no dossier, and `_READY` says that all is there.
        """
        if drop.name is None:
            return True
        now = self._clock()
        places = frozenset(paper.place for paper in drop.papers)
        known = self._quiet.get(drop.name)
        if known is None or places - known.places or drop.manifest != known.manifest:
            known = self._quiet[drop.name] = _Quiet(places, drop.manifest, now)
        known.places = places
        return drop.ready or now - known.since >= self._settle_s

    def is_ready(self, paper: Paper, released: bool) -> bool:
        """Return whether an observed paper is quiet and whole; `released`: quiet or not.

        Raises OSError when it cannot be read; it is then left alone for a while.
        """
        seen, now = self._seen[paper.place], self._clock()
        patient = paper.is_folder or any(one.size_bytes == 0 for one in paper.signatures)
        settle_s = 0.0 if released else self._settle_s * (PATIENT if patient else 1)
        if now - seen.since < settle_s or now < seen.check_after:
            return False
        seen.check_after = now + RECHECK_S
        if paper.unfinished or not all(map(self._is_whole, paper.files)):
            return False
        seen.check_after = 0.0
        return True

    def is_overdue(self, paper: Paper) -> bool:
        """Return once, and only once, that a paper has been incomplete for too long."""
        seen = self._seen[paper.place]
        late = not seen.reported and self._clock() - seen.first >= REPORT_S
        if late and seen.check_after:
            seen.reported = True
            return True
        return False

    def wait(self, place: Parts) -> None:
        """Leave a paper alone for a while: it could not be read."""
        if place in self._seen:
            self._seen[place].check_after = self._clock() + RECHECK_S

    def start_again(self, place: Parts) -> None:
        """Treat a paper as new: it changed while it was taken or moved."""
        self._seen.pop(place, None)

    def keep_only(self, places: set[Parts], names: set[str]) -> None:
        """Forget the papers and dossiers that are no longer there."""
        self._seen = {k: v for k, v in self._seen.items() if k in places}
        self._quiet = {k: v for k, v in self._quiet.items() if k in names}

    def _is_whole(self, parts: Parts) -> bool:
        with open_file(self._root, parts) as descriptor:
            return is_whole(descriptor)
