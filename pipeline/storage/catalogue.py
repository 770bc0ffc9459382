"""Records in, rows to look them up by out; a cache in SQLite or PostgreSQL.

Nothing is lost with it: `rebuild` makes it anew from the bucket while others read and write.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, or_, select, tuple_, update

from pipeline.errors import StoreError
from pipeline.storage.database import Database
from pipeline.storage.record import Record
from pipeline.storage.tables import LAYOUT, SHOWN, facts, metadata, records, row_of, search_key

Row = dict[str, Any]

BATCH = 500  # rows a transaction of a rebuild
MOST_ROWS = 1000  # of one answer


class Catalogue:
    """Rows of the latest version of each record; may be shared by threads, survives a fork."""

    def __init__(self, url: str) -> None:
        """Open the database at an SQLAlchemy URL and make its tables where they are missing.

        Raises SetupError for a URL that is none, StoreError when the database does not answer.
        """
        self._database = Database(url, _prepare)
        self.address = self._database.address

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._database.close()

    def check(self) -> None:
        """Raise StoreError unless the database answers."""
        with self._database.read() as connection:
            connection.execute(select(facts.c.value).limit(1))

    def check_write(self) -> None:
        """Raise StoreError unless the database takes a row, gives it back and forgets it."""
        with self._database.write() as connection:
            connection.execute(facts.insert(), [{"name": "probe", "value": 1}])
            if _fact(connection, "probe") != 1:
                raise StoreError(self.address, "does not give back what was written to it")
            connection.execute(delete(facts).where(facts.c.name == "probe"))

    def upsert(self, record: Record) -> None:
        """Enter a record, unless a later version of it is there."""
        self.upsert_all([record])

    def upsert_all(self, latest: Iterable[Record]) -> None:
        """Enter records, each unless a later version of it is there."""
        remaining = iter(latest)
        while batch := list(islice(remaining, BATCH)):
            with self._database.write() as connection:
                # The lock holds off a rebuild that begins now; it would not see these rows.
                generation = _fact(connection, "generation", lock=True)
                self._put(connection, [row_of(record, generation) for record in batch])

    def versions(self, prefix: str) -> dict[str, int]:
        """Return the versions of the records whose IDs begin with `prefix`."""
        query = select(records.c.record_id, records.c.version)
        query = query.where(records.c.record_id.between(prefix, prefix + "~"))
        with self._database.read() as connection:
            return {str(found): int(version) for found, version in connection.execute(query)}

    def get(self, record_id: str) -> Row | None:
        """Return the row of a record, or None."""
        with self._database.read() as connection:
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
        with self._database.read() as connection:
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
        with self._database.read() as connection:
            return dict(connection.execute(query).mappings().one())

    def needs_rebuild(self) -> bool:
        """Return whether it was never filled from the bucket since its tables were made."""
        with self._database.read() as connection:
            return _fact(connection, "rebuilt") == 0

    def rebuild(self, latest: Iterable[Record]) -> int:
        """Make the catalogue equal to these records and return how many there were.

        The records must be read after this call began (an iterator does that). Rows stay
        readable all the while, and what others enter meanwhile is kept.
        """
        with self._database.write() as connection:
            connection.execute(
                update(facts).where(facts.c.name == "generation").values(value=facts.c.value + 1)
            )
            generation = _fact(connection, "generation")
        seen = 0
        remaining = iter(latest)
        while batch := [row_of(record, generation) for record in islice(remaining, BATCH)]:
            with self._database.write() as connection:
                self._put(connection, batch)
            seen += len(batch)
        with self._database.write() as connection:
            connection.execute(delete(records).where(records.c.generation < generation))
            connection.execute(
                update(facts).where(facts.c.name == "rebuilt").values(value=generation)
            )
        return seen

    def _put(self, connection: Connection, rows: list[Row]) -> None:
        statement = self._database.insert(records)
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


def _prepare(connection: Connection) -> None:
    metadata.create_all(connection)
    if _fact(connection, "layout") == LAYOUT:
        return
    metadata.drop_all(connection)
    metadata.create_all(connection)
    start = {"layout": LAYOUT, "generation": 1, "rebuilt": 0}
    connection.execute(
        facts.insert(), [{"name": name, "value": value} for name, value in start.items()]
    )


def _is_before(record_id: str) -> Any:
    place = select(records.c.sort_at).where(records.c.record_id == record_id).scalar_subquery()
    return tuple_(records.c.sort_at, records.c.record_id) < tuple_(place, record_id)


def _fact(connection: Connection, name: str, *, lock: bool = False) -> int:
    query: Select[Any] = select(facts.c.value).where(facts.c.name == name)
    if lock:
        query = query.with_for_update(read=True)
    return int(connection.execute(query).scalar() or 0)
