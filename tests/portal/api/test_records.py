"""Records and files over HTTP."""

import hashlib

import pytest

RECORD_ID, PENDING_ID = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "BBCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_record_is_fetched_by_its_id(portal):
    """A downstream system gets the whole record, by version too."""
    client = portal()

    newest = client.get(f"/v1/records/{RECORD_ID}")

    assert newest.json()["fields"]["number"]["value"] == "12"
    assert client.get(f"/v1/records/{RECORD_ID}?version=1").json() == newest.json()
    assert client.get(f"/v1/records/{RECORD_ID}?version=2").status_code == 404


def test_file_comes_with_its_hash_and_never_runs(portal):
    """A file is an attachment whose ETag is its SHA-256."""
    client = portal()

    answer = client.get(f"/v1/records/{RECORD_ID}/files/archive.pdf")

    assert answer.content == b"%PDF-1.7 x"
    assert answer.headers["ETag"].strip('"') == hashlib.sha256(answer.content).hexdigest()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = {"If-None-Match": answer.headers["ETag"]}
    assert (
        client.get(f"/v1/records/{RECORD_ID}/files/archive.pdf", headers=again).status_code == 304
    )


def test_originals_are_listed_under_harmless_names(portal):
    """The name that a file was dropped with is never part of an address."""
    client = portal()

    files = client.get(f"/v1/records/{RECORD_ID}/files").json()

    assert [file["name"] for file in files] == ["archive.pdf", "text.txt", "original/1.pdf"]
    assert client.get(f"/v1/records/{RECORD_ID}/files/original/1.pdf").content == b"scan"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("dossier_code=000.00.04.H09-231016-0001", 1),
        ("number=12", 1),
        ("number=13", 0),
        ("state=in_review", 1),
        ("unlinked=true", 0),
        ("", 1),
    ],
)
def test_records_are_found_by_the_keys_that_others_hold(portal, query, found):
    """Look-up by dossier code, number, state, and what is not linked."""
    assert len(portal().get(f"/v1/records?{query}").json()["records"]) == found


def test_status_tells_pending_from_unknown(portal):
    """A document that was received but is not done is pending, any other is not found."""
    client = portal()

    assert client.get(f"/v1/records/{PENDING_ID}/status").json()["status"] == "pending"
    assert client.get(f"/v1/records/{RECORD_ID}/status").json()["status"] == "in_review"
    assert client.get(f"/v1/records/C{PENDING_ID[1:]}/status").status_code == 404


@pytest.mark.parametrize(
    "path", ["files/../../secret", "files/none.txt", "files/%2e%2e/%2e%2e/intake", "files/"]
)
def test_no_path_leads_out_of_a_record(portal, path):
    """Only files that the record names are served."""
    answer = portal().get(f"/v1/records/{RECORD_ID}/{path}")

    assert answer.status_code in (404, 405, 422)


def test_a_malformed_id_is_refused(portal):
    """What is no record ID never reaches the store."""
    assert portal().get("/v1/records/..%2f..%2fetc").status_code in (404, 422)
    assert portal().get("/v1/records/short").status_code == 422
