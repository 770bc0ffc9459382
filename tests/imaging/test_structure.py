"""Image files declare their size; what is cut off is missed."""

import pytest

from pipeline.errors import TruncatedScan, UnreadableScan
from pipeline.imaging.structure import heic_pages, jpeg_pages, png_pages, webp_pages

FRAME = b"\xff\xc0\x00\x0b\x08\x00\x14\x00\x1e\x01\x01\x11\x00"  # 30 × 20 px
SCAN = b"\xff\xda\x00\x03\x00"
HEADER = b"\x00\x00\x00\rIHDR\x00\x00\x00\x1e\x00\x00\x00\x14\x01\x00\x00\x00\x00CRC."
PIXELS = b"\x00\x00\x00\x02IDAT..CRC."


def test_a_thumbnail_within_a_jpeg_is_not_its_end():
    """The end mark of a picture in the metadata does not count."""
    thumbnail = b"\xff\xe1\x00\x06\xff\xd9\xff\xd9"

    (frame,) = jpeg_pages(b"\xff\xd8" + thumbnail + FRAME + SCAN + b"...\xff\xd9", "scan")
    assert (frame.width_px, frame.height_px) == (30, 20)
    with pytest.raises(TruncatedScan):
        jpeg_pages(b"\xff\xd8" + thumbnail + FRAME + SCAN + b"...", "scan")


def test_fill_and_rubbish_between_segments_are_skipped():
    """Decoders skip it, so it is not damage."""
    assert jpeg_pages(b"\xff\xd8\x00\x07\xff\xff" + FRAME[1:] + SCAN + b"\xff\xd9tail", "scan")


@pytest.mark.parametrize(
    ("read", "data", "error"),
    [
        (jpeg_pages, b"\xff\xd8" + SCAN + b"\xff\xd9", UnreadableScan),  # no size
        (jpeg_pages, b"\xff\xd8" + FRAME + b"\xff\xd9\0\0\0", UnreadableScan),  # no pixels
        (jpeg_pages, b"\xff\xd8" + FRAME, TruncatedScan),
        (png_pages, b"8 bytes." + HEADER + b"\0\0\0\0IENDCRC.", UnreadableScan),
        (png_pages, b"8 bytes." + HEADER + PIXELS, TruncatedScan),
        (png_pages, b"8 bytes." + HEADER + PIXELS[:11], TruncatedScan),
        (webp_pages, b"RIFF\x16\0\0\0WEBPABCD" + bytes(14), UnreadableScan),
        (webp_pages, b"RIFF\x17\0\0\0WEBPVP8 " + bytes(14), TruncatedScan),
        (heic_pages, b"\0\0\0\x0cftypheic\0\0", TruncatedScan),
        (heic_pages, b"\0\0\0\x04ftypheic", UnreadableScan),
        (heic_pages, b"\0\0\0\x0cftypheic", UnreadableScan),
    ],
)
def test_what_is_missing_is_told_apart_from_what_is_wrong(read, data, error):
    """A cut file can be copied again, a wrong one must be scanned again."""
    with pytest.raises(error) as caught:
        read(data, "scan")

    assert type(caught.value) is error
    assert caught.value.subject == "scan"


def test_a_whole_png_declares_its_size():
    """A PNG with its end chunk is whole."""
    (frame,) = png_pages(b"8 bytes." + HEADER + PIXELS + b"\0\0\0\0IENDCRC.", "scan")

    assert (frame.width_px, frame.height_px) == (30, 20)


@pytest.mark.parametrize(
    "chunk",
    [
        b"VP8X\x0a\0\0\0\0\0\0\0\x1d\0\0\x13\0\0",
        b"VP8L\x0a\0\0\0\x2f\x1d\xc0\x04\0\0\0\0\0\0",
        b"VP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\x1e\0\x14\0",
    ],
)
def test_all_kinds_of_webp_declare_their_size(chunk):
    """Lossy, lossless and extended WebP."""
    data = b"WEBP" + chunk
    (frame,) = webp_pages(b"RIFF" + len(data).to_bytes(4, "little") + data, "scan")

    assert (frame.width_px, frame.height_px) == (30, 20)
