"""Nothing below a root is reached through a link."""

import os

import pytest

from workers.folders import (
    NotAFile,
    as_path,
    find_entry,
    list_folder,
    open_file,
    path_of,
    sha256_of,
    signature_of,
)


def test_file_below_a_root(tmp_path):
    """A file is read by its names, wherever the read position stands."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c.pdf").write_bytes(b"abc")
    with open_file(tmp_path, ("a", "b", "c.pdf")) as descriptor:
        os.read(descriptor, 2)

        assert sha256_of(descriptor).startswith("ba7816bf")
        assert signature_of(descriptor).size_bytes == 3
        assert path_of(descriptor).read_bytes() == b"abc"


@pytest.mark.parametrize("parts", [("link.pdf",), ("folder", "c.pdf"), ("a", "..", "c.pdf")])
def test_links_and_dots_lead_nowhere(tmp_path, parts):
    """A link as the file or as a folder on the way, or `..`, is an error."""
    (tmp_path / "a").mkdir()
    (tmp_path / "c.pdf").write_bytes(b"abc")
    (tmp_path / "link.pdf").symlink_to(tmp_path / "c.pdf")
    (tmp_path / "folder").symlink_to(tmp_path)

    with pytest.raises((OSError, ValueError)), open_file(tmp_path, parts):
        pass


def test_pipe_does_not_hold_us(tmp_path):
    """A pipe that nobody writes to is refused at once."""
    os.mkfifo(tmp_path / "a.pdf")

    with pytest.raises(NotAFile), open_file(tmp_path, ("a.pdf",)):
        pass


def test_nothing_stays_open(tmp_path):
    """However it ends, every descriptor is closed."""
    (tmp_path / "a").mkdir()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a folder of numbers
    for _ in range(20):
        with pytest.raises(OSError, match="missing"), open_file(tmp_path, ("a", "missing")):
            pass
        list_folder(tmp_path, ("a",))

    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_kinds_of_entries(tmp_path):
    """Files, folders, and all else."""
    (tmp_path / "f").write_bytes(b"12")
    (tmp_path / "d").mkdir()
    (tmp_path / "l").symlink_to(tmp_path / "d")
    found = {entry.name: entry for entry in list_folder(tmp_path, ())}

    assert {name: entry.kind for name, entry in found.items()} == {
        "f": "file", "d": "folder", "l": "other",
    }  # fmt: skip
    assert found["f"].signature.size_bytes == 2


def test_names_become_valid_text():
    """Bytes that are no Unicode are shown as U+FFFD and never fail later."""
    assert as_path(("a", os.fsdecode(b"b\xff.pdf"))) == "a/b\ufffd.pdf"


def test_one_name_below_a_root(tmp_path):
    """It is found as it is now, a link as a link; nothing where a folder on the way has gone."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.pdf").write_bytes(b"abc")
    (tmp_path / "a" / "l.pdf").symlink_to("/etc/passwd")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    found = find_entry(tmp_path, ("a", "b.pdf"))

    assert found is not None and (found.kind, found.signature.size_bytes) == ("file", 3)
    assert found in list_folder(tmp_path, ("a",))
    link = find_entry(tmp_path, ("a", "l.pdf"))
    assert link is not None and link.kind == "other"
    for parts in (("a", "c.pdf"), ("c", "b.pdf"), ("a", "b.pdf", "c"), ("link", "b.pdf")):
        assert find_entry(tmp_path, parts) is None
