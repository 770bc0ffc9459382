"""Marks: what is received and not done is found without listing what is."""

import pytest

from pipeline.storage import (
    end_pending,
    forget_failure,
    list_pending,
    mark_pending,
    put_failed,
    put_intake,
    record_id,
)

ONE, TWO = (record_id(code, ["b" * 64]) for code in ("1", "2"))


def test_an_intake_is_marked_and_a_counted_end_is_not(store):
    """As many marks as documents on their way, however many are done."""
    put_intake(store, ONE, {"files": []})
    put_intake(store, TWO, {"files": []})
    mark_pending(store, ONE)
    end_pending(store, TWO)
    end_pending(store, TWO)

    assert list_pending(store) == {ONE}


def test_the_mark_is_put_before_the_intake(store, monkeypatch):
    """Cut off between the two there is a mark too many, never an intake without one."""
    once = store.put_once

    def cut_off(key, *rest):
        if key.startswith("intake/"):
            raise KeyboardInterrupt
        return once(key, *rest)

    monkeypatch.setattr(store, "put_once", cut_off)
    with pytest.raises(KeyboardInterrupt):
        put_intake(store, ONE, {"files": []})

    assert list_pending(store) == {ONE}


def test_a_document_tried_again_is_marked_again(store):
    """`sohoa retry` makes it pending, also when its end was counted long ago."""
    put_intake(store, ONE, {"files": []})
    put_failed(store, ONE, {"code": "bug"})
    end_pending(store, ONE)

    forget_failure(store, ONE)

    assert list_pending(store) == {ONE}


def test_what_another_program_put_there_is_no_document(store):
    """A shared bucket does not stop the sweep."""
    store.put_bytes("pending/readme.txt", b"hello", "text/plain")

    assert list_pending(store) == set()


def test_marks_are_listed_by_the_first_letters(store):
    """Of a hundred thousand a part tells something soon."""
    for name in (ONE, TWO):
        mark_pending(store, name)
    letters = next(n for n in range(1, 27) if ONE[:n] != TWO[:n])

    assert list_pending(store, ONE[:letters]) == {ONE}
