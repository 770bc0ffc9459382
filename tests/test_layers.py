"""An encoded page knows its streams."""

import dataclasses

import pytest

from pipeline.box import Box
from pipeline.layers import EncodedImage, EncodedPage, Layer


def test_streams_come_in_the_order_of_painting(tmp_path):
    """Of each layer its image, then its stencil; together they are what the page takes."""
    images = []
    for number in range(3):
        path = tmp_path / str(number)
        path.write_bytes(bytes(10**number))
        images.append(EncodedImage(path, "DCTDecode", "gray", 8, 8))
    page = Box(0, 0, 8, 8)
    encoded = EncodedPage((Layer(images[0], page, images[1]), Layer(images[2], page)), tmp_path)

    assert list(encoded.images) == images
    assert encoded.size_bytes == 111


@pytest.mark.parametrize("kind", [EncodedImage, Layer, EncodedPage], ids=lambda k: k.__name__)
def test_values_cannot_be_changed(kind):
    """A value handed over is never edited by the next stage."""
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen
