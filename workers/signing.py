"""A record and a key, or a file that came back signed, in; the next version of the record out.

Signed files are proved in a child process: what comes back from elsewhere is untrusted.
"""

from __future__ import annotations

import filecmp
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import flow
from pipeline.errors import KeyRefused, SetupError, StoreError
from pipeline.pdfa import signing
from pipeline.pdfa.signing import Key, Signed, Signing
from pipeline.settings import PREFIX, Settings
from pipeline.signature import Signature, SignedCopy
from pipeline.storage import ObjectStore, Record, latest_record
from workers.decoding import START_S
from workers.sandbox import ChildLimits, run

ARCHIVE = "archive.pdf"
_TRIES = 3  # somebody else may make a version at the same moment


@contextmanager
def open_key(settings: Settings) -> Iterator[Key]:
    """Open the key that the settings name. Raises SetupError, KeyRefused."""
    pin = read_pin(settings)
    if settings.sign_token:
        with signing.open_token(Path(settings.sign_token), settings.sign_token_label, pin) as key:
            yield key
    elif settings.sign_key:
        yield signing.open_key_file(Path(settings.sign_key), pin)
    else:
        raise SetupError(PREFIX + "SIGN_KEY", "no key: set it, or SOHOA_SIGN_TOKEN")


def read_pin(settings: Settings) -> str:
    """Return the PIN; it comes from a file or the environment, never from a command line."""
    if not settings.sign_pin_file:
        return settings.sign_pin
    try:
        return Path(settings.sign_pin_file).read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyRefused(settings.sign_pin_file, "the file with the PIN cannot be read") from error


def how_to_sign(settings: Settings) -> Signing:
    """Return how the settings want signatures made. Raises KeyRefused."""
    return Signing(
        level=settings.sign_level,  # type: ignore[arg-type] # the settings have checked it
        tsa_url=settings.sign_tsa,
        trusted=trusted_files(settings),
        profile=settings.sign_profile,
        seal=Path(settings.sign_seal) if settings.sign_seal else None,
    )


def trusted_files(settings: Settings) -> tuple[Path, ...]:
    """Return the certificate files of the authorities that we know."""
    return signing.certificates_in(Path(settings.trusted)) if settings.trusted else ()


def sign_file(pdf: Path, out: Path, settings: Settings) -> Signed:
    """Sign a file. Raises SetupError, KeyRefused, SignatureServerSilent."""
    with open_key(settings) as key:
        return signing.sign(pdf, out, key, how_to_sign(settings), datetime.now().astimezone())


def sign_record(record_id: str, store: ObjectStore, settings: Settings) -> tuple[Record, Signed]:
    """Sign the archive PDF of a record and store it as the next version. Raises as `sign_file`."""
    with tempfile.TemporaryDirectory(prefix="sohoa-sign-") as name:
        folder = Path(name)
        record = latest_record(store, record_id)
        signed = folder / "signed.pdf"
        done = sign_file(fetch_archive(record, store, folder), signed, settings)
        return import_signed(record_id, signed, store, settings), done


def import_signed(record_id: str, signed: Path, store: ObjectStore, settings: Settings) -> Record:
    """Store a signed archive PDF as the next version of its record and return it.

    The same file once more changes nothing. Raises SignatureRefused when it is not ours with valid
    signatures behind it, NotFound, StoreError.
    """
    trusted = trusted_files(settings)
    for _ in range(_TRIES):
        record = latest_record(store, record_id)
        with tempfile.TemporaryDirectory(prefix="sohoa-sign-") as name:
            folder = Path(name)
            ours = fetch_archive(record, store, folder)
            if record.get("signatures") and _same_bytes(ours, signed):
                return record
            copy = _prove(signed, ours, trusted, settings)
            _fetch_others(record, store, folder)
            shutil.copyfile(signed, ours)
            now = datetime.now(UTC).replace(microsecond=0)
            made = flow.accept_signed(record, copy, folder, store, stored_at=now)
            if made is not None:
                return made
    raise StoreError(record_id, "others make versions of it at the same time")


def fetch_archive(record: Record, store: ObjectStore, folder: Path) -> Path:
    """Copy the archive PDF of a record into a folder. Raises StoreError when it is damaged."""
    return _fetch(next(f for f in record["files"] if f["name"] == ARCHIVE), store, folder)


def _same_bytes(one: Path, other: Path) -> bool:
    return filecmp.cmp(one, other, shallow=False)


def _fetch_others(record: Record, store: ObjectStore, folder: Path) -> None:
    for file in record["files"]:
        if file["name"] != ARCHIVE:
            _fetch(file, store, folder)


def _fetch(file: dict[str, Any], store: ObjectStore, folder: Path) -> Path:
    path = folder / str(file["name"])
    path.parent.mkdir(parents=True, exist_ok=True)
    if store.get_file(file["key"], path).sha256 != file["sha256"]:
        raise StoreError(file["key"], "is not what was stored: restore it from a backup")
    return path


def _prove(signed: Path, ours: Path, trusted: tuple[Path, ...], settings: Settings) -> SignedCopy:
    limits = ChildLimits(settings.memory_limit_bytes, START_S, settings.page_timeout_s)
    found = run(
        lambda tell: asdict(signing.verify_signed(signed, ours, trusted)), signed.name, limits
    )
    return SignedCopy(
        tuple(Signature(**one) for one in found["signatures"]), tuple(found["failures"])
    )
