"""One document, once: whoever works on it, how often, and wherever it is cut off."""

import contextlib
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import (
    ArchiveDiffers,
    DiskFull,
    ScanLocked,
    SetupError,
    StoreError,
    ToolCrashed,
)
from pipeline.model import Dossier
from pipeline.storage import (
    count_tries,
    forget_failure,
    get_failed,
    latest_record,
    latest_version,
    list_failed,
    mark_try,
)
from workers import jobs
from workers.connections import open_catalogue
from workers.documents import Paper
from workers.folders import list_folder
from workers.intake import Facts, Origin, take_in
from workers.jobs import digitize_document, prepare, read_tries


@pytest.fixture
def taken(home, store, drop):
    """Take in a paper of a dossier and return its ID."""

    def take(name="a.pdf", words="a"):
        drop(f"D-1/{name}", words)
        found = {e.name: e.signature for e in list_folder(home.inbox, ("D-1",))}
        place = ("D-1", name)
        facts = Facts(Dossier(code="D-1", procedure="1.001234"), 2, "birth-certificate")
        origin = Origin(home.inbox, f"D-1/{name}", "quầy 1", "counter")
        return take_in(
            Paper(place, (place,), (found[name],)), facts, origin, store, 10**9
        ).record_id

    return take


def failing(error):
    def digitize(document, capture, out, settings):
        raise error

    return digitize


def test_document_becomes_a_record(taken, desk, store, quick_digitize):
    """The record says where the paper came from and what was declared of it."""
    record_id = taken()

    digitize_document(record_id, desk, quick_digitize)

    record = latest_record(store, record_id)
    assert record["dossier"]["code"] == "D-1"
    assert record["document"]["ordinal"] == 2
    assert record["doc_type"] == "birth-certificate"
    assert record["capture"]["source_path"] == "D-1/a.pdf"
    assert record["capture"]["station"] == "quầy 1"
    assert store.get(record["files"][0]["key"]).startswith(b"%PDF-1.7")
    assert record["originals"][0]["key"].startswith("original/")


def test_scratch_is_empty_afterwards(taken, desk, quick_digitize):
    """Neither success nor failure leaves a copy of a paper on this machine."""
    digitize_document(taken(), desk, quick_digitize)
    digitize_document(taken("b.pdf", "b"), desk, failing(ScanLocked("b.pdf")))

    assert list(desk.scratch.iterdir()) == []


def test_record_enters_the_catalogue(taken, desk, home, quick_digitize):
    """Whoever looks for the dossier finds the record."""
    record_id = taken()
    digitize_document(record_id, desk, quick_digitize)

    catalogue = open_catalogue(home)
    row = catalogue.get(record_id)
    catalogue.close()
    assert row["dossier_code"] == "D-1"


def test_broken_catalogue_does_not_fail_the_job(taken, desk, home, store, quick_digitize, caplog):
    """The catalogue is a cache: without it the record is stored all the same."""
    (home.data / "catalogue.db").mkdir()
    record_id = taken()

    with caplog.at_level(logging.WARNING):
        digitize_document(record_id, desk, quick_digitize)

    assert latest_version(store, record_id) == 1
    assert "not in the catalogue" in caplog.text


def test_second_run_does_nothing(taken, desk, store, quick_digitize):
    """A job that runs again makes no second version and no second try."""
    record_id = taken()
    digitize_document(record_id, desk, quick_digitize)

    digitize_document(record_id, desk, failing(AssertionError("must not run")))

    assert latest_version(store, record_id) == 1
    assert count_tries(store, record_id) == 1


def test_two_workers_at_once_make_one_record(taken, desk, store, quick_digitize):
    """The loser finds the winner's record and removes its own files."""
    record_id = taken()

    def slow(document, capture, out, settings):
        digitize_document(record_id, desk, quick_digitize)  # another worker is faster
        return quick_digitize(document, capture, out, settings)

    digitize_document(record_id, desk, slow)

    record = latest_record(store, record_id)
    attempts = {key.split("/")[2] for key in store.list(f"files/{record_id}/")}
    assert record["version"] == 1
    assert attempts == {record["attempt"]}


def test_scan_error_sets_aside_at_once(taken, desk, store):
    """A locked PDF stays locked: it is not tried again."""
    record_id = taken()

    digitize_document(record_id, desk, failing(ScanLocked("a.pdf", "mật khẩu")))

    failure = get_failed(store, record_id)
    assert (failure["code"], failure["subject"], failure["tries"]) == ("scan.locked", "a.pdf", 1)
    assert failure["detail"] == "mật khẩu"


