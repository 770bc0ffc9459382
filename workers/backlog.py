"""A tree of dossiers or a CSV in, the documents of a backfill out, each with what is declared.

The tree follows the rules of the inbox. The CSV (UTF-8; comma, semicolon or tab) has a first
line of column names: `path` (of a scan or a folder of page images, relative to the CSV) and any
of dossier_code, procedure, result_number, result_code, owner_id_type, owner_id, owner_name,
ordinal, doc_type, component_code, paper_pages.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.errors import SetupError
from pipeline.model import Dossier
from workers.documents import Drop, Paper, group, read_drops
from workers.folders import Parts, as_path, as_text, list_folder
from workers.intake import Facts
from workers.manifest import BrokenManifest, Manifest, read_manifest

COLUMNS = (
    "path", "dossier_code", "procedure", "result_number", "result_code", "owner_id_type",
    "owner_id", "owner_name", "ordinal", "doc_type", "component_code", "paper_pages",
)  # fmt: skip
_NUMBERS = ("ordinal", "paper_pages")


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Why a document of a backlog cannot be taken in as it lies there."""

    reason: str  # code of the message table
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One document of a backlog, or why it cannot be taken in."""

    place: str  # its path, as the file system spells it; known to the journal
    source: str  # for the record: below the tree, or as the CSV has it
    root: Path
    paper: Paper | None = None
    facts: Facts | None = None
    refusal: NotTaken | None = None

    def declared(self) -> str:
        """Return all that is declared of the document, as one text."""
        return json.dumps(asdict(self.facts), sort_keys=True) if self.facts else ""


def read_backlog(source: Path, schemas: Path) -> Iterator[Job]:
    """Yield the documents of a tree or of a CSV file.

    Raises SetupError when the source is neither, or the CSV is wrong.
    """
    if source.is_dir():
        return _read_tree(source, schemas)
    try:
        rows = list(_read_rows(source))
    except OSError as error:
        raise SetupError(str(source), f"cannot be read: {error.strerror}") from error
    return _read_listed(source.parent, rows)


def _read_tree(root: Path, schemas: Path) -> Iterator[Job]:
    troubles: list[Job] = []

    def on_trouble(place: Parts, error: OSError) -> None:
        troubles.append(_unreadable(root, place, error))

    try:
        for drop in read_drops(root, on_trouble):
            yield from _of_drop(root, drop, schemas)
            while troubles:
                yield troubles.pop()
    except OSError as error:
        raise SetupError(str(root), f"cannot be read: {error.strerror}") from error
    yield from troubles


def _of_drop(root: Path, drop: Drop, schemas: Path) -> Iterator[Job]:
    manifest, broken = Manifest(Dossier()), None
    if drop.name is not None:
        manifest = Manifest(Dossier(code=as_text(drop.name)))
        try:
            if drop.manifest is not None:
                manifest = read_manifest(root, drop.name, schemas)
        except (BrokenManifest, OSError) as error:
            broken = str(error)
    position = 0
    for paper in drop.papers:
        position += not manifest.declares(paper.place[-1])
        place, source = str(root.joinpath(*paper.place)), as_path(paper.place)
        if broken is not None:
            refusal = NotTaken("inbox.bad-manifest", source, broken)
            yield Job(place, source, root, refusal=refusal)
        elif paper.unfinished:
            yield Job(place, source, root, refusal=NotTaken("inbox.incomplete", source))
        else:
            facts = manifest.facts(paper.place[-1], position)
            yield Job(place, source, root, paper, facts)
    for parts in drop.strange:
        refusal = NotTaken("inbox.not-a-file", as_path(parts))
        yield Job(str(root.joinpath(*parts)), as_path(parts), root, refusal=refusal)


def _unreadable(root: Path, place: Parts, error: OSError) -> Job:
    source = as_path(place)
    refusal = NotTaken("inbox.unreadable", source, error.strerror or str(error))
    return Job(str(root.joinpath(*place)), source, root, refusal=refusal)


def _read_rows(source: Path) -> Iterator[tuple[str, Facts]]:
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SetupError(str(source), f"byte {error.start} is not UTF-8: save as UTF-8") from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in lines.fieldnames or ()]
        strangers = [name for name in names if name not in COLUMNS]
        if "path" not in names or strangers:
            raise SetupError(
                str(source),
                f"its first line names the columns; known are {', '.join(COLUMNS)}; path is "
                f"needed{'; not known: ' + ', '.join(strangers) if strangers else ''}",
            )
        lines.fieldnames = names
        for row in lines:
            if None in row:
                raise SetupError(str(source), f"line {lines.line_num}: more values than columns")
            yield _row(source, lines.line_num, {k: (v or "").strip() for k, v in row.items()})
    except csv.Error as error:
        raise SetupError(str(source), f"line {lines.line_num}: {error}") from None


def _row(source: Path, line: int, row: dict[str, str]) -> tuple[str, Facts]:
    where = f"line {line}"
    if not row["path"]:
        raise SetupError(str(source), f"{where}: path is empty")
    numbers: dict[str, int | None] = {}
    for name in _NUMBERS:
        text = row.get(name, "")
        if text and not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
            raise SetupError(str(source), f"{where}: {name} is '{text}', not a number from 1")
        numbers[name] = int(text) if text else None
    owner = {name: row.get(f"owner_{name}", "") for name in ("id_type", "id", "name")}
    dossier = Dossier(
        code=row.get("dossier_code") or None,
        procedure=row.get("procedure") or None,
        result_number=row.get("result_number") or None,
        result_code=row.get("result_code") or None,
        owner={name: value for name, value in owner.items() if value},
    )
    return row["path"], Facts(
        dossier,
        numbers["ordinal"] or 1,
        row.get("doc_type") or None,
        row.get("component_code") or None,
        numbers["paper_pages"],
    )


def _read_listed(base: Path, rows: list[tuple[str, Facts]]) -> Iterator[Job]:
    for text, facts in rows:
        path = base / text
        try:
            found = group(path)
        except (OSError, ValueError) as error:
            detail = getattr(error, "strerror", None) or str(error)
            yield Job(str(path), text, base, refusal=NotTaken("inbox.unreadable", text, detail))
            continue
        if not found:
            refusal = NotTaken("inbox.unreadable", text, "no scan in it")
            yield Job(str(path), text, base, refusal=refusal)
        for place, files in found:
            yield _listed(place, files, text if len(found) == 1 else str(place), facts)


def _listed(place: Path, files: list[Path], source: str, facts: Facts) -> Job:
    root = place.parent
    try:
        folder = () if files == [place] else (place.name,)
        signatures = {e.name: e.signature for e in list_folder(root, folder)}
        paper = Paper(
            (place.name,),
            tuple((*folder, file.name) for file in files),
            tuple(signatures[file.name] for file in files),
        )
    except (OSError, KeyError) as error:
        return Job(
            str(place), source, root, refusal=NotTaken("inbox.unreadable", source, str(error))
        )
    return Job(str(place), os.fsencode(source).decode("utf-8", "replace"), root, paper, facts)
