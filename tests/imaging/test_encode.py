"""Encoded pages are what a PDF reader expects, the same bytes each time."""

import errno
import io

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from pipeline.errors import DiskFull, StoreError
from pipeline.imaging import encode, write_png
from pipeline.model import PageImage


def in_a_pdf(encoded, tmp_path):
    """Return the pixels as a PDF reader sees the encoded stream."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(encoded.width_px, encoded.height_px))
        page = pdf.pages[0]
        image = pdf.make_stream(
            encoded.path.read_bytes(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=encoded.width_px,
            Height=encoded.height_px,
            ColorSpace=pikepdf.Name("/DeviceRGB" if encoded.colour == "rgb" else "/DeviceGray"),
            BitsPerComponent=1 if encoded.colour == "bitonal" else 8,
            Filter=pikepdf.Name(f"/{encoded.filter}"),
        )
        if encoded.filter == "CCITTFaxDecode":
            image.DecodeParms = pikepdf.Dictionary(
                K=-1, Columns=encoded.width_px, Rows=encoded.height_px, BlackIs1=False
            )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
        draw = f"{encoded.width_px} 0 0 {encoded.height_px} 0 0 cm /I Do"
        page.Contents = pdf.make_stream(draw.encode())
        pdf.save(tmp_path / "page.pdf")
    with pypdfium2.PdfDocument(tmp_path / "page.pdf") as document:
        page = document[0]
        bitmap = page.render(rev_byteorder=True)
        pixels = bitmap.to_numpy()[..., :3].copy()
        bitmap.close()
        page.close()
    return pixels


@pytest.mark.parametrize("width", [3, 7, 8, 250])
def test_bitonal_pages_survive_exactly(tmp_path, width):
    """CCITT G4 loses nothing, black stays black, whatever the width."""
    bits = np.random.default_rng(2).random((90, width)) > 0.4
    pixels = np.where(bits, 255, 0).astype(np.uint8)[..., None].repeat(3, axis=2)

    encoded = encode(PageImage(pixels, 300.0, bitonal=True), False, tmp_path / "page")

    assert (encoded.filter, encoded.colour) == ("CCITTFaxDecode", "bitonal")
    assert np.array_equal(in_a_pdf(encoded, tmp_path), pixels)


@pytest.mark.parametrize(("colour", "name"), [(True, "rgb"), (False, "gray")])
def test_other_pages_become_jpeg(draw_page, tmp_path, colour, name):
    """Colour is kept only where there is some."""
    page = draw_page(dpi=72, seal=True).image

    encoded = encode(page, colour, tmp_path / "page", jpeg_quality=90)

    assert (encoded.filter, encoded.colour) == ("DCTDecode", name)
    assert (encoded.width_px, encoded.height_px) == (page.width_px, page.height_px)
    seen = in_a_pdf(encoded, tmp_path).astype(int)
    assert np.abs(seen.mean(axis=2) - page.pixels.mean(axis=2)).mean() < 12


def test_the_same_page_gives_the_same_bytes(draw_page, tmp_path):
    """Nothing of the clock or the machine gets into a stream."""
    page = draw_page(dpi=72).image

    first, second = (encode(page, True, tmp_path / name) for name in "ab")

    assert first.path.read_bytes() == second.path.read_bytes()


def test_quality_is_what_was_asked(draw_page, tmp_path):
    """More quality takes more bytes."""
    page = draw_page(dpi=72).image

    sizes = [
        encode(page, True, tmp_path / "page", jpeg_quality=quality).path.stat().st_size
        for quality in (30, 60, 90)
    ]

    assert sizes == sorted(sizes)


def test_a_full_disk_is_named(monkeypatch, tmp_path):
    """A full disk is no fault of the scan."""
    page = PageImage(np.zeros((9, 9, 3), np.uint8), 300.0)

    def full(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(DiskFull):
        encode(page, True, tmp_path / "page")


def test_another_failure_to_write_is_the_stores(tmp_path):
    """A folder that is not there is named too."""
    with pytest.raises(StoreError):
        write_png(tmp_path / "gone" / "page.png", np.zeros((9, 9), np.uint8))


def test_png_keeps_pixels(tmp_path):
    """What people look at is what the stage made."""
    pixels = np.arange(100, dtype=np.uint8).reshape(10, 10)
    write_png(tmp_path / "a.png", pixels)

    with Image.open(io.BytesIO((tmp_path / "a.png").read_bytes())) as image:
        assert np.array_equal(np.asarray(image), pixels)
