"""Files and folders in, documents out: which files are one paper, and in which order.

One file is one document; a folder below a dossier's that holds nothing but page images is one
document, its pages in natural order of their names.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workers.folders import Entry, Parts, Signature, find_entry, list_folder

MANIFEST = "dossier.json"
READY = "_READY"
MOST_DEPTH = 8  # folders below a dossier's; deeper is a mistake or a trap

PAGE_IMAGES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".tif", ".tiff"}
SCANS = {*PAGE_IMAGES, ".pdf"}
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", ".partial")
_LITTER = {"thumbs.db", "desktop.ini", ".ds_store"}
_DIGITS = re.compile("([0-9]+)")


@dataclass(frozen=True, slots=True)
class Paper:
    """One document as it lies in a drop folder."""

    place: Parts  # the file, or the folder of page images
    files: tuple[Parts, ...]  # in page order
    signatures: tuple[Signature, ...]  # of the files
    unfinished: bool = False  # somebody still copies a page into its folder

    @property
    def is_folder(self) -> bool:
        return self.files != (self.place,)

    @property
    def number(self) -> int:
        """A number that changes when a file is written to, replaced, added or renamed."""
        return hash((self.files, self.signatures))


@dataclass(frozen=True, slots=True)
class Drop:
    """What was dropped for one dossier; without a name: files that know no dossier yet."""

    name: str | None
    papers: tuple[Paper, ...]  # in natural order
    manifest: Signature | None = None  # of dossier.json
    ready: bool = False  # _READY is there
    strange: tuple[Parts, ...] = ()  # links and devices, never touched


Trouble = Callable[[Parts, OSError], None]


def is_litter(name: str) -> bool:
    """Return whether a desktop left this file; it may be removed."""
    return name.lower() in _LITTER or name.startswith("._")  # macOS, beside each file on a share


def is_unfinished(name: str) -> bool:
    """Return whether the name says that the file is still being written or edited."""
    return name.lower().endswith(_UNFINISHED) or name.startswith("~$")


def is_left_alone(name: str) -> bool:
    """Return whether a file of this name is no scan: hidden, unfinished, litter or ours."""
    ours = name in (MANIFEST, READY)
    return name.startswith(".") or is_unfinished(name) or is_litter(name) or ours


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts `2.jpg` before `10.jpg`, whatever the case and Unicode form."""
    plain = unicodedata.normalize("NFC", name).casefold()
    # A number by its length, then its figures: it may have more than any integer takes.
    pieces = [
        (0, len(piece.lstrip("0")), piece.lstrip("0"))
        if piece[0] in "0123456789"
        else (1, 0, piece)
        for piece in _DIGITS.split(plain)
        if piece
    ]
    return (*pieces, (2, 0, name))  # the name itself decides between 1.jpg and 01.jpg


def group(path: Path) -> list[tuple[Path, list[Path]]]:
    """Return the documents that a path typed by a person names: each with its files in order.

    A file is a document whatever it is; a folder is searched for scans. Raises OSError.
    """
    if not path.is_dir():
        path.stat()
        return [(path, [path])]
    entries = [entry for entry in list_folder(path, ()) if not is_left_alone(entry.name)]
    if _is_page_folder(entries):
        return [(path, [path / name for name in _in_order(entries)])]
    found: list[tuple[Path, list[Path]]] = []
    for entry in sorted(entries, key=lambda entry: natural_key(entry.name)):
        if entry.kind == "folder":
            found += group(path / entry.name)
        elif entry.kind == "file" and _suffix(entry.name) in SCANS:
            found.append((path / entry.name, [path / entry.name]))
    return found


def read_drops(root: Path, on_trouble: Trouble) -> Iterator[Drop]:
    """Yield what lies in a drop folder, one dossier at a time, in natural order.

    A folder that cannot be read goes to `on_trouble` and the others go on. Raises OSError when
    `root` itself cannot be read.
    """
    top = sorted(list_folder(root, ()), key=lambda entry: natural_key(entry.name))
    yield _loose([entry for entry in top if entry.kind != "folder"])
    for entry in top:
        if entry.kind == "folder" and not entry.name.startswith("."):
            drop = read_drop(root, entry, on_trouble)
            if drop is not None:
                yield drop


