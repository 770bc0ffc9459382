"""TIFF directories are walked within the file and no further."""

import io
import struct

import pytest
from PIL import Image

from pipeline.errors import TooLarge, TruncatedScan, UnreadableScan
from pipeline.imaging.tiff import tiff_pages


def directory(order, tags, following, at, big=False):
    """Bytes of one directory that stands at `at`, all values inline."""
    head = struct.pack(order + ("Q" if big else "H"), len(tags))
    layout = "HHQQ" if big else "HHII"
    body = b"".join(
        struct.pack(order + layout, tag, 16 if big else 4, 1, value) for tag, value in tags
    )
    return head + body + struct.pack(order + ("Q" if big else "I"), following)


def tiff(order="<", tags=((256, 30), (257, 20), (273, 8), (279, 4)), following=0, big=False):
    mark = b"II" if order == "<" else b"MM"
    head = mark + struct.pack(
        order + "HHHQ" if big else order + "HI", *((43, 8, 0, 16) if big else (42, 8))
    )
    return head + directory(order, tags, following, len(head), big)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("big", [False, True])
def test_both_byte_orders_and_sizes_are_read(order, big):
    """Little and big endian, classic and BigTIFF."""
    (frame,) = tiff_pages(tiff(order, big=big), "scan", 9)

    assert (frame.index, frame.width_px, frame.height_px) == (0, 30, 20)


def test_a_loop_of_directories_ends():
    """A directory that follows itself is one page."""
    assert len(tiff_pages(tiff(following=8), "scan", 9)) == 1


@pytest.mark.parametrize(
    ("tags", "error"),
    [
        (((256, 30), (257, 20), (273, 8), (279, 4000)), TruncatedScan),
        (((256, 30), (257, 20), (273, 4000), (279, 4)), TruncatedScan),
        (((256, 30), (257, 0), (273, 8), (279, 4)), UnreadableScan),
        (((256, 30), (257, 20)), UnreadableScan),
        ((), UnreadableScan),
    ],
)
def test_pixels_that_are_not_there_are_missed(tags, error):
    """Strips behind the end of the file, no strips, no size."""
    with pytest.raises(error) as caught:
        tiff_pages(tiff(tags=tags), "scan", 9)

    assert type(caught.value) is error


def test_a_chain_into_nothing_is_truncated():
    """The next page lies behind the end: the file was cut."""
    with pytest.raises(TruncatedScan):
        tiff_pages(tiff(following=5000), "scan", 9)


def test_pages_are_limited():
    """A chain is not followed beyond the limit."""
    frames = [Image.new("1", (30, 20))] * 5
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])

    assert len(tiff_pages(buffer.getvalue(), "scan", 5)) == 5
    with pytest.raises(TooLarge):
        tiff_pages(buffer.getvalue(), "scan", 4)


def test_thumbnails_are_no_pages_unless_there_is_nothing_else():
    """Reduced copies are passed over; a file of nothing else is read as it is."""
    flagged = ((254, 1), (256, 30), (257, 20), (273, 8), (279, 4))

    assert len(tiff_pages(tiff(tags=flagged), "scan", 9)) == 1
