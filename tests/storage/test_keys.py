"""Names of objects: one paper, one name, and nothing else is a name."""

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.storage import (
    Key,
    aimed_at,
    failed_key,
    file_key,
    files_prefix,
    intake_key,
    is_record_id,
    original_key,
    parse_key,
    part_key,
    record_id,
    record_key,
    try_key,
    version_attempt,
)

ALNUM = string.ascii_letters + string.digits
sha256s = st.text("0123456789abcdef", min_size=64, max_size=64)
codes = st.none() | st.text(max_size=40)
ids = st.builds(lambda code, sha: record_id(code, [sha]), codes, sha256s)
segments = st.builds(
    lambda first, rest: first + rest, st.sampled_from(ALNUM), st.text(ALNUM + "._-", max_size=30)
)
attempts = st.builds(
    lambda first, rest: first + rest, st.sampled_from(ALNUM), st.text(ALNUM + "_-", max_size=40)
)
names = st.lists(segments, min_size=1, max_size=3).map("/".join)
A, B = "a" * 64, "b" * 64


@given(ids, st.integers(1, 99_999), sha256s, attempts, names)
def test_a_key_can_be_read_again(record, number, sha256, attempt, name):
    """Every key says which document, room and number it is of."""
    keys = {
        original_key(record, number, sha256, ".pdf"): ("original", number, None),
        intake_key(record): ("intake", None, None),
        record_key(record, number): ("record", number, None),
        file_key(record, attempt, name): ("files", None, attempt),
        try_key(record, attempt): ("files", None, attempt),
        part_key(record, number): ("part", number, None),
        failed_key(record): ("failed", None, None),
    }
    for key, (room, n, by) in keys.items():
        parsed = parse_key(key)

        assert (parsed.room, parsed.record_id, parsed.number, parsed.attempt) == (
            room,
            record,
            n,
            by,
        )
        assert str(parsed) == key
        assert key.isascii()


@given(codes, st.lists(sha256s, min_size=1, max_size=5), st.randoms())
def test_the_order_of_the_scans_does_not_count(code, hashes, random):
    """A folder of pages is the same document however the scanner named them."""
    shuffled = random.sample(hashes, len(hashes))

    assert record_id(code, shuffled) == record_id(code, hashes)
    assert is_record_id(record_id(code, hashes))


def test_the_same_paper_in_two_dossiers_is_two_records():
    """The dossier's code is part of the identity; a missing code is an identity of its own."""
    assert len({record_id(code, [A]) for code in ("H09-1", "H09-2", None)}) == 3
    assert record_id(None, [A]) == record_id("", [A]) == record_id("  ", [A])


def test_the_id_is_fixed_for_ever():
    """Records of last year must be found by the same paper dropped today."""
    assert record_id("000.00.04.H09-231016-0001", [B, A]) == "5IZJTUVEIOSLZERH6RVSJJATGB"


def test_a_decomposed_folder_name_is_the_same_dossier():
    """A share that a Mac wrote to gives the same ID as a Windows one."""
    code = "HỒ SƠ 1"

    assert record_id(unicodedata.normalize("NFD", code), [A]) == record_id(code, [A])


def test_parts_of_an_id_cannot_run_into_each_other():
    """No dossier code can be chosen so that it passes for a hash."""
    assert record_id(A, [B]) != record_id(None, [A, B])


@pytest.mark.parametrize("hashes", [[], ["a" * 63], ["A" * 64], ["../" + "a" * 61]])
def test_what_is_no_hash_is_refused(hashes):
    """An ID over anything else would silently join or split documents."""
    with pytest.raises(ValueError, match="SHA-256"):
        record_id(None, hashes)


@given(st.text(max_size=60))
def test_no_other_text_gets_into_a_key(text):
    """Names from scanners and clerks cannot leave their room."""
    for make in (
        intake_key,
        failed_key,
        lambda t: record_key(t, 1),
        lambda t: file_key(t, "a", "b"),
        files_prefix,
    ):
        if not is_record_id(text):
            with pytest.raises(ValueError, match="not a"):
                make(text)


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "a/../../x", "/x", "a//b", "a/", "ảnh.pdf", "a b"]
)
def test_a_file_stays_in_its_attempt(name):
    """A path that climbs, or letters that S3 clients encode differently, are refused."""
    with pytest.raises(ValueError, match="not a key"):
        file_key(record_id(None, [A]), "try1", name)


@pytest.mark.parametrize(
    "key",
    [
        "record/{id}/1.json",
        "record/{id}/00001.json",
        "record/{id}/0000.json",
        "record/{id}/0001.json.tmp",
        "original/{id}/0-aaaaaaaaaaaaaaaa.pdf",
        "part/{id}/01.json",
        "intake/{id}",
        "probe/x",
        "intake/abc.json",
    ],
)
def test_a_key_has_one_spelling(key):
    """What looks like a key but was not made here is refused."""
    with pytest.raises(ValueError, match="not a key"):
        parse_key(key.format(id=record_id(None, [A])))


def test_versions_sort_as_numbers_do():
    """The ten-thousandth version is not the first again."""
    record = record_id(None, [A])

    assert record_key(record, 1).endswith("/0001.json")
    assert parse_key(record_key(record, 12_345)) == Key("record", record, 12_345)
    with pytest.raises(ValueError, match="count from 1"):
        record_key(record, 0)


@pytest.mark.parametrize("extension", ["", ".", ".PDF", "p/df", "x" * 9])
def test_an_extension_is_a_few_small_letters(extension):
    """It comes from the scan's content, so anything else is a bug."""
    with pytest.raises(ValueError, match="extension"):
        original_key(record_id(None, [A]), 1, A, extension)


def test_a_prefix_holds_one_attempt():
    """Sweeping one try never touches another whose name begins alike."""
    record = record_id(None, [A])

    assert files_prefix(record, "t1") == f"files/{record}/t1/"
    assert files_prefix(record) == f"files/{record}/"


def test_an_attempt_says_at_which_version_it_aims():
    """A try aims at version 1, one that builds on a record at the next."""
    assert aimed_at(version_attempt(12)) == 12
    assert version_attempt(2) != version_attempt(2)
    assert aimed_at("20261123T080000-0123456789ab") == aimed_at("a-1") == 1
    assert parse_key(file_key("A" * 26, version_attempt(2), "archive.pdf")).attempt
