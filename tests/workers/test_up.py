"""The whole system in one folder: it survives kill -9 and stops without a trace."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

pytestmark = pytest.mark.slow

DOSSIERS = ("000.00.04.H09-231016-0001", "000.00.04.H09-231016-0002")


class System:
    """`sohoa up` in a folder, as an operator runs it."""

    def __init__(self, home):
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environ = {
            **os.environ,
            "SOHOA_HOME": str(home),
            "SOHOA_HTTP_PORT": str(self.port),
            "SOHOA_SETTLE_S": "0.5",
            "SOHOA_SCAN_EVERY_S": "0.5",
            "SOHOA_SWEEP_EVERY_S": "1",
        }
        self.process = None

    def start(self):
        with (self.home / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "workers", "up"],
                env=self.environ,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_for(lambda: self.get("/readyz"), 60)

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.read()
        except OSError:
            return None

    def records(self):
        return json.loads(self.get("/v1/records?limit=100") or b'{"records": []}')["records"]

    def status(self):
        command = [sys.executable, "-m", "workers", "status", "--json"]
        done = subprocess.run(command, env=self.environ, capture_output=True, check=True)
        return json.loads(done.stdout)

    def wait_for(self, condition, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = condition()
            if found:
                return found
            time.sleep(0.2)
        raise AssertionError((self.home / "up.log").read_text()[-3000:])

    def members(self):
        """Return the processes of the system that live, by what they are called with."""
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                environ = (entry / "environ").read_bytes()
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                cwd = str((entry / "cwd").readlink())
            except OSError:
                continue
            ours = f"SOHOA_HOME={self.home}".encode() in environ or str(self.home) in cwd + command
            if ours and command and "pytest" not in command:
                found[int(entry.name)] = command
        return found

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        start = time.monotonic()
        self.process.wait(20)
        return time.monotonic() - start


@pytest.fixture
def system(tmp_path):
    system = System(tmp_path)
    yield system
    if system.process and system.process.poll() is None:
        system.process.send_signal(signal.SIGINT)
        system.process.wait(20)


def draw(path, text, pages=1):
    """Draw a scan that takes the worker a few seconds."""
    font = ImageFont.truetype("DejaVuSerif.ttf", 60)
    images = []
    for number in range(pages):
        image = Image.new("RGB", (2480, 3508), "white")
        pen = ImageDraw.Draw(image)
        for row in range(25):
            pen.text((300, 300 + 110 * row), f"{text}, trang {number}, dòng {row}", "black", font)
        images.append(image)
    path.parent.mkdir(parents=True, exist_ok=True)
    images[0].save(path, "PDF", resolution=300, save_all=True, append_images=images[1:])


def test_kill_of_everything_loses_and_doubles_nothing(system):
    """kill -9 of a worker, then of `sohoa up` itself, in the middle of documents: after a restart
    each document is stored once, also two of one name in two dossiers."""
    system.start()
    for dossier in DOSSIERS:
        draw(system.home / "inbox" / dossier / "giấy tờ.pdf", f"Hồ sơ {dossier}", pages=3)
    draw(system.home / "inbox" / "lẻ.pdf", "Không có mã hồ sơ", pages=2)
    system.wait_for(lambda: system.status()["received"] == 3, 60)

    workers = [pid for pid, command in system.members().items() if "worker --lane" in command]
    os.kill(workers[0], signal.SIGKILL)
    time.sleep(1.0)
    system.kill()
    system.wait_for(lambda: not system.members(), 10)
    system.start()

    system.wait_for(lambda: system.status()["pending"] == 0, 240)
    status = system.status()
    assert (status["received"], status["stored"], status["rejected"]) == (3, 3, 0)
    rows = system.records()
    assert len(rows) == 3
    assert {row["dossier_code"] for row in rows} == {*DOSSIERS, None}
    assert status["unlinked"] == 1
    for row in rows:
        record = json.loads(system.get(f"/v1/records/{row['record_id']}"))
        pdf = system.get(f"/v1/records/{row['record_id']}/files/archive.pdf")
        assert record["version"] == 1
        assert pdf.startswith(b"%PDF-")
    system.wait_for(lambda: not list((system.home / "inbox").rglob("*.pdf")), 30)
    names = {p.relative_to(system.home / "outbox") for p in (system.home / "outbox").rglob("*.pdf")}
    assert {Path(d) / "giấy tờ.pdf" for d in DOSSIERS} <= names


def test_stop_is_quick_and_leaves_no_process(system):
    """Ctrl-C ends everything within 10 s, in the middle of work; the next start goes on."""
    system.start()
    draw(system.home / "inbox" / DOSSIERS[0] / "a.pdf", "Đang dở", pages=4)
    system.wait_for(lambda: system.status()["received"] == 1, 60)

    assert system.stop() < 10
    assert system.members() == {}

    system.start()
    system.wait_for(lambda: system.status()["stored"] == 1, 120)


def test_same_file_twice_is_one_record_and_bad_files_are_refused(system):
    """A file dropped twice is one record; an unreadable one comes back with its reason."""
    draw(system.home / "inbox" / DOSSIERS[0] / "a.pdf", "Một tờ")
    data = (system.home / "inbox" / DOSSIERS[0] / "a.pdf").read_bytes()
    (system.home / "inbox" / DOSSIERS[0] / "b.pdf").write_bytes(data)
    (system.home / "inbox" / DOSSIERS[1]).mkdir()
    (system.home / "inbox" / DOSSIERS[1] / "hỏng.pdf").write_bytes(b"%PDF-1.4 \n%%EOF\n")
    system.start()

    system.wait_for(lambda: not list((system.home / "inbox").rglob("*.pdf")), 120)

    status = system.status()
    assert (status["received"], status["stored"], status["rejected"]) == (2, 1, 1)
    assert (system.home / "rejected" / DOSSIERS[1] / "hỏng.pdf").exists()
    ticket = (system.home / "rejected" / DOSSIERS[1] / "hỏng.pdf.txt").read_text("utf-8-sig")
    assert "hỏng.pdf" in ticket


def test_second_up_in_the_folder_is_refused(system):
    """Two systems never share one folder."""
    system.start()

    command = [sys.executable, "-m", "workers", "up"]
    second = subprocess.run(command, env=system.environ, capture_output=True, check=False)

    assert second.returncode == 78
