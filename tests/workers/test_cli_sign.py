"""Signing on the command line."""

import os
import subprocess
import sys

import pikepdf


def sohoa(folder, *words, **environ):
    environ = {"PATH": "/usr/bin:/bin", "SOHOA_HOME": str(folder), **environ}
    command = [sys.executable, "-m", "workers", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def test_a_file_is_signed_and_the_pin_is_nowhere_seen(tmp_path, authority):
    """`sohoa sign FILE` writes NAME.signed.pdf; a wrong PIN ends with 78 and is not repeated."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "a.pdf")
    key = {"SOHOA_SIGN_KEY": os.fspath(authority.key_file())}

    good = sohoa(tmp_path, "sign", str(tmp_path / "a.pdf"), SOHOA_SIGN_PIN=authority.pin, **key)
    wrong = sohoa(tmp_path, "sign", str(tmp_path / "a.pdf"), SOHOA_SIGN_PIN="bí mật 99", **key)

    assert good.returncode == 0, good.stderr
    assert "Nguyễn Thị Ánh Nguyệt" in good.stdout
    assert (tmp_path / "a.signed.pdf").read_bytes().startswith((tmp_path / "a.pdf").read_bytes())
    assert (wrong.returncode, "bí mật" in wrong.stdout + wrong.stderr) == (78, False)


def test_unknown_records_are_said(office, tmp_path):
    """No record, no crash: one sentence."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    answers = [
        office.sohoa("export", office.none, "--out", str(tmp_path)),
        office.sohoa("import-signed", office.none, str(tmp_path / "a.pdf")),
    ]

    assert [answer.returncode for answer in answers] == [1, 1]
    assert all(b"no record" in answer.stderr for answer in answers)
