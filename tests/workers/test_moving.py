"""Moves never overwrite, never lose, and work where rename does not."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from workers import moving
from workers.folders import list_folder
from workers.moving import Gone, claim_name, free_name, make_folder, move_file, move_folder


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def outbox(tmp_path):
    (tmp_path / "out" / "D").mkdir(parents=True)
    return tmp_path / "out"


@pytest.fixture
def share(monkeypatch, inbox):
    """Make inbox and outbox lie on different file systems."""
    real = os.rename

    def rename(source, target, *, src_dir_fd=None, dst_dir_fd=None):
        ends = [Path(f"/proc/self/fd/{one}").readlink() for one in (src_dir_fd, dst_dir_fd)]
        if len({end.is_relative_to(inbox) for end in ends}) == 2:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        real(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    monkeypatch.setattr(os, "rename", rename)


def signature(root, *parts):
    (found,) = [e for e in list_folder(root, parts[:-1]) if e.name == parts[-1]]
    return found.signature


def pages(root, name):
    return [(e.name, e.signature) for e in list_folder(root, (name,))]


def put(path, data=b"scan"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def move(inbox, outbox, name="a.pdf"):
    move_file(inbox, (name,), signature(inbox, name), outbox, ("D", name))


def test_ticket_claims_the_name(outbox):
    """The first free name whose ticket is free is taken, file names that exist are passed over."""
    put(outbox / "D" / "a.pdf", b"older")
    put(outbox / "D" / "a-2.pdf.txt", b"another's ticket")

    assert claim_name(outbox, ("D",), "a.pdf", b"ticket") == "a-3.pdf"
    assert (outbox / "D" / "a-3.pdf.txt").read_bytes() == b"ticket"
    assert (outbox / "D" / "a.pdf").read_bytes() == b"older"


@pytest.mark.parametrize("left", [b"", b"tic", b"ticket"])
def test_own_ticket_is_used_again_after_a_cut(outbox, left):
    """A crash while the ticket is written, or before the file moves, leaves no second ticket."""
    put(outbox / "D" / "a.pdf.txt", left)

    assert claim_name(outbox, ("D",), "a.pdf", b"ticket") == "a.pdf"
    assert (outbox / "D" / "a.pdf.txt").read_bytes() == b"ticket"


def test_ticket_is_never_written_through_a_link(outbox, tmp_path):
    """A link that waits under the ticket's name is left alone."""
    put(tmp_path / "precious", b"")
    (outbox / "D" / "a.pdf.txt").symlink_to(tmp_path / "precious")

    assert claim_name(outbox, ("D",), "a.pdf", b"ticket") == "a-2.pdf"
    assert (tmp_path / "precious").read_bytes() == b""


def test_long_names_are_cut_for_their_ticket(outbox):
    """The longest name that a disk allows still gets a ticket, and keeps its ending."""
    name = "ệ" * 83 + ".pdf"
    put(outbox / "D" / name)
    claimed = claim_name(outbox, ("D",), name, b"ticket")

    assert claimed.endswith(".pdf") and claimed.startswith("ệệệ")
    assert len(os.fsencode(claimed + ".txt")) <= 255


def test_file_moves(inbox, outbox):
    """It leaves here and stands there."""
    put(inbox / "a.pdf")
    move(inbox, outbox)

    assert not (inbox / "a.pdf").exists()
    assert (outbox / "D" / "a.pdf").read_bytes() == b"scan"


def test_file_moves_between_disks(inbox, outbox, share):
    """Copied, to disk, verified, and only then removed."""
    put(inbox / "a.pdf")
    move(inbox, outbox)

    assert os.listdir(inbox) == []  # noqa: PTH208
    assert os.listdir(outbox / "D") == ["a.pdf"]  # noqa: PTH208


def test_changed_file_does_not_move(inbox, outbox):
    """What is not what was digitized stays in the inbox."""
    put(inbox / "a.pdf")
    before = signature(inbox, "a.pdf")
    put(inbox / "a.pdf", b"another scan")

    with pytest.raises(Gone):
        move_file(inbox, ("a.pdf",), before, outbox, ("D", "a.pdf"))
    assert (inbox / "a.pdf").read_bytes() == b"another scan"
    assert not (outbox / "D" / "a.pdf").exists()


def test_missing_file_is_gone(inbox, outbox):
    """Another watcher was faster."""
    put(inbox / "a.pdf")
    before = signature(inbox, "a.pdf")
    (inbox / "a.pdf").unlink()

    with pytest.raises(Gone):
        move_file(inbox, ("a.pdf",), before, outbox, ("D", "a.pdf"))


def test_failed_copy_leaves_the_file_and_no_trace(inbox, outbox, share, monkeypatch):
    """A full disk in mid-copy costs nothing."""
    put(inbox / "a.pdf")

    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(moving, "_write_copy", full)
    with pytest.raises(OSError, match="No space"):
        move(inbox, outbox)
    assert (inbox / "a.pdf").exists()
    assert os.listdir(outbox / "D") == []  # noqa: PTH208


