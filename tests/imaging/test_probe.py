"""What a scan is, told from its structure; each kind of bad file gets its own error."""

import io
import struct

import numpy as np
import pikepdf
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipeline.errors import (
    DigitizationError,
    EmptyScan,
    PagesMissing,
    ScanLocked,
    TooCoarse,
    TooLarge,
    TruncatedScan,
    UnreadableScan,
    WrongType,
)
from pipeline.imaging import Limits, probe

FORMATS = {
    "JPEG": ("image/jpeg", ".jpg"),
    "PNG": ("image/png", ".png"),
    "TIFF": ("image/tiff", ".tif"),
    "WEBP": ("image/webp", ".webp"),
    "HEIF": ("image/heic", ".heic"),
}


@pytest.fixture(scope="module")
def encoded():
    """The bytes of a small picture in each format."""
    noise = np.random.default_rng(3).integers(0, 256, (120, 100, 3), np.uint8)
    image = Image.fromarray(noise)
    found = {}
    for kind in FORMATS:
        buffer = io.BytesIO()
        if kind == "HEIF":
            pillow_heif.from_pillow(image).save(buffer)
        else:
            image.save(buffer, format=kind)
        found[kind] = buffer.getvalue()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        buffer = io.BytesIO()
        pdf.save(buffer, deterministic_id=True)
        found["PDF"] = buffer.getvalue()
    return found


@pytest.fixture
def make_image(tmp_path, encoded):
    def make(kind):
        path = tmp_path / "scan.bin"
        path.write_bytes(encoded[kind])
        return path

    return make


@pytest.mark.parametrize("kind", FORMATS)
def test_content_decides_the_type(make_image, limits, kind):
    """A scan is what its bytes are, whatever its name says."""
    facts = probe(make_image(kind), "scan.txt", limits)

    assert (facts.media_type, facts.extension) == FORMATS[kind]
    assert (facts.pages, facts.single_image, facts.signed) == (1, True, False)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_cut_image_is_truncated(make_image, limits, kind, share):
    """A file that lost its end is refused before anything is decoded."""
    path = make_image(kind)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])

    with pytest.raises(TruncatedScan, match="scan"):
        probe(path, "scan", limits)


def test_a_multi_page_tiff_counts_its_pages(tmp_path, limits):
    """Every page of a TIFF counts, and it is not a single image."""
    pages = [Image.new("1", (200, 300), 1)] * 3
    pages[0].save(tmp_path / "a", "TIFF", compression="group4", save_all=True, append_images=pages)

    facts = probe(tmp_path / "a", "a", limits)

    assert (facts.pages, facts.single_image) == (4, False)


def test_a_pdf_counts_its_pages(make_pdf, limits):
    """A PDF is never a single image: it is a document of its own."""
    facts = probe(make_pdf({}, {}), "scan", limits)

    assert (facts.media_type, facts.extension) == ("application/pdf", ".pdf")
    assert (facts.pages, facts.single_image, facts.signed) == (2, False, False)


def test_a_signature_is_seen(make_pdf, limits):
    """A signed PDF is told apart: it is kept byte for byte."""
    assert probe(make_pdf({"stamp": (10, 10, 90, 50)}), "scan", limits).signed


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyScan),
        (b"Kinh gui: day la van ban", WrongType),
        (b"GIF89a" + bytes(100), WrongType),
        (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", WrongType),
        (b"%PDF-1.7\n", TruncatedScan),
        (b"%PDF-1.7\nnothing\n%%EOF\n", UnreadableScan),
        (b"\xff\xd8\xff\xd9" + bytes(9), UnreadableScan),
        (b"\x89PNG\r\n\x1a\n", TruncatedScan),
        (b"II*\0\x08\0\0\0", TruncatedScan),
        (b"RIFF\xff\xff\0\0WEBPVP8 ", TruncatedScan),
    ],
)
def test_other_files_get_one_clear_error(tmp_path, limits, content, error):
    """Whatever is dropped, the error names the file and its kind of damage."""
    path = tmp_path / "on-disk"
    path.write_bytes(content)

    with pytest.raises(error) as caught:
        probe(path, "as dropped.pdf", limits)

    assert type(caught.value) is error
    assert caught.value.subject == "as dropped.pdf"
    assert str(tmp_path) not in caught.value.detail


