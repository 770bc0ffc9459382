"""`sohoa digitize`: files in, folders out, no servers and no queue."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pipeline.model import Dossier
from pipeline.settings import Settings, from_environ
from workers.cli_words import console, err, error_console, out, out_json
from workers.digitizing import Outcome, Watch, digitize_all
from workers.inputs import find_inputs

EPILOG = """[bold]Examples[/bold]

  sohoa digitize scan.pdf --out out

  sohoa digitize scans/*.tif --out out --dossier 000.00.04.H09-231016-0001 --jobs 4

  sohoa digitize scans --out out --json | jq -r 'select(.status=="rejected") | .reason'
"""


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(epilog=EPILOG)(digitize)


def digitize(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Scans, or folders: one with nothing but page images is one document, "
            "any other is searched for scans.",
        ),
    ],
    out_dir: Annotated[
        Path, typer.Option("--out", "-o", help="Folder that receives a folder per input.")
    ],
    dossier: Annotated[
        str | None, typer.Option(help="Dossier code (mã hồ sơ) that the papers belong to.")
    ] = None,
    procedure: Annotated[
        str | None, typer.Option(help="AP code (mã thủ tục) of that dossier.")
    ] = None,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, help="Documents at once; default: the cores.")
    ] = os.cpu_count() or 1,
    as_lines: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Digitize scans into folders: archive.pdf, record.json, text.txt, text.hocr, pages/ …

    Exits with 0 when all were stored, 65 when any was rejected.
    """
    settings = from_environ()
    known = Dossier(code=dossier, procedure=procedure)
    inputs = find_inputs(paths, known, settings.station)
    counts = {"stored": 0, "rejected": 0}
    with _progress(as_lines, len(inputs), counts) as watch:
        for outcome in digitize_all(inputs, out_dir, jobs, settings, watch):
            counts[outcome.status] += 1
            out_json(asdict(outcome)) if as_lines else _say(outcome)
    if not as_lines:
        _say_sum(counts, out_dir, settings)
    raise typer.Exit(65 if counts["rejected"] else 0)


@contextmanager
def _progress(as_lines: bool, total: int, counts: dict[str, int]) -> Iterator[Watch]:
    """Show what is being worked on, on a terminal only."""
    if as_lines or not error_console.is_terminal:
        yield lambda running: None
        return
    # Rich's live displays redraw from a thread, and we fork: so one line, redrawn by hand.
    stream = error_console.file

    def watch(running: list[tuple[str, int, int]]) -> None:
        names = ", ".join(
            f"{Path(name).name} {done}/{pages or '?'}" for name, done, pages in running
        )
        line = f"{sum(counts.values())} of {total} done; {names}"
        printable = "".join(c if c.isprintable() else "?" for c in line)
        stream.write(f"\r\x1b[K{printable[: error_console.width - 1]}")
        stream.flush()

    yield watch
    stream.write("\r\x1b[K")


def _say(outcome: Outcome) -> None:
    if error_console.is_terminal:
        error_console.file.write("\r\x1b[K")
    name = escape(outcome.path)
    if outcome.status == "stored":
        kind = outcome.doc_type or "type unknown"
        out(
            f"[green]stored[/green]   {name}: {outcome.pages} pages, {kind}, "
            f"{outcome.seconds:.1f} s → {escape(str(outcome.out))}"
        )
    else:
        out(f"[red]rejected[/red] {escape(outcome.reason or '')}")


def _say_sum(counts: dict[str, int], folder: Path, settings: Settings) -> None:
    total = sum(counts.values())
    if not total:
        err("No scan was found in what you named.")
        return
    console.print(
        f"in {total} = stored {counts['stored']} + rejected {counts['rejected']}; "
        f"see {escape(str(folder))}",
        soft_wrap=True,
    )
