"""Poppler draws one page, within its time, or says that it cannot."""

import numpy as np
import pytest
from pdf2image import exceptions

from pipeline.errors import DiskFull, ToolMissing
from pipeline.imaging import poppler
from pipeline.imaging.drawing import Drawing
from pipeline.imaging.poppler import PopplerFile

SIZE = Drawing(200, 300, 72.0)


@pytest.fixture
def file(make_pdf, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    return PopplerFile(make_pdf({"content": b"0 0 100 300 re f"}), 60, folder)


def raising(error):
    def fail(*_, **__):
        raise error

    return fail


def test_a_page_is_drawn_and_nothing_stays(file):
    """The drawing passes through the folder and leaves it."""
    pixels = file.draw(0, SIZE)

    assert file.check()
    assert pixels.shape == (300, 200, 3)
    assert np.array_equal(pixels[150, :, 0] < 128, np.arange(200) < 100)
    assert list(file.folder.iterdir()) == []


def test_a_page_that_is_not_there_cannot_be_drawn(file):
    """No page is no drawing, and no error: another reader may do."""
    assert file.draw(5, SIZE) is None


def test_a_file_that_is_no_pdf_cannot_be_opened(file, tmp_path):
    """Poppler says no; the other reader may still say yes."""
    (tmp_path / "x").write_bytes(b"%PDF-1.7 nothing")
    other = PopplerFile(tmp_path / "x", 60, file.folder)

    assert not other.check()
    assert other.draw(0, SIZE) is None


def test_a_missing_poppler_is_named(file, monkeypatch):
    """The operator learns what to install."""
    missing = exceptions.PDFInfoNotInstalledError()
    monkeypatch.setattr("pdf2image.pdfinfo_from_path", raising(missing))

    with pytest.raises(ToolMissing, match="poppler-utils"):
        file.check()


def test_a_slow_poppler_gives_way(file, monkeypatch):
    """A file that makes poppler hang is left to the other reader."""
    slow = raising(exceptions.PDFPopplerTimeoutError())
    monkeypatch.setattr("pdf2image.pdfinfo_from_path", slow)
    monkeypatch.setattr("pdf2image.convert_from_path", slow)

    assert not file.check()
    assert file.draw(0, SIZE) is None


def test_a_full_disk_is_named(file, monkeypatch):
    """A drawing cut short on a full disk is the disk's fault, not the scan's."""

    def cut(*_, **__):
        path = file.folder / "page.ppm"
        path.write_bytes(b"P6\n200 300\n255\n" + bytes(10))
        return [str(path)]

    monkeypatch.setattr("pdf2image.convert_from_path", cut)
    assert file.draw(0, SIZE) is None

    monkeypatch.setattr(poppler, "_NO_ROOM_BYTES", 2**62)
    with pytest.raises(DiskFull):
        file.draw(0, SIZE)