def test_a_pdf_without_pages_lacks_them(tmp_path, limits):
    """A PDF of no page is refused."""
    with pikepdf.new() as pdf:
        pdf.save(tmp_path / "none.pdf")

    with pytest.raises(PagesMissing):
        probe(tmp_path / "none.pdf", "none", limits)


def test_a_password_locks_a_pdf_and_an_empty_one_does_not(make_pdf, limits):
    """A PDF that anybody can open is a scan, even if its owner set a password."""
    locked = make_pdf({}, encryption=pikepdf.Encryption(user="u", owner="o"))
    with pytest.raises(ScanLocked):
        probe(locked, "locked", limits)

    opened = make_pdf({}, encryption=pikepdf.Encryption(user="", owner="o"))
    assert probe(opened, "open", limits).pages == 1


def test_a_cut_pdf_is_truncated_and_a_damaged_one_repaired(make_pdf, limits):
    """What qpdf can repair is accepted, unless the end of the file is missing."""
    path = make_pdf({}, {})
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * 0.8)])
    with pytest.raises(TruncatedScan):
        probe(path, "cut", limits)

    path.write_bytes(whole.replace(b"startxref", b"startxxxx"))
    assert probe(path, "damaged", limits).pages == 2


def test_limits_hold_before_anything_is_decoded(make_image, make_pdf, tmp_path):
    """Too many bytes, pages or pixels are refused by what the file declares."""
    path = make_image("PNG")
    for limits in (Limits(100, 9, 10**9), Limits(10**9, 9, 100 * 120 - 1)):
        with pytest.raises(TooLarge):
            probe(path, "scan", limits)
    with pytest.raises(TooLarge):
        probe(make_pdf({}, {}), "scan", Limits(10**9, 1, 10**9))
    frames = [Image.new("1", (200, 300))] * 3
    frames[0].save(tmp_path / "t", "TIFF", save_all=True, append_images=frames[1:])
    with pytest.raises(TooLarge):
        probe(tmp_path / "t", "scan", Limits(10**9, 2, 10**9))


def test_a_bomb_is_not_decoded(tmp_path, limits):
    """A file of a few bytes that declares 30,000 × 30,000 px is refused at once."""
    tags = ((256, 30_000), (257, 30_000), (273, 8), (279, 8))
    directory = struct.pack("<H", len(tags)) + b"".join(
        struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags
    )
    (tmp_path / "bomb.tif").write_bytes(b"II*\0" + struct.pack("<I", 8) + directory + bytes(4))

    with pytest.raises(TooLarge, match="30000 × 30000"):
        probe(tmp_path / "bomb.tif", "bomb", limits)


def test_too_few_pixels_are_too_coarse(tmp_path, limits):
    """A thumbnail is no scan."""
    Image.new("RGB", (70, 99)).save(tmp_path / "scan.png")

    with pytest.raises(TooCoarse):
        probe(tmp_path / "scan.png", "scan", limits)


def test_a_missing_or_unreadable_file_is_named(tmp_path, limits):
    """A file that vanished or is a folder gives an error of ours."""
    for path in (tmp_path / "gone", tmp_path):
        with pytest.raises(UnreadableScan):
            probe(path, "scan", limits)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), kind=st.sampled_from([*FORMATS, "PDF"]))
def test_no_damage_causes_a_foreign_error(encoded, scratch_file, limits, data, kind):
    """Bytes changed at random give facts or one of our errors."""
    content = bytearray(encoded[kind])
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    scratch_file.write_bytes(content[: data.draw(st.integers(1, len(content)))])

    try:
        assert probe(scratch_file, "scan", limits).pages >= 1
    except DigitizationError as error:
        assert error.subject == "scan"


@pytest.fixture(scope="module")
def scratch_file(tmp_path_factory):
    return tmp_path_factory.mktemp("damaged") / "scan"
