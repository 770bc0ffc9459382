"""`sohoa sign`, `export`, `import-signed`: signatures, made here or elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pipeline.settings import from_environ
from pipeline.storage import NotFound, Record, is_record_id, latest_record
from workers import signing
from workers.cli_words import err, out
from workers.connections import open_store, resolve
from workers.jobs import enter_catalogue
from workers.packaging import package_record

IdArgument = Annotated[str, typer.Argument(help="26 letters and digits, as a ticket shows it.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    example = "[bold]Example[/bold]: sohoa "
    app.command(epilog=example + "sign K7…Q2   (the key: SOHOA_SIGN_KEY, SOHOA_SIGN_PIN)")(sign)
    app.command(epilog=example + "export K7…Q2 --out to-sign")(export)
    app.command("import-signed", epilog=example + "import-signed K7…Q2 K7…Q2.pdf")(import_signed)


def sign(
    target: Annotated[str, typer.Argument(help="A record ID, or a PDF file.")],
    signed: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Of a file: where to write it; default: NAME.signed.pdf."),
    ] = None,
) -> None:
    """Sign the archive PDF of a record, or a PDF file; nothing of it changes."""
    settings = from_environ()
    if is_record_id(target):
        settings = resolve(settings)
        with _AskedFor(target):
            record, done = signing.sign_record(target, open_store(settings), settings)
        enter_catalogue(record, settings)
        out(f"{target} version {record['version']}: signed by {escape(done.signer)}")
    else:
        pdf = Path(target)
        if not pdf.is_file():
            raise typer.BadParameter("neither a record ID nor a file")
        signed = signed or pdf.with_name(f"{pdf.stem}.signed.pdf")
        done = signing.sign_file(pdf, signed, settings)
        out(f"{escape(str(signed))}: signed by {escape(done.signer)}")
    if settings.sign_profile and not done.visible:
        err("Page 1 has no free place for the appearance: the signature is there but not seen.")


def export(
    record_id: IdArgument,
    folder: Annotated[Path, typer.Option("--out", "-o", help="Folder for the file.")],
    package: Annotated[
        bool, typer.Option("--package", help="Write RECORD_ID.package.pdf: PDF/A-3 with the data.")
    ] = False,
) -> None:
    """Write the archive PDF of a record as RECORD_ID.pdf, ready to be signed elsewhere."""
    _require_id(record_id)
    store = open_store(resolve(from_environ()))
    if package:
        with _AskedFor(record_id):
            folder.mkdir(parents=True, exist_ok=True)
            whole = folder / f"{record_id}.package.pdf"
            record = package_record(record_id, store, whole)
        out(f"{escape(str(whole))}: PDF/A-3 of version {record['version']}, not signed")
        return
    with _AskedFor(record_id):
        record = latest_record(store, record_id)
        folder.mkdir(parents=True, exist_ok=True)
        pdf = signing.fetch_archive(record, store, folder)
        pdf = pdf.replace(folder / f"{record_id}.pdf")
    out(f"{escape(str(pdf))}: sign it without saving it anew, then sohoa import-signed")


def import_signed(
    record_id: IdArgument,
    signed: Annotated[
        Path,
        typer.Argument(help="The file of `sohoa export`, signed.", exists=True, dir_okay=False),
    ],
) -> None:
    """Store an archive PDF that was signed elsewhere as the next version of its record."""
    _require_id(record_id)
    settings = resolve(from_environ())
    with _AskedFor(record_id):
        record = signing.import_signed(record_id, signed, open_store(settings), settings)
    enter_catalogue(record, settings)
    out(f"{record_id} version {record['version']}: {_names(record)}")


def _names(record: Record) -> str:
    shown = [f"{one['signer']} ({one['status']}, {one['trust']})" for one in record["signatures"]]
    return escape(", ".join(shown))


class _AskedFor:
    """Ends the command with words when there is no such record."""

    def __init__(self, record_id: str) -> None:
        self._record_id = record_id

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, NotFound):
            err(f"There is no record {self._record_id}")
            raise typer.Exit(1) from None


def _require_id(record_id: str) -> None:
    if not is_record_id(record_id):
        raise typer.BadParameter("a record ID has 26 letters A–Z and digits 2–7")
