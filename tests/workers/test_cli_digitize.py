"""`sohoa digitize` as people read it."""

import subprocess
import sys


def test_the_sum_balances_and_bad_input_sets_the_exit_code(tmp_path):
    """One line per input, the sum at the end, 65 because one was rejected."""
    (tmp_path / "rỗng.pdf").write_bytes(b"")
    command = [sys.executable, "-m", "workers", "digitize", "rỗng.pdf", "--out", "out"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 65
    assert "rỗng.pdf: Tệp rỗng" in done.stdout
    assert "in 1 = stored 0 + rejected 1" in done.stdout


def test_an_empty_folder_is_said(tmp_path):
    """Nothing to do is said, not passed over in silence."""
    (tmp_path / "scans").mkdir()
    command = [sys.executable, "-m", "workers", "digitize", "scans", "--out", "out"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert "No scan was found" in done.stderr
