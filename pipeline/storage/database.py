"""A database URL in, transactions out; its faults come out as our errors.

SQLite for one machine, PostgreSQL for many. What it holds is a cache of the bucket: a database
that was deleted under us is made again, empty, and filled from the bucket.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pipeline.errors import DiskFull, SetupError, StoreError

BUSY_S = 15  # a writer waits so long for another
CONNECT_S = 5
_PREPARE_LOCK = 7_205_759_403  # any number that only we use: one process makes the tables
_TABLES_GONE = re.compile('no such table|relation ".*" does not exist')


class Database:
    """Connections to one database; may be shared by threads, survives a fork."""

    def __init__(self, url: str, prepare: Callable[[Connection], None]) -> None:
        """Open the database at an SQLAlchemy URL; `prepare` makes the tables that are missing.

        Raises SetupError for a URL that is none, StoreError when the database does not answer.
        """
        self._url = _parse(url)
        self.lite = self._url.get_backend_name() == "sqlite"
        self.address = f"catalogue {self._url.render_as_string(hide_password=True)}"
        self._prepare = prepare
        self._open()
        self._make_tables()

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._engine.dispose()

    def insert(self, table: Any) -> Any:
        """Return an INSERT that can say what to do when the row is there."""
        return (sqlite.insert if self.lite else postgresql.insert)(table)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection to read with. Raises StoreError."""
        try:
            with self._live().connect() as connection:
                yield connection
        except (DBAPIError, PoolTimeout) as error:
            raise self._explain(error) from error

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction, committed at the end of the block. Raises StoreError."""
        try:
            with self._live().execution_options(writes=True).begin() as connection:
                yield connection
        except (DataError, IntegrityError):  # ours to mend, not the database's
            raise
        except (DBAPIError, PoolTimeout) as error:
            raise self._explain(error) from error

    def _make_tables(self) -> None:
        with self.write() as connection:
            if not self.lite:
                connection.execute(select(func.pg_advisory_xact_lock(_PREPARE_LOCK)))
            self._prepare(connection)

    def _explain(self, error: Exception) -> StoreError:
        words = (str(getattr(error, "orig", None) or error).splitlines() or [""])[0]
        if _TABLES_GONE.search(words):
            # Deleted while we ran; empty tables now let the next call work.
            self._make_tables()
            return StoreError(
                self.address, "was deleted and is made again from the bucket: ask again in a while"
            )
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
        if not self.lite:
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
