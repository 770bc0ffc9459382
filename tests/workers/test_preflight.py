"""The start: refused with a remedy, waiting for what is away, or going on."""

import threading
from dataclasses import replace

import pytest

from pipeline.errors import SetupError, ToolMissing
from pipeline.settings import Settings
from pipeline.storage import Probe
from workers import preflight
from workers.preflight import (
    ready_to_work,
    refuse_weak_credentials,
    require_conditional_put,
)
from workers.servers import start_broker

LONG = "b3f1c95d70a84e62"
GOOD = Settings(
    redis_url=f"redis://:{LONG}@broker:6379/0",
    s3_endpoint="store:9000", s3_access_key="sohoa", s3_secret_key=LONG,
    database_url=f"postgresql+psycopg://sohoa:{LONG}@database/sohoa",
    api_key=LONG,
)  # fmt: skip


def test_long_random_secrets_and_embedded_servers_pass():
    """Nothing is asked of who runs the embedded servers: they make their own secrets."""
    refuse_weak_credentials(GOOD)
    refuse_weak_credentials(Settings())
    refuse_weak_credentials(replace(GOOD, database_url="postgresql+psycopg:///sohoa"))


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"s3_secret_key": "minioadmin"}, "SOHOA_S3_SECRET_KEY"),
        ({"s3_secret_key": "MinioAdmin123"}, "SOHOA_S3_SECRET_KEY"),
        ({"s3_secret_key": "aaaaaaaaaaaaaaaa"}, "SOHOA_S3_SECRET_KEY"),
        ({"redis_url": "redis://broker:6379/0"}, "SOHOA_REDIS_URL"),
        ({"redis_url": "redis://:changeme@broker:6379/0"}, "SOHOA_REDIS_URL"),
        ({"database_url": "postgresql://sohoa:sohoa@database/sohoa"}, "SOHOA_DATABASE_URL"),
        ({"api_key": "k"}, "SOHOA_API_KEY"),
    ],
)
def test_secret_that_is_guessed_first_refuses_the_start(changed, name):
    """The setting is named with a way to a better one, and the secret is not shown."""
    with pytest.raises(SetupError, match=name) as refused:
        refuse_weak_credentials(replace(GOOD, **changed))

    assert "openssl rand" in str(refused.value)
    assert next(iter(changed.values())) not in str(refused.value).replace("minioadmin123", "")


def test_worker_starts_on_servers_that_are_well(running):
    """Nothing is said when all is well."""
    said = []
    ready_to_work(running, said.append)

    assert said == []


def test_worker_waits_for_a_broker_that_is_away(running, tmp_path, monkeypatch):
    """It says so once, does not end, and goes on by itself when the broker is there."""
    monkeypatch.setattr(preflight, "PAUSE_S", 0.05)
    with start_broker(tmp_path / "broker") as server:
        settings = replace(running, redis_url=server.url)
    said = []
    waiting = threading.Thread(target=ready_to_work, args=(settings, said.append))
    waiting.start()
    waiting.join(1.0)

    assert waiting.is_alive()
    with start_broker(tmp_path / "broker") as server:
        assert server.url == settings.redis_url
        waiting.join(20.0)
    assert not waiting.is_alive()
    assert len(said) == 1 and "SOHOA_REDIS_URL" in said[0]


def test_store_without_conditional_put_refuses_several_workers(running, store, monkeypatch):
    """Two workers could overwrite each other; who has exactly one says so."""
    overwrites = Probe(False, True, True, 0.0, 0.001, 0.001)
    monkeypatch.setattr("pipeline.storage.objects.probe", lambda store: overwrites)

    for workers in (0, 2):
        with pytest.raises(SetupError, match="SOHOA_WORKERS=1"):
            ready_to_work(replace(running, workers=workers), print)
    require_conditional_put(store, replace(running, workers=1))


def test_worker_without_poppler_does_not_start(running, monkeypatch):
    """Every PDF would fail: the package is named instead."""
    monkeypatch.setattr(preflight.shutil, "which", lambda name: None)

    with pytest.raises(ToolMissing, match="poppler-utils"):
        ready_to_work(running, print)
