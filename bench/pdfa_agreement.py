"""PDF/A verdicts of ours against the truth: a folder of PDFs in, tables of agreement out.

    python -m bench.pdfa_agreement FOLDER [--verapdf .tools/bin/verapdf]

A file whose name holds "-pass-" or "-fail-" (as in the veraPDF corpus, CC BY 4.0) is judged as it
is: the truth is its name. Every file is also taken over page by page into an archive PDF of ours,
which is what a claim is about: there the truth is veraPDF's verdict. A false accept is a claim
that does not hold; a false reject only costs one.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pikepdf

from pipeline.errors import DigitizationError
from pipeline.model import ArchivePage, Page, SourcePage
from pipeline.pdfa import ArchiveFacts, compose, structure

_FACTS = ArchiveFacts(
    title="Agreement",
    record_id="AGREEMENT",
    dossier_code=None,
    procedure=None,
    source_sha256s=(),
    created=datetime(2026, 1, 1, tzinfo=UTC),
    creator_tool="bench",
)
_CLAUSE = re.compile(r"(\d+(?:-\d+)+)-t\d+-(?:pass|fail)-")  # of the veraPDF corpus
Verdicts = dict[str, tuple[bool, bool]]  # name -> (truth, ours)


def main() -> None:
    """Print the tables, and every false accept by name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--verapdf", type=Path, default=Path(".tools/bin/verapdf"))
    parser.add_argument("--reasons", action="store_true", help="count why files are refused")
    options = parser.parse_args()
    files = sorted(options.folder.rglob("*.pdf"))
    named = [path for path in files if "-pass-" in path.name or "-fail-" in path.name]
    _print(
        "whole file, truth by name", {p.name: (_truth(p), not structure.check(p)) for p in named}
    )
    with tempfile.TemporaryDirectory() as folder:
        ours, reasons = _take_over(files, Path(folder))
        truth = _verapdf(options.verapdf, Path(folder))
        verdicts = {n: (truth[n], ours[n]) for n in ours if n in truth}
        _print("taken over, truth by veraPDF", verdicts)
        print("\n" + "\n".join(by_clause(verdicts)))
    if options.reasons:
        for reason, count in reasons.most_common(40):
            print(f"{count:5} {reason}")


def _truth(path: Path) -> bool:
    return "-pass-" in path.name


def _take_over(files: Iterable[Path], folder: Path) -> tuple[dict[str, bool], Counter[str]]:
    ours: dict[str, bool] = {}
    reasons: Counter[str] = Counter()
    for number, path in enumerate(files):
        out = folder / f"{number:05}-{path.name}"
        try:
            with pikepdf.open(path, suppress_warnings=True) as pdf:
                count = len(pdf.pages)
            page = Page(1, 1, 1, 72.0, "text")
            pages = [ArchivePage(page, SourcePage(path, index)) for index in range(count)]
            compose(pages, _FACTS, out)
        except (pikepdf.PdfError, pikepdf.PasswordError, DigitizationError, ValueError) as error:
            reasons[f"not taken over: {type(error).__name__}"] += 1
            continue
        failures = structure.check(out)
        ours[out.name] = not failures
        reasons.update({failure.split(" (")[0] for failure in failures})
    return ours, reasons


def _verapdf(program: Path, folder: Path) -> dict[str, bool]:
    command = [str(program), "--format", "json", "--flavour", "2u", str(folder)]
    done = subprocess.run(command, capture_output=True, check=False)
    verdicts = {}
    for job in json.loads(done.stdout)["report"]["jobs"]:
        results = job.get("validationResult") or [{"compliant": False}]
        verdicts[Path(job["itemDetails"]["name"]).name] = bool(results[0]["compliant"])
    return verdicts


def by_clause(verdicts: Verdicts) -> list[str]:
    """Return a table of agreement by the clause of ISO 19005-2 that a file's name tells."""
    clauses: dict[str, Counter[tuple[bool, bool]]] = {}
    for name, pair in verdicts.items():
        found = _CLAUSE.search(name)
        clauses.setdefault(found[1].replace("-", ".") if found else "none", Counter())[pair] += 1
    ordered = sorted(
        clauses, key=lambda one: [int(part) for part in one.split(".") if part.isdigit()]
    )
    rows = [(clause, clauses[clause]) for clause in ordered]
    rows.append(("**all**", sum((counts for _, counts in rows), Counter())))
    return [
        "| clause | files | veraPDF passes | of them claimed | veraPDF fails | of them claimed |",
        "|---|--:|--:|--:|--:|--:|",
        *(
            f"| {clause} | {counts.total()} | {counts[True, True] + counts[True, False]} "
            f"| {counts[True, True]} | {counts[False, True] + counts[False, False]} "
            f"| {counts[False, True]} |"
            for clause, counts in rows
        ),
    ]


def _print(title: str, verdicts: Verdicts) -> None:
    counts = Counter(verdicts.values())
    good = counts[True, True] + counts[True, False]
    bad = counts[False, True] + counts[False, False]
    print(f"\n{title}: {len(verdicts)} files")
    print(f"  conforming {good:4}, accepted {counts[True, True]:4}")
    print(f"  failing    {bad:4}, accepted {counts[False, True]:4}  <- false accepts")
    for name, pair in sorted(verdicts.items()):
        if pair == (False, True):
            print(f"    {name}")


if __name__ == "__main__":
    main()
