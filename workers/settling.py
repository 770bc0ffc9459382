"""What lies in the inbox in, what is quiet and whole, and when to look at the rest again, out.

All of it may be lost: it is learnt again by looking. Of a file that waits, two numbers are kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workers.documents import Drop, Paper
from workers.folders import Parts, Signature, open_file
from workers.wholeness import is_whole

PATIENT = 10  # times the settle time: for folders of pages and for files that are still empty
RECHECK_S = 30.0  # until what is unchanged but incomplete or unreadable is looked at again
REPORT_S = 600.0  # a file that is incomplete for so long is reported
NEVER = math.inf


@dataclass(slots=True)
class _Known:
    """What is known of one name in the inbox: of a dossier, or of a loose file."""

    number: int  # of the last glance
    look: int  # in which it was last there
    turn: int = -1  # in which it was last read
    due: float = -NEVER  # when something may have to be done, by the clock
    since: float = 0.0  # when something was last added, by the clock
    places: tuple[Parts, ...] = ()  # of its papers
    manifest: Signature | None = None


@dataclass(slots=True)
class _Late:
    """A paper that was quiet and could not be taken."""

    first: float
    check_after: float
    reported: bool = False


class Settling:
    """Since when papers and dossiers have not changed; it may be lost."""

    def __init__(self, root: Path, settle_s: float, clock: Callable[[], float]) -> None:
        """Watch the papers below `root`; `clock` is monotonic, in seconds."""
        self._root, self._settle_s, self._clock = root, settle_s, clock
        self._known: dict[str, _Known] = {}
        self._seen: dict[Parts, tuple[int, float]] = {}  # its number, and since when it has it
        self._late: dict[Parts, _Late] = {}
        self._look = self._turn = 0

    def has_changed(self, name: str, number: int) -> bool:
        """Note what a glance found under a name; return whether it has to be read again."""
        known = self._known.get(name)
        if known is None:
            return True
        known.look = self._look
        return known.number != number

    def had_its_turn(self, name: str) -> bool:
        """Return whether a name was read while others still wait for being read."""
        known = self._known.get(name)
        return known is not None and known.turn == self._turn

    def observe(self, name: str, number: int | None, drop: Drop) -> None:
        """Note how the papers of a drop look now, and when it must be looked at again.

        `number` is that of the glance after which it was read; None: as it was.
        """
        now, known = self._clock(), self._known.get(name)
        places = tuple(paper.place for paper in drop.papers)
        if known is None:
            known = self._known[name] = _Known(number or 0, self._look, since=now)
        elif set(places) - set(known.places) or drop.manifest != known.manifest:
            known.since = now
        if number is not None:
            known.number, known.look, known.turn = number, self._look, self._turn
        for gone in set(known.places) - set(places):
            self.start_again(gone)
        known.places, known.manifest, known.due = places, drop.manifest, -NEVER
        for paper in drop.papers:
            seen = self._seen.get(paper.place)
            if seen is None or seen[0] != paper.number:
                self._seen[paper.place] = (paper.number, now)
                if paper.place in self._late:
                    self._late[paper.place].check_after = -NEVER

    def plan(
        self, name: str, drop: Drop, ours: Callable[[Paper], bool], *, retry: bool = False
    ) -> None:
        """Note when an observed drop may need us again: of its papers, those that are not ours.

        `retry`: also before that, because something could not be read.
        """
        known = self._known[name]
        waiting = [self._due(paper, drop.ready) for paper in drop.papers if not ours(paper)]
        known.due = min(waiting, default=NEVER)
        if drop.name is not None and not drop.ready:
            known.due = max(known.due, known.since + self._settle_s)
        if drop.name is not None and not drop.papers:
            known.due = -NEVER if drop.ready else self._clock() + RECHECK_S  # to be tidied away
        if retry:
            known.due = min(known.due, self._clock() + RECHECK_S)

    def put_off(self, name: str) -> None:
        """Leave what is under a name alone until it changes: what is wrong with it was told."""
        self._known[name].due = NEVER

    def put_back(self, name: str, when: float) -> None:
        """Let all else that was due by `when` go before what is under a name."""
        known = self._known.get(name)
        if known is not None:
            known.due = max(known.due, when)

    def due(self, name: str) -> float:
        """Return when something may have to be done about a name, by the clock."""
        known = self._known.get(name)
        return NEVER if known is None else known.due

    def next_due(self, after: float) -> float:
        """Return when the next paper may be ready, of those that were not due by `after`."""
        return min((one.due for one in self._known.values() if one.due > after), default=NEVER)

    def is_quiet(self, name: str, drop: Drop) -> bool:
        """Return whether nothing was added to an observed drop for the settle time.

        Loose files know no dossier, and `_READY` says that all is there.
        """
        if drop.name is None or drop.ready:
            return True
        return self._clock() - self._known[name].since >= self._settle_s

    def is_ready(self, paper: Paper, released: bool) -> bool:
        """Return whether an observed paper is quiet and whole; `released`: quiet or not.

        Raises OSError when it cannot be read; it is then left alone for a while.
        """
        if self._clock() < self._due(paper, released):
            return False
        self.wait(paper.place)
        if paper.unfinished or not all(map(self._is_whole, paper.files)):
            return False
        self._late.pop(paper.place, None)
        return True

    def is_overdue(self, paper: Paper) -> bool:
        """Return once, and only once, that a paper has been incomplete for too long."""
        late = self._late.get(paper.place)
        if late is None or late.reported or late.check_after == -NEVER:
            return False
        late.reported = self._clock() - late.first >= REPORT_S
        return late.reported

    def wait(self, place: Parts) -> None:
        """Leave a paper alone for a while: it could not be read, or is not whole."""
        now = self._clock()
        late = self._late.setdefault(place, _Late(self._seen.get(place, (0, now))[1], now))
        late.check_after = now + RECHECK_S

    def start_again(self, place: Parts) -> None:
        """Treat a paper as new: it changed while it was taken or moved, or has left."""
        self._seen.pop(place, None)
        self._late.pop(place, None)
        known = self._known.get(place[0])
        if known is not None:
            known.due = -NEVER

    def end_look(self, *, all_read: bool) -> None:
        """Forget what was not there in this look; `all_read`: nothing waits for its turn."""
        for name in [name for name, one in self._known.items() if one.look != self._look]:
            for place in self._known.pop(name).places:
                self.start_again(place)
        self._look += 1
        self._turn += all_read

    def _due(self, paper: Paper, released: bool) -> float:
        patient = paper.is_folder or any(one.size_bytes == 0 for one in paper.signatures)
        settle_s = 0.0 if released else self._settle_s * (PATIENT if patient else 1)
        now = self._clock()
        _, since = self._seen.get(paper.place, (0, now))
        late = self._late.get(paper.place)
        return max(since + settle_s, late.check_after if late else -NEVER)

    def _is_whole(self, parts: Parts) -> bool:
        with open_file(self._root, parts) as descriptor:
            return is_whole(descriptor)
