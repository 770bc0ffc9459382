"""Records in, rows to look them up by out; a cache in SQLite or PostgreSQL.

Nothing is lost with it: `rebuild` makes it anew from the bucket while others read and write.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    Select,
    and_,
    create_engine,
    delete,
    event,
    func,
    make_url,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pipeline.errors import DiskFull, SetupError, StoreError
from pipeline.storage.record import Record
from pipeline.storage.tables import LAYOUT, SHOWN, facts, metadata, records, row_of, search_key

Row = dict[str, Any]

BUSY_S = 15  # a writer waits so long for another
CONNECT_S = 5
BATCH = 500  # rows a transaction of a rebuild
MOST_ROWS = 1000  # of one answer
_PREPARE_LOCK = 7_205_759_403  # any number that only we use: one process makes the tables


class Catalogue:
    """Rows of the latest version of each record; may be shared by threads, survives a fork."""

    def __init__(self, url: str) -> None:
        """Open the database at an SQLAlchemy URL and make its tables where they are missing.

        Raises SetupError for a URL that is none, StoreError when the database does not answer.
        """
        self._url = _parse(url)
        self._lite = self._url.get_backend_name() == "sqlite"
        self.address = f"catalogue {self._url.render_as_string(hide_password=True)}"
        self._open()
        with self._write() as connection:
            self._prepare(connection)

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._engine.dispose()

    def check(self) -> None:
        """Raise StoreError unless the database answers."""
        with self._read() as connection:
            connection.execute(select(facts.c.value).limit(1))

    def upsert(self, record: Record) -> None:
        """Enter a record, unless a later version of it is there."""
        with self._write() as connection:
            # The lock holds off a rebuild that begins now; it would not see this row.
            generation = _fact(connection, "generation", lock=True)
            self._put(connection, [row_of(record, generation)])

    def get(self, record_id: str) -> Row | None:
        """Return the row of a record, or None."""
        with self._read() as connection:
            query = select(*SHOWN).where(records.c.record_id == record_id)
            found = connection.execute(query).mappings().first()
        return None if found is None else dict(found)

    def find(
        self,
        *,
        dossier_code: str | None = None,
        number: str | None = None,
        symbol: str | None = None,
        result_code: str | None = None,
        doc_type: str | None = None,
        state: str | None = None,
        unlinked: bool | None = None,
        limit: int = 50,
        before: str | None = None,
    ) -> list[Row]:
        """Return the rows that fit all that is given, the last stored first.

        Codes are compared without white space and case. `before` is the ID of the last row of
        the page before; one that is not there gives no row.
        """
        codes = {
            records.c.dossier_key: dossier_code,
            records.c.number_key: number,
            records.c.symbol_key: symbol,
            records.c.result_key: result_code,
        }
        query = select(*SHOWN).where(
            *(column == search_key(code) for column, code in codes.items() if code is not None)
        )
        if doc_type is not None:
            query = query.where(records.c.doc_type == doc_type)
        if state is not None:
            query = query.where(records.c.state == state)
        if unlinked is not None:
            query = query.where(records.c.linked.is_(not unlinked))
        if before is not None:
            query = query.where(_is_before(before))
        query = query.order_by(records.c.sort_at.desc(), records.c.record_id.desc())
        with self._read() as connection:
            rows = connection.execute(query.limit(max(0, min(limit, MOST_ROWS)))).mappings()
            return [dict(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """Return how many records there are: in all, of each state, and unlinked."""
        count = func.count()
        query = select(
            count.label("records"),
            count.filter(records.c.state == "stored").label("stored"),
            count.filter(records.c.state == "in_review").label("in_review"),
            count.filter(records.c.linked.is_(False)).label("unlinked"),
        ).select_from(records)
        with self._read() as connection:
            return dict(connection.execute(query).mappings().one())

    def needs_rebuild(self) -> bool:
        """Return whether it was never filled from the bucket since its tables were made."""
        with self._read() as connection:
            return _fact(connection, "rebuilt") == 0

    def rebuild(self, latest: Iterable[Record]) -> int:
        """Make the catalogue equal to these records and return how many there were.

        The records must be read after this call began (an iterator does that). Rows stay
        readable all the while, and what others enter meanwhile is kept.
        """
        with self._write() as connection:
            connection.execute(
                update(facts).where(facts.c.name == "generation").values(value=facts.c.value + 1)
            )
            generation = _fact(connection, "generation")
        seen = 0
        remaining = iter(latest)
        while batch := [row_of(record, generation) for record in islice(remaining, BATCH)]:
            with self._write() as connection:
                self._put(connection, batch)
            seen += len(batch)
        with self._write() as connection:
            connection.execute(delete(records).where(records.c.generation < generation))
            connection.execute(
                update(facts).where(facts.c.name == "rebuilt").values(value=generation)
            )
        return seen

    def _put(self, connection: Connection, rows: list[Row]) -> None:
        insert = sqlite.insert if self._lite else postgresql.insert
        statement = insert(records)
        new, old = statement.excluded, records.c
        # A rebuild overrules what was there before it, and is overruled by none but a later one.
        newer = or_(
            new.generation > old.generation,
            and_(new.generation == old.generation, new.version >= old.version),
        )
        changed = {name: new[name] for name in old.keys() if name != "record_id"}  # noqa: SIM118
        statement = statement.on_conflict_do_update(
            index_elements=[old.record_id], set_=changed, where=newer
        )
        # In one order, so that two rebuilds never wait for each other's rows.
        connection.execute(statement, sorted(rows, key=lambda row: str(row["record_id"])))

    def _prepare(self, connection: Connection) -> None:
        if not self._lite:
            connection.execute(select(func.pg_advisory_xact_lock(_PREPARE_LOCK)))
        metadata.create_all(connection)
        if _fact(connection, "layout") == LAYOUT:
            return
        metadata.drop_all(connection)
        metadata.create_all(connection)
        start = {"layout": LAYOUT, "generation": 1, "rebuilt": 0}
        connection.execute(
            facts.insert(), [{"name": name, "value": value} for name, value in start.items()]
        )

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        try:
            with self._live().connect() as connection:
                yield connection
        except (DBAPIError, PoolTimeout) as error:
            raise self._explain(error) from error

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        try:
            with self._live().execution_options(writes=True).begin() as connection:
                yield connection
        except (DataError, IntegrityError):  # ours to mend, not the database's
            raise
        except (DBAPIError, PoolTimeout) as error:
            raise self._explain(error) from error

    def _explain(self, error: Exception) -> StoreError:
        words = (str(getattr(error, "orig", None) or error).splitlines() or [""])[0]
        if "disk is full" in words or "No space left" in words:
            return DiskFull(
                self.address, "no space is left: free some; work then goes on by itself"
            )
        if "malformed" in words or "not a database" in words:
            return StoreError(
                self.address,
                f"is damaged ({words}): delete the file and run `sohoa catalogue rebuild`",
            )
        return StoreError(
            self.address, f"does not answer ({words}): start it, or correct SOHOA_DATABASE_URL"
        )

    def _live(self) -> Engine:
        if self._pid != os.getpid():
            self._engine.dispose(close=False)  # the connections are the parent's
            self._open()
        return self._engine

    def _open(self) -> None:
        self._pid = os.getpid()
        if not self._lite:
            self._engine = create_engine(
                self._url, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_S}
            )
            return
        # Opening a file costs little, and no lock outlives its use.
        self._engine = create_engine(
            self._url, poolclass=NullPool, connect_args={"timeout": BUSY_S}
        )
        event.listen(self._engine, "connect", _set_up_sqlite)
        event.listen(self._engine, "begin", _begin_sqlite)


def _set_up_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # we say when a transaction begins
    # A cache needs no fsync for each commit; after a power cut it is whole, maybe a little old.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that begins as a reader may be refused later instead of waiting its turn.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _is_before(record_id: str) -> Any:
    place = select(records.c.sort_at).where(records.c.record_id == record_id).scalar_subquery()
    return tuple_(records.c.sort_at, records.c.record_id) < tuple_(place, record_id)


def _fact(connection: Connection, name: str, *, lock: bool = False) -> int:
    query: Select[Any] = select(facts.c.value).where(facts.c.name == name)
    if lock:
        query = query.with_for_update(read=True)
    return int(connection.execute(query).scalar() or 0)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError) as error:
        raise SetupError("SOHOA_DATABASE_URL", "is no database URL") from error
    if backend == "sqlite":
        return parsed
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    raise SetupError("SOHOA_DATABASE_URL", f"'{backend}' is neither sqlite nor postgresql")
