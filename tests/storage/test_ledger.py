"""The ledger: the balance sheet of a million documents in an instant, and only a cache."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.storage import Entry, Ledger, Sum, record_id


@pytest.fixture
def ledger(database_url):
    ledger = Ledger(database_url)
    yield ledger
    ledger.close()


def name(n):
    return record_id(str(n), ["d" * 64])


def test_the_sheet_balances_documents_files_and_pages(ledger):
    """Stored pages are those of the record; what is received says its own number."""
    ledger.enter(
        [
            Entry(name(1), "stored", 2, 5, stored_pages=5, version=1, objects=3, attempt="a"),
            Entry(name(2), "rejected", 1, 3, cause="scan.locked"),
            Entry(name(3), "pending", 1, 4),
        ]
    )

    sheet = ledger.balance()

    assert sheet.documents == Sum(3, 1, 1, 1)
    assert sheet.files == Sum(4, 2, 1, 1)
    assert sheet.pages == Sum(12, 5, 3, 4)
    assert (sheet.balanced, sheet.uncounted, sheet.causes) == (True, 0, {"scan.locked": 1})


def test_pages_that_were_lost_do_not_balance(ledger):
    """The file said five, the record has four."""
    ledger.enter([Entry(name(1), "stored", 1, 5, stored_pages=4, version=1)])

    assert not ledger.balance().balanced


def test_files_that_do_not_say_their_pages_are_counted_apart(ledger):
    """A stored one has as many as its record; of the others nobody knows."""
    ledger.enter(
        [
            Entry(name(1), "stored", 1, None, stored_pages=4, version=1),
            Entry(name(2), "rejected", 1, None, cause="scan.truncated"),
        ]
    )

    sheet = ledger.balance()

    assert sheet.pages == Sum(4, 4, 0, 0)
    assert (sheet.balanced, sheet.uncounted) == (True, 1)


def test_a_later_word_replaces_an_earlier_one(ledger):
    """Pending, rejected, tried again, stored: one document all the while."""
    for entry in (
        Entry(name(1), "pending", 1, 2),
        Entry(name(1), "rejected", 1, 2, cause="tool"),
        Entry(name(1), "pending", 1, 2),
        Entry(name(1), "stored", 1, 2, stored_pages=2, version=1),
    ):
        ledger.enter([entry])

    assert ledger.known() == {name(1): entry}
    assert ledger.balance().documents == Sum(1, 1, 0, 0)


def test_entries_are_found_by_the_first_letters(ledger):
    """A shard of the bucket is compared with its part of the ledger alone."""
    found = [Entry(name(n), "pending", 1, None) for n in range(200)]
    ledger.enter(found)
    letter = name(0)[0]

    assert ledger.known(letter).keys() == {n for n in map(name, range(200)) if n[0] == letter}
    assert len(ledger.known()) == 200
    ledger.forget([name(0)])
    assert name(0) not in ledger.known()


def test_it_says_whether_it_was_ever_complete(ledger):
    """A ledger that was just made knows nothing yet, and says so."""
    assert not ledger.balance().complete
    ledger.note_walk("2026-01-02T00:00:00+00:00")
    ledger.note_walk("2026-01-03T00:00:00+00:00")
    assert ledger.balance().complete
    ledger.clear()
    assert not ledger.balance().complete


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.integers(0, 99),
        st.tuples(st.sampled_from(["stored", "rejected", "pending"]), st.integers(0, 9)),
    )
)
def test_whatever_is_entered_adds_up(tmp_path_factory, documents):
    """in = stored + rejected + pending, for any mixture."""
    ledger = Ledger(f"sqlite:///{tmp_path_factory.mktemp('l') / 'c.db'}")
    ledger.enter(
        Entry(name(n), state, 1, pages, stored_pages=pages if state == "stored" else None)
        for n, (state, pages) in documents.items()
    )

    sheet = ledger.balance()

    assert sheet.balanced
    assert sheet.documents.received == len(documents)
    assert sheet.pages.received == sum(pages for _, pages in documents.values())
