"""`sohoa quality`: scans in, what a clerk should know of them out; nothing is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from pipeline.errors import DigitizationError
from pipeline.messages import explain, explain_error
from pipeline.settings import Settings, from_environ
from workers.cli_words import err, language, out, out_json
from workers.documents import group
from workers.looking import run_quality

EPILOG = """[bold]Examples[/bold]

  sohoa quality scan.pdf

  sohoa quality scans --json | jq -r 'select(.status=="doubtful") | .path'
"""
_GOOD, _BAD = 0, 65
_STATUS = {
    "good": ("green", {"vi": "tốt", "en": "good"}),
    "doubtful": ("yellow", {"vi": "cần xem", "en": "doubtful"}),
    "rejected": ("red", {"vi": "không dùng", "en": "rejected"}),
}


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(epilog=EPILOG)(quality)


def quality(
    paths: Annotated[list[Path], typer.Argument(help="Scans, or folders that hold scans.")],
    as_lines: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Tell how good scans are: resolution, light, sharpness, cut edges, folds, fingers, skew.

    Nothing is recognised or stored. Exits with 0 when every page is good, 65 when a person
    should look at one or a scan cannot be used.
    """
    settings = from_environ()
    files = [file for path in paths for _, found in group(path) for file in found]
    if not files:
        err("No scan was found in what you named.")
    bad = False
    for file in files:
        told = _look(file, settings)
        bad = bad or told["status"] != "good"
        out_json(told) if as_lines else _say(told)
    raise typer.Exit(_BAD if bad else _GOOD)


def _look(file: Path, settings: Settings) -> dict[str, Any]:
    """Return what `--json` prints of a scan."""
    try:
        pages = run_quality(file, settings)
    except DigitizationError as error:
        reason = str(explain_error(error, language()))
        return {"path": str(file), "status": "rejected", "reason": reason, "pages": []}
    doubtful = any(page["issues"] for page in pages)
    status = "doubtful" if doubtful else "good"
    return {"path": str(file), "status": status, "reason": "", "pages": pages}


def _say(told: dict[str, Any]) -> None:
    name, pages, status = escape(told["path"]), told["pages"], told["status"]
    colour, words = _STATUS[status]
    head = f"[{colour}]{words[language()]:10}[/{colour}] {name}:"
    if status == "rejected":
        out(f"{head} {escape(told['reason'])}")
        return
    dpi = sorted({round(page["dpi"]) for page in pages})
    between = "–".join(map(str, dict.fromkeys((dpi[0], dpi[-1]))))
    out(f"{head} {_pages(len(pages))}, {between} dpi")
    for page in pages:
        for issue in page["issues"]:
            place = f"{'trang' if language() == 'vi' else 'page'} {page['number']}"
            said = explain(issue["code"], place, issue["detail"], language())
            out(f"  {escape(said.what)} {escape(said.remedy)}")


def _pages(count: int) -> str:
    if language() == "vi":
        return f"{count} trang"
    return f"{count} page" if count == 1 else f"{count} pages"
