"""Tests of pipeline.pdfa.signing.signed_rules: one thing at a time that costs the claim."""

from __future__ import annotations

from datetime import UTC, datetime

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from pipeline.pdfa import compose
from pipeline.pdfa.signing.sign import Signing, open_key_file, sign
from pipeline.pdfa.signing.signed_rules import check_signed

pytestmark = pytest.mark.slow  # each signs a file of its own


@pytest.fixture
def signed(draw, facts, authority, tmp_path):
    """Return a signed archive PDF that shows its signature."""
    archive, out = tmp_path / "archive.pdf", tmp_path / "signed.pdf"
    compose([draw(["Cộng hòa"])], facts, archive)
    key = open_key_file(authority.key_file(), authority.pin)
    how = Signing("B-LT", authority.tsa, (authority.root,), "copy")
    sign(archive, out, key, how, datetime(2026, 11, 23, tzinfo=UTC))
    return out


def field(pdf):
    return pdf.Root.AcroForm.Fields[0]


def add_field(pdf):
    text = Dictionary(FT=Name.Tx, T=String("x"), Subtype=Name.Widget, F=4)
    pdf.Root.AcroForm.Fields.append(pdf.make_indirect(text))


def show_text(pdf):
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    look = pdf.make_stream(b"BT /F 9 Tf (x) Tj ET", BBox=Array([0, 0, 9, 9]), Subtype=Name.Form)
    look.Resources = Dictionary(Font=Dictionary(F=font))
    field(pdf).AP.N = look


CHANGES = {
    "reader makes appearances": lambda pdf: pdf.Root.AcroForm.update({"/NeedAppearances": True}),
    "another field": add_field,
    "hidden": lambda pdf: field(pdf).update({"/F": 2 + 4}),
    "does not print": lambda pdf: field(pdf).update({"/F": 0}),
    "an action": lambda pdf: field(pdf).update({"/A": Dictionary(S=Name.Launch)}),
    "no appearance": lambda pdf: field(pdf).__delitem__("/AP"),
    "a font not embedded": show_text,
    "a note": lambda pdf: pdf.pages[0].Annots.append(
        pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Square))
    ),
    "a script": lambda pdf: pdf.Root.update({"/OpenAction": Dictionary(S=Name.JavaScript)}),
    "a store of anything": lambda pdf: pdf.Root.DSS.update({"/EF": Dictionary()}),
    "the page itself": lambda pdf: pdf.pages[0].obj.update({"/AA": Dictionary()}),
}


def test_a_signed_file_keeps_its_claim(signed):
    """What we sign passes."""
    assert check_signed(signed) == ()


def test_without_a_signature_it_is_another_check(signed):
    """A file without form is checked by `structure`, not here."""
    archive = signed.with_name("archive.pdf")

    assert check_signed(archive) == ("6.4.1: the form is no dictionary",)


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_costs_the_claim(signed, name):
    """One forbidden thing beside the signature, and the claim is gone."""
    with pikepdf.open(signed, allow_overwriting_input=True) as pdf:
        CHANGES[name](pdf)
        pdf.save(signed)

    assert check_signed(signed) != ()


def test_rubbish_is_no_crash(tmp_path):
    """A file that is none has a reason, too."""
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7\nrubbish")

    assert check_signed(tmp_path / "x.pdf") != ()
