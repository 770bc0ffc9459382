"""Uploads that were cut off in the middle leave nothing for ever."""

from datetime import timedelta

from pipeline.storage.objects import PART_BYTES


def begin_upload(store, key):
    """Send the first part of a large file, and no more."""
    client = store._connection.client()
    upload_id = client._create_multipart_upload(store.bucket, key, {})
    client._upload_part(store.bucket, key, b"x" * 5_242_880, {}, upload_id, 1)


def test_parts_of_an_upload_that_was_cut_off_are_removed(store):
    """A worker was killed while it sent a large file; a day later the parts go."""
    for n in range(3):
        begin_upload(store, f"files/large-{n}.pdf")

    assert store.abort_stale_uploads() == 0
    assert store.abort_stale_uploads(timedelta(0)) == 3
    assert store.abort_stale_uploads(timedelta(0)) == 0


def test_whole_objects_stay(store, tmp_path):
    """Only what was never finished is removed."""
    large = tmp_path / "large"
    large.write_bytes(b"y" * (PART_BYTES + 1))
    store.put_file("files/whole.pdf", large, "application/pdf")

    store.abort_stale_uploads(timedelta(0))

    assert store.stat("files/whole.pdf").size_bytes == PART_BYTES + 1
