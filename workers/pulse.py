"""Signs of life of jobs in, the jobs that somebody works on out.

RQ says until when a job is alive by the clock on the wall. Where that clock was wrong for a
moment (a dead battery, a virtual machine that was paused), a job whose worker was killed then
counts as alive for as many days. So a job on a worker is alive as long as what its worker
writes about it goes on changing; how long it has not is measured by a clock that never jumps.
"""

from __future__ import annotations

from collections.abc import Mapping

from workers.queues import HEARTBEATS, MONITORING_S

# RQ itself notices within half of it, when the clock is right; it counts its retries.
SILENT_S = 2.0 * HEARTBEATS * MONITORING_S


class Pulse:
    """Remembers when the signs of each job last changed; it may be lost."""

    def __init__(self) -> None:
        self._changed: dict[str, tuple[str, float]] = {}

    def alive(self, signs: Mapping[str, str | None], now_s: float) -> set[str]:
        """Return the jobs that are alive; `signs` of all jobs as `live_jobs` gives them.

        `now_s` is a monotonic clock. A job that waits in its queue is alive.
        """
        changed: dict[str, tuple[str, float]] = {}
        for record_id, sign in signs.items():
            if sign is not None:
                last = self._changed.get(record_id)
                changed[record_id] = last if last and last[0] == sign else (sign, now_s)
        self._changed = changed
        silent = {one for one, (_, since_s) in changed.items() if now_s - since_s >= SILENT_S}
        return signs.keys() - silent
