"""The doctor: every part has a verdict, every ill one a remedy."""

from pipeline.settings import Settings
from workers import health
from workers.connections import Addresses, write_addresses
from workers.health import examine


def verdicts(settings):
    return {verdict.part: verdict for verdict in examine(settings)}


def test_without_servers_the_rest_is_still_examined(tmp_path):
    """What can be said without servers is said, and the servers' absence with its remedy."""
    found = verdicts(Settings(home=tmp_path, language="en"))

    assert found["poppler"].well and found["schemas"].well and found["folders"].well
    assert not found["servers"].well
    assert "sohoa up" in found["servers"].found


def test_a_well_system_is_well(tmp_path, broker, store_server, store):
    """Broker, store and catalogue are examined on the real servers."""
    settings = Settings(home=tmp_path, s3_bucket=store.bucket)
    settings.data.mkdir()
    addresses = Addresses(
        broker.url, store_server.endpoint, store_server.access_key, store_server.secret_key
    )
    write_addresses(settings, addresses)

    found = verdicts(settings)

    assert {part for part, verdict in found.items() if not verdict.well} == set()
    assert {"broker", "store", "catalogue"} <= set(found)


def test_missing_programs_are_named_with_their_package(tmp_path, monkeypatch):
    """The operator reads which package to install."""
    monkeypatch.setattr(health.shutil, "which", lambda name: None)

    assert "poppler-utils" in verdicts(Settings(home=tmp_path))["poppler"].remedy


def test_a_nearly_full_disk_is_said_before_it_is_full(tmp_path, monkeypatch):
    """The operator has time to act."""
    usage = type("Usage", (), {"free": 5_000_000})
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: usage)

    assert not verdicts(Settings(home=tmp_path))["disk"].well
