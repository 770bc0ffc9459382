"""Tests of pipeline.pdfa.colour_rules."""

from __future__ import annotations

import struct

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.pdfa.colour_rules import (
    check_colour_space,
    check_default_spaces,
    check_group,
    check_image,
    check_shading,
    check_state,
)
from pipeline.pdfa.icc import srgb_profile
from pipeline.pdfa.rules import Refused

NONE = Dictionary()


@pytest.fixture
def pdf() -> pikepdf.Pdf:
    """Return an empty PDF to make objects in."""
    return pikepdf.new()


def _profile(pdf: pikepdf.Pdf, data: bytes, colours: int = 3) -> Array:
    return Array([Name.ICCBased, pdf.make_indirect(pikepdf.Stream(pdf, data, N=colours))])


def test_colours_under_the_output_intent_pass(pdf: pikepdf.Pdf) -> None:
    """Grey, RGB, ICC profiles, CIE-based colour and what is built on them."""
    icc = _profile(pdf, srgb_profile())
    white = Dictionary(WhitePoint=Array([0.95, 1, 1.09]))
    for space in (
        Name.DeviceGray,
        Name.DeviceRGB,
        Name.Pattern,
        icc,
        Array([Name.CalRGB, white]),
        Array([Name.Indexed, icc, 1, b"\0\0\0\xff\xff\xff"]),
        Array([Name.Pattern, Name.DeviceRGB]),
    ):
        check_colour_space(space, NONE)
    check_colour_space(Name.CS0, Dictionary(ColorSpace=Dictionary(CS0=icc)))
    check_colour_space(Name.G, NONE, inline=True)


def test_colours_without_cover_are_refused(pdf: pikepdf.Pdf) -> None:
    """CMYK, spot colours and damaged profiles cost the claim."""
    good = srgb_profile()
    version_5 = good[:8] + b"\x05" + good[9:]
    link = good[:12] + b"link" + good[16:]
    longer = struct.pack(">I", len(good) + 1) + good[4:]
    for space in (
        None,
        Array(),
        Name.DeviceCMYK,
        Name.CS9,
        Array([Name.DeviceCMYK]),
        Array([Name.Separation, Name.Red, Name.DeviceRGB, Dictionary()]),
        Array([Name.DeviceN, Array([Name.Red]), Name.DeviceRGB, Dictionary()]),
        Array([Name.CalGray, Dictionary()]),
        Array([Name.Indexed, Name.DeviceCMYK, 1, b"\0"]),
        _profile(pdf, good, 4),
        _profile(pdf, good[:100]),
        *(_profile(pdf, data) for data in (version_5, link, longer, b"")),
    ):
        with pytest.raises(Refused):
            check_colour_space(space, NONE)
    with pytest.raises(Refused):
        check_colour_space(Name.CMYK, NONE, inline=True)
    with pytest.raises(Refused):
        check_default_spaces(Dictionary(ColorSpace=Dictionary(DefaultRGB=Name.DeviceCMYK)))


def test_endless_colour_spaces_are_refused() -> None:
    """A colour space that names itself ends the check, not the program."""
    loop = Dictionary(ColorSpace=Dictionary(CS0=Name.CS0))
    with pytest.raises(Refused, match="too deep"):
        check_colour_space(Name.CS0, loop)


def _image(pdf: pikepdf.Pdf, **entries: object) -> pikepdf.Stream:
    usual = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 1, "Height": 1}
    kind = {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 8}
    return pikepdf.Stream(pdf, b"\0", **{**usual, **kind, **entries})


def test_images_pass_or_are_refused(pdf: pikepdf.Pdf) -> None:
    """Masks are images too; hints that change what is shown are not allowed."""
    mask = _image(pdf)
    check_image(_image(pdf, SMask=pdf.make_indirect(mask), Intent=Name.Perceptual), NONE)
    stencil = _image(pdf, ImageMask=True, BitsPerComponent=1)
    del stencil["/ColorSpace"]
    check_image(stencil, NONE)
    for entries in (
        {"Interpolate": True},
        {"Intent": Name.Pretty},
        {"BitsPerComponent": 7},
        {"ColorSpace": Name.DeviceCMYK},
        {"OPI": Dictionary()},
        {"SMaskInData": 1},
        {"ImageMask": True},
        {"SMask": pdf.make_indirect(_image(pdf, ColorSpace=Name.DeviceCMYK))},
    ):
        with pytest.raises(Refused):
            check_image(_image(pdf, **entries), NONE)


def test_graphics_states_pass_or_are_refused(pdf: pikepdf.Pdf) -> None:
    """Transparency is allowed as the standard lists it; transfer curves and halftones are not."""
    form = pdf.make_indirect(pikepdf.Stream(pdf, b""))
    soft = Dictionary(SMask=Dictionary(S=Name.Luminosity, G=form))

    assert check_state(Dictionary(ca=0.5, BM=Name.Multiply, SMask=Name("/None"))) is None
    assert check_state(soft).objgen == form.objgen  # type: ignore[union-attr]
    for entries in (
        {"TR": Name.Identity},
        {"HT": Dictionary()},
        {"BM": Name.Custom},
        {"BM": Array([Name.Normal, Name.Custom])},
        {"RI": Name.Pretty},
        {"SMask": Name.Foo},
        {"SMask": Dictionary(S=Name.Luminosity, G=form, TR=Name.Identity)},
    ):
        with pytest.raises(Refused):
            check_state(Dictionary(**entries))


def test_groups_and_shadings_are_looked_into() -> None:
    """Their colour spaces count like any other."""
    check_group(Dictionary(Group=Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)), NONE)
    check_shading(Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB), NONE)
    with pytest.raises(Refused):
        check_group(Dictionary(Group=Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)), NONE)
    with pytest.raises(Refused):
        check_group(Dictionary(Group=Dictionary(S=Name.Other)), NONE)
    with pytest.raises(Refused):
        check_shading(Dictionary(ShadingType=2, ColorSpace=Name.DeviceCMYK), NONE)
