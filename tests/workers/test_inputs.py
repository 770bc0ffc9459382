"""What a person typed, as documents."""

import hashlib

from pipeline.model import Dossier
from pipeline.storage import record_id
from workers.inputs import find_inputs


def test_a_folder_of_page_images_is_one_document(tmp_path):
    """Single-page images in a folder are pages, in natural order."""
    for name in ("10.jpg", "9.jpg"):
        (tmp_path / name).write_bytes(name.encode())

    (found,) = find_inputs([tmp_path], Dossier(), "")

    assert [scan.name for scan in found.document.scans] == ["9.jpg", "10.jpg"]


def test_a_folder_of_documents_is_one_document_each(tmp_path):
    """Other scans in a folder are documents of their own; what is no scan is left alone."""
    for name in ("a.pdf", "b.tif", ".hidden.pdf", "dossier.json"):
        (tmp_path / name).write_bytes(name.encode())

    found = find_inputs([tmp_path], Dossier("H09-231016-0001"), "quầy 1")

    assert sorted(one.path.name for one in found) == ["a.pdf", "b.tif"]
    assert {one.capture.station for one in found} == {"quầy 1"}


def test_the_record_id_follows_content_and_dossier(tmp_path):
    """The same scan has the same ID under any name, another in another dossier."""
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(b"scan")
    paths = [tmp_path / "a.pdf", tmp_path / "b.pdf"]

    one, other = find_inputs(paths, Dossier("H09-231016-0001"), "")
    (elsewhere,) = find_inputs(paths[:1], Dossier("H09-231016-0002"), "")

    assert one.capture.record_id == other.capture.record_id != elsewhere.capture.record_id
    digest = hashlib.sha256(b"scan").hexdigest()
    assert one.capture.record_id == record_id("H09-231016-0001", [digest])


def test_what_is_not_there_is_an_input_with_an_error(tmp_path):
    """Nothing that was typed is dropped without a word."""
    (found,) = find_inputs([tmp_path / "none.pdf"], Dossier(), "")

    assert found.document is None
    assert found.error.subject == "none.pdf"
