"""The veraPDF command: one line a file, and an exit status that a script can trust."""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from bench import verapdf as command
from pipeline.layers import EncodedImage, EncodedPage, Layer
from pipeline.model import ArchivePage, Box, Page
from pipeline.pdfa import ArchiveFacts, compose

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".tools"


@pytest.fixture
def cli() -> Path:
    """Return veraPDF's own command line, which `make tools` installs."""
    found = shutil.which("verapdf", path=str(TOOLS / "bin"))
    if found is None:
        pytest.skip("veraPDF is not installed: make tools")
    return Path(found)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Return an archive PDF with a Vietnamese name with spaces."""
    sheet, path = Image.new("L", (100, 100), "white"), tmp_path / "page.jpg"
    sheet.save(path, quality=80)
    sheet.save(tmp_path / "page.look", "PNG")
    image = EncodedImage(path, "DCTDecode", "gray", 100, 100)
    content = EncodedPage((Layer(image, Box(0, 0, 100, 100)),), tmp_path / "page.look")
    facts = ArchiveFacts(
        title="Tờ", record_id="A", dossier_code=None, procedure=None, source_sha256s=(),
        created=datetime(2026, 1, 1, tzinfo=UTC), creator_tool="test",
    )  # fmt: skip
    out = tmp_path / "giấy phép số 1.pdf"
    compose([ArchivePage(Page(1, 100, 100, 72.0, "scan"), content)], facts, out)
    return out


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """Return a PDF that is no PDF/A: it has no metadata."""
    out = tmp_path / "bad.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out


@pytest.mark.verapdf
def test_each_file_has_its_line(good: Path, bad: Path, cli: Path, tmp_path: Path, capsys) -> None:
    """In the order given, by the name given, with what is wrong; unreadable files fail."""
    rubbish = tmp_path / "rubbish"
    rubbish.write_text("no PDF at all")

    status = command.main(["2u", str(bad), str(good), str(rubbish), str(good)], cli)

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"FAIL {bad} 6.")
    assert "6.6.2.1-1" in lines[0].split()
    assert lines[1:] == [f"PASS {good}", f"FAIL {rubbish} unreadable", f"PASS {good}"]
    assert status == 1


@pytest.mark.verapdf
def test_all_pass_is_status_zero(good: Path, cli: Path, capsys) -> None:
    """A script needs to read nothing."""
    assert command.main(["2u", str(good)], cli) == 0
    assert capsys.readouterr().out == f"PASS {good}\n"


@pytest.mark.parametrize("arguments", [[], ["2u"], ["{bad}"], ["{bad}", "{bad}"], ["9z", "{bad}"]])
def test_a_missing_flavour_or_file_is_misuse(arguments: list[str], bad: Path, capsys) -> None:
    """The usage goes to the error output, nothing to the other one, and nothing is run."""
    given = [one.format(bad=bad) for one in arguments]

    assert command.main(given, Path("/nowhere/verapdf")) == 2
    said = capsys.readouterr()
    assert (said.out, said.err[:14]) == ("", "usage: verapdf")


def test_a_file_that_is_not_there_is_misuse(bad: Path, tmp_path: Path, capsys) -> None:
    """It is named, and the others are not checked either: no half answer looks like a whole one."""
    missing = tmp_path / "missing.pdf"

    assert command.main(["2u", str(bad), str(missing)], Path("/nowhere/verapdf")) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"no such file: {missing}\n")


@pytest.mark.parametrize("says", ["", "{}", '{"report": {"jobs": []}}'])
def test_a_verapdf_that_breaks_is_no_verdict(says: str, bad: Path, tmp_path: Path, capsys) -> None:
    """Neither a pass nor a fail: a status of its own, and nothing on the output."""
    broken = tmp_path / "verapdf"
    broken.write_text(f"#!/bin/sh\necho '{says}'\necho out of memory >&2\nexit 8\n")
    broken.chmod(0o755)

    assert command.main(["2u", str(bad)], broken) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "out of memory" in said.err


@pytest.mark.verapdf
@pytest.mark.parametrize("old", [True, False])
def test_installing_moves_an_old_folder_without_network(
    old: bool, cli: Path, bad: Path, tmp_path: Path
) -> None:
    """The folder becomes the command, the jar is kept, and a second run changes nothing."""
    home, jar = tmp_path / "project", next(cli.resolve().parent.glob("*.jar"))
    (home / "bench").mkdir(parents=True)
    for name in ("tools.sh", "verapdf.py"):
        shutil.copy2(ROOT / "bench" / name, home / "bench" / name)
    tools, there = home / ".tools", home / ".tools" / ("verapdf" if old else "lib/verapdf")
    there.mkdir(parents=True)
    shutil.copy(jar, there)
    (tools / "bin").mkdir()
    for path in (tools / "bin" / "minio", home / "gcc", home / "mvn"):
        path.write_text("#!/bin/sh\nexit 9\n")
        path.chmod(0o755)
    environ = {**os.environ, "PATH": f"{home}:{os.environ['PATH']}"}

    for _ in range(2):
        subprocess.run([home / "bench" / "tools.sh"], env=environ, check=True, capture_output=True)

        assert (tools / "verapdf").is_file()
        (kept,) = (tools / "lib" / "verapdf").glob("*.jar")
        assert filecmp.cmp(kept, jar, shallow=False)
        assert sorted(path.name for path in tools.iterdir()) == ["bin", "lib", "verapdf"]
    judged = _run(tools / "verapdf", "2u", bad)
    assert (judged.returncode, judged.stdout[:5]) == (1, "FAIL ")
    assert "veraPDF" in _run(tools / "bin" / "verapdf", "--version").stdout


def _run(*command: Path | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)
