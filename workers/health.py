"""Settings in, a verdict on every part of the system out, each with its remedy."""

from __future__ import annotations

import os
import resource
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from redis import Redis
from redis.exceptions import ResponseError

from pipeline import recognition
from pipeline.errors import DigitizationError
from pipeline.extraction import load_schemas, schemas_folder
from pipeline.messages import explain, explain_error
from pipeline.settings import Settings
from workers.confine import network_can_be_forbidden
from workers.connections import open_broker, open_catalogue, open_store, resolve
from workers.preflight import missing_programs, refuse_weak_credentials
from workers.queues import broker_errors
from workers.room import low_disk

PROBE = ".sohoa-probe"  # a hidden name: nobody takes it in
PROBE_BYTES = b"sohoa" * 1000
FEWEST_FILES = 1024  # that a process may have open
NEARLY_FULL = 0.9  # of the broker's memory
AHEAD_S = 60.0  # between two clocks; S3 refuses requests beyond 15 minutes
SHORT_TTL_S = 60  # of the broker's probe, should it be left behind


@dataclass(frozen=True, slots=True)
class Verdict:
    """One part, whether it is well, what was found, and how to mend it.

    A part that is well and has a remedy works, but could be better.
    """

    part: str
    well: bool
    found: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Verdict]:
    """Examine every part in turn; nothing stays of the probes that are written."""
    checks: list[tuple[str, Callable[[Settings], str]]] = [
        ("Python", _python),
        ("poppler", _poppler),
        ("Tesseract", _tesseract),
        ("schemas", _schemas),
        ("decoding", _decoding),
        ("open files", _open_files),
        ("folders", _folders),
        ("disk", _disk),
        ("secrets", _secrets),
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
    """`code` has its words in pipeline.messages."""

    well = False

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


class _Note(_Ill):
    """It works, but could be better."""

    well = True


def _verdict(part: str, check: Callable[[Settings], str], settings: Settings) -> Verdict:
    try:
        return Verdict(part, True, check(settings))
    except _Ill as ill:
        words = explain(ill.code, detail=ill.detail, language=settings.language)
        return Verdict(part, ill.well, words.what, words.remedy)
    except DigitizationError as error:
        words = explain_error(error, settings.language)
        return Verdict(part, False, words.what, words.remedy)
    except Exception as error:  # noqa: BLE001 - a doctor reports whatever it meets
        words = explain(
            "bug", detail=f"{type(error).__name__}: {error}", language=settings.language
        )
        return Verdict(part, False, words.what, words.remedy)


def _python(settings: Settings) -> str:
    return sys.version.split()[0]


def _poppler(settings: Settings) -> str:
    if missing := missing_programs():
        raise _Ill("doctor.poppler", ", ".join(missing))
    return "pdftoppm and pdfinfo are there"


def _tesseract(settings: Settings) -> str:
    reader = recognition.reader(settings.ocr_profile, settings.ocr_language)
    if reader.language and not reader.language.endswith("Vietnamese"):
        raise _Ill("doctor.small-model", reader.language)
    return f"{recognition.engine_version()}; {reader.profile}: {reader.versions}"


def _schemas(settings: Settings) -> str:
    folder = schemas_folder(Path(settings.schemas) if settings.schemas else None)
    return f"{len(load_schemas(folder).types)} types in {folder}"


def _decoding(settings: Settings) -> str:
    if not network_can_be_forbidden():
        raise _Note("doctor.no-filter")
    return "in a child without a way to the network"


def _open_files(settings: Settings) -> str:
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < FEWEST_FILES:
        raise _Ill("doctor.open-files", f"{most} < {FEWEST_FILES}")
    return f"{most} at most"


def _folders(settings: Settings) -> str:
    data = settings.data
    for folder in (settings.inbox, settings.outbox, settings.rejected, data, data / "scratch"):
        probe = folder / PROBE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with probe.open("wb") as stream:
                stream.write(PROBE_BYTES)
                stream.flush()
                os.fsync(stream.fileno())
            same = probe.read_bytes() == PROBE_BYTES
            probe.unlink()
        except OSError as error:
            raise _Ill("doctor.folder", f"{folder}: {error.strerror}") from None
        if not same:
            raise _Ill("doctor.folder", f"{folder}: another content came back")
    return f"inbox, outbox, rejected and data in {settings.home.resolve()} can be written"


def _disk(settings: Settings) -> str:
    low = low_disk(settings)
    if low is not None:
        raise _Ill("disk.low", f"{low}; {low.free_bytes // 1_000_000} MB")
    return f"{shutil.disk_usage(settings.home).free // 1_000_000_000} GB free"


def _secrets(settings: Settings) -> str:
    refuse_weak_credentials(settings)
    return "none that is guessed first"


def _broker(settings: Settings) -> str:
    with open_broker(settings) as broker, broker_errors(broker):
        name = f"sohoa:probe:{uuid4().hex}"
        broker.set(name, PROBE_BYTES, ex=SHORT_TTL_S)
        read = broker.get(name)
        if read != PROBE_BYTES or not broker.delete(name):
            raise _Ill("doctor.broker-forgets")
        policy, appends = _asked(broker, "maxmemory-policy"), _asked(broker, "appendonly")
        if policy is not None and policy != "noeviction":
            raise _Ill("doctor.broker-evicts", policy)
        info = cast("dict[str, Any]", broker.info())
        most, used = int(info.get("maxmemory", 0)), int(info.get("used_memory", 0))
        if most and used > NEARLY_FULL * most:
            raise _Ill("doctor.broker-full", f"{used // 1_000_000} / {most // 1_000_000} MB")
        version = info.get("valkey_version", info.get("redis_version", ""))
        found = f"{info.get('server_name', 'redis')} {version}"
        if appends == "no":
            raise _Note("doctor.broker-volatile", found)
        if policy is None:
            raise _Note("doctor.broker-not-asked", found)
    return found


def _asked(broker: Redis, name: str) -> str | None:
    """Return a setting of the broker; None where it must not be asked, as with managed ones."""
    try:
        found = cast("dict[str, str]", broker.config_get(name))
    except ResponseError:
        return None
    return found.get(name)


def _store(settings: Settings) -> str:
    store = open_store(settings)
    store.ensure_bucket()
    probe = store.probe()
    if not probe.read_after_write:
        raise _Ill("doctor.store-forgets", settings.s3_endpoint)
    if not probe.conditional_put:
        kind = _Note if settings.workers == 1 else _Ill
        raise kind("doctor.no-condition", settings.s3_endpoint)
    if abs(probe.ahead_s) > AHEAD_S:
        raise _Ill("doctor.clock", f"{probe.ahead_s:+.0f} s")
    return f"{settings.s3_endpoint}, conditional put works"


def _catalogue(settings: Settings) -> str:
    catalogue = open_catalogue(settings)
    try:
        catalogue.check_write()
        counts = catalogue.counts()
    finally:
        catalogue.close()
    return f"{counts}"
