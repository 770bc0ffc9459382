"""Ink survives exactly, with and without the JBIG2 coder."""

import numpy as np
import pytest

from pipeline.imaging import jbig2
from pipeline.imaging.bitonal import encode_bitonal
from pipeline.layers import Layer
from pipeline.model import Box


@pytest.mark.parametrize("width", [3, 7, 8, 250])
@pytest.mark.parametrize("built", [True, False])
def test_ink_survives_exactly(monkeypatch, shown, tmp_path, width, built):
    """A PDF reader shows each pixel as it was, whatever the width and the coder."""
    ink = np.random.default_rng(2).random((90, width)) > 0.6
    if not built:
        monkeypatch.setattr(jbig2, "available", lambda: False)
    elif not jbig2.available():
        pytest.skip("no C compiler was there when the package was installed")

    encoded = encode_bitonal(ink, tmp_path / "page")

    assert encoded.filter == ("JBIG2Decode" if built else "CCITTFaxDecode")
    seen = shown([Layer(encoded, Box(0, 0, width, 90))], width, 90)
    assert np.array_equal(seen[..., 0] == 0, ink)
    assert set(np.unique(seen)) <= {0, 255}
