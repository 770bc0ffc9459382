"""The balance sheet on the command line, and one command that tries again."""

import json
import signal
import subprocess
import sys

import pytest

from pipeline.storage import commit_record, delete_try, intake_key, list_failed, put_failed


def test_status_balances(office):
    """received = stored + rejected + pending, with the reason of each refusal."""
    found = json.loads(office.sohoa("status", "--json").stdout)

    assert (found["received"], found["stored"], found["rejected"], found["pending"]) == (3, 1, 1, 1)
    assert found["pages"] == {"received": 6, "stored": 2, "rejected": 2, "pending": 2}
    assert found["files"] == {"received": 3, "stored": 1, "rejected": 1, "pending": 1}
    assert found["failures"][office.failed]["code"] == "scan.locked"
    assert found["causes"] == {"scan.locked": 1}
    shown = office.sohoa("status").stdout.decode()
    assert "received 3 = stored 1 + rejected 1 + pending 1" in shown
    assert "pages 6 = stored 2 + rejected 2 + pending 2" in shown
    assert "mật khẩu" in shown


def test_status_follows_what_became_of_documents(office):
    """No sweep needs to run: the question itself counts what has ended."""
    office.sohoa("status")
    put_failed(office.store, office.pending, {"code": "bug", "subject": "b", "detail": ""})

    found = json.loads(office.sohoa("status", "--json").stdout)

    assert (found["rejected"], found["pending"]) == (2, 0)
    assert found["causes"] == {"bug": 1, "scan.locked": 1}


def test_status_is_live(office):
    """`--watch` shows it again until it is stopped, and ends in good order."""
    environ = office.environ()
    command = [sys.executable, "-m", "workers", "status", "--watch", "--json"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as process:
        first = json.loads(process.stdout.readline())
        put_failed(office.store, office.pending, {"code": "bug", "subject": "b", "detail": ""})
        later = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0

    assert (first["pending"], later["pending"]) == (1, 0)


def test_reconcile_balances_a_sound_bucket(office):
    """In = stored + rejected + pending for documents, files and pages; exit 0."""
    done = office.sohoa("reconcile", "--json")

    sheet = json.loads(done.stdout)
    assert done.returncode == 0
    assert sheet["balanced"] and sheet["faults"] == []
    assert sheet["documents"] == {"received": 3, "stored": 1, "rejected": 1, "pending": 1}
    assert sheet["pages"] == {"received": 6, "stored": 2, "rejected": 2, "pending": 2}
    assert b"balanced" in office.sohoa("reconcile", "--quick").stdout


@pytest.mark.parametrize("quick", [True, False])
def test_reconcile_names_what_is_gone(office, quick):
    """A file that a record names was removed behind our back: exit 1, and the key is said."""
    office.sohoa("reconcile")
    delete_try(office.store, office.done, "a-1")

    done = office.sohoa("reconcile", *(["--quick"] if quick else []))

    assert (done.returncode, b"text.txt" in done.stdout) == ((0, False) if quick else (1, True))
    assert (b"does not balance" in done.stdout) == (not quick)


def test_reconcile_names_a_lost_intake(office):
    """The books remember what the bucket has lost."""
    office.sohoa("reconcile")
    office.store.delete(intake_key(office.pending))

    done = office.sohoa("reconcile", "--json")

    assert done.returncode == 1
    faults = json.loads(done.stdout)["faults"]
    assert [(f["record_id"], f["code"]) for f in faults] == [(office.pending, "balance.gone")]


def test_retry_makes_a_refused_document_pending(office):
    """An operator tries a document again with one command."""
    office.sohoa("status")
    assert office.sohoa("retry", office.failed).returncode == 0

    assert json.loads(office.sohoa("status", "--json").stdout)["pending"] == 2


def test_retry_by_class_takes_that_class_alone(office):
    """After a broken disk was mended, all that it broke is tried again, and nothing else."""
    put_failed(office.store, office.pending, {"code": "tool.timeout", "subject": "b", "detail": ""})

    done = office.sohoa("retry", "--class", "tool")

    assert done.returncode == 0
    assert list_failed(office.store) == {office.failed}
    assert b"1 of class tool" in done.stdout


def test_retry_asks_for_one_of_both(office):
    """Nothing is retried by mistake."""
    assert office.sohoa("retry").returncode == 2
    assert office.sohoa("retry", "nonsense").returncode == 2
    assert office.sohoa("retry", office.pending).returncode == 1
    assert list_failed(office.store) == {office.failed}


def test_stored_wins_over_a_hasty_verdict(office):
    """A try that was given up came through after all: one document, stored, no failure left."""
    record = {"record_id": office.failed, "version": 1, "attempt": "late", "pages": [1, 2]}
    assert commit_record(office.store, record, "late").won

    sheet = json.loads(office.sohoa("reconcile", "--json").stdout)

    assert sheet["balanced"]
    assert sheet["documents"]["stored"] == 2
    assert list_failed(office.store) == set()
