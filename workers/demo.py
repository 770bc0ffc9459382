"""The samples in, a tour of the whole system out: `make demo`.

Runs `sohoa up` in the folder demo-run/, drops samples/inbox into its inbox, watches until every
document is done, fetches each record over HTTP, and stops everything again.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from rich.markup import escape

from workers.cli_words import err, out

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples" / "inbox"
HOME = ROOT / "demo-run"
MARK = ".made-by-make-demo"
WAIT_S = 600.0
MAIN_FIELDS = ("number", "symbol", "issued_date", "abstract", "child.name", "owner.name")


def main() -> int:
    """Run the demo; returns an exit code."""
    fresh_home()
    port = _free_port()
    out("[bold]1. Starting the embedded servers and the workers[/bold] (sohoa up, in demo-run/)")
    system = _start(port)
    try:
        api = f"http://127.0.0.1:{port}"
        _await(api, system)
        out("[bold]2. Dropping the samples into the inbox[/bold]")
        documents = _drop()
        out(f"   {documents} documents in {len(list(SAMPLES.iterdir()))} dossiers and loose files")
        out("[bold]3. Watching[/bold] (each leaves the inbox when its record is stored)")
        if not _watch(documents, system):
            return 1
        out("[bold]4. The records, fetched over HTTP[/bold]")
        records = _records(api)
        _show(records)
        _fetch(api, records)
        _balance(port)
    finally:
        _stop(system)
    _say_next()
    return 0


def fresh_home() -> None:
    """Make demo-run/ anew; a folder that no demo made is left alone."""
    if HOME.exists():
        if not (HOME / MARK).exists():
            sys.exit(f"{HOME} is not from an earlier demo; move it away first")
        shutil.rmtree(HOME)
    HOME.mkdir()
    (HOME / MARK).touch()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environ(port: int) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SOHOA_")}
    return {**kept, "SOHOA_HOME": str(HOME), "SOHOA_HTTP_PORT": str(port), "SOHOA_SETTLE_S": "1"}


def _start(port: int) -> subprocess.Popen[bytes]:
    log = (HOME / "up.log").open("wb")
    return subprocess.Popen(
        [sys.executable, "-m", "workers", "up"],
        env=_environ(port), stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip


def _await(api: str, system: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and system.poll() is None:
        try:
            _get(f"{api}/readyz")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    sys.exit(f"the system did not start; see {HOME / 'up.log'}")


def _drop() -> int:
    """Copy the samples into the inbox; return how many documents they hold."""
    documents = 0
    for entry in sorted(SAMPLES.iterdir()):
        target = HOME / "inbox" / entry.name
        if entry.is_dir():
            shutil.copytree(entry, target, dirs_exist_ok=True)
            documents += sum(1 for paper in entry.iterdir() if paper.name != "dossier.json")
        else:
            shutil.copy2(entry, target)
            documents += 1
    return documents


def _watch(documents: int, system: subprocess.Popen[bytes]) -> bool:
    seen: set[str] = set()
    deadline = time.monotonic() + WAIT_S
    while len(seen) < documents and time.monotonic() < deadline and system.poll() is None:
        for folder, colour in ((HOME / "outbox", "green"), (HOME / "rejected", "red")):
            for ticket in sorted(folder.rglob("*.txt")):
                name = str(ticket.relative_to(folder).with_suffix(""))
                if name not in seen:
                    seen.add(name)
                    out(f"   [{colour}]{len(seen):2} of {documents}[/{colour}]  {escape(name)}")
        time.sleep(0.3)
    if len(seen) < documents:
        err(f"[red]only {len(seen)} of {documents} were done; see {HOME / 'up.log'}[/red]")
        return False
    return True


def _records(api: str) -> list[dict[str, Any]]:
    listed = json.loads(_get(f"{api}/v1/records?limit=100"))["records"]
    return [json.loads(_get(f"{api}/v1/records/{row['record_id']}")) for row in listed]


def _show(records: list[dict[str, Any]]) -> None:
    for record in records:
        pages = len(record["pages"])
        out(
            f"   [bold]{record['record_id']}[/bold]  {record['doc_type'] or 'type unknown'}, "
            f"{pages} page{'s' if pages > 1 else ''}, {escape(_dossier(record))}"
        )
        for name in MAIN_FIELDS:
            field = record["fields"].get(name)
            if field is not None:
                mark = "[yellow]?[/yellow]" if field["status"] == "in_review" else " "
                value = "(unreadable)" if field["value"] is None else str(field["value"])
                out(f"     {mark} {name:12} {escape(value)}")
    out("   [yellow]?[/yellow] marks what a person must check before anybody relies on it.")


def _dossier(record: dict[str, Any]) -> str:
    code = record["dossier"]["code"]
    return f"dossier {code}" if code else "not linked to a dossier yet"


def _fetch(api: str, records: list[dict[str, Any]]) -> None:
    """Fetch every archive PDF into demo-run/records, as another system would."""
    for record in records:
        folder = HOME / "records" / record["record_id"]
        folder.mkdir(parents=True)
        address = f"{api}/v1/records/{record['record_id']}/files/archive.pdf"
        (folder / "archive.pdf").write_bytes(_get(address))
        text = json.dumps(record, ensure_ascii=False, indent=2)
        (folder / "record.json").write_text(text, encoding="utf-8")
    first = records[0]["record_id"]
    out(f"   GET /v1/records/{first}/files/archive.pdf")
    out(f"   → {HOME / 'records' / first / 'archive.pdf'}  (open it and search for a word)")


def _balance(port: int) -> None:
    out("[bold]5. The balance[/bold] (sohoa status)")
    subprocess.run([sys.executable, "-m", "workers", "status"], env=_environ(port), check=False)


def _stop(system: subprocess.Popen[bytes]) -> None:
    if system.poll() is None:
        system.send_signal(signal.SIGINT)
        try:
            system.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(system.pid, signal.SIGKILL)
            system.wait()


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own http address
        return bytes(answer.read())


def _say_next() -> None:
    out("[bold]6. All processes have stopped. Next:[/bold]")
    out(f"   look at the tickets        {HOME / 'outbox'}")
    out(f"   open a searchable PDF/A    {HOME / 'records'}")
    out("   start your own system      mkdir counter && cd counter && ../.venv/bin/sohoa up")
    out("   digitize a scan of yours   .venv/bin/sohoa digitize SCAN --out out")


if __name__ == "__main__":
    sys.exit(main())
