"""The command line as a whole."""

import subprocess
import sys

import pytest
from typer.main import get_command

from workers import cli
from workers.cli import app


@pytest.mark.parametrize("name", get_command(app).commands)
def test_every_command_has_help(name):
    """`sohoa COMMAND --help` works without any server."""
    command = [sys.executable, "-m", "workers", name, "--help"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0
    assert "Example" in done.stdout


def test_a_misspelt_setting_stops_with_its_exit_code(tmp_path):
    """The message names the setting, in Vietnamese and English, and the code says set-up."""
    done = subprocess.run(
        [sys.executable, "-m", "workers", "status"],
        env={"PATH": "/usr/bin", "SOHOA_WORKRES": "4"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 78
    assert "SOHOA_WORKRES" in done.stderr
    assert "Cấu hình sai" in done.stderr and "A setting is wrong" in done.stderr


def test_a_bug_is_shown_whole(monkeypatch, capsys):
    """An unexpected error keeps its traceback and has an exit code of its own."""

    def fail():
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(cli, "app", fail)

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 70
    assert "ZeroDivisionError: oops" in capsys.readouterr().err
