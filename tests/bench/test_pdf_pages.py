"""The pages that PDFs are compared on are scans and nothing else."""

import numpy as np
import pikepdf
from PIL import Image

from bench import pdf_pages as bench


def _scan(folder):
    """A one-page PDF of a JPEG."""
    pixels = np.full((350, 250, 3), 240, np.uint8)
    Image.fromarray(pixels).save(folder / "scan.jpg", quality=90)
    assert bench._as_pdf(folder / "scan.jpg", folder / "scan.pdf") == 300
    return folder / "scan.pdf"


def test_only_scans_of_one_image_are_taken(tmp_path):
    """A page of parts, or with text of its own, is no scan to compress again."""
    scan = _scan(tmp_path)
    with pikepdf.open(scan) as pdf:
        pdf.pages[0].Resources.Font = pikepdf.Dictionary()
        pdf.save(tmp_path / "text.pdf")

    assert bench._first_page(scan, tmp_path / "a.pdf") == 300
    assert bench._first_page(tmp_path / "text.pdf", tmp_path / "b.pdf") == 0


def test_whole_files_are_bitonal_and_have_several_pages(tmp_path):
    """One page of colour makes it another kind of file."""
    with pikepdf.new() as pdf:
        for _ in range(3):
            page = pdf.add_blank_page(page_size=(72, 72))
            image = pdf.make_stream(
                b"\0" * 9, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=8, Height=9,
                ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=1,
            )  # fmt: skip
            page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
        pdf.save(tmp_path / "bitonal.pdf")

    assert bench._bitonal_file(tmp_path / "bitonal.pdf", tmp_path / "a.pdf") == 3
    assert bench._bitonal_file(_scan(tmp_path), tmp_path / "b.pdf") == 0
    assert not (tmp_path / "b.pdf").exists()


def test_absent_pages_give_no_table(tmp_path, monkeypatch):
    """They are no part of the project."""
    monkeypatch.setattr(bench, "DATA", tmp_path / "absent")

    assert list(bench.find_pages(tmp_path, full=True)) == []
