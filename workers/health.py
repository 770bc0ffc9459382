"""Settings in, a verdict on every part of the system out, each with its remedy."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline import recognition
from pipeline.errors import DigitizationError
from pipeline.extraction import load_schemas, schemas_folder
from pipeline.messages import explain_error
from pipeline.settings import Settings
from workers.connections import open_broker, open_catalogue, open_store, resolve

FREE_BYTES = 2_000_000_000  # below this the disk is called nearly full


@dataclass(frozen=True, slots=True)
class Verdict:
    """One part, whether it is well, what was found, and how to mend it."""

    part: str
    well: bool
    found: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Verdict]:
    """Examine every part in turn; nothing is changed but a probe object in the bucket."""
    checks: list[tuple[str, Callable[[Settings], str]]] = [
        ("Python", _python),
        ("poppler", _poppler),
        ("Tesseract", _tesseract),
        ("schemas", _schemas),
        ("folders", _folders),
        ("disk", _disk),
    ]
    for part, check in checks:
        yield _verdict(part, check, settings)
    try:
        settings = resolve(settings)
    except DigitizationError as error:
        words = explain_error(error, settings.language)
        yield Verdict("servers", False, words.what, words.remedy)
        return
    for part, check in (("broker", _broker), ("store", _store), ("catalogue", _catalogue)):
        yield _verdict(part, check, settings)


class _Ill(Exception):
    def __init__(self, found: str, remedy: str) -> None:
        super().__init__(found)
        self.found, self.remedy = found, remedy


def _verdict(part: str, check: Callable[[Settings], str], settings: Settings) -> Verdict:
    try:
        return Verdict(part, True, check(settings))
    except _Ill as ill:
        return Verdict(part, False, ill.found, ill.remedy)
    except DigitizationError as error:
        words = explain_error(error, settings.language)
        return Verdict(part, False, words.what, words.remedy)
    except Exception as error:  # noqa: BLE001 - a doctor reports whatever it meets
        return Verdict(part, False, f"{type(error).__name__}: {error}", "report this as a bug")


def _python(settings: Settings) -> str:
    return sys.version.split()[0]


def _poppler(settings: Settings) -> str:
    for program in ("pdftoppm", "pdfinfo"):
        if shutil.which(program) is None:
            raise _Ill(f"{program} is missing", "apt-get install poppler-utils")
    return "pdftoppm and pdfinfo are there"


def _tesseract(settings: Settings) -> str:
    language = recognition.language(settings.ocr_language)
    if not language.endswith("Vietnamese"):
        raise _Ill(
            f"only the small model '{language}' is there, which reads less well",
            "apt-get install tesseract-ocr-script-viet",
        )
    return f"{recognition.engine_version()}, {language}"


def _schemas(settings: Settings) -> str:
    folder = schemas_folder(Path(settings.schemas) if settings.schemas else None)
    return f"{len(load_schemas(folder).types)} types in {folder}"


def _folders(settings: Settings) -> str:
    for folder in (settings.inbox, settings.outbox, settings.rejected, settings.data):
        probe = folder / ".sohoa-probe"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise _Ill(f"{folder}: {error.strerror}", "give this user the right to write") from None
    return f"inbox, outbox, rejected and data in {settings.home.resolve()} can be written"


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.home).free
    if free < FREE_BYTES:
        raise _Ill(f"{free // 1_000_000} MB free", "free space, or move SOHOA_HOME")
    return f"{free // 1_000_000_000} GB free"


def _broker(settings: Settings) -> str:
    broker = open_broker(settings)
    info = broker.info("server")
    policy = broker.config_get("maxmemory-policy").get("maxmemory-policy", "")
    if policy not in ("noeviction", ""):
        raise _Ill(
            f"maxmemory-policy is {policy}: it may throw queued work away",
            "set maxmemory-policy noeviction",
        )
    return f"{info.get('server_name', 'redis')} {info.get('valkey_version', info['redis_version'])}"


def _store(settings: Settings) -> str:
    probe = open_store(settings).probe()
    if not probe.conditional_put:
        raise _Ill(
            "the store ignores If-None-Match: two workers could overwrite each other",
            "use another S3 server (docs/operating.md), or exactly one worker",
        )
    return f"{settings.s3_endpoint}, conditional put works"


def _catalogue(settings: Settings) -> str:
    catalogue = open_catalogue(settings)
    try:
        counts = catalogue.counts()
    finally:
        catalogue.close()
    return f"{counts}"
