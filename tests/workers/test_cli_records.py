"""Asking for records on the command line, on real servers."""

import json

from pipeline.storage import Catalogue


def test_get_gives_record_and_files(office):
    """A record and its files are fetched by ID."""
    assert json.loads(office.sohoa("get", office.done).stdout)["record_id"] == office.done
    assert office.sohoa("get", office.done, "--file", "text.txt").stdout == "chữ".encode()
    assert office.sohoa("get", office.done, "--file", "none.txt").returncode == 78


def test_get_says_why_there_is_no_record(office):
    """Pending, set aside and unknown are three different answers."""
    answers = [
        office.sohoa("get", record_id) for record_id in (office.failed, office.pending, office.none)
    ]

    assert {answer.returncode for answer in answers} == {1}
    assert b"set aside" in answers[0].stderr
    assert b"not done yet" in answers[1].stderr
    assert b"no record" in answers[2].stderr


def test_catalogue_is_made_again_from_the_bucket(office):
    """A lost catalogue costs one command."""
    assert office.sohoa("catalogue", "rebuild").returncode == 0

    catalogue = Catalogue(f"sqlite:///{office.settings.home / 'data' / 'catalogue.db'}")
    assert catalogue.get(office.done)["state"] == "stored"
    catalogue.close()
