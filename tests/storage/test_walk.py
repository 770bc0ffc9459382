"""The whole bucket, in shards that fit into memory."""

from pipeline.storage import file_key, original_key, put_failed, put_intake, record_id, record_key
from pipeline.storage.walk import read_objects, read_shards

SHA = "c" * 64
IDS = [record_id(str(n), [SHA]) for n in range(40)]


def fill(store):
    for n, found in enumerate(IDS):
        put_intake(store, found, {"files": []})
        if n % 4 == 0:
            store.put_once(record_key(found, 1), b"{}", "application/json")
        if n % 8 == 0:
            store.put_once(record_key(found, 12), b"{}", "application/json")
        if n % 4 == 1:
            put_failed(store, found, {"code": "bug"})


def test_shards_hold_everything_once(store):
    """However small the shards, together they are the bucket."""
    fill(store)

    for size in (1000, 5):
        shards = list(read_shards(store, size))
        received = [one for shard in shards for one in shard.received]
        versions = {k: v for shard in shards for k, v in shard.versions.items()}
        failed = [one for shard in shards for one in shard.failed]

        assert sorted(received) == sorted(IDS)
        assert versions == {one: 12 if n % 8 == 0 else 1 for n, one in enumerate(IDS) if n % 4 == 0}
        assert sorted(failed) == sorted(one for n, one in enumerate(IDS) if n % 4 == 1)
        assert all(one.startswith(shard.prefix) for shard in shards for one in shard.received)
        assert all(len(shard.received) <= size for shard in shards)


def test_an_empty_bucket_is_one_empty_shard(store):
    """It balances, too."""
    (shard,) = read_shards(store)

    assert (shard.received, shard.versions, shard.failed) == (frozenset(), {}, frozenset())


def test_objects_are_told_by_their_try(store):
    """The originals, and the files of each try."""
    original = original_key(IDS[0], 1, SHA, "pdf")
    kept = file_key(IDS[0], "a-1", "pages/0001.xml")
    lost = file_key(IDS[0], "b-2", "archive.pdf")
    for key in (original, kept, lost, file_key(IDS[1], "c-3", "text.txt"), "files/else"):
        store.put_bytes(key, b"x", "text/plain")

    assert read_objects(store, IDS[0]) == {IDS[0]: {"": {original}, "a-1": {kept}, "b-2": {lost}}}
    assert read_objects(store, "").keys() == {IDS[0], IDS[1]}
