"""Facts about a paper in, names of objects out; and back."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ID_LETTERS = 26  # of base32: 130 bits of SHA-256

Room = Literal["original", "intake", "pending", "files", "record", "part", "failed"]

_ID = "[A-Z2-7]{26}"
_ATTEMPT = "[0-9A-Za-z][0-9A-Za-z_-]{0,63}"
_NAME = r"[0-9A-Za-z][0-9A-Za-z_.-]{0,99}(?:/[0-9A-Za-z][0-9A-Za-z_.-]{0,99}){0,3}"
_SHA256 = re.compile("[0-9a-f]{64}")
_AIMED = re.compile("v([0-9]{4,9})-[0-9a-f]{12}")
_EXTENSION = re.compile(r"\.?([0-9a-z]{1,8})")
_KEY = re.compile(
    rf"original/(?P<o_id>{_ID})/(?P<n>[1-9][0-9]*)-(?P<sha16>[0-9a-f]{{16}})\.(?P<ext>[0-9a-z]{{1,8}})"
    rf"|intake/(?P<i_id>{_ID})\.json"
    rf"|pending/(?P<w_id>{_ID})\.json"
    rf"|files/(?P<f_id>{_ID})/(?P<attempt>{_ATTEMPT})/(?P<name>{_NAME})"
    rf"|record/(?P<r_id>{_ID})/(?P<version>(?!0000)[0-9]{{4,9}})\.json"
    rf"|part/(?P<p_id>{_ID})/(?P<k>[0-9]{{1,9}})\.json"
    rf"|failed/(?P<x_id>{_ID})\.json"
)
_ROOMS: dict[str, Room] = {
    "o_id": "original",
    "i_id": "intake",
    "w_id": "pending",
    "f_id": "files",
    "r_id": "record",
    "p_id": "part",
    "x_id": "failed",
}
STARTED = "started.json"  # name of the object by which a try is counted


@dataclass(frozen=True, slots=True)
class Key:
    """What a key says; `str` of it is the key."""

    room: Room
    record_id: str
    number: int | None = None  # scan from 1, version from 1, or part from 0
    attempt: str | None = None
    name: str | None = None  # inside its room: "pages/0001.xml", "{sha16}.{ext}"

    def __str__(self) -> str:
        match self.room:
            case "original":
                return f"original/{self.record_id}/{self.number}-{self.name}"
            case "files":
                return f"files/{self.record_id}/{self.attempt}/{self.name}"
            case "record":
                return f"record/{self.record_id}/{self.number:04}.json"
            case "part":
                return f"part/{self.record_id}/{self.number}.json"
            case room:
                return f"{room}/{self.record_id}.json"


def record_id(dossier_code: str | None, scan_sha256s: Sequence[str]) -> str:
    """Return the ID of a document: 26 base32 letters over its dossier code and its scans.

    The order of the scans does not count: the same paper dropped twice in one dossier is one
    record, in two dossiers two. Raises ValueError if a hash is none or there is no scan.
    """
    if not scan_sha256s or not all(_SHA256.fullmatch(sha256) for sha256 in scan_sha256s):
        raise ValueError("a record needs the SHA-256 of each of its scans, in lower-case hex")
    # Folder names from a Mac are decomposed; the same code must give the same ID.
    code = unicodedata.normalize("NFC", dossier_code or "").strip()
    # JSON keeps the parts apart: no code can look like a hash.
    plain = json.dumps([code, *sorted(scan_sha256s)], separators=(",", ":"))
    digest = hashlib.sha256(plain.encode("ascii")).digest()
    return base64.b32encode(digest)[:ID_LETTERS].decode("ascii")


def is_record_id(text: str) -> bool:
    """Return whether the text has the form of a record ID."""
    return re.fullmatch(_ID, text) is not None


def original_key(record_id: str, n: int, sha256: str, extension: str) -> str:
    """Return the key of the n-th scan (from 1) as received; "pdf" and ".pdf" are the same."""
    found = _EXTENSION.fullmatch(extension)
    if not _SHA256.fullmatch(sha256) or found is None:
        raise ValueError(f"no hash and extension of a scan: {sha256!r}, {extension!r}")
    return _checked(Key("original", record_id, n, name=f"{sha256[:16]}.{found[1]}"))


def intake_key(record_id: str) -> str:
    """Return the key by which a document is ours."""
    return _checked(Key("intake", record_id))


def pending_key(record_id: str) -> str:
    """Return the key that marks a document as not yet counted as done."""
    return _checked(Key("pending", record_id))


def record_key(record_id: str, version: int) -> str:
    """Return the key of one version (from 1) of a record."""
    if version < 1:
        raise ValueError(f"versions count from 1, not {version}")
    return _checked(Key("record", record_id, version))


def files_prefix(record_id: str, attempt: str = "") -> str:
    """Return what the keys of all files of a record, or of one try, begin with."""
    if not attempt:
        return f"files/{_checked_id(record_id)}/"
    return file_key(record_id, attempt, STARTED).removesuffix(STARTED)


def file_key(record_id: str, attempt: str, name: str) -> str:
    """Return the key of a file that one try wrote: "archive.pdf", "pages/0001.xml"."""
    return _checked(Key("files", record_id, attempt=attempt, name=name))


def version_attempt(version: int) -> str:
    """Return a new name for an attempt that aims at a version from 2 on."""
    return f"v{version:04}-{uuid.uuid4().hex[:12]}"


def aimed_at(attempt: str) -> int:
    """Return the version that an attempt aims at: 1, unless its name says another."""
    found = _AIMED.fullmatch(attempt)
    return int(found[1]) if found else 1


def try_key(record_id: str, attempt: str) -> str:
    """Return the key by which a try is counted."""
    return file_key(record_id, attempt, STARTED)


def part_key(record_id: str, k: int) -> str:
    """Return the key of the k-th checkpoint (from 0) of a large document."""
    return _checked(Key("part", record_id, k))


def failed_key(record_id: str) -> str:
    """Return the key by which a document is set aside."""
    return _checked(Key("failed", record_id))


def parse_key(key: str) -> Key:
    """Return what a key says. Raises ValueError if it is none of ours."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(f"not a key of ours: {key!r}")
    group = next(name for name in _ROOMS if found[name])
    number = found["n"] or found["version"] or found["k"]
    name = f"{found['sha16']}.{found['ext']}" if found["sha16"] else found["name"]
    parsed = Key(
        _ROOMS[group], found[group], int(number) if number else None, found["attempt"], name
    )
    if str(parsed) != key:  # "00001.json" names version 1, but its key is "0001.json"
        raise ValueError(f"not a key of ours: {key!r}")
    return parsed


def _checked(key: Key) -> str:
    # The way back is the check: what we cannot read again was never a key.
    parse_key(str(key))
    return str(key)


def _checked_id(record_id: str) -> str:
    if not is_record_id(record_id):
        raise ValueError(f"not a record ID: {record_id!r}")
    return record_id
