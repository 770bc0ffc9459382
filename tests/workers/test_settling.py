"""When a paper is whole and quiet."""

import pytest

from workers.documents import read_drops
from workers.settling import PATIENT, RECHECK_S, REPORT_S, Settling


@pytest.fixture
def clock():
    class Clock:
        now = 0.0

        def __call__(self):
            return self.now

    return Clock()


@pytest.fixture
def settling(tmp_path, clock):
    return Settling(tmp_path, 3.0, clock)


@pytest.fixture
def observe(tmp_path, settling):
    """Look at the dossier D and return it."""

    def look():
        *_, dossier = read_drops(tmp_path, lambda *trouble: None)
        settling.observe(dossier)
        return dossier

    return look


@pytest.fixture
def put(tmp_path):
    def write(name, data=b"%PDF-1.4 %%EOF"):
        path = tmp_path / "D" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    return write


def test_quiet_and_whole(settling, observe, put, clock):
    """Ready after the settle time, not before."""
    put("a.pdf")
    (paper,) = observe().papers
    clock.now = 2.9
    assert not settling.is_ready(paper, released=False)

    clock.now = 3.0
    assert settling.is_ready(paper, released=False)


def test_every_change_starts_the_clock_again(settling, observe, put, clock):
    """A file that grows is not ready."""
    put("a.pdf")
    observe()
    clock.now = 2.0
    put("a.pdf", b"%PDF-1.4 more %%EOF")
    (paper,) = observe().papers
    clock.now = 4.0
    assert not settling.is_ready(paper, released=False)


def test_incomplete_is_looked_at_again_slowly(settling, observe, put, clock, tmp_path):
    """Also when size and time do not tell that the rest has come."""
    import os

    put("a.pdf", b"%PDF-1.4 \0\0\0\0\0")
    (paper,) = observe().papers
    stat = (tmp_path / "D" / "a.pdf").stat()
    clock.now = 10.0
    assert not settling.is_ready(paper, released=False)
    with (tmp_path / "D" / "a.pdf").open("r+b") as stream:
        stream.write(b"%PDF-1.4 %%EOF")
    os.utime(tmp_path / "D" / "a.pdf", ns=(stat.st_atime_ns, stat.st_mtime_ns))

    clock.now = 11.0
    assert not settling.is_ready(paper, released=False)
    clock.now = 10.0 + RECHECK_S
    assert settling.is_ready(paper, released=False)


def test_folder_of_pages_needs_more_patience(settling, observe, put, clock):
    """A flatbed scanner needs a while for the next page."""
    put("f/1.jpg", b"\xff\xd8\xff\xda\xff\xd9")
    (paper,) = observe().papers
    clock.now = 3.0 * PATIENT - 1
    assert not settling.is_ready(paper, released=False)
    clock.now += 1
    assert settling.is_ready(paper, released=False)


def test_release_needs_no_quiet_but_an_end(settling, observe, put):
    """`_READY` cannot make half a file whole."""
    put("a.pdf", b"%PDF-1.4 half")
    put("b.pdf")
    half, whole = observe().papers

    assert not settling.is_ready(half, released=True)
    assert settling.is_ready(whole, released=True)


def test_overdue_is_told_once(settling, observe, put, clock):
    """After ten minutes, and not every two seconds from then on."""
    put("a.pdf", b"%PDF-1.4 half")
    (paper,) = observe().papers
    told = []
    for clock.now in (10.0, REPORT_S - 1, REPORT_S, REPORT_S + 40, 2 * REPORT_S):
        settling.is_ready(paper, released=False)
        told.append(settling.is_overdue(paper))

    assert told == [False, False, True, False, False]


def test_additions_break_the_quiet_of_a_dossier_and_departures_do_not(
    settling, observe, put, clock, tmp_path
):
    """A delivered paper that leaves holds nobody up."""
    put("a.pdf")
    put("b.pdf")
    assert not settling.is_quiet(observe())
    clock.now = 3.0
    assert settling.is_quiet(observe())

    (tmp_path / "D" / "a.pdf").unlink()
    assert settling.is_quiet(observe())

    put("c.pdf")
    assert not settling.is_quiet(observe())


def test_what_left_is_forgotten(settling, observe, put, clock):
    """Memory does not grow with the years."""
    put("a.pdf")
    (paper,) = observe().papers
    clock.now = 5.0
    settling.keep_only(set(), set())
    observe()

    assert not settling.is_ready(paper, released=False)
