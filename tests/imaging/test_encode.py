"""Encoded pages are what a PDF reader expects, the same bytes each time."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from pipeline.imaging import encode, jbig2
from pipeline.imaging.original import Original
from pipeline.imaging.shown import Sheet
from pipeline.layers import LOOK_PX
from pipeline.model import PageImage

PROFILES = ("archive", "fine", "nd30-min")


def _noise(height, width, seed=3):
    levels = np.random.default_rng(seed).integers(0, 256, (height, width, 3))
    return levels.astype(np.uint8)


def _photograph(side=600):
    """Smooth shapes of all colours with some texture: no paper anywhere."""
    down, across = np.mgrid[0:side, 0:side] / side
    waves = np.stack(
        [np.sin(7 * across + 3 * down), np.cos(9 * down * across), np.sin(5 * (across - down))],
        axis=2,
    )
    texture = np.random.default_rng(5).normal(0, 6, waves.shape)
    return np.clip(128 + 100 * waves + texture, 0, 255).astype(np.uint8)


def _flat(level, height=300, width=200):
    return np.full((height, width, 3), level, np.uint8)


HOSTILE = {
    "one pixel": _flat(120, 1, 1),
    "one row": _noise(1, 300),
    "black": _flat(0),
    "white": _flat(255),
    "noise": _noise(300, 200),
    "photograph": _photograph(),
}


@pytest.mark.parametrize(("colour", "name"), [(True, "rgb"), (False, "gray")])
def test_colour_is_kept_only_where_there_is_some(draw_page, shown, tmp_path, colour, name):
    """A page without colour is stored in gray, every layer of it."""
    page = draw_page(dpi=150, seal=True).image

    encoded = encode(page, colour, tmp_path / "page")

    assert {layer.image.colour for layer in encoded.layers} == {name}
    seen = shown(encoded.layers, page.width_px, page.height_px).astype(int)
    assert np.abs(seen.mean(axis=2) - page.pixels.mean(axis=2)).mean() < 6


def test_a_page_of_ink_and_paper_becomes_layers(draw_page, tmp_path):
    """They take a fraction of what a JPEG takes, and are enough like the page."""
    page = draw_page(dpi=300, seal=True, noise=3).image

    encoded = encode(page, True, tmp_path / "page")
    jpeg = encode(page, True, tmp_path / "fine", profile="fine")

    assert (encoded.coding.kind, jpeg.coding.kind) == ("layers", "jpeg")
    assert encoded.coding.reached and encoded.coding.likeness.ink >= 0.95
    assert encoded.layers[1].stencil.colour == "bitonal"
    assert encoded.size_bytes < 0.4 * jpeg.size_bytes


def test_a_picture_becomes_a_jpeg(tmp_path):
    """Where there is no paper, a mask and two layers are no gain."""
    page = PageImage(_photograph(), 150.0)

    encoded = encode(page, True, tmp_path / "page")

    assert encoded.coding.kind == "jpeg"
    assert len(encoded.layers) == 1


@pytest.mark.slow  # a minute for all
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", HOSTILE)
def test_any_page_is_encoded(name, profile, tmp_path):
    """Whatever the pixels are, a reader shows about the same picture."""
    page = PageImage(HOSTILE[name], 300.0)

    encoded = encode(page, True, tmp_path / "page", profile=profile)

    seen = Sheet(page.width_px, page.height_px, 72.0).of_layers(encoded.layers).astype(float)
    assert abs(seen.mean() - page.pixels.mean()) < 8
    assert encoded.coding.likeness is not None


INKS = {
    "faint pencil": ((205, 205, 205), 2),
    "pale blue pen": ((190, 195, 215), 2),
    "worn red": ((235, 175, 180), 3),
    "thin print": ((60, 60, 60), 1),
}


@pytest.mark.parametrize("name", INKS)
def test_no_stroke_is_lost(name, tmp_path):
    """A stroke that stands out from the paper stands out as much in what is shown."""
    pixels, (ink, width) = _flat(245, 900, 700), INKS[name]
    for row in range(80, 800, 60):
        for column in range(60, 620, 30):
            cv2.line(pixels, (column, row), (column + 18, row + 24), ink, width, cv2.LINE_AA)
    stroke = pixels.min(axis=2) < (245 + min(ink)) // 2

    layers = encode(PageImage(pixels, 150.0), True, tmp_path / "page").layers

    seen = Sheet(700, 900, 150.0).of_layers(layers)
    paper = seen[~cv2.dilate(stroke.astype(np.uint8), np.ones((5, 5))).astype(bool)].mean()
    depth, wanted = (float(paper) - seen[stroke].min(axis=1), 245.0 - pixels[stroke].min(axis=1))
    assert np.mean(depth > 0.4 * wanted) > 0.97


def test_gradient_light_over_tiny_text(tmp_path):
    """Letters of five pixels on paper that falls off to the side are as legible as before."""
    pixels = _flat(245, 900, 700)
    for row in range(40, 860, 20):
        cv2.putText(pixels, "so 12/QD-UBND ngay 3 thang 5", (30, row), 0, 0.35, (30, 30, 30), 1)
    light = np.linspace(1.0, 0.5, 700)[None, :, None]

    encoded = encode(PageImage((pixels * light).astype(np.uint8), 150.0), True, tmp_path / "page")

    assert encoded.coding.reached


def test_fine_is_nearer_to_the_scan(draw_page, tmp_path):
    """Each profile reaches what it asks; more likeness takes more bytes."""
    page = draw_page(dpi=200, seal=True, noise=2).image

    small, near = (
        encode(page, True, tmp_path / name, profile=name) for name in ("archive", "fine")
    )

    assert near.coding.likeness.ink >= 0.994 > small.coding.likeness.ink >= 0.95
    assert near.size_bytes > small.size_bytes


def test_the_decree_asks_for_one_colour_image_at_200_dpi(draw_page, tmp_path):
    """nd30-min: 24 bits a pixel, no layers, no finer than it must be."""
    page = draw_page(dpi=300).image

    (layer,) = encode(page, False, tmp_path / "page", profile="nd30-min").layers

    assert (layer.image.filter, layer.image.colour) == ("DCTDecode", "rgb")
    assert layer.image.width_px == round(page.width_px * 200 / 300)


def test_what_was_tried_and_not_taken_is_removed(draw_page, tmp_path):
    """A document of a thousand pages leaves the streams of its pages, and nothing more."""
    encoded = encode(draw_page(dpi=100, seal=True).image, True, tmp_path / "page-0001")

    assert {path.name for path in tmp_path.iterdir()} == {
        encoded.look.name,
        *(image.path.name for image in encoded.images),
    }


def _scan(jpeg):
    return Original(jpeg, "DCTDecode")


def _as_scanned(pixels, quality):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as image:
        return buffer.getvalue(), np.asarray(image)


def test_the_scan_of_a_page_that_was_not_moved_is_kept_when_smaller(draw_page, tmp_path):
    """Compressing a picture again costs likeness; here it would cost bytes too."""
    jpeg, pixels = _as_scanned(draw_page(dpi=150, seal=True, noise=4).image.pixels, 12)
    page = PageImage(pixels, 150.0)

    kept = encode(page, True, tmp_path / "kept", profile="fine", original=_scan(jpeg))
    moved = PageImage(np.ascontiguousarray(pixels[::-1]), 150.0)
    turned = encode(moved, True, tmp_path / "turned", profile="fine", original=_scan(jpeg))

    assert kept.coding.kind == "original"
    assert kept.layers[0].image.path.read_bytes() == jpeg
    assert turned.coding.kind == "jpeg"


def test_a_moved_page_does_not_outgrow_its_scan(draw_page, tmp_path):
    """More than half as much again would only keep the faults of a coarse JPEG; it is told."""
    jpeg, pixels = _as_scanned(draw_page(dpi=150, seal=True).image.pixels, 4)
    moved = PageImage(np.roll(pixels, (3, 3), (0, 1)), 150.0)  # off the blocks of the first JPEG

    free = encode(moved, True, tmp_path / "free", profile="fine")
    bound = encode(moved, True, tmp_path / "bound", profile="fine", original=_scan(jpeg))

    most = max(1.5 * len(jpeg), 40_000)
    assert free.size_bytes > most
    assert not bound.coding.reached and bound.size_bytes <= most


@pytest.mark.parametrize("jpeg", [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0garbage" * 9])
def test_a_damaged_scan_is_not_kept(draw_page, tmp_path, jpeg):
    """Its pixels came from a reader that mends; others would show something else."""
    page = draw_page(dpi=72).image

    assert encode(page, True, tmp_path / "page", original=_scan(jpeg)).coding.kind != "original"


def test_bitonal_pages_survive_exactly(draw_page, shown, tmp_path):
    """A scan of one bit a pixel is one image, without loss."""
    page = draw_page(dpi=72).image
    pixels = np.where(page.pixels.mean(axis=2, keepdims=True) < 128, 0, 255).astype(np.uint8)
    pixels = pixels.repeat(3, axis=2)

    layers = encode(PageImage(pixels, 72.0, bitonal=True), False, tmp_path / "page").layers

    assert [layer.image.colour for layer in layers] == ["bitonal"]
    assert np.array_equal(shown(layers, page.width_px, page.height_px), pixels)


@pytest.mark.skipif(not jbig2.available(), reason="its coder was not built")
def test_a_bitonal_scan_is_kept_when_smaller(tmp_path, monkeypatch):
    """Whoever coded it: what is shown is the same, pixel by pixel."""
    ink = np.random.default_rng(8).integers(0, 9, (400, 300)) == 0
    scan = Original(jbig2.jbig2_stream(ink), "JBIG2Decode")
    pixels = np.where(ink, 0, 255).astype(np.uint8)[..., None].repeat(3, axis=2)
    page = PageImage(pixels, 300.0, bitonal=True)

    ours = encode(page, False, tmp_path / "ours", original=scan)
    monkeypatch.setattr(jbig2, "available", lambda: False)
    kept = encode(page, False, tmp_path / "kept", original=scan)

    assert (ours.coding.kind, kept.coding.kind) == ("bitonal", "original")
    assert kept.layers[0].image.path.read_bytes() == scan.data
    assert len([*tmp_path.iterdir()]) == 4


def test_the_look_is_the_page_before_it_was_compressed(draw_page, tmp_path):
    """However coarse the JPEG is, the look is exact, and as small as it says."""
    page = draw_page(dpi=144).image

    coarse, fine = (
        encode(page, True, tmp_path / f"{quality}", jpeg_quality=quality) for quality in (5, 95)
    )

    assert coarse.look.read_bytes() == fine.look.read_bytes()
    with Image.open(coarse.look) as look:
        assert (look.mode, max(look.size)) == ("L", LOOK_PX)


def test_the_same_page_gives_the_same_bytes(draw_page, tmp_path):
    """Nothing of the clock or the machine gets into a stream."""
    page = draw_page(dpi=72).image

    first, second = (encode(page, True, tmp_path / name) for name in "ab")

    assert [image.path.read_bytes() for image in first.images] == [
        image.path.read_bytes() for image in second.images
    ]
    assert first.look.read_bytes() == second.look.read_bytes()


def test_no_more_quality_is_tried_than_was_asked(tmp_path):
    """Noise reaches no likeness: the best JPEG that is allowed is taken, and the report says so."""
    page = PageImage(_noise(200, 200), 150.0)

    low, high = (
        encode(page, True, tmp_path / "page", jpeg_quality=quality).size_bytes
        for quality in (10, 40)
    )

    assert low < high
