"""Bent lines and dark bindings are measured."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from pipeline.imaging import measure_curl as measure
from pipeline.model import PageImage


def measure_curl(image):
    return measure(image, image)


def bent(image, bend_mm):
    """Return the page with its lines sagging in the middle by so much."""
    height, width = image.pixels.shape[:2]
    sag = bend_mm * image.dpi / 25.4 * np.sin(np.linspace(0, np.pi, width))
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    moved = cv2.remap(
        image.pixels, columns.astype(np.float32), (rows - sag).astype(np.float32),
        cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return replace(image, pixels=moved)


def shaded(image, loss, flip=1):
    light = np.ones(image.width_px)
    reach = int(35 / 25.4 * image.dpi)
    light[:reach] = 1 - loss * (1 - np.arange(reach) / reach)
    return replace(image, pixels=(image.pixels * light[None, ::flip, None]).astype(np.uint8))


@pytest.mark.parametrize("damage", [{}, {"seal": True, "leaders": True}, {"noise": 15.0}])
def test_a_flat_page_is_flat(draw_page, damage):
    """Forms, seals and grain bend no line."""
    curl = measure_curl(draw_page(dpi=200, prose=10, **damage).image)

    assert curl.bend_mm < 0.4
    assert curl.shaded is None


@pytest.mark.parametrize("bend_mm", [2.0, 4.0])
def test_bent_lines_are_measured(draw_page, bend_mm):
    """From the straight line that fits best, over the width of the print: a quarter of the sag."""
    curl = measure_curl(bent(draw_page(dpi=200, prose=10).image, bend_mm))

    assert 0.2 * bend_mm < curl.bend_mm < 0.4 * bend_mm


@pytest.mark.parametrize(("flip", "edge"), [(1, "left"), (-1, "right")])
def test_a_dark_binding_is_told(draw_page, flip, edge):
    """Little by little, all along one edge."""
    image = draw_page(dpi=150, prose=6).image

    assert measure_curl(shaded(image, 0.7, flip)).shaded == edge
    assert measure_curl(shaded(image, 0.1, flip)).shaded is None


def test_a_black_border_is_no_binding(draw_page):
    """The lid of a scanner ends at once."""
    image = draw_page(dpi=150, prose=6).image
    image = replace(image, pixels=image.pixels.copy())
    image.pixels[:, : int(12 / 25.4 * 150)] = 8

    assert measure_curl(image).shaded is None


@pytest.mark.parametrize("sides", [(1, 1), (3, 900), (900, 3), (300, 300)])
@pytest.mark.parametrize("shade", [0, 255])
def test_slivers_and_empty_pages_are_flat(sides, shade):
    """Nothing is there to tell by."""
    curl = measure_curl(PageImage(np.full((*sides, 3), shade, np.uint8), 300.0))

    assert (curl.bend_mm, curl.shaded) == (0.0, None)
