"""What is done leaves with its ticket; what is not, or is no longer what it was, stays."""

import pytest

from pipeline.errors import StoreError
from pipeline.model import Dossier
from pipeline.storage import list_intakes, put_failed
from workers import handing_out as module
from workers.delivery import Delivery
from workers.documents import read_drops
from workers.handing_out import HandingOut
from workers.intake import Facts, Origin, take_in
from workers.jobs import digitize_document
from workers.reports import Reports
from workers.settling import Settling
from workers.undelivered import Undelivered


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class Counter:
    """A home folder whose documents are taken in and handed out by hand."""

    def __init__(self, home, store, desk, digitize):
        self.home, self.store, self.desk, self.digitize = home, store, desk, digitize
        self.said, self.clock = [], Clock()
        self.undelivered = Undelivered(store, self.clock)
        self.settling = Settling(home.inbox, 0.0, self.clock)
        reports = Reports(self.said.append, "en")
        delivery = Delivery(home, {"administrative-document": "Văn bản"})
        self._handing = HandingOut(
            home.inbox, store, delivery, self.undelivered, self.settling, reports
        )

    def take(self):
        for drop in read_drops(self.home.inbox, lambda *trouble: None):
            for paper in drop.papers:
                origin = Origin(self.home.inbox, "/".join(paper.place), "", "counter")
                facts = Facts(Dossier(code=drop.name))
                self.undelivered.add(paper, take_in(paper, facts, origin, self.store, 10**9))

    def work(self):
        for record_id in list_intakes(self.store):
            digitize_document(record_id, self.desk, self.digitize)

    def hand_out(self, stop=lambda: False):
        return self._handing.deliver_done(stop, self.clock)

    def inbox(self):
        return self._tree(self.home.inbox)

    def outbox(self):
        return self._tree(self.home.outbox)

    def _tree(self, root):
        return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())


@pytest.fixture
def counter(home, store, desk, quick_digitize):
    return Counter(home, store, desk, quick_digitize)


def test_what_is_done_leaves_and_what_is_not_stays(counter, drop):
    """A file in the inbox is not done."""
    drop("D-1/a.pdf")
    counter.take()
    assert counter.hand_out() and counter.inbox() == ["D-1/a.pdf"]

    counter.work()
    assert counter.hand_out()
    assert counter.inbox() == [] and counter.outbox() == ["D-1/a.pdf", "D-1/a.pdf.txt"]
    assert len(counter.undelivered) == 0
    assert len(counter.said) == 1 and counter.said[0].startswith("done: D-1/a.pdf")


def test_what_was_set_aside_comes_back(counter, drop, home, store):
    """With the reason."""
    drop("D-1/a.pdf")
    counter.take()
    (record_id,) = list_intakes(store)
    put_failed(store, record_id, {"code": "scan.locked", "subject": "a.pdf", "detail": ""})

    assert counter.hand_out()
    assert (home.rejected / "D-1" / "a.pdf.txt").exists() and counter.inbox() == []


def test_a_file_written_to_since_is_not_moved(counter, drop):
    """Its new bytes are in no record yet."""
    target = drop("D-1/a.pdf", "first")
    counter.take()
    counter.work()
    target.write_bytes(b"%PDF-1.4 second, and longer %%EOF")

    assert counter.hand_out()
    assert counter.inbox() == ["D-1/a.pdf"] and counter.outbox() == []
    counter.take()
    counter.work()
    counter.hand_out()
    assert counter.inbox() == [] and len(list_intakes(counter.store)) == 2


@pytest.mark.parametrize("instead", ["nothing", "a file", "a link"])
def test_a_file_that_has_left_is_forgotten(counter, drop, home, instead, tmp_path):
    """A clerk took it back, or its whole dossier, or put something else in its place."""
    drop("D-1/a.pdf").unlink()
    drop("D-1/a.pdf")
    counter.take()
    (home.inbox / "D-1").rename(tmp_path / "away")
    if instead == "a file":
        (home.inbox / "D-1").write_bytes(b"x")
    elif instead == "a link":
        (home.inbox / "D-1").symlink_to(tmp_path / "away")

    assert counter.hand_out()
    assert len(counter.undelivered) == 0 and counter.said == []
    assert (tmp_path / "away" / "a.pdf").exists()


def test_what_is_no_page_beside_pages_makes_no_loop(counter, drop, home):
    """The folder is tried again slowly, not in each look; and it goes when that has left."""
    drop("D-1/f/1.jpg", data=b"\xff\xd8\xff\xda page \xff\xd9")
    drop("D-1/f/.sync", data=b"x")
    counter.take()
    counter.work()
    *_, dossier = read_drops(home.inbox, lambda *trouble: None)
    counter.settling.observe("D-1", None, dossier)
    counter.hand_out()
    assert counter.outbox() == [] and not counter.settling.is_ready(dossier.papers[0], True)

    (home.inbox / "D-1" / "f" / ".sync").unlink()
    counter.clock.now += 60
    assert counter.settling.is_ready(dossier.papers[0], True)
    counter.take()
    counter.hand_out()
    assert "D-1/f/1.jpg" in counter.outbox()


def test_what_macos_leaves_beside_pages_holds_nothing_up(counter, drop):
    """It puts such a file beside each one that it copies to a share."""
    drop("D-1/f/1.jpg", data=b"\xff\xd8\xff\xda page \xff\xd9")
    drop("D-1/f/._1.jpg", data=b"x")
    counter.take()
    counter.work()

    assert counter.hand_out()
    assert "D-1/f/1.jpg" in counter.outbox()


def test_much_is_handed_out_in_pieces(counter, drop, monkeypatch):
    """A look has an end, so that new papers are taken in between."""
    for n in range(5):
        drop(f"D-1/{n}.pdf", str(n))
    counter.take()
    counter.work()
    real = module.find_outcome

    def slow(*arguments):
        counter.clock.now += module.HAND_OUT_S * 0.4
        return real(*arguments)

    monkeypatch.setattr(module, "find_outcome", slow)
    assert not counter.hand_out() and len(counter.inbox()) == 2
    assert counter.hand_out() and counter.inbox() == []


def test_stops_between_two_documents(counter, drop):
    """A supervisor need not wait."""
    drop("a.pdf")
    counter.take()
    counter.work()

    assert not counter.hand_out(stop=lambda: True)
    assert counter.inbox() == ["a.pdf"]


def test_dead_store_is_one_message(counter, drop, store, monkeypatch):
    """And there is no hurry to ask it again."""
    for n in range(3):
        drop(f"{n}.pdf", str(n))
    counter.take()

    def refuse(*arguments):
        raise StoreError("store", "does not answer")

    monkeypatch.setattr(store, "exists", refuse)
    assert counter.hand_out() and counter.hand_out()
    assert len(counter.said) == 1 and len(counter.undelivered) == 3


def test_full_outbox_keeps_the_file_where_it_is(counter, drop, monkeypatch):
    """One message, and the next look tries again."""
    from workers import delivery

    drop("a.pdf")
    counter.take()
    counter.work()
    with monkeypatch.context() as full:

        def refuse(*arguments):
            raise OSError(28, "No space left on device")

        full.setattr(delivery, "claim_name", refuse)
        counter.hand_out()
        counter.hand_out()
        assert counter.inbox() == ["a.pdf"] and len(counter.said) == 1
    counter.hand_out()

    assert counter.inbox() == []
