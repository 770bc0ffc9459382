"""Those that may be done are asked for, however many wait."""

import pytest

from pipeline.errors import StoreError
from pipeline.storage import end_pending, mark_pending, record_id
from workers import undelivered as module
from workers.documents import Paper
from workers.folders import Signature
from workers.intake import Taken
from workers.undelivered import Undelivered


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def undelivered(store):
    return Undelivered(store, Clock())


def paper(n, size=1):
    return Paper((f"{n}.pdf",), ((f"{n}.pdf",),), (Signature(size, 0, n),))


def taken(n):
    return Taken(record_id("D-1", [f"{n:064}"]), True, "2026-11-23T00:00:00+00:00", f"{n}.pdf")


def test_ours_until_it_changes(undelivered):
    """A paper that was written to since is not what was taken in."""
    undelivered.add(paper(1), taken(1))

    assert undelivered.holds(paper(1))
    assert not undelivered.holds(paper(1, size=2))
    assert not undelivered.holds(paper(2))
    undelivered.forget(("1.pdf",))
    assert not undelivered.holds(paper(1)) and len(undelivered) == 0


def test_few_are_all_asked_for_without_a_listing(undelivered, store, monkeypatch):
    """At a counter the next look after the end delivers."""
    monkeypatch.setattr(store, "list", lambda *arguments: pytest.fail("listed"))
    for n in range(module.FIRST):
        undelivered.add(paper(n), taken(n))

    assert len(undelivered.worth_asking()) == module.FIRST


@pytest.mark.parametrize("few", [module.FEW, 20])
def test_of_many_those_whose_end_was_counted_are_found(undelivered, store, monkeypatch, few):
    """Whatever is in front of them, and without a question for each of the others."""
    monkeypatch.setattr(module, "FIRST", 10)
    monkeypatch.setattr(module, "FEW", few)
    for n in range(60):
        undelivered.add(paper(n), taken(n))
        mark_pending(store, taken(n).record_id)
    for n in (3, 40, 59):
        end_pending(store, taken(n).record_id)
    undelivered.worth_asking()

    asked = {name for (name,) in undelivered.worth_asking()}
    assert asked == {*(f"{n}.pdf" for n in range(10)), "40.pdf", "59.pdf"}


def test_marks_are_listed_for_a_while_and_then_in_the_next_look(undelivered, store, monkeypatch):
    """A slow store makes a look no longer; all have their turn."""
    monkeypatch.setattr(module, "FIRST", 1)
    real = store.list

    def slow(prefix):
        undelivered._clock.now += module.MARKS_S
        return real(prefix)

    monkeypatch.setattr(store, "list", slow)
    for n in range(40):
        undelivered.add(paper(n), taken(n))
    groups = {taken(n).record_id[0] for n in range(40)}

    asked = [set(undelivered.worth_asking()) for _ in (None, *groups)]
    assert all(len(one) < 15 for one in asked)
    assert len(set.union(*asked)) == 40


def test_dead_store_ends_the_round_and_the_next_one_begins_anew(undelivered, store, monkeypatch):
    """Nothing is forgotten for it."""
    monkeypatch.setattr(module, "FIRST", 1)
    for n in range(20):
        undelivered.add(paper(n), taken(n))
    with monkeypatch.context() as dead:

        def refuse(*arguments):
            raise StoreError("store", "does not answer")

        dead.setattr(store, "list", refuse)
        undelivered.worth_asking()
        with pytest.raises(StoreError):
            undelivered.worth_asking()
    undelivered.worth_asking()

    assert len(undelivered.worth_asking()) == 20
