"""One document on a laptop: python -m pipeline SCAN OUT [--keep DIR].

The stages run in this process, one page after another, so that a debugger can step through
them; `--keep` leaves every intermediate image and value, numbered in their order.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import DigitizationError, UnreadableScan
from pipeline.extraction import load_schemas, schemas_folder
from pipeline.flow import digitize
from pipeline.folder import write_folder
from pipeline.messages import explain_error
from pipeline.model import Capture, Document, Dossier, Scan
from pipeline.settings import from_environ
from pipeline.storage import record_id
from pipeline.trace import Trace


def main() -> int:
    """Digitize one scan into a folder; returns an exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipeline", description=__doc__)
    parser.add_argument("scan", type=Path, help="PDF, TIFF, JPEG, PNG, WebP or HEIC")
    parser.add_argument("out", type=Path, help="folder that receives archive.pdf, record.json …")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave what each stage made here")
    parser.add_argument("--dossier", help="dossier code that the paper belongs to")
    options = parser.parse_args()
    try:
        _run(options.scan, options.out, options.keep, options.dossier)
    except DigitizationError as error:
        for language in ("vi", "en"):
            sys.stderr.write(f"{explain_error(error, language)}\n")
        return error.exit_code
    return 0


def _run(path: Path, out: Path, keep: Path | None, code: str | None) -> None:
    settings = from_environ()
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableScan(path.name, error.strerror or str(error)) from error
    scan = Scan(path, path.name, hashlib.sha256(data).hexdigest(), len(data))
    document = Document((scan,), Dossier(code=code))
    received = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    capture = Capture(record_id(code, [scan.sha256]), received, source_path=str(path))
    schemas = load_schemas(schemas_folder(Path(settings.schemas) if settings.schemas else None))
    scratch = Path(tempfile.mkdtemp(prefix="sohoa-"))
    try:
        digitized = digitize(document, capture, schemas, settings, scratch, trace=Trace(keep))
        out.mkdir(parents=True, exist_ok=True)
        record = write_folder(digitized, capture, out)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    sys.stdout.write(f"{out}: {len(record['pages'])} pages, {record['doc_type']}\n")


if __name__ == "__main__":
    sys.exit(main())