@pytest.mark.parametrize("error", [ArchiveDiffers("a.pdf"), KeyError("bug"), ToolCrashed("a.pdf")])
def test_failures_are_counted_in_the_bucket(taken, desk, store, error):
    """After three failures the document is set aside; before that each is raised to be retried."""
    record_id = taken()

    for _ in range(desk.settings.tries - 1):
        with pytest.raises(type(error)):
            digitize_document(record_id, desk, failing(error))
        assert list_failed(store) == set()
    digitize_document(record_id, desk, failing(error))

    failure = get_failed(store, record_id)
    assert failure["tries"] == 3
    assert failure["code"] == getattr(error, "code", "bug")


def test_bug_is_kept_with_its_traceback(taken, desk, store):
    """What nobody expected can be looked up later."""
    record_id = taken()
    for _ in range(3):
        with contextlib.suppress(ZeroDivisionError):
            digitize_document(record_id, desk, failing(ZeroDivisionError("oops")))

    assert "ZeroDivisionError: oops" in get_failed(store, record_id)["detail"]


@pytest.mark.parametrize("error", [StoreError("store"), DiskFull("/scratch"), SetupError("x")])
def test_servers_and_disks_count_nothing(taken, desk, store, error, quick_digitize):
    """An outage of hours does not condemn a single document."""
    record_id = taken()

    for _ in range(desk.settings.tries + 2):
        with pytest.raises(type(error)):
            digitize_document(record_id, desk, failing(error))
    digitize_document(record_id, desk, quick_digitize)

    assert latest_version(store, record_id) == 1


def test_silent_ends_are_mostly_not_the_documents_fault(taken, desk, store, quick_digitize):
    """Power cuts and killed workers leave a document its tries, up to a bound."""
    record_id = taken()
    for n in range(desk.settings.tries + 1):
        mark_try(store, record_id, f"killed-{n}", {})

    digitize_document(record_id, desk, quick_digitize)

    assert latest_version(store, record_id) == 1


def test_poison_is_set_aside_in_the_end(taken, desk, store, quick_digitize):
    """A document that kills its worker each time does not do so for ever."""
    record_id = taken()
    for n in range(desk.settings.tries + jobs.SILENT_TRIES):
        mark_try(store, record_id, f"killed-{n}", {})

    digitize_document(record_id, desk, quick_digitize)

    assert get_failed(store, record_id)["code"] == "tool.crashed"
    assert latest_version(store, record_id) == 0


def test_set_aside_document_waits_for_retry(taken, desk, store, quick_digitize):
    """Nothing is done with it until a person says so; then its tries count from zero."""
    record_id = taken()
    for _ in range(2):
        with pytest.raises(ToolCrashed):
            digitize_document(record_id, desk, failing(ToolCrashed("a.pdf")))
    digitize_document(record_id, desk, failing(ToolCrashed("a.pdf")))
    digitize_document(record_id, desk, quick_digitize)
    assert latest_version(store, record_id) == 0

    forget_failure(store, record_id)
    assert read_tries(store, record_id) == jobs.Tries(0, 0)
    digitize_document(record_id, desk, quick_digitize)

    assert latest_version(store, record_id) == 1


def test_changed_original_is_never_digitized(taken, desk, store, quick_digitize):
    """What the bucket gives back must be what was received."""
    record_id = taken()
    (key,) = store.list(f"original/{record_id}/")
    store.put_bytes(key, b"%PDF other", "application/pdf")

    with pytest.raises(StoreError, match="not what was received"):
        digitize_document(record_id, desk, quick_digitize)


def test_unknown_document_is_dropped(desk, store):
    """A job without an intake is nothing: it ends."""
    digitize_document("A" * 26, desk, failing(AssertionError()))

    assert list_failed(store) == set()


def test_scratch_of_a_dead_worker_is_removed(running):
    """A worker that was killed leaves no paper behind once another one starts."""
    code = """
import os
from pipeline.settings import from_environ
from workers.jobs import prepare
desk = prepare(from_environ(), "counter")
(desk.scratch / "job").mkdir()
(desk.scratch / "job" / "paper.pdf").touch()
print(desk.scratch, flush=True)
os.kill(os.getpid(), 9)
"""
    environ = {**os.environ, **running.as_environ()}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False
    )
    left = Path(done.stdout.strip())
    assert (left / "job" / "paper.pdf").exists(), done.stderr

    mine = prepare(running, "counter").scratch

    assert not left.exists()
    assert mine.exists()


def test_causes_are_json(taken, desk, store):
    """Everything that is kept of a failure can be read by other programs."""
    record_id = taken()
    with pytest.raises(ToolCrashed):
        digitize_document(record_id, desk, failing(ToolCrashed("a\udcff.pdf", "x")))

    (key,) = [key for key in store.list(f"files/{record_id}/") if key.endswith("failed.json")]
    assert json.loads(store.get(key))["code"] == "tool.crashed"
