"""`sohoa get`, `backfill`, `doctor`, `catalogue`: asking and mending."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from pipeline.errors import SetupError
from pipeline.messages import explain
from pipeline.settings import from_environ
from pipeline.storage import (
    NotFound,
    ObjectStore,
    get_failed,
    get_intake,
    is_record_id,
    latest_record,
    read_latest_records,
    write_record,
)
from workers.cli_words import err, error_console, language, out, out_json
from workers.connections import open_broker, open_catalogue, open_ledger, open_store, resolve

JsonOption = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
IdArgument = Annotated[str, typer.Argument(help="26 letters and digits, as a ticket shows it.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    example = "[bold]Example[/bold]: sohoa "
    app.command(epilog=example + "get K7…Q2 --file archive.pdf --out paper.pdf")(get)
    app.command(epilog=example + "backfill /mnt/old-dossiers   (once more to resume)")(backfill)
    app.command(epilog=example + "doctor")(doctor)
    app.command(epilog=example + "catalogue rebuild")(catalogue)


def get(
    record_id: IdArgument,
    file: Annotated[
        str,
        typer.Option("--file", "-f", help="record.json, archive.pdf, text.txt, pages/0001.xml …"),
    ] = "record.json",
    target: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Where to write it; default: standard output."),
    ] = None,
) -> None:
    """Fetch a record, or one of its files, by its ID."""
    store = open_store(resolve(from_environ()))
    _require_id(record_id)
    try:
        record = latest_record(store, record_id)
    except NotFound:
        _say_why_missing(store, record_id)
        raise typer.Exit(1) from None
    data = write_record(record) if file == "record.json" else _file(store, record, file)
    if target is not None:
        target.write_bytes(data)
    elif file.endswith(".pdf") and sys.stdout.isatty():
        raise typer.BadParameter("a PDF is not for the terminal: add --out FILE")
    else:
        sys.stdout.buffer.write(data)


def backfill(
    source: Annotated[
        Path, typer.Argument(help="A tree of dossier folders, or a CSV with a column `path`.")
    ],
    as_lines: JsonOption = False,
) -> None:
    """Digitize old dossiers in bulk; the files stay where they are. Run again to resume."""
    from workers.backfill import run_backfill

    settings = resolve(from_environ())
    store, broker = open_store(settings), open_broker(settings)
    summary = run_backfill(
        source, settings, store, broker, on_progress=out_json_progress if as_lines else _redraw
    )
    if as_lines:
        out_json(summary.as_json())
    else:
        error_console.file.write("\n" if error_console.is_terminal else "")
        out(str(summary))
    raise typer.Exit(65 if summary.rejected else 0)


def out_json_progress(progress: Any) -> None:
    """Print a progress report as one JSON line."""
    out_json(progress.as_json())


def _redraw(progress: Any) -> None:
    start, end = ("\r\x1b[K", "") if error_console.is_terminal else ("", "\n")
    error_console.file.write(f"{start}{progress}{end}")
    error_console.file.flush()


def doctor(as_lines: JsonOption = False) -> None:
    """Check every part of the system, and say how to mend what fails."""
    from workers.health import examine

    ill = 0
    for verdict in examine(from_environ()):
        ill += not verdict.well
        if as_lines:
            out_json(
                {
                    "part": verdict.part,
                    "well": verdict.well,
                    "found": verdict.found,
                    "remedy": verdict.remedy,
                }
            )
            continue
        mark = "[green]well[/green]" if verdict.well else "[red]ill [/red]"
        if verdict.well and verdict.remedy:
            mark = "[yellow]note[/yellow]"
        out(f"{mark}  {verdict.part:10} {escape(verdict.found)}")
        if verdict.remedy:
            out(f"      {'':10} → {escape(verdict.remedy)}")
    raise typer.Exit(78 if ill else 0)


def catalogue(
    action: Annotated[str, typer.Argument(help="rebuild")],
) -> None:
    """Make the catalogue again from the bucket alone."""
    if action != "rebuild":
        raise typer.BadParameter("the one action is: rebuild")
    settings = resolve(from_environ())
    damaged: list[str] = []
    records = read_latest_records(
        open_store(settings), on_damaged=lambda error: damaged.append(str(error))
    )
    count = open_catalogue(settings).rebuild(records)
    open_ledger(settings).clear()  # the next walk of the sweep counts everything anew
    out(f"{count} records are in the catalogue")
    for error in damaged:
        err(f"[red]left out[/red] {escape(error)}")
    raise typer.Exit(74 if damaged else 0)


def _require_id(record_id: str) -> None:
    if not is_record_id(record_id):
        raise typer.BadParameter("a record ID has 26 letters A–Z and digits 2–7")


def _file(store: ObjectStore, record: dict[str, Any], name: str) -> bytes:
    for file in record["files"]:
        if file["name"] == name:
            return store.get(file["key"])
    names = ", ".join(file["name"] for file in record["files"][:8])
    raise SetupError(name, f"the record has no such file; it has record.json, {names}")


def _say_why_missing(store: ObjectStore, record_id: str) -> None:
    try:
        failure = get_failed(store, record_id)
    except NotFound:
        pass
    else:
        words = explain(failure["code"], failure["subject"], failure.get("detail", ""), language())
        err(f"{record_id} was set aside. {escape(str(words))}")
        return
    try:
        received = get_intake(store, record_id)["received_at"]
        err(f"{record_id} was received at {received} and is not done yet")
    except NotFound:
        err(f"There is no record {record_id}")
