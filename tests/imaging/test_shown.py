"""What a reader shows of pixels and of layers."""

import numpy as np
import pytest

from pipeline.errors import ToolCrashed
from pipeline.imaging.bitonal import encode_bitonal
from pipeline.imaging.jpeg import encode_jpeg
from pipeline.imaging.shown import Sheet
from pipeline.layers import Layer
from pipeline.model import Box


@pytest.mark.parametrize("shape", [(95, 61), (1, 1), (1, 40)])
def test_a_reader_shows_pixels_as_they_are(shape, tmp_path):
    """In its own pixels a page is not resampled, so that a scan needs no reader to be shown."""
    ink = np.random.default_rng(1).integers(0, 2, shape).astype(bool)
    page = Box(0, 0, shape[1], shape[0])

    seen = Sheet(page.right, page.bottom, 150.0).of_layers(
        [Layer(encode_bitonal(ink, tmp_path / "page"), page)]
    )

    assert np.array_equal(seen[..., 1] == 0, ink)


@pytest.mark.parametrize("shape", [(90, 60, 3), (90, 60), (1, 1, 3), (1, 40)])
def test_pixels_are_shown_as_they_are(shape):
    """At up to 150 dpi nothing is resampled."""
    pixels = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)

    seen = Sheet(shape[1], shape[0], 150.0).of_pixels(pixels)

    wanted = pixels if len(shape) == 3 else pixels[..., None].repeat(3, axis=2)
    assert np.array_equal(seen, wanted)


def test_a_finer_page_is_shown_at_150_dpi():
    """As large as it is compared."""
    seen = Sheet(300, 600, 300.0).of_pixels(np.zeros((600, 300, 3), np.uint8))

    assert seen.shape == (300, 150, 3)


def test_a_page_of_a0_is_drawn_smaller(tmp_path, monkeypatch):
    """It must not take the memory of ten pages; it looks the same."""
    monkeypatch.setattr("pipeline.imaging.shown._MOST_PX", 2000)
    page = Box(0, 0, 120, 80)

    seen = Sheet(120, 80, 150.0).of_layers([Layer(_plain((90, 20, 20), tmp_path / "paper"), page)])

    assert seen.shape == (80, 120, 3)
    assert np.abs(seen.astype(int) - (90, 20, 20)).max() <= 6


@pytest.mark.parametrize("group4", [False, True])
def test_ink_shows_through_its_stencil_and_crops_over_it(tmp_path, monkeypatch, group4):
    """Layers are painted in order, each in its box, whichever coder the mask has."""
    if group4:
        monkeypatch.setattr("pipeline.imaging.jbig2.available", lambda: False)
    ink = np.zeros((80, 64), bool)
    ink[10:30] = True
    page = Box(0, 0, 64, 80)
    layers = [
        Layer(_plain((250, 250, 240), tmp_path / "paper"), page),
        Layer(_plain((20, 20, 90), tmp_path / "ink"), page, encode_bitonal(ink, tmp_path / "mask")),
        Layer(_plain((200, 30, 30), tmp_path / "crop"), Box(16, 48, 48, 64)),
    ]

    seen = Sheet(64, 80, 72.0).of_layers(layers).astype(int)

    for place, colour in (
        ((5, 5), (250, 250, 240)),
        ((20, 5), (20, 20, 90)),
        ((56, 32), (200, 30, 30)),
    ):
        assert np.abs(seen[place] - colour).max() <= 6


def test_a_stream_that_no_reader_opens_is_a_fault_of_ours(tmp_path, monkeypatch):
    """It surfaces as a tool that crashed, not as a bad scan."""
    monkeypatch.setattr("pikepdf.Pdf.save", lambda self, out, **how: out.write(b"no PDF"))

    layer = Layer(_plain((9, 9, 9), tmp_path / "paper"), Box(0, 0, 8, 8))
    with pytest.raises(ToolCrashed, match="pdfium"):
        Sheet(8, 8, 72.0).of_layers([layer])


def _plain(colour, out):
    return encode_jpeg(np.full((8, 8, 3), colour, np.uint8), out, 95, subsampling="4:4:4")
