"""JBIG2 streams are lossless, hold no symbols, and are the same each time."""

import shutil
import struct
import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipeline.errors import ToolMissing
from pipeline.imaging import jbig2
from pipeline.imaging.jbig2 import jbig2_stream

built = pytest.mark.skipif(not jbig2.available(), reason="the coder was not built: no C compiler")
_FILE_HEAD = b"\x97JB2\r\n\x1a\n\x01" + struct.pack(">I", 1)  # sequential, one page (annex D.4)


def segments(stream):
    """Yield type and data of each segment."""
    at = 0
    while at < len(stream):
        number, flags, referred, page, size = struct.unpack_from(">IBBBI", stream, at)
        assert (number, referred, page) == (number, 0, 1)
        yield flags & 0x3F, stream[at + 11 : at + 11 + size]
        at += 11 + size
    assert at == len(stream)


def letters(height, width, seed=1):
    """Return ink in strokes, with rows that repeat."""
    noise = np.random.default_rng(seed).random((height // 4 + 1, width // 3 + 1)) > 0.7
    return noise.repeat(4, axis=0).repeat(3, axis=1)[:height, :width]


@built
def test_only_a_page_and_a_generic_region_are_written():
    """No segment can hold or use a symbol: no letter can be replaced by another."""
    parts = list(segments(jbig2_stream(letters(120, 77))))

    assert [kind for kind, _ in parts] == [48, 38]
    assert struct.unpack_from(">II", parts[0][1]) == (77, 120)
    assert struct.unpack_from(">II", parts[1][1]) == (77, 120)


@built
def test_the_same_ink_gives_the_same_bytes():
    """No state outlives a call."""
    first = jbig2_stream(letters(300, 200))
    jbig2_stream(letters(50, 900, seed=3))

    assert jbig2_stream(letters(300, 200)) == first


@built
def test_letters_take_less_than_group_4(tmp_path):
    """That is what it is for."""
    ink = letters(800, 600)
    Image.fromarray(~ink).save(tmp_path / "g4.tif", compression="group4")

    assert len(jbig2_stream(ink)) < 0.8 * (tmp_path / "g4.tif").stat().st_size


@built
@pytest.mark.skipif(shutil.which("jbig2dec") is None, reason="jbig2dec is not installed")
@settings(max_examples=25, deadline=None)
@given(
    height=st.integers(1, 70),
    width=st.integers(1, 70),
    share=st.sampled_from([0.0, 0.02, 0.3, 0.5, 1.0]),
    seed=st.integers(0, 9),
)
def test_jbig2dec_reads_every_pixel(tmp_path_factory, height, width, share, seed):
    """A decoder that is not ours gives back what went in: noise, plain pages, single pixels."""
    folder = tmp_path_factory.mktemp("jbig2")
    ink = np.random.default_rng(seed).random((height, width)) < share
    ends = struct.pack(">IBBBI", 2, 49, 0, 1, 0) + struct.pack(">IBBBI", 3, 51, 0, 0, 0)
    (folder / "page.jb2").write_bytes(_FILE_HEAD + jbig2_stream(ink) + ends)

    subprocess.run(["jbig2dec", "-q", "-o", folder / "page.pbm", folder / "page.jb2"], check=True)

    with Image.open(folder / "page.pbm") as image:
        assert np.array_equal(np.asarray(image.convert("L")) == 0, ink)


@built
def test_noise_may_take_more_than_it_was():
    """Ink that cannot be compressed does not overrun the room for it."""
    ink = np.random.default_rng(5).random((700, 500)) < 0.5

    assert len(jbig2_stream(ink)) > ink.size // 8


def test_without_its_coder_it_is_missing(monkeypatch):
    """The missing coder is named; nothing is written in its place."""
    monkeypatch.setattr(jbig2, "_coder", lambda: None)

    assert not jbig2.available()
    with pytest.raises(ToolMissing, match="JBIG2"):
        jbig2_stream(letters(9, 9))
