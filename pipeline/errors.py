"""Every error that stops the work, grouped by who can mend it.

DigitizationError           code, exit_code, retry; subject: what it is about
├── ScanError       65  the paper must be scanned again, or the file repaired
│   ├── UnreadableScan      damaged or not what its name says
│   │   ├── EmptyScan       no byte in it
│   │   ├── WrongType       no format that we read
│   │   └── TruncatedScan   the end is missing
│   ├── PagesMissing        no page in it
│   ├── ScanLocked          needs a password
│   ├── TooCoarse           too few pixels to read
│   ├── TooLarge            more bytes, pixels or pages than the limits
│   └── SignatureRefused    a signed file that does not extend ours, or is not valid
├── ToolError       69  a program of ours failed; trying again may help
│   ├── ToolMissing  ToolTimeout  ToolCrashed
│   └── ArchiveDiffers      our own PDF failed its check: never the clerk's fault
├── StoreError      74  a server or disk did not answer; trying again helps
│   ├── DiskFull
│   └── SignatureServerSilent   no time stamp, or no word on a certificate
└── SetupError      78  settings, schemas or servers are wrong: refuse to start
    └── KeyRefused          a key or certificate cannot be used
Anything else       70  a bug: shown with its traceback, never hidden

The words that a clerk reads for each code are in `pipeline.messages`.
"""

from __future__ import annotations

from typing import ClassVar


class DigitizationError(Exception):
    """Base of all expected errors; `subject` names the culprit (a file, a tool, a server)."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 70
    retry: ClassVar[bool] = False

    def __init__(self, subject: str, detail: str = "") -> None:
        super().__init__(subject, detail)
        self.subject = subject
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.code}: {self.subject}" + (f": {self.detail}" if self.detail else "")

    def to_json(self) -> dict[str, str]:
        """Return the error as plain strings, to cross a process border."""
        return {"code": self.code, "subject": self.subject, "detail": self.detail}

    @staticmethod
    def from_json(value: dict[str, str]) -> DigitizationError:
        """Return the error that `to_json` described; an unknown code is a ToolCrashed."""
        kind = _by_code(DigitizationError).get(value.get("code", ""), ToolCrashed)
        return kind(value.get("subject", ""), value.get("detail", ""))


class ScanError(DigitizationError):
    code = "scan"
    exit_code = 65


class UnreadableScan(ScanError):
    code = "scan.unreadable"


class EmptyScan(UnreadableScan):
    code = "scan.empty"


class WrongType(UnreadableScan):
    code = "scan.wrong-type"


class TruncatedScan(UnreadableScan):
    code = "scan.truncated"


class PagesMissing(ScanError):
    code = "scan.no-pages"


class ScanLocked(ScanError):
    code = "scan.locked"


class TooCoarse(ScanError):
    code = "scan.too-coarse"


class TooLarge(ScanError):
    code = "scan.too-large"


class SignatureRefused(ScanError):
    code = "scan.signature"


class ToolError(DigitizationError):
    code = "tool"
    exit_code = 69
    retry = True


class ToolMissing(ToolError):
    code = "tool.missing"
    retry = False


class ToolTimeout(ToolError):
    code = "tool.timeout"


class ToolCrashed(ToolError):
    code = "tool.crashed"


class ArchiveDiffers(ToolError):
    code = "tool.archive-differs"
    page: int | None = None  # from 1, when it is one page that differs


class StoreError(DigitizationError):
    code = "store"
    exit_code = 74
    retry = True


class DiskFull(StoreError):
    code = "store.disk-full"


class SignatureServerSilent(StoreError):
    code = "store.signature-server"


class SetupError(DigitizationError):
    code = "setup"
    exit_code = 78


class KeyRefused(SetupError):
    code = "setup.key"


class SealRefused(SetupError):
    code = "setup.seal"


def _by_code(kind: type[DigitizationError]) -> dict[str, type[DigitizationError]]:
    found = {kind.code: kind}
    for leaf in kind.__subclasses__():
        found.update(_by_code(leaf))
    return found
