"""Counts of a backfill in, a line for people or plain values for machines out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a backfill is: received = stored + rejected + pending."""

    total: int  # documents in the source
    received: int  # of those, looked at so far
    stored: int
    rejected: int
    pending: int
    seconds: float
    per_minute: float  # documents done a minute, lately
    eta_s: float | None  # None: not known yet
    trouble: str = ""  # why it waits, in the words of the message table

    def as_json(self) -> dict[str, Any]:
        """Return the progress as plain values."""
        return asdict(self)

    def __str__(self) -> str:
        eta = "?" if self.eta_s is None else _duration(self.eta_s)
        done = self.stored + self.rejected
        text = (
            f"{done} of {self.total} done ({self.stored} stored, {self.rejected} rejected), "
            f"{self.pending} on their way, {self.per_minute:.1f} a minute, ETA {eta}"
        )
        return f"{text}; {self.trouble}" if self.trouble else text


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a backfill: received = stored + rejected + pending."""

    received: int
    stored: int
    rejected: int
    pending: int
    seconds: float
    report: str  # path of a CSV with a line for every document

    def as_json(self) -> dict[str, Any]:
        """Return the summary as plain values."""
        return asdict(self)

    def __str__(self) -> str:
        return (
            f"in {self.received} = stored {self.stored} + rejected {self.rejected} "
            f"+ pending {self.pending}; each document is listed in {self.report}"
        )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"
