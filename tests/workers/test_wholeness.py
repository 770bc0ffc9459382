"""Whether the end of a file is there, told by its bytes."""

import io
import os
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from workers.wholeness import is_whole, kind_of


@pytest.fixture
def look(tmp_path):
    """Return kind and wholeness of some bytes."""

    def at(data):
        path = tmp_path / "file"
        path.write_bytes(data)
        with path.open("rb") as stream:
            return kind_of(stream.fileno()), is_whole(stream.fileno())

    return at


def encoded(kind, mode="RGB", **options):
    image = Image.frombytes("RGB", (90, 120), os.urandom(90 * 120 * 3)).convert(mode)
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


FORMATS = {
    "pdf": lambda: encoded("PDF"),
    "jpg": lambda: encoded("JPEG"),
    "progressive": lambda: encoded("JPEG", progressive=True),
    "png": lambda: encoded("PNG"),
    "g4": lambda: encoded("TIFF", "1", compression="group4"),
    "lzw": lambda: encoded("TIFF", compression="tiff_lzw"),
    "big": lambda: encoded("TIFF", big_tiff=True),
    "webp": lambda: encoded("WEBP"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_whole_file_is_whole_and_its_beginning_is_not(look, name):
    """A scan is taken when its last byte is there, and at no earlier moment of the copy."""
    data = FORMATS[name]()

    assert look(data)[1]
    for share in (0.2, 0.5, 0.9, 0.98):
        assert not look(data[: int(len(data) * share)])[1], share


@pytest.mark.parametrize(
    ("name", "kind"), [("pdf", "pdf"), ("jpg", "jpg"), ("png", "png"), ("g4", "tif"),
                       ("big", "tif"), ("webp", "webp")],
)  # fmt: skip
def test_content_decides_the_kind(look, name, kind):
    """The first bytes say what a file is, not its name."""
    assert look(FORMATS[name]())[0] == kind


def test_multi_page_tiff_under_way(look):
    """A scanner that appends pages is still at work until every page's strips are there."""
    stream = io.BytesIO()
    pages = [Image.frombytes("L", (60, 60), os.urandom(3600)) for _ in range(3)]
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:])
    data = stream.getvalue()

    assert look(data)[1]
    assert not look(data[:-200])[1]


def test_end_of_a_thumbnail_is_no_end(look):
    """The end marker of the preview inside the head does not count."""
    thumbnail = encoded("JPEG")
    head = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(thumbnail) + 2) + thumbnail

    assert not look(head)[1]
    assert not look(head + b"\xff\xda\0\x08 half of the scan")[1]
    assert look(head + b"\xff\xda\0\x08 the scan\xff\xd9")[1]


def test_first_section_of_a_pdf_for_the_web_is_no_end(look):
    """A linearized PDF has an end mark near its beginning."""
    begun = b"%PDF-1.5\n1 0 obj <</Linearized 1>> endobj\nstartxref\r\n0\r\n%%EOF\r\n"

    assert not look(begun)[1]
    assert look(begun + b"2 0 obj endobj\nstartxref\n99\n%%EOF\n")[1]


def test_padding_after_the_end_is_allowed(look):
    """Some devices fill the last block."""
    for name in ("pdf", "jpg", "png", "g4"):
        assert look(FORMATS[name]() + b"\0" * 512)[1], name


def test_tiff_whose_directory_is_not_written_yet(look):
    """The first offset is written last by many scanners."""
    assert not look(b"II*\0" + b"\0" * 5000)[1]


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\3\4 a Word file", b"%P", b"\xff\xd8"])
def test_unknown_is_whole(look, data):
    """What is no scan is taken, so that the clerk hears of it."""
    assert look(data)[1]


def test_hostile_tiff_costs_little(look):
    """Directories that point at each other and count millions end the look, not the watcher."""
    entry = struct.pack("<HHII", 273, 4, 60_000, 8)
    directories = b"".join(
        struct.pack("<H", 60_000) + entry * 20 + struct.pack("<I", 0) for _ in range(200)
    )
    look(b"II*\0" + struct.pack("<I", 8) + directories * 8)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([b"II*\0", b"MM\0*", b"II+\0", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n",
                     b"%PDF-", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypheic"]),
    st.binary(max_size=400),
)  # fmt: skip
def test_any_bytes_give_an_answer(look, head, rest):
    """No file, however broken, stops the watcher."""
    assert look(head + rest)[1] in (True, False)
