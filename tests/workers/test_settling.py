"""When a paper is whole and quiet."""

import os

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.documents import read_drops
from workers.settling import NEVER, PATIENT, RECHECK_S, REPORT_S, Settling


class Clock:
    """A clock that moves when it is told to."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def settling(tmp_path, clock):
    return Settling(tmp_path, 3.0, clock)


@pytest.fixture
def observe(tmp_path, settling):
    """Look at the dossier D and return it."""

    def look():
        *_, dossier = read_drops(tmp_path, lambda *trouble: None)
        settling.observe("D", None, dossier)
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
    assert not settling.is_quiet("D", observe())
    clock.now = 3.0
    assert settling.is_quiet("D", observe())

    (tmp_path / "D" / "a.pdf").unlink()
    assert settling.is_quiet("D", observe())

    put("c.pdf")
    assert not settling.is_quiet("D", observe())


def test_what_left_is_forgotten(settling, observe, put, clock):
    """Memory does not grow with the years."""
    put("a.pdf")
    (paper,) = observe().papers
    clock.now = 5.0
    settling.end_look(all_read=True)
    settling.end_look(all_read=True)
    observe()

    assert not settling.is_ready(paper, released=False)


_STEPS = st.one_of(st.floats(0.1, 9.0), st.sampled_from(["grow", "rewrite", "finish", "replace"]))


@hypothesis.settings(max_examples=80, deadline=None)
@given(st.lists(_STEPS, max_size=14))
def test_a_file_that_is_still_written_is_never_ready(tmp_path_factory, steps):
    """Whatever the rhythm of its writer: quiet for the settle time, and its end is there."""
    root = tmp_path_factory.mktemp("inbox")
    path = root / "D" / "a.pdf"
    path.parent.mkdir()
    path.write_bytes(b"%PDF-1.4 begun ")
    clock = Clock()
    settling = Settling(root, 3.0, clock)
    written_at, tick = 0.0, 0
    for step in ["look", *steps, "look"]:
        if isinstance(step, float):
            clock.now += step
        elif step != "look":
            tick += 1
            _write(path, step)
            os.utime(path, ns=(tick, tick))
            written_at = clock.now
        *_, drop = read_drops(root, lambda *trouble: None)
        settling.observe("D", None, drop)
        (paper,) = drop.papers

        if settling.is_ready(paper, released=False):
            assert clock.now - written_at >= 3.0
            assert b"%%EOF" in path.read_bytes()


def _write(path, how):
    data = path.read_bytes()
    if how == "replace":
        path.unlink()
    path.write_bytes({"grow": data + b" more ", "finish": data + b" %%EOF\n"}.get(how, data[:-1]))


def test_each_has_its_turn_before_any_has_two(settling, observe, put):
    """What changes all the time waits until everything else was read."""
    put("a.pdf")
    assert settling.has_changed("D", 1)
    *_, dossier = read_drops(settling._root, lambda *trouble: None)
    settling.observe("D", 1, dossier)
    settling.end_look(all_read=False)

    assert settling.has_changed("D", 2) and settling.had_its_turn("D")
    settling.end_look(all_read=True)
    assert settling.has_changed("D", 2) and not settling.had_its_turn("D")


def test_the_next_time_is_known(settling, observe, put, clock):
    """What was due, told or ours makes nobody get up."""
    put("a.pdf")
    dossier = observe()
    settling.plan("D", dossier, lambda paper: False)
    assert settling.due("D") == settling.next_due(2.9) == 3.0
    assert settling.next_due(3.0) == NEVER

    clock.now = 4.0
    settling.plan("D", dossier, lambda paper: True)
    assert settling.due("D") == NEVER
    settling.plan("D", dossier, lambda paper: True, retry=True)
    assert settling.due("D") == 4.0 + RECHECK_S
    settling.put_off("D")
    assert settling.due("D") == NEVER
