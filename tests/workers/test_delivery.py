"""How documents leave the inbox, and how its folders go."""

import os
import time

import pytest

from pipeline.errors import TooLarge
from workers.delivery import KEEP_EMPTY_S, WAITING, Delivery
from workers.documents import read_drops
from workers.intake import Taken
from workers.moving import Gone

ID = "ABCDEFGHIJKLMNOPQRSTUVWXY2"
RECORD = {
    "dossier": {"code": "D-1"}, "doc_type": None, "pages": [{}], "fields": {}, "issues": [],
}  # fmt: skip


@pytest.fixture
def delivery(home):
    return Delivery(home, {})


@pytest.fixture
def paper(home, drop):
    def make(name="a.pdf"):
        drop(f"D-1/{name}")
        *_, dossier = read_drops(home.inbox, lambda *trouble: None)
        return next(one for one in dossier.papers if one.place[-1] == name)

    return make


def taken(new=True, source="D-1/a.pdf"):
    return Taken(ID, new, "2026-11-23T01:30:00+00:00", source)


def age(folder, seconds=KEEP_EMPTY_S + 60):
    then = time.time() - seconds
    os.utime(folder, (then, then))


def names(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


def test_ticket_stands_before_the_file_comes(delivery, paper, home, monkeypatch):
    """Cut off between the two, the file is still in the inbox and nothing is doubled later."""
    from workers import delivery as module

    one = paper()

    def cut(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(module, "move_file", cut)
        with pytest.raises(KeyboardInterrupt):
            delivery.good(one, taken(), RECORD)
    assert names(home.outbox) == ["D-1", "D-1/a.pdf.txt"]
    assert (home.inbox / "D-1" / "a.pdf").exists()

    delivery.good(one, taken(new=False), RECORD)
    assert names(home.outbox) == ["D-1", "D-1/a.pdf", "D-1/a.pdf.txt"]


def test_ticket_of_a_file_that_changed_is_taken_back(delivery, paper, drop, home):
    """There is no ticket without its file."""
    one = paper()
    drop("D-1/a.pdf", "changed")

    with pytest.raises(Gone):
        delivery.good(one, taken(), RECORD)
    assert names(home.outbox) == ["D-1"]


def test_slower_of_two_watchers_keeps_the_ticket(delivery, paper, home):
    """What the faster one delivered stays as it is."""
    one = paper()
    delivery.good(one, taken(), RECORD)
    before = (home.outbox / "D-1" / "a.pdf.txt").read_bytes()

    with pytest.raises(Gone):
        delivery.good(one, taken(), RECORD)
    assert (home.outbox / "D-1" / "a.pdf.txt").read_bytes() == before
    assert names(home.outbox) == ["D-1", "D-1/a.pdf", "D-1/a.pdf.txt"]


def test_turned_away(delivery, paper, home):
    """What was never taken in leaves with its reason, without a record ID."""
    delivery.turned_away(paper(), TooLarge("a.pdf", "900 MB; at most 500 MB"))
    text = (home.rejected / "D-1" / "a.pdf.txt").read_text("utf-8-sig")

    assert "900 MB" in text and "Mã bản ghi" not in text
    assert (home.rejected / "D-1" / "a.pdf").exists()


def test_notice_comes_and_goes(delivery, home):
    """With it goes the folder that was made for it."""
    delivery.say_waiting(("D-1", "a.pdf"), "inbox.incomplete", "")
    assert names(home.rejected) == ["D-1", f"D-1/a.pdf{WAITING}"]

    delivery.end_waiting(("D-1", "a.pdf"))
    delivery.end_waiting(("D-1", "a.pdf"))
    assert names(home.rejected) == []


def test_notice_of_a_very_long_name(delivery, home):
    """The name is cut, the notice is written."""
    delivery.say_waiting(("ệ" * 85,), "inbox.incomplete", "")

    assert len(names(home.rejected)) == 1


def test_emptied_folder_goes_after_a_while(delivery, paper, home):
    """Not at once: the scanner may be about to save the next paper into it."""
    delivery.good(paper(), taken(), RECORD)
    assert not delivery.tidy("D-1", ready=False)

    age(home.inbox / "D-1")
    assert delivery.tidy("D-1", ready=False)
    assert names(home.inbox) == []


def test_folder_that_a_clerk_has_just_made_stays(delivery, home):
    """Nothing ever came out of it: it was not emptied by us."""
    (home.inbox / "D-1").mkdir()
    age(home.inbox / "D-1", 10 * KEEP_EMPTY_S)

    assert not delivery.tidy("D-1", ready=True)
    assert (home.inbox / "D-1").is_dir()


def test_dossier_json_moves_along(delivery, paper, drop, home):
    """It is kept beside the papers that it declared, and never overwrites an older one."""
    delivery.good(paper(), taken(), RECORD)
    (home.outbox / "D-1" / "dossier.json").write_text("older")
    drop("D-1/dossier.json", data=b"{}")
    drop("D-1/Thumbs.db", data=b"x")
    drop("D-1/_READY", data=b"")
    (home.inbox / "D-1" / "empty").mkdir()

    assert delivery.tidy("D-1", ready=True)
    assert names(home.inbox) == []
    assert (home.outbox / "D-1" / "dossier-2.json").read_text() == "{}"
    assert (home.outbox / "D-1" / "dossier.json").read_text() == "older"


@pytest.mark.parametrize("left", ["b.pdf", ".hidden", "b.pdf.part", "f/c.pdf"])
def test_folder_with_anything_else_stays(delivery, paper, drop, home, left):
    """Nothing that we do not know is ever removed."""
    delivery.good(paper(), taken(), RECORD)
    drop(f"D-1/{left}")
    age(home.inbox / "D-1")

    assert not delivery.tidy("D-1", ready=True)
    assert (home.inbox / "D-1" / left).exists()