def test_copy_that_differs_is_refused(inbox, outbox, share, monkeypatch):
    """A share that stores other bytes than it was sent is found out."""
    put(inbox / "a.pdf")
    hashes = iter(["one", "other"])
    monkeypatch.setattr(moving, "sha256_of", lambda descriptor: next(hashes))

    with pytest.raises(OSError, match="differs"):
        move(inbox, outbox)
    assert (inbox / "a.pdf").exists()


def test_what_a_killed_watcher_left_is_written_over(inbox, outbox, share):
    """Half a copy of a citizen's paper does not stay for ever, nor is it taken for the whole."""
    put(inbox / "a.pdf", b"whole")
    put(outbox / "D" / ".a.pdf.part", b"half of something longer")

    move(inbox, outbox)

    assert (outbox / "D" / "a.pdf").read_bytes() == b"whole"
    assert os.listdir(outbox / "D") == ["a.pdf"]  # noqa: PTH208


def test_two_watchers_never_write_one_copy(inbox, outbox, share):
    """The second leaves it to the first."""
    put(inbox / "a.pdf", b"whole")
    put(outbox / "D" / ".a.pdf.part", b"of the first")
    with (outbox / "D" / ".a.pdf.part").open("rb") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        with pytest.raises(Gone):
            move(inbox, outbox)

    assert (outbox / "D" / ".a.pdf.part").read_bytes() == b"of the first"
    assert (inbox / "a.pdf").exists()


def test_pages_that_a_killed_watcher_left_are_not_delivered(inbox, outbox, share):
    """Its half folder held a page that is in no record."""
    put(inbox / "f" / "1.jpg", b"1")
    put(outbox / "D" / ".f.part" / "9.jpg", b"stale")

    move_folder(inbox, ("f",), pages(inbox, "f"), outbox, ("D", "f"))

    assert os.listdir(outbox / "D" / "f") == ["1.jpg"]  # noqa: PTH208
    assert os.listdir(outbox / "D") == ["f"]  # noqa: PTH208


@pytest.mark.parametrize("disks", [1, 2])
def test_folder_of_pages_moves_whole(inbox, outbox, disks, request):
    """All its pages and the folder itself."""
    if disks == 2:
        request.getfixturevalue("share")
    put(inbox / "f" / "1.jpg", b"1")
    put(inbox / "f" / "2.jpg", b"2")
    move_folder(inbox, ("f",), pages(inbox, "f"), outbox, ("D", "f"))

    assert not (inbox / "f").exists()
    assert (outbox / "D" / "f" / "2.jpg").read_bytes() == b"2"
    assert os.listdir(outbox / "D") == ["f"]  # noqa: PTH208


@pytest.mark.parametrize("disks", [1, 2])
def test_folder_with_a_new_page_stays(inbox, outbox, disks, request):
    """A page that is in no record never leaves the inbox."""
    if disks == 2:
        request.getfixturevalue("share")
    put(inbox / "f" / "1.jpg", b"1")
    taken = pages(inbox, "f")
    put(inbox / "f" / "2.jpg", b"2")

    with pytest.raises(Gone):
        move_folder(inbox, ("f",), taken, outbox, ("D", "f"))
    assert sorted(p.name for p in (inbox / "f").iterdir()) == ["1.jpg", "2.jpg"]
    assert not (outbox / "D" / "f").exists()


def test_page_that_comes_in_the_last_moment_brings_the_folder_back(inbox, outbox, monkeypatch):
    """Between the look and the move a page came in: the folder returns to the inbox."""
    put(inbox / "f" / "1.jpg", b"1")
    taken = pages(inbox, "f")
    real = os.rename

    def late(source, target, **options):
        if source == "f" and (inbox / "f").exists():
            put(inbox / "f" / "2.jpg", b"2")
        real(source, target, **options)

    monkeypatch.setattr(os, "rename", late)
    with pytest.raises(Gone):
        move_folder(inbox, ("f",), taken, outbox, ("D", "f"))
    assert sorted(p.name for p in (inbox / "f").iterdir()) == ["1.jpg", "2.jpg"]


def test_folders_are_made_below_the_root_only(tmp_path):
    """A link on the way is not followed."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "D").symlink_to(tmp_path)

    with pytest.raises(OSError, match="D"):
        make_folder(tmp_path / "out", ("D", "E"))
    make_folder(tmp_path / "out", ("X", "Y"))
    assert (tmp_path / "out" / "X" / "Y").is_dir()


def test_free_name(outbox):
    """Without a ticket the name itself decides."""
    put(outbox / "D" / "dossier.json")

    assert free_name(outbox, ("D",), "dossier.json") == "dossier-2.json"
