"""The samples: drawn by the generator, small, and true to what they say of themselves."""

import json
import subprocess
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from jsonschema import Draft202012Validator
from PIL import Image

from samples import cms
from samples.dossiers import MANIFESTS, SAMPLES
from samples.faces import fingerprint
from samples.letterhead import day_in_words
from samples.make_samples import digests, make

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "samples"
INBOX, TRUTH = FOLDER / "inbox", FOLDER / "truth"
TRUTHS = sorted(TRUTH.rglob("expected.json"))
QUICK = [s for s in SAMPLES if s.name in ("thông báo.pdf", "quyết định đã ký số.pdf")]
DRAWN_WITH = json.loads((TRUTH / "drawn-with.json").read_text(encoding="utf-8"))


def named(value):
    return value.name if hasattr(value, "name") else str(value)


def truth_of(sample):
    return TRUTH / (sample.dossier or "_unlinked") / sample.name


def test_at_least_eight_dossiers_in_less_than_12_mb():
    """Enough to show, small enough to carry."""
    size = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())

    assert len([entry for entry in INBOX.iterdir() if entry.is_dir()]) >= 8
    assert size < 12_000_000


@pytest.mark.parametrize("sample", QUICK, ids=named)
def test_drawing_again_gives_the_committed_bytes(sample, tmp_path):
    """The committed files are what the generator draws, to the byte."""
    if fingerprint() != DRAWN_WITH["font_sha256"]:
        pytest.skip("another build of Liberation Serif is installed: its glyphs differ")
    if version("pillow") != DRAWN_WITH["pillow"]:
        pytest.skip("another Pillow is installed: its JPEG and glyph drawing may differ")

    make(sample, tmp_path)

    drawn = digests(tmp_path)
    committed = digests(FOLDER)
    assert len(drawn) == 3
    assert drawn == {name: committed.get(name) for name in drawn}


def test_every_paper_has_its_truth():
    """Each document of the inbox has expected.json and text.txt, and no truth is left over."""
    papers = {truth_of(sample) for sample in SAMPLES}
    loose = {entry.name for entry in INBOX.iterdir() if entry.is_file()}

    assert {path.parent for path in TRUTHS} == papers
    assert loose == {sample.name for sample in SAMPLES if sample.dossier is None}
    for sample in SAMPLES:
        assert (INBOX / (sample.dossier or "") / sample.name).exists()


def test_names_meet_across_dossiers():
    """Two dossiers hold two papers of the same names, as counters drop them."""
    names = {}
    for sample in SAMPLES:
        names.setdefault(sample.dossier, set()).add(sample.name)

    shared = names["000.00.04.H09-231016-0001"] & names["000.00.04.H09-231016-0002"]
    assert shared == {"quyết định.pdf", "công văn báo cáo.jpg"}


@pytest.mark.parametrize("path", TRUTHS, ids=lambda p: p.parent.name)
def test_truth_fits_its_paper(path):
    """Field names are those of the schema, and every value stands in the text as printed."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    text = path.with_name("text.txt").read_text(encoding="utf-8")
    printed = " ".join(text.split()).casefold()

    assert text.count("\f") == expected["pages"] == len(expected["quarter_turns"])
    assert set(expected["fields"]) <= fields_of(expected["doc_type"])
    for name, value in expected["fields"].items():
        shown = any(spelt.casefold() in printed for spelt in spellings(value))
        if name in expected["unreadable"]:
            assert not shown, name
        else:
            assert shown or in_code(value, expected["codes"]) or value == "Công văn", name


def in_code(value, codes):
    return any(str(value) in code for code in codes)


def spellings(value):
    """Return how papers print a value: dates in words or figures, decimals with a comma."""
    if isinstance(value, str) and value.isdecimal() and len(value) == 10:
        return [value, f"{value[:4]} {value[4:7]} {value[7:]}"]  # a telephone number
    if isinstance(value, float):
        whole = [f"{value:.0f}"] if value.is_integer() else []
        return [f"{value:.1f}".replace(".", ","), *whole]
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return [str(value)]
    return [day_in_words(day), f"{day:%d/%m/%Y}"]


def test_qr_codes_survive_the_scanner():
    """What the truth says of a code can be read from the scan."""
    with Image.open(INBOX / "phiếu hẹn.jpg") as image:
        found = zxingcpp.read_barcodes(np.asarray(image.convert("L")))
    expected = json.loads((TRUTH / "_unlinked" / "phiếu hẹn.jpg" / "expected.json").read_text())

    assert [code.text for code in found] == expected["codes"]


def test_text_born_paper_says_its_truth():
    """The vector PDF's own text is the text of its truth, and it holds no image."""
    sample = next(s for s in SAMPLES if s.text_born)
    with pypdfium2.PdfDocument(INBOX / sample.dossier / sample.name) as pdf:
        page = pdf[0]
        reader = page.get_textpage()
        text = reader.get_text_bounded()
        reader.close()
        kinds = {found.type for found in page.get_objects()}
        page.close()
    truth = (truth_of(sample) / "text.txt").read_text(encoding="utf-8")

    assert sorted(text.split()) == sorted(truth.split())
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds


def test_signature_covers_the_whole_file():
    """The signed sample is signed as agencies do, and the signature is whole."""
    sample = next(s for s in SAMPLES if s.signed)
    path = INBOX / sample.dossier / sample.name
    data = path.read_bytes()
    with pikepdf.open(path) as pdf:
        value = pdf.Root.AcroForm.Fields[0].V
        start, first, second, rest = (int(number) for number in value.ByteRange)
        signature = bytes(value.Contents)

    assert (start, second + rest) == (0, len(data))
    assert pdf_hole(data, first, second) == signature
    signed = data[:first] + data[second:]
    size = 4 + int.from_bytes(signature[2:4])  # of the outer DER SEQUENCE; zeros follow
    assert signature[:size] == cms.sign(signed, *sample.signed)
    assert not signature[size:].strip(b"\0")


def pdf_hole(data, first, second):
    return bytes.fromhex(data[first + 1 : second - 1].decode())


def test_openssl_accepts_the_signature(tmp_path):
    """A program that is not ours finds the signature good."""
    (tmp_path / "signed").write_bytes(b"abc")
    when = datetime(2024, 10, 30, tzinfo=UTC)
    (tmp_path / "signature").write_bytes(cms.sign(b"abc", "Người ký thử", when))
    command = ["openssl", "cms", "-verify", "-noverify", "-binary", "-inform", "DER"]
    command += ["-in", "signature", "-content", "signed", "-out", "out"]
    try:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("manifest", MANIFESTS.values(), ids=list(MANIFESTS))
def test_manifests_fit_their_schema(manifest):
    """dossier.json of the samples is a model to copy."""
    rules = json.loads((ROOT / "schemas" / "dossier.schema.json").read_text(encoding="utf-8"))

    assert list(Draft202012Validator(rules).iter_errors(manifest)) == []


def fields_of(doc_type):
    names = set()
    for name in (doc_type, "base"):
        path = ROOT / "schemas" / f"{name}.schema.json"
        names |= set(json.loads(path.read_text(encoding="utf-8"))["properties"])
    return names
