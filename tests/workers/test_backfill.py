"""Old dossiers in bulk: all are counted, none is touched, a second run goes on."""

import csv
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from pipeline.errors import SetupError, StoreError
from pipeline.storage import get_intake, list_intakes, put_failed
from workers import backfill
from workers.backfill import run_backfill
from workers.jobs import Desk, digitize_document
from workers.queues import live_jobs

PDF = b"%%PDF-1.4 %d %%%%EOF"


@pytest.fixture
def tree(tmp_path):
    """A tree of three dossiers with five documents, one of them a folder of pages."""
    root = tmp_path / "cũ"
    for n, place in enumerate(["D-1/a.pdf", "D-1/b.pdf", "D-2/a.pdf", "loose.pdf"]):
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_bytes(PDF % n)
    (root / "D-3" / "f").mkdir(parents=True)
    for n in (1, 2):
        (root / "D-3" / "f" / f"{n}.jpg").write_bytes(b"\xff\xd8\xff\xda%d\xff\xd9" % n)
    return root


@pytest.fixture
def workers(store, home, quick_digitize):
    """Digitize in the background whatever is ours, as worker processes do."""
    stop = Event()
    scratch = home.data / "scratch" / "thread"
    scratch.mkdir(parents=True)
    desk, done = Desk(home, store, scratch), set()

    def work():
        while not stop.is_set():
            for record_id in list_intakes(store) - done:
                digitize_document(record_id, desk, quick_digitize)
                done.add(record_id)
            stop.wait(0.05)

    thread = Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.fixture
def fill(home, store, redis, monkeypatch):
    """Run a backfill with little patience; return its summary and what it reported."""
    monkeypatch.setattr(backfill, "ASK_EVERY_S", 0.05)
    monkeypatch.setattr(backfill, "REPORT_EVERY_S", 0.0)
    monkeypatch.setattr(backfill, "STORE_PAUSE_S", 0.05)

    def run(source, **changed):
        reported = []
        settings = replace(home, **changed)
        summary = run_backfill(source, settings, store, redis, on_progress=reported.append)
        return summary, reported

    return run


def snapshot(root):
    return {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in root.rglob("*") if p.is_file()}


def test_tree_is_digitized_and_not_touched(fill, tree, store, workers, redis):
    """in = stored + rejected + pending, and every file is where and what it was."""
    before = snapshot(tree)
    summary, reported = fill(tree)

    assert (summary.received, summary.stored, summary.rejected, summary.pending) == (5, 5, 0, 0)
    assert str(summary).startswith("in 5 = stored 5 + rejected 0 + pending 0")
    assert snapshot(tree) == before
    intakes = [get_intake(store, record_id) for record_id in list_intakes(store)]
    assert {intake["lane"] for intake in intakes} == {"bulk"}
    assert {intake["dossier"]["code"] for intake in intakes} == {"D-1", "D-2", "D-3", None}
    assert live_jobs(redis, "counter").keys() == set()
    assert reported[-1].total == 5 and reported[-1].stored == 5


def test_report_lists_every_document(fill, tree, workers):
    """Whoever must account for each paper finds it in a table that Excel opens."""
    summary, _ = fill(tree)
    with Path(summary.report).open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))

    assert len(rows) == 5
    assert {row["status"] for row in rows} == {"stored"}
    assert str(tree / "D-3" / "f") in {row["path"] for row in rows}


def test_second_run_reads_no_file_again(fill, tree, store, workers, monkeypatch):
    """The journal knows what was hashed; the bucket knows what is stored."""
    fill(tree)

    def refuse(*arguments):
        raise AssertionError("must not be taken in again")

    monkeypatch.setattr(backfill, "take_in", refuse)
    summary, _ = fill(tree)

    assert (summary.received, summary.stored) == (5, 5)


def test_interrupted_run_is_resumed(fill, tree, store, workers, monkeypatch):
    """Ctrl-C ends it with a balance; the next run ends it with all."""
    real, count = backfill.take_in, 0

    def interrupted(*arguments):
        nonlocal count
        count += 1
        if count == 3:
            raise KeyboardInterrupt
        return real(*arguments)

    with monkeypatch.context() as ctrl_c:
        ctrl_c.setattr(backfill, "take_in", interrupted)
        first, _ = fill(tree)
    assert first.received == 2 == first.stored + first.rejected + first.pending

    second, _ = fill(tree)
    assert (second.received, second.stored) == (5, 5)
    assert len(list_intakes(store)) == 5


