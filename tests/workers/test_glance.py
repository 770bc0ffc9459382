"""A number tells whether anything below a name has changed, whatever a share's folders say."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers import glance as module
from workers.documents import MOST_DEPTH
from workers.glance import glance


def numbers(root, troubles=None):
    on_trouble = (lambda *trouble: None) if troubles is None else lambda *t: troubles.append(t)
    return {entry.name: number for entry, number in glance(root, on_trouble)}


def touch(path, data=b"x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.fixture
def inbox(tmp_path):
    touch(tmp_path / "loose.pdf")
    touch(tmp_path / "D-1" / "a.pdf")
    touch(tmp_path / "D-1" / "f" / "1.jpg")
    touch(tmp_path / "D-2" / "a.pdf")
    return tmp_path


def test_nothing_changed(inbox):
    """As long as nothing changes the numbers stay."""
    assert set(numbers(inbox)) == {"loose.pdf", "D-1", "D-2"}
    assert numbers(inbox) == numbers(inbox)


def grow(path):
    with path.open("ab") as stream:
        stream.write(b"more")


def rewrite(path):
    before = path.stat()
    path.write_bytes(b"y")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))


def replace(path):
    before = path.stat()
    new = path.with_name("new")
    new.write_bytes(b"y")
    os.utime(new, ns=(before.st_atime_ns, before.st_mtime_ns))
    new.rename(path)


@pytest.mark.parametrize(
    "change",
    [
        grow,
        rewrite,
        replace,
        Path.unlink,
        lambda path: path.rename(path.with_name("b.pdf")),
        lambda path: touch(path.with_name("2.jpg.part")),
        lambda path: path.with_name("inner").mkdir(),
        lambda path: (path.unlink(), path.symlink_to("/etc/passwd")),
    ],
)
@pytest.mark.parametrize("name", ["D-1/a.pdf", "D-1/f/1.jpg"])
def test_every_change_is_told(inbox, change, name):
    """Also where the time of the folder above tells nothing, and of no other name."""
    before = numbers(inbox)
    folder = (inbox / name).parent.stat()
    change(inbox / name)
    os.utime((inbox / name).parent, ns=(folder.st_atime_ns, folder.st_mtime_ns))
    after = numbers(inbox)

    assert {key for key in before if before[key] != after[key]} == {"D-1"}


def test_loose_file_that_grows(inbox):
    """The same for a file without a dossier."""
    before = numbers(inbox)
    grow(inbox / "loose.pdf")
    after = numbers(inbox)

    assert {key for key in before if before[key] != after[key]} == {"loose.pdf"}


_NAMES = st.sampled_from(["a.pdf", "b", "đơn", "1.jpg", "é", "e\u0301", "x y"])
_PLACES = st.lists(_NAMES, min_size=1, max_size=4).map(tuple)


@settings(max_examples=60, deadline=None)
@given(st.lists(_PLACES, min_size=1, max_size=8, unique=True), st.data())
def test_the_number_of_one_name_alone_changes(places, data):
    """In any tree, whichever file grows."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        files = []
        for place in places:
            try:
                files.append(touch(root.joinpath(*place)))
            except OSError:
                continue  # a file stands where a folder is needed, or the other way round
        before = numbers(root)
        grown = data.draw(st.sampled_from(files))
        grow(grown)
        after = numbers(root)

    assert {key for key in before if before[key] != after[key]} == {
        grown.relative_to(root).parts[0]
    }


def test_what_is_no_scan_is_left_out(tmp_path):
    """Hidden, unfinished and desktop's files at the top are not even read; links are no folders."""
    for name in (".hidden.pdf", ".git/x.pdf", "a.pdf.part", "Thumbs.db", "._a.pdf"):
        touch(tmp_path / name)
    (tmp_path / "link").symlink_to("/etc")
    found = {entry.name: entry.kind for entry, _ in glance(tmp_path, lambda *trouble: None)}

    assert found == {"link": "other"}


def test_unreadable_folder_is_told_and_the_others_go_on(inbox, monkeypatch):
    """One dossier without rights, one folder inside a dossier that cannot be read."""
    real = module.open_below

    def refuse(name, above):
        if name in ("D-2", "f"):
            raise PermissionError(13, "Permission denied")
        return real(name, above)

    monkeypatch.setattr(module, "open_below", refuse)
    troubles = []

    assert set(numbers(inbox, troubles)) == {"loose.pdf", "D-1"}
    assert [place for place, _ in troubles] == [("D-2",)]
    assert numbers(inbox) == numbers(inbox)


def test_one_name_that_the_share_cannot_tell_about_hides_no_other(inbox, monkeypatch):
    """A server that fails on a name, an odd one, must not blind the watcher."""
    real = module.entry_of

    def refuse(found):
        if found.name == "loose.pdf":
            raise OSError(22, "Invalid argument")
        return real(found)

    monkeypatch.setattr(module, "entry_of", refuse)
    troubles = []

    assert set(numbers(inbox, troubles)) == {"D-1", "D-2"}
    assert [place for place, _ in troubles] == [("loose.pdf",)]


def test_unreadable_inbox_is_an_error(tmp_path):
    """Nothing is known then: least of all that it is empty."""
    with pytest.raises(OSError, match="missing"):
        numbers(tmp_path / "missing")


def test_trap_of_folders_leads_no_further_than_papers_are_sought(tmp_path):
    """However deep it is, and nothing stays open."""
    deep = tmp_path / "D"
    for _ in range(60):
        deep = deep / "d"
    touch(deep / "a.pdf")
    shallow = touch(tmp_path.joinpath("D", *["d"] * MOST_DEPTH, "b.pdf"))
    before, descriptors = numbers(tmp_path), len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    grow(deep / "a.pdf")
    assert numbers(tmp_path) == before
    grow(shallow)

    assert numbers(tmp_path) != before
    assert len(os.listdir("/proc/self/fd")) == descriptors  # noqa: PTH208
