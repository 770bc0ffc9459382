"""Bad input: each gives one clear message, nothing hangs, nothing else is affected."""

import io
import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.model import Dossier
from pipeline.settings import Settings
from workers.digitizing import digitize_all, stem_of
from workers.inputs import find_inputs


@pytest.fixture
def page():
    """A small page with a few words, as an image."""
    image = Image.new("RGB", (1240, 1754), "white")
    font = ImageFont.truetype("DejaVuSerif.ttf", 34)
    pen = ImageDraw.Draw(image)
    for row, text in enumerate(
        ["ỦY BAN NHÂN DÂN", "TỈNH PHÚ TÂN", "Số: 123/QĐ-UBND", "QUYẾT ĐỊNH", "Về việc kiểm tra"]
    ):
        pen.text((160, 160 + 80 * row), text, fill="black", font=font)
    return image


def as_bytes(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def pdf_bytes(pages=1, **options):
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
    stream = io.BytesIO()
    pdf.save(stream, **options)
    return stream.getvalue()


def huge_png(side):
    """A PNG that declares side × side pixels and holds next to none."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def bad_files(page):
    """Names and contents that must be refused, with the code of the refusal."""
    locked = pdf_bytes(encryption=pikepdf.Encryption(owner="o", user="u"))
    jpeg = as_bytes(page, "JPEG", dpi=(150, 150))
    tiff = as_bytes(page.convert("1"), "TIFF", compression="group4", dpi=(150, 150))
    pdf = as_bytes(page, "PDF", resolution=150)
    return {
        "rỗng.pdf": (b"", "scan.empty"),
        "văn bản.pdf": ("Xin chào, đây không phải PDF".encode(), "scan.wrong-type"),
        "cụt.pdf": (pdf[: len(pdf) // 2], "scan."),
        "cụt.tif": (tiff[: len(tiff) // 2], "scan."),
        "cụt.jpg": (jpeg[: len(jpeg) // 2], "scan.truncated"),
        "khoá.pdf": (locked, "scan.locked"),
        "không trang.pdf": (pdf_bytes(0), "scan.no-pages"),
        "khổng lồ.png": (huge_png(30_000), "scan.too-large"),
        "rác.png": (b"\x89PNG\r\n\x1a\n" + os.urandom(500), "scan."),
    }


def outcomes(paths, out, **settings):
    inputs = find_inputs(paths, Dossier(), "")
    return {Path(o.path).name: o for o in digitize_all(inputs, out, 2, Settings(**settings))}


def test_bad_files_are_refused_by_name_and_good_ones_pass(tmp_path, page, bad_files):
    """One bad file costs one message; the good file beside it is stored."""
    for name, (data, _) in bad_files.items():
        (tmp_path / name).write_bytes(data)
    page.save(tmp_path / "tốt.png", dpi=(150, 150))

    found = outcomes(sorted(tmp_path.iterdir()), tmp_path / "out", language="vi")

    assert found["tốt.png"].status == "stored"
    for name, (_, code) in bad_files.items():
        assert found[name].status == "rejected", name
        assert found[name].reason.startswith(code), (name, found[name].reason)
        assert name in found[name].reason
    left = [p.name for p in (tmp_path / "out").iterdir()]
    assert left == ["tốt"]


def test_missing_and_unreadable_paths_are_refused(tmp_path):
    """A path that is not there is one refused input, not a stop."""
    found = outcomes([tmp_path / "không có.pdf"], tmp_path / "out")

    assert found["không có.pdf"].status == "rejected"
    assert "không có.pdf" in found["không có.pdf"].reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_unreadable_folder_is_refused(tmp_path):
    """A folder without the right to read it is one refused input."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)

    assert outcomes([closed], tmp_path / "out")["closed"].status == "rejected"


def test_full_disk_is_told_and_leaves_nothing_half(tmp_path, page):
    """When the output disk is full the message says so and no half folder stays."""
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", small]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    page.save(tmp_path / "a.png", dpi=(150, 150))
    try:
        found = outcomes([tmp_path / "a.png"], small / "out")

        assert found["a.png"].status == "rejected"
        assert found["a.png"].reason.startswith("store.disk-full")
        assert list((small / "out").iterdir()) == []
    finally:
        subprocess.run(["umount", small], check=True)


def test_equal_stems_get_a_suffix_and_the_same_file_replaces_itself(tmp_path, page):
    """Two inputs of one name both survive; a second run makes no third folder."""
    for folder, colour in (("a", "white"), ("b", "ivory")):
        (tmp_path / folder).mkdir()
        copy = Image.new("RGB", page.size, colour)
        copy.paste(page.crop((100, 100, 900, 700)), (100, 100))
        copy.save(tmp_path / folder / "scan.png", dpi=(150, 150))
    paths = [tmp_path / "a" / "scan.png", tmp_path / "b" / "scan.png"]
    for _ in range(2):
        list(digitize_all(find_inputs(paths, Dossier(), ""), tmp_path / "out", 1, Settings()))

    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["scan", "scan-2"]


def test_same_scan_gives_the_same_bytes(tmp_path, page):
    """Digitizing is a function: twice the same scan, twice the same files."""
    page.save(tmp_path / "a.png", dpi=(150, 150))
    runs = []
    for run in ("one", "two"):
        outcomes([tmp_path / "a.png"], tmp_path / run)
        folder = tmp_path / run / "a"
        runs.append({p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()})

    assert runs[0] == runs[1]


def test_command_prints_one_object_a_line_and_its_exit_code(tmp_path, page):
    """Scripts read the outcome from JSON lines and the exit code."""
    page.save(tmp_path / "a.png", dpi=(150, 150))
    (tmp_path / "b.pdf").write_bytes(b"")
    command = [
        sys.executable,
        "-m",
        "workers",
        "digitize",
        "a.png",
        "b.pdf",
        "--out",
        "out",
        "--json",
    ]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    lines = {line["path"]: line for line in map(json.loads, done.stdout.splitlines())}

    assert done.returncode == 65, done.stderr
    assert set(lines["a.png"]) == {
        "path", "out", "status", "record_id", "pages", "doc_type", "seconds", "reason"
    }  # fmt: skip
    assert (lines["a.png"]["status"], lines["b.pdf"]["status"]) == ("stored", "rejected")
    record = json.loads((tmp_path / lines["a.png"]["out"] / "record.json").read_text())
    assert record["record_id"] == lines["a.png"]["record_id"]
    assert (tmp_path / lines["a.png"]["out"] / "text.txt").read_text().count("\f") == 1


@pytest.mark.parametrize("name", ["..", ".hidden.pdf", "a\x07b.pdf", "ệ" * 200 + ".pdf"])
def test_folder_names_are_harmless(tmp_path, name):
    """A name from outside never leaves the output folder, hides, or is too long."""
    stem = stem_of(tmp_path / name)

    assert stem and not stem.startswith(".") and "/" not in stem and "\x07" not in stem
    assert len(stem.encode()) <= 120
