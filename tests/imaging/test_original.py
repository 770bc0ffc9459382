"""The stream that a page was scanned as is found where it is all of the page."""

import io

import numpy as np
import pikepdf
import pytest
from PIL import Image

from pipeline.imaging import jbig2
from pipeline.imaging.original import Original, as_scanned, original_of_file

needs_jbig2 = pytest.mark.skipif(not jbig2.available(), reason="its coder was not built")


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

    assert page.original == Original(_jpeg(), "DCTDecode")
    with Image.open(io.BytesIO(page.original.data)) as image:
        assert np.abs(np.asarray(image).astype(int) - page.image.pixels).mean() < 1


def test_two_images_are_not_one(read, tmp_path):
    """A page of parts has no picture of its own to keep."""
    (page,) = read(_pdf(tmp_path / "scan.pdf", [_jpeg(), _jpeg()]))

    assert page.original is None


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_file_that_is_a_jpeg_is_kept(read, tmp_path, suffix):
    """What it is tells its content."""
    path = tmp_path / f"scan{suffix}"
    with Image.open(io.BytesIO(_jpeg())) as image:
        image.save(path)
    if suffix == ".jpg":
        path.write_bytes(_jpeg())

    (page,) = read(path)

    assert (page.original is not None) == (suffix == ".jpg")
    assert original_of_file(path) == page.original


def test_a_scan_fits_only_its_own_pixels(draw_page, tmp_path):
    """Turned, cropped or corrected pages need a picture of their own."""
    pixels, buffer = draw_page(dpi=72, seal=True).image.pixels, io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=85)
    jpeg = Original(buffer.getvalue(), "DCTDecode")
    seen = np.asarray(Image.open(buffer))

    kept = as_scanned(jpeg, seen, tmp_path / "kept")

    assert kept is not None and kept.path.read_bytes() == jpeg.data
    for other in (seen[:, ::-1], seen[:-1], seen.swapaxes(0, 1), 255 - seen):
        assert as_scanned(jpeg, np.ascontiguousarray(other), tmp_path / "none") is None
    assert as_scanned(None, seen, tmp_path / "none") is None
    assert not (tmp_path / "none").exists()


def test_a_scan_in_print_colours_is_not_kept(tmp_path):
    """The archive PDF has one colour space, and readers disagree about CMYK JPEGs."""
    buffer = io.BytesIO()
    Image.new("CMYK", (20, 20)).save(buffer, "JPEG")

    jpeg, page = Original(buffer.getvalue(), "DCTDecode"), np.full((20, 20, 3), 255, np.uint8)

    assert as_scanned(jpeg, page, tmp_path / "x") is None


def _bitonal(height=40, width=60):
    ink = np.random.default_rng(8).integers(0, 2, (height, width)).astype(bool)
    return ink, np.where(ink, 0, 255).astype(np.uint8)[..., None].repeat(3, axis=2)


@needs_jbig2
def test_a_bitonal_scan_fits_only_its_own_pixels(tmp_path):
    """Every pixel must be the same: such pages are without loss."""
    ink, page = _bitonal()
    scan = Original(jbig2.jbig2_stream(ink), "JBIG2Decode")

    kept = as_scanned(scan, page, tmp_path / "kept")

    assert kept is not None and kept.path.read_bytes() == scan.data
    for other in (page[::-1], 255 - page, page[:-1]):
        assert as_scanned(scan, np.ascontiguousarray(other), tmp_path / "none") is None
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("data", [b"", b"\x00" * 40, b"\xff" * 40])
def test_what_is_no_bitonal_image_is_not_kept(tmp_path, data):
    """Damaged, or in need of dictionaries beside it."""
    assert as_scanned(Original(data, "JBIG2Decode"), _bitonal()[1], tmp_path / "x") is None


@needs_jbig2
def test_the_one_bitonal_image_of_a_page_comes_with_it(read, tmp_path):
    """As scanners with their own coder write it."""
    ink, wanted = _bitonal(240, 170)
    data = jbig2.jbig2_stream(ink)
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(170 * 0.48, 240 * 0.48))
        image = pdf.make_stream(
            data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=170, Height=240,
            ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=1,
            Filter=pikepdf.Name.JBIG2Decode,
        )  # fmt: skip
        pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary({"/I0": image}))
        pdf.pages[0].Contents = pdf.make_stream(b"q 81.6 0 0 115.2 0 0 cm /I0 Do Q")
        pdf.save(tmp_path / "scan.pdf")

    (page,) = read(tmp_path / "scan.pdf")

    assert page.original == Original(data, "JBIG2Decode")
    assert np.array_equal(page.image.pixels, wanted)
