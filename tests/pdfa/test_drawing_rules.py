"""Tests of pipeline.pdfa.drawing_rules."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.pdfa.drawing_rules import Drawing
from pipeline.pdfa.rules import Refused


@pytest.fixture
def pdf() -> pikepdf.Pdf:
    """Return a PDF with one page that has one font."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type0))
    pdf.pages[0].Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary())
    return pdf


def _check(pdf: pikepdf.Pdf, content: bytes) -> Drawing:
    pdf.pages[0].Contents = pdf.make_stream(content)
    drawing = Drawing()
    drawing.check_page(pdf.pages[0])
    return drawing


def _form(pdf: pikepdf.Pdf, content: bytes, **entries: object) -> pikepdf.Object:
    form = pikepdf.Stream(
        pdf, content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]), **entries
    )
    return pdf.make_indirect(form)


def test_shown_strings_are_collected_by_font(pdf: pikepdf.Pdf) -> None:
    """All four operators that show text count, in the page and in forms, and q and Q are kept."""
    font = pdf.pages[0].Resources.Font.F1
    form = _form(pdf, b"BT /X 9 Tf (form) Tj ET", Resources=Dictionary(Font=Dictionary(X=font)))
    pdf.pages[0].Resources.XObject.Fm0 = form
    drawing = _check(
        pdf,
        b"BT /F1 9 Tf (a) Tj [(b) -20 <63>] TJ (d) ' 1 2 (e) \" q (f) Tj Q (g) Tj ET /Fm0 Do",
    )

    (used,) = drawing.fonts.values()
    assert used.strings == {b"a", b"b", b"c", b"d", b"e", b"f", b"g", b"form"}


@pytest.mark.parametrize(
    "content",
    [
        b"(a) Tj",
        b"q BT /F1 9 Tf ET Q BT (a) Tj ET",
        b"/F2 9 Tf",
        b"F1 9 Tf",
        b"BT /F1 9 Tf 5 Tj ET",
        b"Tf",
        b"0 0 0 1 k",
        b"/DeviceCMYK cs",
        b"/P0 scn",
        b"/GS0 gs",
        b"/Sh0 sh",
        b"/Pretty ri",
        b"/OC /MC0 BDC EMC",
        b"/Span /MC0 BDC EMC",
        b"/Span <</AA <<>> >> BDC EMC",
        b"1000 0 d0",
        b"BX foo EX",
        b"Q",
        b"q",
        b"<41",
        b"99999999999 w",
        b"BI /W 1 /H 1 /BPC 8 /CS /G /I true ID x EI",
        b"BI /W 1 /H 1 /BPC 8 /CS /CMYK ID xxxx EI",
        b"BI /W 1 /H 1 /BPC 8 /CS /G /F /LZW ID x EI",
    ],
)
def test_what_is_not_known_to_be_allowed_is_refused(pdf: pikepdf.Pdf, content: bytes) -> None:
    """Operators, states, resources and images in the content: an allow-list."""
    with pytest.raises(Refused):
        _check(pdf, content)


def test_ordinary_drawing_passes(pdf: pikepdf.Pdf) -> None:
    """Paths, colours, marked content and inline images as office programs write them."""
    _check(
        pdf,
        b"q 1 0 0 1 0 0 cm 0.5 G 1 0 0 rg /DeviceRGB cs 1 0 0 sc /Perceptual ri "
        b"0 0 10 10 re W n /P <</MCID 0>> BDC 0 0 m 1 1 l S EMC "
        b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q",
    )


def test_resources_of_a_form_are_its_own(pdf: pikepdf.Pdf) -> None:
    """A form that lives on its page's resources is refused (6.2.2)."""
    pdf.pages[0].Resources.XObject.Fm0 = _form(pdf, b"BT /F1 9 Tf ET")
    with pytest.raises(Refused, match="Font resource is missing"):
        _check(pdf, b"/Fm0 Do")


@pytest.mark.parametrize("key", ["PS", "Ref", "OPI", "OC", "Subtype2"])
def test_forms_with_strange_keys_are_refused(pdf: pikepdf.Pdf, key: str) -> None:
    """References to other files, PostScript and layers hide in forms (6.2.9)."""
    pdf.pages[0].Resources.XObject.Fm0 = _form(pdf, b"", **{key: Dictionary()})
    with pytest.raises(Refused, match=r"6\.2\.9\.1"):
        _check(pdf, b"/Fm0 Do")


def test_a_form_in_itself_ends(pdf: pikepdf.Pdf) -> None:
    """A form is walked once."""
    form = _form(pdf, b"/Fm0 Do", Resources=Dictionary(XObject=Dictionary()))
    form.Resources.XObject.Fm0 = form
    pdf.pages[0].Resources.XObject.Fm0 = form

    assert _check(pdf, b"/Fm0 Do").fonts == {}


def test_tiling_patterns_are_walked(pdf: pikepdf.Pdf) -> None:
    """What a pattern draws is drawn."""
    pattern = pikepdf.Stream(pdf, b"0 0 0 1 k", PatternType=1, Resources=Dictionary())
    pdf.pages[0].Resources.Pattern = Dictionary(P0=pdf.make_indirect(pattern))
    with pytest.raises(Refused, match="operator k"):
        _check(pdf, b"/Pattern cs /P0 scn")