def read_drop(root: Path, entry: Entry, on_trouble: Trouble) -> Drop | None:
    """Return what lies under one name of a drop folder; None: nothing, or it cannot be read."""
    if entry.kind == "folder":
        return _read_dossier(root, entry.name, on_trouble)
    return _loose([entry])


def find_paper(root: Path, place: Parts) -> Paper | None:
    """Return the document in its place below a drop folder, as it is now; None: it has left.

    Raises OSError.
    """
    entry = find_entry(root, place)
    if entry is None or entry.kind == "other":
        return None
    if entry.kind == "file":
        return _single(place[:-1], entry)
    try:
        return _page_folder(place, list_folder(root, place))
    except (FileNotFoundError, NotADirectoryError):
        return None


def _loose(entries: Sequence[Entry]) -> Drop:
    loose = [entry for entry in entries if not is_left_alone(entry.name)]
    return Drop(
        name=None,
        papers=tuple(_single((), entry) for entry in loose if entry.kind == "file"),
        strange=tuple((entry.name,) for entry in loose if entry.kind == "other"),
    )


def _read_dossier(root: Path, name: str, on_trouble: Trouble) -> Drop | None:
    try:
        entries = list_folder(root, (name,))
    except FileNotFoundError:
        return None  # it has just left
    except OSError as error:
        on_trouble((name,), error)
        return None
    named = {entry.name: entry for entry in entries if entry.kind == "file"}
    papers: list[Paper] = []
    strange: list[Parts] = []
    _search(root, (name,), entries, papers, strange, on_trouble)
    manifest = named.get(MANIFEST)
    return Drop(
        name=name,
        papers=tuple(papers),
        manifest=manifest.signature if manifest else None,
        ready=READY in named,
        strange=tuple(strange),
    )


def _search(
    root: Path,
    folder: Parts,
    entries: Sequence[Entry],
    papers: list[Paper],
    strange: list[Parts],
    on_trouble: Trouble,
) -> None:
    for entry in sorted(entries, key=lambda entry: natural_key(entry.name)):
        place = (*folder, entry.name)
        if is_left_alone(entry.name):
            continue
        if entry.kind == "file":
            papers.append(_single(folder, entry))
        elif entry.kind == "other":
            strange.append(place)
        else:
            try:
                if len(folder) > MOST_DEPTH:
                    raise OSError(f"more than {MOST_DEPTH} folders deep")
                inner = list_folder(root, place)
            except FileNotFoundError:
                continue  # it has just left
            except OSError as error:
                on_trouble(place, error)
                continue
            paper = _page_folder(place, inner)
            if paper is not None:
                papers.append(paper)
            else:
                _search(root, place, inner, papers, strange, on_trouble)


def _is_page_folder(entries: Sequence[Entry]) -> bool:
    return bool(entries) and all(
        entry.kind == "file" and _suffix(entry.name) in PAGE_IMAGES for entry in entries
    )


def _in_order(entries: Sequence[Entry]) -> list[str]:
    return sorted((entry.name for entry in entries), key=natural_key)


def _single(folder: Parts, entry: Entry) -> Paper:
    place = (*folder, entry.name)
    return Paper(place, (place,), (entry.signature,))


def _page_folder(place: Parts, entries: Sequence[Entry]) -> Paper | None:
    """Return the document that a folder is; None: it holds more than page images."""
    counted = [entry for entry in entries if not is_left_alone(entry.name)]
    if not _is_page_folder(counted):
        return None
    signatures = {entry.name: entry.signature for entry in counted}
    names = _in_order(counted)
    return Paper(
        place,
        tuple((*place, name) for name in names),
        tuple(signatures[name] for name in names),
        unfinished=any(is_unfinished(entry.name) for entry in entries),
    )


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()  # noqa: PTH122 - a name, perhaps not valid Unicode
