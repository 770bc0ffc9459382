"""The ink copy: same size, ink dark on white, nothing that misleads recognition."""

import numpy as np
import pytest

from pipeline.imaging import INK_STEPS, ink_copy
from pipeline.imaging.resample import gray
from pipeline.layout import Mark
from pipeline.model import PageImage


def where(page, place):
    """Return the ink copy of a page within a box."""
    box = place
    return ink_copy(page.image)[box.top : box.bottom, box.left : box.right]


def test_the_copy_has_the_pages_frame(draw_page):
    """Boxes found on the copy hold on the page."""
    page = draw_page(dpi=100, seal=True, leaders=True, shade=True)

    copy = ink_copy(page.image)

    assert copy.shape == page.image.pixels.shape[:2]
    assert copy.dtype == np.uint8


def test_the_master_is_not_touched(draw_page):
    """The archive keeps the seal and the dots."""
    page = draw_page(dpi=100, seal=True, leaders=True)
    before = page.image.pixels.copy()

    ink_copy(page.image)

    assert np.array_equal(page.image.pixels, before)


def test_shadows_become_white(draw_page):
    """Yellowed paper under uneven light is white, its text as dark as before."""
    page = draw_page(shade=True)

    copy = ink_copy(page.image)

    text, box = page.lines[4]
    assert np.percentile(copy, 50) >= 250
    assert copy[box.top : box.bottom, box.left : box.right].min() < 40, text


@pytest.mark.parametrize("shade", [False, True])
def test_a_seal_goes_and_the_name_under_it_stays(draw_page, shade):
    """Red ink vanishes, black ink under it does not, tinted paper or not."""
    plain, stamped = draw_page(shade=shade), draw_page(shade=shade, seal=True)

    expected, found = where(plain, stamped.seal), where(stamped, stamped.seal)

    assert (found < 128).sum() == pytest.approx((expected < 128).sum(), rel=0.1)
    assert np.abs(found.astype(int) - expected).mean() < 3


def test_leaders_go_and_values_stay(draw_page):
    """Free dots vanish; a value typed over the dots keeps its letters."""
    page = draw_page(dpi=200, leaders=True)
    copy = ink_copy(page.image)

    for box in page.leaders:
        assert copy[box.top : box.bottom, box.left : box.right].min() > 200
    for (text, box), leader in zip(page.lines[-4:-1:2], page.leaders, strict=True):
        rows = slice(box.top, leader.top - 1)  # what lies above the dots
        before = gray(page.image.pixels)[rows, box.left : box.right] < 128
        after = copy[rows, box.left : box.right] < 128
        assert after.sum() > 0.97 * before.sum(), text


def test_specks_of_a_bitonal_scan_go(draw_page):
    """Single black pixels are dust; the dot under a letter is not."""
    clean = draw_page(dpi=200, bitonal=True).image
    dusty = clean.pixels.copy()
    rows, columns = np.random.default_rng(4).integers(0, 1600, (2, 300))
    dusty[rows + 300, columns] = 0

    copy = ink_copy(PageImage(dusty, clean.dpi, bitonal=True))

    difference = (copy < 128).sum() - (ink_copy(clean) < 128).sum()
    assert abs(int(difference)) < 60


def test_the_same_page_gives_the_same_copy(draw_page):
    """Recognition can be repeated."""
    page = draw_page(dpi=100, seal=True, leaders=True, noise=20.0).image

    assert np.array_equal(ink_copy(page), ink_copy(page))


@pytest.mark.parametrize("sides", [(1, 1), (2, 900), (900, 2), (40, 40)])
@pytest.mark.parametrize("shade", [0, 255])
def test_odd_pages_have_a_copy_too(sides, shade):
    """Slivers, black pages and white pages are no reason to fail."""
    page = PageImage(np.full((*sides, 3), shade, np.uint8), 300.0)

    assert ink_copy(page).shape == sides


@pytest.mark.parametrize("step", ["background", "show-through", "seals", "leaders"])
def test_each_step_can_be_left_out(draw_page, step):
    """What it would have taken away is still there."""
    page = draw_page(dpi=150, seal=True, leaders=True, shade=True).image
    steps = [one for one in INK_STEPS if one != step]

    whole, without = ink_copy(page), ink_copy(page, steps=steps)

    assert without.shape == whole.shape
    assert without.mean() < whole.mean()


def test_print_of_the_other_side_goes(draw_page):
    """Pale mirrored print on empty paper is all but white, the page's own print stays."""
    page = draw_page(dpi=200, prose=2).image
    back = draw_page(dpi=200, prose=14).image.pixels
    through = 255 - (255 - back[:, ::-1].astype(float)) * 0.09
    seen = np.minimum(page.pixels, through).astype(np.uint8)

    copy = ink_copy(PageImage(seen, page.dpi))

    clean = ink_copy(page)
    assert ((copy < 235) & (clean == 255)).mean() < 0.002
    assert (copy < 128).sum() == pytest.approx((clean < 128).sum(), rel=0.06)


def test_a_blue_signature_goes_and_a_blue_value_stays(draw_page):
    """Only ink within a mark is taken; black print under it stays."""
    page = draw_page(dpi=150)
    text, box = page.lines[4]
    signed = page.image.pixels.copy()
    middle = (box.top + box.bottom) // 2
    signed[middle - 1 : middle + 2, box.left : box.right] = np.minimum(
        signed[middle - 1 : middle + 2, box.left : box.right], (50, 60, 190)
    )
    image = PageImage(signed, page.image.dpi)

    kept = ink_copy(image)[middle, box.left : box.right]
    gone = ink_copy(image, [Mark("signature", box, "blue")])[middle, box.left : box.right]
    plain = ink_copy(page.image)[middle, box.left : box.right]

    assert (kept < 160).mean() > 0.9, text
    assert (gone < 128).sum() == pytest.approx((plain < 128).sum(), abs=0.1 * len(plain))
