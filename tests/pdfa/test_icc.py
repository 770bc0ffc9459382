"""Tests of pipeline.pdfa.icc."""

from __future__ import annotations

import io

from PIL import Image, ImageCms

from pipeline.pdfa.icc import CONDITION, srgb_profile


def test_the_profile_is_srgb() -> None:
    """Colours that go through our profile and LittleCMS' sRGB stay within one level."""
    ours = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    steps = [(r, g, b) for r in range(0, 256, 51) for g in range(0, 256, 51) for b in (0, 99, 255)]
    image = Image.new("RGB", (len(steps), 1))
    image.putdata(steps)
    theirs = ImageCms.createProfile("sRGB")
    turned = ImageCms.profileToProfile(image, ours, theirs, renderingIntent=1)

    assert turned is not None
    pairs = zip(image.tobytes(), turned.tobytes(), strict=True)
    assert max(abs(a - b) for a, b in pairs) <= 1


def test_the_header_says_version_2_and_rgb() -> None:
    """PDF/A-1 refuses version 4; the size in the header is the size."""
    profile = srgb_profile()

    assert profile[8:10] == b"\x02\x10"
    assert profile[12:20] == b"mntrRGB "
    assert profile[36:40] == b"acsp"
    assert int.from_bytes(profile[:4], "big") == len(profile) < 1100
    assert CONDITION.encode() in profile
