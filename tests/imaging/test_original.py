"""The JPEG that a page was scanned as is found where it is all of the page."""

import io

import numpy as np
import pikepdf
import pytest
from PIL import Image

from pipeline.imaging.original import jpeg_of_file


def _jpeg(width=170, height=240):
    sheet = Image.fromarray(
        np.random.default_rng(4).integers(0, 256, (height // 10, width // 10, 3)).astype(np.uint8)
    )
    buffer = io.BytesIO()
    sheet.resize((width, height)).save(buffer, "JPEG", quality=80, dpi=(150, 150))
    return buffer.getvalue()


def _pdf(path, jpegs, filters="/DCTDecode"):
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(170 * 0.48, 240 * 0.48))
        images = {}
        for place, data in enumerate(jpegs):
            images[f"/I{place}"] = pdf.make_stream(
                data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=170, Height=240,
                ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8, Filter=pikepdf.Name(filters),
            )  # fmt: skip
        pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(images))
        draw = "".join(f"q 81.6 0 0 115.2 0 0 cm {name} Do Q " for name in images)
        pdf.pages[0].Contents = pdf.make_stream(draw.encode())
        pdf.save(path)
    return path


def test_the_one_jpeg_of_a_page_comes_with_it(read, tmp_path):
    """Byte for byte, and its pixels are those of the page."""
    (page,) = read(_pdf(tmp_path / "scan.pdf", [_jpeg()]))

    assert page.jpeg == _jpeg()
    with Image.open(io.BytesIO(page.jpeg)) as image:
        assert np.abs(np.asarray(image).astype(int) - page.image.pixels).mean() < 1


def test_two_images_are_not_one(read, tmp_path):
    """A page of parts has no picture of its own to keep."""
    (page,) = read(_pdf(tmp_path / "scan.pdf", [_jpeg(), _jpeg()]))

    assert page.jpeg is None


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_file_that_is_a_jpeg_is_kept(read, tmp_path, suffix):
    """What it is tells its content."""
    path = tmp_path / f"scan{suffix}"
    with Image.open(io.BytesIO(_jpeg())) as image:
        image.save(path)
    if suffix == ".jpg":
        path.write_bytes(_jpeg())

    (page,) = read(path)

    assert (page.jpeg == _jpeg()) == (suffix == ".jpg")
    assert jpeg_of_file(path) == page.jpeg
