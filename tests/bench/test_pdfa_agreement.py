"""Agreement with veraPDF is counted by the clause that a test file is about."""

from bench.pdfa_agreement import by_clause


def test_each_file_counts_for_its_clause():
    """A claim that does not hold stands in a column of its own."""
    table = by_clause(
        {
            "00001-veraPDF test suite 6-2-10-t01-fail-a.pdf": (False, True),
            "00002-veraPDF test suite 6-2-2-t01-pass-a.pdf": (True, True),
            "00003-veraPDF test suite 6-2-2-t02-fail-b.pdf": (True, False),
            "00004-odd.pdf": (False, False),
        }
    )

    assert table[2:] == [
        "| none | 1 | 0 | 0 | 1 | 0 |",
        "| 6.2.2 | 2 | 2 | 1 | 0 | 0 |",
        "| 6.2.10 | 1 | 0 | 0 | 1 | 1 |",
        "| **all** | 4 | 2 | 1 | 2 | 1 |",
    ]
