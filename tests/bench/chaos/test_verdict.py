"""A verdict is worth nothing unless it sees each thing that can go wrong."""

import hashlib
import io
import json
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pikepdf
import pytest

from bench.chaos.papers import Paper
from bench.chaos.verdict import judge

PAPERS = [
    Paper("D-1", "a.pdf", b"one", 1, "once"),
    Paper("D-2", "a.pdf", b"one", 1, "slowly"),  # the same paper in another dossier
    Paper("D-1", "b.pdf", b"hopeless", 0, "part"),
    Paper("D-3", "c.pdf", b"old", 1, "backfill"),
]
ID = {("D-1", b"one"): "A", ("D-2", b"one"): "B", ("D-1", b"hopeless"): "C", ("D-3", b"old"): "D"}


@pytest.fixture
def system(store, tmp_path):
    """Bucket and folders as they are when all went well."""
    office = tmp_path / "office"
    for paper in PAPERS:
        _end_well(store, ID[paper.dossier, paper.data], paper)
        place = {"backfill": tmp_path / "old"}.get(
            paper.way, office / ("outbox" if paper.pages else "rejected")
        )
        write(place / paper.dossier / paper.name, paper.data)
        if paper.way != "backfill":
            write(place / paper.dossier / f"{paper.name}.txt", b"a ticket")

    @contextmanager
    def bucket():
        yield store

    return SimpleNamespace(home=tmp_path, office=office, aside=tmp_path / "aside", bucket=bucket)


def _end_well(store, record_id, paper):
    sha256 = hashlib.sha256(paper.data).hexdigest()
    original = put(store, f"original/{record_id}/1-{sha256[:16]}.pdf", paper.data)
    intake = {"record_id": record_id, "dossier": {"code": paper.dossier}, "files": [original]}
    put_json(store, f"intake/{record_id}.json", intake)
    if not paper.pages:
        put_json(store, f"failed/{record_id}.json", {"code": "scan.unreadable"})
        return
    archive = put(store, f"files/{record_id}/t1/archive.pdf", pdf(paper.pages))
    pages = [{"number": n + 1} for n in range(paper.pages)]
    record = {"record_id": record_id, "attempt": "t1", "pages": pages, "files": [archive]}
    put_json(store, f"record/{record_id}/0001.json", record)


def put(store, key, data):
    store.put_bytes(key, data, "application/octet-stream")
    name = key.rpartition("/")[2]
    sha256 = hashlib.sha256(data).hexdigest()
    return {"key": key, "name": name, "sha256": sha256, "size_bytes": len(data)}


def put_json(store, key, values):
    store.put_bytes(key, json.dumps(values).encode(), "application/json")


def change(store, key, **values):
    put_json(store, key, json.loads(store.get(key)) | values)


def pdf(pages):
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        made.save(out)
    return out.getvalue()


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def key_of(store, prefix):
    return next(iter(store.list(prefix)))


# What goes wrong → a word of what the verdict says of it.
DAMAGES = {
    "an intake is gone": (lambda s, y: s.delete("intake/A.json"), "lost: a.pdf of D-1"),
    "two intakes of one paper": (
        lambda s, y: put_json(
            s, "intake/E.json", json.loads(s.get("intake/A.json")) | {"record_id": "E"}
        ),
        "doubled: a.pdf",
    ),
    "an intake of half a file": (
        lambda s, y: change(
            s, "intake/A.json", files=[put(s, "original/A/1-half.pdf", b"o")]
        ),
        "from nowhere",
    ),
    "a record is gone": (lambda s, y: s.delete("record/A/0001.json"), "A has 0 ends"),
    "record and failure": (
        lambda s, y: put_json(s, "failed/A.json", {"code": "scan.blank"}), "A has 2 ends",
    ),
    "a second version": (
        lambda s, y: put_json(s, "record/A/0002.json", json.loads(s.get("record/A/0001.json"))),
        "A has 2 ends",
    ),
    "a record of nothing": (
        lambda s, y: put_json(s, "record/Z/0001.json", json.loads(s.get("record/A/0001.json"))),
        "an end without a beginning",
    ),
    "set aside for our own fault": (
        lambda s, y: change(s, "failed/C.json", code="tool.crashed"), "refused for tool.crashed",
    ),
    "a good paper is refused": (
        lambda s, y: (s.delete("record/A/0001.json"), put_json(
            s, "failed/A.json", {"code": "scan.unreadable"})),
        "A must be stored",
    ),
    "a page too few": (
        lambda s, y: change(s, "record/A/0001.json", pages=[]), "A has 0 pages of 1",
    ),
    "pages of the archive PDF": (
        lambda s, y: change(
            s, "record/A/0001.json", files=[put(s, "files/A/t1/archive.pdf", pdf(2))]
        ),
        "archive.pdf has 2 pages",
    ),
    "a file is gone": (lambda s, y: s.delete("files/A/t1/archive.pdf"), "which is not there"),
    "a file has other bytes": (
        lambda s, y: put(s, "files/A/t1/archive.pdf", pdf(1) + b"\n"), "has other bytes",
    ),
    "an original is gone": (
        lambda s, y: s.delete(key_of(s, "original/A/")), "is not what was dropped",
    ),
    "an original has other bytes": (
        lambda s, y: put(s, key_of(s, "original/A/"), b"oNe"), "is not what was dropped",
    ),
    "files of a try that lost": (
        lambda s, y: put(s, "files/A/t2/archive.pdf", pdf(1)), "is of a try that lost",
    ),
    "a mark stays": (lambda s, y: put_json(s, "pending/A.json", {}), "marked, but done"),
    "a file stays in the inbox": (
        lambda s, y: write(y.office / "inbox/D-1/a.pdf", b"one"), "still in the inbox",
    ),
    "a file was not delivered": (
        lambda s, y: (y.office / "outbox/D-1/a.pdf").unlink(), "delivered 1 of 2",
    ),
    "a file was delivered with other bytes": (
        lambda s, y: write(y.office / "rejected/D-1/b.pdf", b"hopeles"), "delivered 0 of 1",
    ),
    "no ticket": (lambda s, y: (y.office / "outbox/D-1/a.pdf.txt").unlink(), "no ticket beside"),
    "a backfill took a file away": (
        lambda s, y: (y.home / "old/D-3/c.pdf").unlink(), "tree of old dossiers",
    ),
    "a page image in scratch": (
        lambda s, y: write(y.office / "data/scratch/w/page.png", b"private"), "left in scratch",
    ),
    "a page image aside": (lambda s, y: write(y.aside / "page", b"private"), "left aside"),
}  # fmt: skip


def test_nothing_is_wrong_when_all_is_well(system):
    """What the damages below are done to passes."""
    assert judge(system, PAPERS) == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_each_damage_is_seen(system, store, damage):
    """One thing goes wrong, and the verdict names it."""
    do, words = DAMAGES[damage]
    do(store, system)

    assert [line for line in judge(system, PAPERS) if words in line] != []


def test_a_paper_that_never_came_is_lost(system):
    """What was dropped is the truth, not what the system knows of."""
    never = replace(PAPERS[0], data=b"never seen", name="n.pdf")

    assert "lost: n.pdf of D-1" in judge(system, [*PAPERS, never])
