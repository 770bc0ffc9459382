"""What was dropped and what is there in, everything that is wrong out.

Computed from the bucket itself and from the folders, not from what the system says of itself;
its own balance sheet is only compared.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import pikepdf

from bench.chaos.observers import read_all
from bench.chaos.papers import Paper
from bench.chaos.system import System
from pipeline.storage import ObjectStore

Key = tuple[str | None, str]  # dossier, SHA-256
Objects = dict[str, dict[str, Any]]


def judge(system: System, papers: Iterable[Paper]) -> list[str]:
    """Return what is wrong, one line each; nothing when all is well."""
    dropped = list(papers)
    wrong: list[str] = []
    with system.bucket() as bucket:
        intakes = read_all(bucket, "intake/")
        records, failures = read_all(bucket, "record/"), read_all(bucket, "failed/")
        wrong += _lost_or_doubled(dropped, intakes)
        wrong += _wrong_ends(dropped, intakes, records, failures)
        for key, record in records.items():
            wrong += _wrong_files(bucket, key, record)
        for intake in intakes.values():
            wrong += _wrong_originals(bucket, intake)
        wrong += _left_behind(bucket, records)
    wrong += _wrong_folders(system, dropped)
    return wrong


def sums(papers: Iterable[Paper]) -> dict[str, dict[str, int]]:
    """Return the balance that the sheet must show for these papers."""
    once = {(paper.dossier, paper.sha256): paper for paper in papers}
    stored = [paper for paper in once.values() if paper.pages]
    balance = {"received": len(once), "stored": len(stored)}
    balance |= {"rejected": len(once) - len(stored), "pending": 0}
    pages = sum(paper.pages for paper in stored)
    whole = {"received": pages, "stored": pages, "rejected": 0, "pending": 0}
    return {"documents": balance, "files": balance, "pages": whole}


def _keys(intakes: Objects) -> dict[str, Key]:
    return {
        str(intake["record_id"]): (intake["dossier"]["code"], intake["files"][0]["sha256"])
        for intake in intakes.values()
    }


def _lost_or_doubled(dropped: list[Paper], intakes: Objects) -> list[str]:
    taken = Counter(_keys(intakes).values())
    wanted = {(paper.dossier, paper.sha256): paper.name for paper in dropped}
    wrong = [f"lost: {name} of {key[0]}" for key, name in wanted.items() if not taken[key]]
    wrong += [f"doubled: {wanted.get(key)} {n} times" for key, n in taken.items() if n > 1]
    return wrong + [f"from nowhere: {key}" for key in taken if key not in wanted]


def _wrong_ends(
    dropped: list[Paper], intakes: Objects, records: Objects, failures: Objects
) -> list[str]:
    pages = {(paper.dossier, paper.sha256): paper.pages for paper in dropped}
    ends: dict[str, list[str]] = defaultdict(list)
    for key in (*records, *failures):
        ends[key.split("/")[1].removesuffix(".json")].append(key)
    wrong = []
    for record_id, key in _keys(intakes).items():
        found = ends.pop(record_id, [])
        if len(found) != 1:
            wrong.append(f"{record_id} has {len(found)} ends: {found}")
            continue
        record = records.get(found[0])
        if bool(record) != bool(pages.get(key)):
            why = failures.get(found[0], {})
            wrong.append(f"{record_id} must{'' if pages.get(key) else ' not'} be stored: {why}")
        elif record is not None and len(record["pages"]) != pages[key]:
            wrong.append(f"{record_id} has {len(record['pages'])} pages of {pages[key]}")
        elif record is None and failures[found[0]]["code"].partition(".")[0] != "scan":
            wrong.append(f"{record_id} was refused for {failures[found[0]]['code']}")
    return wrong + [f"an end without a beginning: {keys}" for keys in ends.values()]


def _wrong_files(bucket: ObjectStore, key: str, record: dict[str, Any]) -> list[str]:
    wrong = [] if key.endswith("/0001.json") else [f"{key}: a second version"]
    for file in record["files"]:
        data = bucket.get(file["key"]) if bucket.exists(file["key"]) else None
        if data is None:
            wrong.append(f"{key} names {file['key']}, which is not there")
        elif hashlib.sha256(data).hexdigest() != file["sha256"]:
            wrong.append(f"{file['key']} has other bytes than its record says")
        elif file["name"] == "archive.pdf":
            with pikepdf.open(io.BytesIO(data)) as pdf:
                if len(pdf.pages) != len(record["pages"]):
                    wrong.append(f"{file['key']} has {len(pdf.pages)} pages")
    return wrong


def _wrong_originals(bucket: ObjectStore, intake: dict[str, Any]) -> list[str]:
    return [
        f"{file['key']} is not what was dropped"
        for file in intake["files"]
        if not bucket.exists(file["key"])
        or hashlib.sha256(bucket.get(file["key"])).hexdigest() != file["sha256"]
    ]


def _left_behind(bucket: ObjectStore, records: Objects) -> list[str]:
    kept = {file["key"] for record in records.values() for file in record["files"]}
    stored = {key.split("/")[1] for key in records}
    wrong = [f"{key}: marked, but done" for key in bucket.list("pending/")]
    for key in bucket.list("files/"):
        own = key.endswith(("/started.json", "/failed.json"))
        attempt = {k.rsplit("/", 1)[0] for k in kept}
        beside = any(key.startswith(prefix + "/") for prefix in attempt) and own
        if key not in kept and not beside and key.split("/")[1] in stored:
            wrong.append(f"{key} is of a try that lost")
    return wrong


def _wrong_folders(system: System, dropped: list[Paper]) -> list[str]:
    wrong = []
    office = system.office
    for path in (office / "inbox").rglob("*"):
        if path.is_file():
            wrong.append(f"still in the inbox: {path.name}")
    delivered: Counter[str] = Counter()
    for folder in (office / "outbox", office / "rejected"):
        for path in folder.rglob("*"):
            if path.is_file() and path.suffix != ".txt" and path.name != "dossier.json":
                delivered[hashlib.sha256(path.read_bytes()).hexdigest()] += 1
                if not path.with_name(path.name + ".txt").exists():
                    wrong.append(f"no ticket beside {path.name}")
    wanted = Counter(paper.sha256 for paper in dropped if paper.way != "backfill")
    wrong += [
        f"delivered {delivered[one]} of {n}: {one}"
        for one, n in wanted.items()
        if delivered[one] != n
    ]
    old = [path for path in (system.home / "old").rglob("*") if path.is_file()]
    lying = Counter(hashlib.sha256(path.read_bytes()).hexdigest() for path in old)
    if lying != Counter(paper.sha256 for paper in dropped if paper.way == "backfill"):
        wrong.append("the tree of old dossiers is not as it was")
    scratch = office / "data" / "scratch"
    wrong += [f"left in scratch: {path}" for path in scratch.rglob("*") if path.suffix]
    wrong += [f"left aside: {path}" for path in system.aside.rglob("*") if path.is_file()]
    return wrong
