"""The commands that run until they are stopped."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("command", ["worker", "watch", "sweep", "serve"])
def test_a_part_without_servers_says_how_to_get_them(command, tmp_path):
    """Started alone in an empty folder, each part names the remedy and ends as wrongly set up."""
    done = subprocess.run(
        [sys.executable, "-m", "workers", command],
        env={"PATH": "/usr/bin:/bin", "SOHOA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 78
    assert "sohoa up" in done.stderr
