"""Files are written whole, or what hindered it is named."""

import errno
import io

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import DiskFull, StoreError
from pipeline.imaging import write_png
from pipeline.imaging.writing import write


def test_a_full_disk_is_named(monkeypatch, tmp_path):
    """A full disk is no fault of the scan."""

    def full(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(DiskFull):
        write(tmp_path / "page", b"data")


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
