"""Tests of pipeline.pdfa.signing.appearance: what a signature shows."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime

import pypdfium2
import pytest
from PIL import Image, ImageDraw

from pipeline.errors import SealRefused
from pipeline.pdfa import ArchiveFacts, compose
from pipeline.pdfa.signing.appearance import place, read_seal
from pipeline.pdfa.signing.sign import Signing, open_key_file, sign
from pipeline.pdfa.signing.signed_copy import verify_signed
from pipeline.pdfa.signing.signed_rules import check_signed

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.fixture
def archive(draw, facts: ArchiveFacts, tmp_path):
    """Return an archive PDF of one page with room in its corners."""
    out = tmp_path / "archive.pdf"
    compose([draw(["", "", "", "Cộng hòa xã hội chủ nghĩa Việt Nam"])], facts, out)
    return out


@pytest.fixture
def seal(tmp_path):
    """Return a function that draws a round red seal, transparent around it."""

    def make(dpi=(300, 300), size=(200, 200), form="PNG"):
        image = Image.new("RGBA", size, (0, 0, 0, 0))
        ImageDraw.Draw(image).ellipse((2, 2, size[0] - 3, size[1] - 3), fill=(200, 20, 30, 255))
        path = tmp_path / "seal.png"
        image.convert("RGB" if form == "JPEG" else "RGBA").save(
            path, form, **({"dpi": dpi} if dpi else {})
        )
        return path

    return make


def test_a_seal_stands_beside_the_name_at_its_real_size(
    archive, authority, seal, tmp_path, monkeypatch
):
    """Red, round, nothing around it covered; the signed file keeps its PDF/A and is taken back."""
    out = tmp_path / "signed.pdf"
    key = open_key_file(authority.key_file(), authority.pin)
    path = seal()

    done = sign(archive, out, key, Signing(profile="agency", seal=path), NOW)

    assert done.visible
    assert not check_signed(out)
    assert verify_signed(out, archive, [authority.root]).signatures[0].status == "valid"
    with pypdfium2.PdfDocument(out) as pdf:
        pdf.init_forms()
        page = pdf[0].render(scale=300 / 72).to_numpy()[:, :, ::-1].astype(int)
    red = (page[:, :, 0] > 150) & (page[:, :, 1] < 80)
    rows, columns = red.any(axis=1).nonzero()[0], red.any(axis=0).nonzero()[0]
    assert abs(rows[-1] - rows[0] + 1 - 196) <= 4
    assert abs(columns[-1] - columns[0] + 1 - 196) <= 4
    assert columns[0] > page.shape[1] / 2
    share = red[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].mean()
    assert share == pytest.approx(0.785, abs=0.03)  # a circle in its square


@pytest.mark.verapdf
def test_verapdf_agrees_with_a_seal(archive, authority, seal, tmp_path, verapdf):
    """A transparent picture is allowed in PDF/A-2."""
    out = tmp_path / "signed.pdf"
    key = open_key_file(authority.key_file(), authority.pin)

    sign(archive, out, key, Signing(profile="agency", seal=seal()), NOW)

    done = subprocess.run(
        [verapdf, "--format", "text", "--flavour", "2u", out],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("PASS"), done.stdout


def test_without_a_picture_the_text_stands_alone(archive):
    """The seal is an option of the agency."""
    shown = place(archive, "agency", "Sở Y tế", NOW, None)

    assert shown is not None
    assert shown.seal is None


def test_other_profiles_show_no_seal(archive, seal):
    """Decree 30/2020 wants no picture on a copy."""
    shown = place(archive, "copy", "Sở Y tế", NOW, seal())

    assert shown is not None
    assert shown.seal is None


def test_letters_become_smaller_before_nothing_is_shown(archive):
    """A name as long as the page has no place at all."""
    sizes = [place(archive, "digitizer", "x" * count, NOW, None) for count in (10, 110, 400)]

    assert sizes[0] is not None
    assert sizes[1] is not None
    assert sizes[1].text.height_pt < sizes[0].text.height_pt
    assert sizes[2] is None


@pytest.mark.parametrize(
    "bad",
    [{"dpi": None}, {"dpi": (20, 20)}, {"form": "JPEG"}, {"size": (2001, 2001)}],
    ids=["no size", "a hand wide", "no PNG", "too large"],
)
def test_a_picture_that_is_no_seal_is_refused(seal, bad):
    """Named, with what is wrong."""
    with pytest.raises(SealRefused, match=r"seal\.png"):
        read_seal(seal(**bad))


def test_a_picture_that_is_not_there_is_refused(tmp_path):
    """Before anything is signed."""
    with pytest.raises(SealRefused):
        read_seal(tmp_path / "none.png")
