"""Bar codes and QR codes on a page."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

from pipeline.model import PageImage
from pipeline.recognition.codes import read_codes

TEXT = "000.00.04.H09-231016-0001|1.004203|074190001234|Giấy phép xây dựng"


def _page(*places, dpi=200.0):  # type: ignore[no-untyped-def]
    """Return a page of 120 × 80 mm with codes of (text, scale, x, y, format)."""
    pixels = np.full((630, 945, 3), 255, np.uint8)
    for text, scale, x, y, kind in places:
        code = np.array(zxingcpp.create_barcode(text, kind).to_image(scale=scale))
        pixels[y : y + code.shape[0], x : x + code.shape[1]] = code[..., None]
    return PageImage(pixels, dpi)


@pytest.mark.parametrize("scale", [2, 3, 5])
def test_a_qr_code_is_read_where_it_stands(scale: int) -> None:
    """Small and large modules; Vietnamese text in NFC; the box lies on the code."""
    (code,) = read_codes(_page((TEXT, scale, 100, 60, zxingcpp.BarcodeFormat.QRCode)))

    assert (code.kind, code.text) == ("QRCode", TEXT)
    assert 100 <= code.box.left < code.box.right
    assert 60 <= code.box.top < code.box.bottom
    assert code.box.width > 20 * scale


def test_codes_come_in_order_and_once() -> None:
    """Two papers' codes on one page; each scale finds the same ones."""
    codes = read_codes(
        _page(
            ("dưới", 4, 60, 350, zxingcpp.BarcodeFormat.QRCode),
            (TEXT[:25], 2, 60, 40, zxingcpp.BarcodeFormat.Code128),
        )
    )

    assert [(code.kind, code.text) for code in codes] == [
        ("Code128", TEXT[:25]),
        ("QRCode", "dưới"),
    ]


def test_a_turned_code_is_read() -> None:
    """A page may lie on its side."""
    page = _page((TEXT, 3, 100, 60, zxingcpp.BarcodeFormat.QRCode))
    turned = PageImage(np.ascontiguousarray(np.rot90(page.pixels)), page.dpi)

    assert [code.text for code in read_codes(turned)] == [TEXT]


def _specked(gray, noise):
    worn = gray.copy()
    worn[noise.random(gray.shape) < 0.04] = 255
    worn[noise.random(gray.shape) < 0.02] = 0
    return worn


def _faxed(gray, noise):
    seen = cv2.GaussianBlur(gray, (0, 0), 1) + noise.normal(0, 60, gray.shape)
    return np.where(seen > 128, 255, 0).astype(np.uint8)


def _dotted(gray, _noise):
    rows, columns = np.indices(gray.shape)
    return np.where((gray < 128) & (rows % 3 < 2) & (columns % 3 < 2), 0, 255).astype(np.uint8)


def _inverted(gray, _noise):
    return 255 - gray


@pytest.mark.parametrize("damage", [_specked, _faxed, _dotted, _inverted])
def test_a_damaged_code_is_read(damage) -> None:  # type: ignore[no-untyped-def]
    """Dust, a fax, a matrix printer, white on black."""
    gray = _page((TEXT, 5, 100, 60, zxingcpp.BarcodeFormat.QRCode)).pixels[..., 0]
    worn = damage(gray, np.random.default_rng(3))

    (code,) = read_codes(PageImage(worn[..., None].repeat(3, axis=2), 200.0))

    assert code.text == TEXT
    assert 90 <= code.box.left <= 130


def test_control_characters_are_taken_out() -> None:
    """The text is for people and records, not for terminals."""
    (code,) = read_codes(_page(("a\x1b[31mb\x00c", 4, 60, 60, zxingcpp.BarcodeFormat.QRCode)))

    assert code.text == "a[31mbc"


def test_a_page_without_codes() -> None:
    """White paper gives none."""
    assert read_codes(_page()) == ()
