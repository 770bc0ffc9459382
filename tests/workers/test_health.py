"""The doctor: every part has a verdict, every ill one a remedy."""

import json
import os
import resource
import subprocess
import sys
from dataclasses import replace

import pytest

from pipeline.storage import Probe
from workers import health, preflight
from workers.connections import open_broker
from workers.health import PROBE, examine
from workers.servers import start_broker


def verdicts(settings):
    return {verdict.part: verdict for verdict in examine(settings)}


def ill(settings):
    return {part for part, verdict in verdicts(settings).items() if not verdict.well}


def test_without_servers_the_rest_is_still_examined(home):
    """What can be said without servers is said, and the servers' absence with its remedy."""
    found = verdicts(replace(home, language="en"))

    assert found["poppler"].well and found["schemas"].well and found["folders"].well
    assert not found["servers"].well
    assert "sohoa up" in found["servers"].found


def test_a_well_system_is_well(running, redis, store):
    """Every part is tried on the real servers, and nothing stays of it."""
    found = verdicts(running)

    assert {part for part, verdict in found.items() if not verdict.well} == set()
    assert {"broker", "store", "catalogue", "decoding", "secrets"} <= set(found)
    assert redis.keys("*probe*") == []
    assert list(store.list("")) == []
    assert list(running.home.rglob(PROBE)) == []


@pytest.mark.parametrize(("language", "words"), [("vi", "Thiếu chương trình"), ("en", "missing")])
def test_missing_programs_are_named_with_their_package(home, monkeypatch, language, words):
    """The operator reads in his language which package to install."""
    monkeypatch.setattr(preflight.shutil, "which", lambda name: None)
    verdict = verdicts(replace(home, language=language))["poppler"]

    assert words in verdict.found and "pdftoppm" in verdict.found
    assert "poppler-utils" in verdict.remedy


def test_a_nearly_full_disk_is_said_before_it_is_full(home):
    """The operator has time to act."""
    assert "disk" in ill(replace(home, free_reserve_bytes=10**18))


def test_a_folder_that_cannot_be_written_is_named(home):
    """A file lies where a folder should be: no right helps, and it is said."""
    home.outbox.rmdir()
    home.outbox.write_text("")

    assert "outbox" in verdicts(home)["folders"].found


def test_guessable_secrets_are_ill(running):
    """What a start refuses, the doctor tells."""
    assert "secrets" in ill(replace(running, s3_secret_key="minioadmin"))  # noqa: S106


def test_too_few_open_files_are_ill(home, monkeypatch):
    """A limit that is reached under load is found before."""
    monkeypatch.setattr(resource, "getrlimit", lambda which: (256, 256))

    assert "open files" in ill(home)


def test_kernel_without_a_filter_is_noted(home, monkeypatch):
    """Work goes on without the filter, and the operator knows."""
    monkeypatch.setattr(health, "network_can_be_forbidden", lambda: False)
    verdict = verdicts(home)["decoding"]

    assert verdict.well and "seccomp" in verdict.remedy


@pytest.fixture
def other_broker(tmp_path):
    """A broker of our own, to be set up wrongly."""
    with start_broker(tmp_path / "broker") as server:
        yield server


def test_broker_that_evicts_is_ill(running, other_broker):
    """The setting is named."""
    settings = replace(running, redis_url=other_broker.url)
    with open_broker(settings) as broker:
        broker.config_set("maxmemory-policy", "allkeys-lru")
    verdict = verdicts(settings)["broker"]

    assert not verdict.well and "allkeys-lru" in verdict.found
    assert "noeviction" in verdict.remedy


def test_broker_without_memory_is_ill(running, other_broker):
    """It is told before the broker refuses to queue."""
    settings = replace(running, redis_url=other_broker.url)
    with open_broker(settings) as broker:
        used = broker.info("memory")["used_memory"]
        broker.config_set("maxmemory", int(used * 1.05))

    assert "SOHOA_WINDOW" in verdicts(settings)["broker"].remedy


def test_broker_that_keeps_nothing_on_disk_is_noted(running, other_broker):
    """Nothing is lost without it, so it is no ill."""
    settings = replace(running, redis_url=other_broker.url)
    with open_broker(settings) as broker:
        broker.config_set("appendonly", "no")
    verdict = verdicts(settings)["broker"]

    assert verdict.well and "appendonly yes" in verdict.remedy


def test_broker_that_must_not_be_asked_is_noted(running, other_broker):
    """A managed broker forbids CONFIG: that is no fault of it."""
    settings = replace(running, redis_url=other_broker.url)
    with open_broker(settings) as broker:
        broker.execute_command("ACL", "SETUSER", "default", "-config")
    verdict = verdicts(settings)["broker"]

    assert verdict.well and "noeviction" in verdict.remedy


FINE = Probe(True, True, True, 0.0, 0.001, 0.001)


@pytest.mark.parametrize(
    ("changed", "workers", "well", "words"),
    [
        ({"conditional_put": False}, 0, False, "SOHOA_WORKERS=1"),
        ({"conditional_put": False}, 1, True, "SOHOA_WORKERS=1"),
        ({"read_after_write": False}, 0, False, "S3"),
        ({"ahead_s": -70.0}, 0, False, "NTP"),
        ({"ahead_s": 50.0}, 0, True, ""),
    ],
)
def test_store_that_cannot_be_trusted_is_told(running, monkeypatch, changed, workers, well, words):
    """What the probe found out becomes a verdict with its remedy."""
    monkeypatch.setattr("pipeline.storage.objects.probe", lambda store: replace(FINE, **changed))
    verdict = verdicts(replace(running, workers=workers))["store"]

    assert verdict.well == well
    assert words in verdict.remedy


def test_command_tells_well_note_and_ill_and_ends_with_78(home):
    """A monitor reads the exit code or JSON, a person the words."""
    done = subprocess.run(
        [sys.executable, "-m", "workers", "doctor", "--json"],
        env={**os.environ, "SOHOA_HOME": str(home.home), "SOHOA_LANGUAGE": "en"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    told = [json.loads(line) for line in done.stdout.splitlines()]

    assert done.returncode == 78
    assert {one["part"] for one in told if not one["well"]} == {"servers"}
    assert all(one["remedy"] for one in told if not one["well"])
