"""Settings in, open connections to broker, store and catalogue out."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from redis import Redis

from pipeline.errors import SetupError
from pipeline.settings import Settings
from pipeline.storage import Catalogue, Ledger, ObjectStore


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the embedded servers of a home folder listen; kept in a file that only we read."""

    redis_url: str
    s3_endpoint: str
    s3_access_key: str
    s3_secret_key: str


def addresses_file(settings: Settings) -> Path:
    """Return where `sohoa up` writes the addresses of its embedded servers."""
    return settings.data / "servers.json"


def write_addresses(settings: Settings, addresses: Addresses) -> None:
    """Tell other commands in this home folder where the embedded servers are."""
    path = addresses_file(settings)
    partial = path.with_suffix(".partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(asdict(addresses), stream)
    partial.replace(path)


def resolve(settings: Settings) -> Settings:
    """Fill in the addresses of the embedded servers where none are set.

    Raises SetupError when neither is there.
    """
    if settings.redis_url and settings.s3_endpoint:
        return settings
    try:
        found = Addresses(**json.loads(addresses_file(settings).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        missing = "SOHOA_S3_ENDPOINT" if settings.redis_url else "SOHOA_REDIS_URL"
        home = settings.home.resolve()
        raise SetupError(
            missing, f"no system runs in {home}: start it with `sohoa up`, or set {missing}"
        ) from None
    if not settings.redis_url:
        settings = replace(settings, redis_url=found.redis_url)
    if not settings.s3_endpoint:
        settings = replace(
            settings,
            s3_endpoint=found.s3_endpoint,
            s3_access_key=found.s3_access_key,
            s3_secret_key=found.s3_secret_key,
        )
    return settings


def open_store(settings: Settings) -> ObjectStore:
    """Return the bucket; `settings` are resolved."""
    secure = settings.s3_endpoint.startswith("https://")
    endpoint = settings.s3_endpoint.split("://")[-1].rstrip("/")
    return ObjectStore(
        endpoint, settings.s3_access_key, settings.s3_secret_key, settings.s3_bucket, secure=secure
    )


def open_broker(settings: Settings) -> Redis:
    """Return the broker; it connects when first used."""
    return Redis.from_url(settings.redis_url)


def open_catalogue(settings: Settings) -> Catalogue:
    """Return the catalogue; SQLite in the home folder when no database is set."""
    return Catalogue(_database_url(settings))


def open_ledger(settings: Settings) -> Ledger:
    """Return the ledger; it lies in the database of the catalogue."""
    return Ledger(_database_url(settings))


def _database_url(settings: Settings) -> str:
    if settings.database_url:
        return settings.database_url
    settings.data.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{settings.data / 'catalogue.db'}"
