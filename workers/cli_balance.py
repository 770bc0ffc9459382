"""`sohoa status`, `reconcile`, `retry`: the balance sheet, and trying again what was set aside."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from pipeline.messages import explain
from pipeline.settings import from_environ
from pipeline.storage import (
    Balance,
    NotFound,
    ObjectStore,
    Sum,
    forget_failure,
    get_failed,
    is_record_id,
    list_failed,
)
from workers.cli_words import console, err, error_console, language, out, out_json
from workers.connections import open_store, resolve

if TYPE_CHECKING:
    from workers.tally import Books

MOST_SHOWN = 20  # failures named one by one; more are only counted

WATCH_S = 2.0  # between two looks

JsonOption = Annotated[bool, typer.Option("--json", help="JSON for machines.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    example = "[bold]Example[/bold]: sohoa "
    app.command(epilog=example + "status --watch")(status)
    app.command(epilog=example + "reconcile && echo nothing is missing")(reconcile)
    app.command(epilog=example + "retry --class tool   (all that a program of ours failed on)")(
        retry
    )


def status(
    as_one: JsonOption = False,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Show it again and again until Ctrl-C.")
    ] = False,
) -> None:
    """Show in = stored + rejected + pending, what waits for a person, and what failed."""
    from workers.tally import Books

    settings = resolve(from_environ())
    store, books = open_store(settings), Books(settings)
    try:
        while True:
            if watch and console.is_terminal:
                console.clear()
            _status(store, books, as_one)
            if not watch:
                return
            time.sleep(WATCH_S)
    except KeyboardInterrupt:
        return


def reconcile(
    as_one: JsonOption = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Do not look for each file, only for each document.")
    ] = False,
) -> None:
    """Compare the whole bucket with the books; end with 1 unless everything balances.

    In = stored + rejected + pending, in documents, files and pages. What can be mended is mended:
    forgotten documents are queued, files of tries that lost are removed.
    """
    from workers.reconcile import Walk
    from workers.reconcile import reconcile as walk_through
    from workers.tally import Books

    def redraw(walk: Walk) -> None:
        if error_console.is_terminal:
            error_console.file.write(f"\r\x1b[K{walk.documents} documents compared")
            error_console.file.flush()

    settings = resolve(from_environ())
    sheet = walk_through(
        open_store(settings), Books(settings), objects=not quick, on_progress=redraw
    )
    if error_console.is_terminal:
        error_console.file.write("\r\x1b[K")
    if as_one:
        out_json(sheet.as_json())
    else:
        walk = sheet.walk
        _show(sheet.balance)
        for fault in walk.faults:
            words = explain(fault.code, fault.record_id, fault.detail, language())
            out(f"[red]{fault.record_id}[/red] {escape(str(words))}")
        if walk.marked or walk.losers or walk.uploads:
            out(
                f"mended: {walk.marked} queued, {walk.losers} lost tries and "
                f"{walk.uploads} broken uploads removed"
            )
        out("[green]balanced[/green]" if sheet.balanced else "[red]does not balance[/red]")
    raise typer.Exit(0 if sheet.balanced else 1)


def retry(
    record_ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RECORD_ID]...", help="As a ticket or `sohoa status` shows them."),
    ] = None,
    kind: Annotated[
        str,
        typer.Option("--class", help="All of one class: tool, tool.timeout, scan.locked, bug …"),
    ] = "",
) -> None:
    """Try documents again that were set aside; their tries are counted from zero."""
    store = open_store(resolve(from_environ()))
    if bool(record_ids) == bool(kind):
        raise typer.BadParameter("give record IDs, or --class")
    for record_id in record_ids or ():
        if not is_record_id(record_id):
            raise typer.BadParameter("a record ID has 26 letters A–Z and digits 2–7")
    asked = record_ids or sorted(list_failed(store))
    retried = missing = 0
    for record_id in asked:
        try:
            code = str(get_failed(store, record_id).get("code"))
        except NotFound:
            missing += 1
            if record_ids:
                err(f"{record_id} was not set aside; see sohoa status")
            continue
        if not kind or code == kind or code.startswith(kind + "."):
            forget_failure(store, record_id)
            retried += 1
            out(f"{record_id} is tried again; the sweep queues it within seconds")
    if kind:
        out(f"{retried} of class {escape(kind)} are tried again")
    raise typer.Exit(1 if record_ids and missing else 0)


def _status(store: ObjectStore, books: Books, as_one: bool) -> None:
    from workers.sweep import take_balance

    balance = take_balance(store, books)
    counts = books.catalogue.counts()
    failures = _failures(store, balance)
    if as_one:
        out_json(
            {
                **_sum(balance.documents),
                "files": _sum(balance.files),
                "pages": _sum(balance.pages),
                "uncounted": balance.uncounted,
                "complete": balance.complete,
                "in_review": counts["in_review"],
                "unlinked": counts["unlinked"],
                "causes": balance.causes,
                "failures": failures,
            }
        )
        return
    _show(balance)
    out(f"{counts['in_review']} to check by a person, {counts['unlinked']} without a dossier")
    for record_id, failure in failures.items():
        words = explain(failure["code"], failure["subject"], failure.get("detail", ""), language())
        out(f"[red]{record_id}[/red] {escape(str(words))}")
    if (rejected := balance.documents.rejected) > len(failures):
        out(f"these are {len(failures)} of {rejected}")


def _show(balance: Balance) -> None:
    out(str(balance))
    for name, one in (("files", balance.files), ("pages", balance.pages)):
        out(
            f"{name} {one.received} = stored {one.stored} + rejected {one.rejected} "
            f"+ pending {one.pending}"
        )
    if balance.uncounted:
        out(f"{balance.uncounted} documents do not say how many pages they have")
    if balance.causes:
        causes = ", ".join(f"{code} {number}" for code, number in sorted(balance.causes.items()))
        out(f"rejected by class: {escape(causes)}")
    if not balance.complete:
        out("the bucket is still being counted; for all of it now: sohoa reconcile")


def _failures(store: ObjectStore, balance: Balance) -> dict[str, Any]:
    """Return why documents were set aside, some of them when there are many."""
    if not balance.causes:
        return {}
    found: dict[str, Any] = {}
    for record_id in sorted(list_failed(store))[:MOST_SHOWN]:
        try:
            found[record_id] = get_failed(store, record_id)
        except NotFound:
            continue  # `sohoa retry` was faster
    return found


def _sum(one: Sum) -> dict[str, int]:
    return {
        "received": one.received,
        "stored": one.stored,
        "rejected": one.rejected,
        "pending": one.pending,
    }
