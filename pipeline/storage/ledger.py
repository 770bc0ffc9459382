"""Documents and what became of them in, sums for the balance sheet out; a cache.

One row for each document that was received: how many files and pages it brought, and how it
ended. Summing a million rows takes an instant, listing a million objects does not. The bucket
is the truth: what the ledger lacks or has wrong, the walk through the bucket mends.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Literal

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, delete, func, select

from pipeline.storage.database import Database
from pipeline.storage.tables import RECORD_ID

State = Literal["pending", "stored", "rejected"]
STATES: tuple[State, ...] = ("stored", "rejected", "pending")
BATCH = 500  # rows of one statement

metadata = MetaData()

entries = Table(
    "ledger",
    metadata,
    Column("record_id", RECORD_ID, primary_key=True),
    Column("state", String(16), nullable=False, index=True),
    Column("files", Integer, nullable=False),
    Column("pages", Integer),  # as the files say; null: they do not say
    Column("stored_pages", Integer),  # of its record
    Column("version", Integer, nullable=False),  # of its record; 0: none
    Column("objects", Integer, nullable=False),  # files that its record names
    Column("attempt", String(64)),  # of its record
    Column("cause", String(64)),  # why it was rejected
)
walks = Table("ledger_walks", metadata, Column("finished_at", String(32), primary_key=True))


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger knows of one document."""

    record_id: str
    state: State
    files: int
    pages: int | None  # as its files say, counted when it was received
    stored_pages: int | None = None  # of its record
    version: int = 0  # of its record
    objects: int = 0  # files that its record names
    attempt: str | None = None  # of its record
    cause: str | None = None  # code of the error for which it was rejected


@dataclass(frozen=True, slots=True)
class Sum:
    """received = stored + rejected + pending, in documents, files or pages."""

    received: int
    stored: int
    rejected: int
    pending: int

    @property
    def balanced(self) -> bool:
        return self.received == self.stored + self.rejected + self.pending


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance sheet."""

    documents: Sum
    files: Sum
    pages: Sum
    uncounted: int  # documents not done or rejected whose files do not say how many pages
    causes: dict[str, int]  # rejected documents by the code of their error
    complete: bool  # false: the bucket was never walked through since the ledger was made

    @property
    def balanced(self) -> bool:
        return self.documents.balanced and self.files.balanced and self.pages.balanced

    def __str__(self) -> str:
        one = self.documents
        return (
            f"received {one.received} = stored {one.stored} + rejected {one.rejected} "
            f"+ pending {one.pending}"
        )


class Ledger:
    """One row for each document; may be shared by threads, survives a fork."""

    def __init__(self, url: str) -> None:
        """Open the database at an SQLAlchemy URL and make its tables where they are missing.

        Raises SetupError for a URL that is none, StoreError when the database does not answer.
        """
        self._database = Database(url, _prepare)
        self.address = self._database.address

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._database.close()

    def enter(self, found: Iterable[Entry]) -> None:
        """Write what is known of these documents over what was known before."""
        # In one order, so that two writers never wait for each other's rows.
        rows = sorted((asdict(entry) for entry in found), key=lambda row: str(row["record_id"]))
        statement = self._database.insert(entries)
        new = {name: statement.excluded[name] for name in _NAMES if name != "record_id"}
        statement = statement.on_conflict_do_update(index_elements=["record_id"], set_=new)
        for start in range(0, len(rows), BATCH):
            with self._database.write() as connection:
                connection.execute(statement, rows[start : start + BATCH])

    def known(self, prefix: str = "") -> dict[str, Entry]:
        """Return the entries of the documents whose IDs begin with `prefix`."""
        query = select(*(entries.c[name] for name in _NAMES))
        # "~" sorts behind every letter of an ID.
        query = query.where(entries.c.record_id.between(prefix, prefix + "~"))
        with self._database.read() as connection:
            rows = connection.execute(query).mappings()
            return {str(row["record_id"]): Entry(**row) for row in rows}

    def forget(self, record_ids: Iterable[str]) -> None:
        """Remove entries of documents that are not in the bucket."""
        with self._database.write() as connection:
            for record_id in record_ids:
                connection.execute(delete(entries).where(entries.c.record_id == record_id))

    def clear(self) -> None:
        """Forget everything; the next walk through the bucket fills the ledger again."""
        with self._database.write() as connection:
            connection.execute(delete(entries))
            connection.execute(delete(walks))

    def balance(self) -> Balance:
        """Return the balance sheet as far as the ledger knows."""
        count, total = func.count(), func.coalesce
        said = total(entries.c.pages, entries.c.stored_pages, 0)
        columns = (
            entries.c.state,
            count.label("documents"),
            total(func.sum(entries.c.files), 0).label("files"),
            total(func.sum(said), 0).label("pages"),
            total(func.sum(total(entries.c.stored_pages, said)), 0).label("found"),
            count.filter(entries.c.pages.is_(None)).label("uncounted"),
        )
        with self._database.read() as connection:
            rows = connection.execute(select(*columns).group_by(entries.c.state)).mappings()
            sums = {str(row["state"]): dict(row) for row in rows}
            causes = connection.execute(
                select(entries.c.cause, count)
                .where(entries.c.state == "rejected")
                .group_by(entries.c.cause)
            ).all()
            complete = connection.execute(select(walks.c.finished_at).limit(1)).first() is not None
        return Balance(
            documents=_sum(sums, "documents", "documents"),
            files=_sum(sums, "files", "files"),
            pages=_sum(sums, "pages", "found"),
            uncounted=sum(
                int(sums[state]["uncounted"]) for state in ("rejected", "pending") if state in sums
            ),
            causes={str(cause): int(number) for cause, number in causes},
            complete=complete,
        )

    def note_walk(self, finished_at: str) -> None:
        """Remember that the whole bucket was compared with the ledger."""
        with self._database.write() as connection:
            connection.execute(delete(walks))
            connection.execute(walks.insert(), [{"finished_at": finished_at}])


_NAMES = tuple(one.name for one in fields(Entry))


def _prepare(connection: Connection) -> None:
    metadata.create_all(connection)


def _sum(sums: dict[str, dict[str, int]], name: str, ended: str) -> Sum:
    """Add up what was received by `name`, and what became of it by `ended`."""
    received = sum(int(row[name]) for row in sums.values())
    parts = {state: int(sums.get(state, {}).get(ended, 0)) for state in STATES}
    return Sum(received, **parts)