def test_changed_file_is_a_new_document(fill, tree, store, workers):
    """The journal goes by size, time and inode, not by name."""
    fill(tree)
    (tree / "D-1" / "a.pdf").write_bytes(PDF % 99)
    summary, _ = fill(tree)

    assert summary.stored == 5
    assert len(list_intakes(store)) == 6


def test_window_bounds_what_is_under_way(fill, tree, workers):
    """A million dossiers never lie in the queue at once."""
    _, reported = fill(tree, window=2)

    assert max(progress.pending for progress in reported) <= 2


def test_what_cannot_be_taken_is_counted_and_named(fill, tree, store, workers):
    """A link, a broken dossier.json and a half-copied page are rejected, each with its reason."""
    (tree / "D-1" / "link.pdf").symlink_to("/etc/passwd")
    (tree / "D-2" / "dossier.json").write_bytes(b"{")
    (tree / "D-3" / "f" / "3.jpg.part").write_bytes(b"x")
    summary, _ = fill(tree)

    assert (summary.received, summary.stored, summary.rejected) == (6, 3, 3)
    with Path(summary.report).open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["path"]: row for row in csv.DictReader(stream)}
    assert "dossier.json" in rows[str(tree / "D-2" / "a.pdf")]["reason"]
    assert rows[str(tree / "D-1" / "link.pdf")]["status"] == "rejected"


def test_refused_scans_are_counted(fill, tree, store, redis, monkeypatch):
    """What the workers set aside is rejected, also in a later run."""
    real = backfill.take_in

    def take_and_fail(*arguments):
        taken = real(*arguments)
        put_failed(store, taken.record_id, {"code": "scan.locked", "subject": "a", "detail": ""})
        return taken

    monkeypatch.setattr(backfill, "take_in", take_and_fail)
    first, _ = fill(tree)
    second, _ = fill(tree)

    assert (first.rejected, second.rejected) == (5, 5)


def test_outage_is_waited_for(fill, tree, store, workers, monkeypatch):
    """While the store does not answer, the progress says why and nothing is given up."""
    real, count = backfill.take_in, 0

    def flaky(*arguments):
        nonlocal count
        count += 1
        if count in (2, 3):
            raise StoreError("store", "does not answer")
        return real(*arguments)

    monkeypatch.setattr(backfill, "take_in", flaky)
    summary, reported = fill(tree)

    assert summary.stored == 5
    assert any("không trả lời" in progress.trouble for progress in reported)


def test_list_of_papers(fill, tree, store, workers, tmp_path):
    """A CSV says which dossier each paper belongs to, wherever it lies."""
    listed = tmp_path / "danh sách.csv"
    listed.write_text(
        "path;dossier_code;procedure;owner_name;ordinal;paper_pages\r\n"
        "cũ/D-1/a.pdf;H-9;1.001234;Nguyễn Văn A;4;2\r\n"
        "cũ/D-3/f;H-9;;;5;\r\n"
        "không có.pdf;H-9;;;6;\r\n",
        encoding="utf-8-sig",
    )
    summary, _ = fill(listed)

    assert (summary.received, summary.stored, summary.rejected) == (3, 2, 1)
    intakes = sorted(
        (get_intake(store, record_id) for record_id in list_intakes(store)),
        key=lambda intake: intake["document"]["ordinal"],
    )
    assert intakes[0]["dossier"]["owner"] == {"name": "Nguyễn Văn A"}
    assert intakes[0]["dossier"]["procedure"] == "1.001234"
    assert intakes[0]["document"]["paper_pages"] == 2
    assert len(intakes[1]["files"]) == 2


def test_missing_source_is_refused(fill, tmp_path):
    """A mistyped path is a message, not an empty balance."""
    with pytest.raises(SetupError, match="không có"):
        fill(tmp_path / "không có")
