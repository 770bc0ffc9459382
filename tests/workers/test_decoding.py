"""One document in a child: where it writes, what a hostile file costs, what is done once."""

import errno
import os
import struct
import tempfile
import zlib

import pytest

from pipeline.errors import DiskFull, ScanError, ScanLocked, SetupError, TooLarge
from pipeline.model import Document, Dossier, Scan
from pipeline.settings import Settings
from workers import decoding
from workers.decoding import prewarm, run_digitize


def digitize(folder, name="a.pdf", settings=Settings()):  # noqa: B008 - frozen
    path = folder / name
    size_bytes = path.stat().st_size if path.exists() else 1
    scan = Scan(path, name, "0" * 64, size_bytes)
    return run_digitize(Document((scan,), Dossier()), None, folder / "out", settings)


def test_what_is_written_aside_lies_in_its_folder(tmp_path, monkeypatch):
    """Temporary files of libraries and programs go with the scratch folder, however it ends."""

    def tell_where(*arguments, **options):
        raise ScanLocked(f"{tempfile.gettempdir()} {os.environ['TMPDIR']}")

    monkeypatch.setattr("workers.decoding.digitize", tell_where)
    with pytest.raises(ScanLocked) as told:
        digitize(tmp_path)

    assert told.value.subject.split() == [str(tmp_path / "out" / "scratch")] * 2
    assert tempfile.gettempdir() != str(tmp_path / "out" / "scratch")


def png(width_px, height_px):
    """Return a picture that declares its size and holds next to nothing."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(10_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_decoder_bomb_costs_one_message(tmp_path):
    """A small file that unfolds to a hundred gigapixels is refused by what it declares."""
    (tmp_path / "bomb.png").write_bytes(png(400_000, 250_000))

    with pytest.raises(TooLarge):
        digitize(tmp_path, "bomb.png")


def test_memory_eater_costs_one_message(tmp_path):
    """A picture that needs more memory than a child may have is the scan's fault."""
    (tmp_path / "large.png").write_bytes(png(14_000, 14_000))

    with pytest.raises(ScanError):
        digitize(tmp_path, "large.png", Settings(memory_limit_bytes=1_200_000_000))


def fill_the_disk(document, capture, schemas, settings, scratch, progress):
    (scratch / "page").write_bytes(bytes(2000))
    raise OSError(errno.ENOSPC, "No space left on device", str(scratch / "page"))


def test_document_that_fills_the_disk_alone_is_not_tried_for_ever(tmp_path, monkeypatch):
    """A full disk is nobody's fault, unless one document has filled it."""
    monkeypatch.setattr(decoding, "digitize", fill_the_disk)

    with pytest.raises(DiskFull):
        digitize(tmp_path)
    monkeypatch.setattr(decoding, "MOST_WRITTEN_BYTES", 1000)
    with pytest.raises(TooLarge):
        digitize(tmp_path)


def test_schemas_are_read_once_for_all_children(monkeypatch):
    """What each child would do again is done before the fork."""
    prewarm(Settings())
    monkeypatch.setattr(decoding, "load_schemas", lambda folder: pytest.fail("read again"))

    prewarm(Settings())


def test_broken_schemas_stop_the_start(tmp_path):
    """A worker with wrong schemas must not take a document."""
    (tmp_path / "types").mkdir()
    (tmp_path / "types" / "birth.schema.json").write_text("{")

    with pytest.raises(SetupError):
        prewarm(Settings(schemas=str(tmp_path)))
