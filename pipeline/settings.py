"""Every knob: unit, default and environment name; unknown names stop the start.

A setting `settle_s` is read from the environment as `SOHOA_SETTLE_S`. Only `pipeline.flow`,
`workers` and `portal` read settings; rooms get plain arguments. The settings that change what
a record holds are in `fingerprinted`, so that a record says how it was made.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pipeline.errors import SetupError

PREFIX = "SOHOA_"
INK_STEPS = (
    "background",
    "show-through",
    "seals",
    "pens",
    "leaders",
    "specks",
)  # those of `imaging.ink_copy`
_CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; build with `from_environ`. Empty server addresses mean: embedded."""

    home: Path = Path()  # folder of inbox/, outbox/, rejected/ and data/
    language: str = "vi"  # language of tickets and messages: vi or en

    # Servers. Empty: `sohoa up` starts an embedded one.
    redis_url: str = ""  # redis://:password@host:6379/0
    s3_endpoint: str = ""  # host:port, or https://host for TLS
    s3_access_key: str = ""  # needed with SOHOA_S3_ENDPOINT
    s3_secret_key: str = ""  # needed with SOHOA_S3_ENDPOINT
    s3_bucket: str = "sohoa"  # made at the first start when it is not there
    database_url: str = ""  # catalogue: sqlite:///… or postgresql+psycopg://…
    http_host: str = "127.0.0.1"  # address to listen on; any other needs SOHOA_API_KEY
    http_port: int = 8380  # port to listen on
    api_key: str = ""  # asked of every HTTP client; needed to listen beyond this machine

    # Work.
    workers: int = 0  # worker processes of each lane; 0: one per core
    tries: int = 3  # attempts at one document before it is set aside
    settle_s: float = 3.0  # a file must not change for so long before it is taken
    scan_every_s: float = 2.0  # longest pause between two looks at the inbox
    sweep_every_s: float = 5.0  # pause between two sweeps for forgotten documents
    window: int = 1000  # most jobs queued at once; the rest wait in the bucket
    free_reserve_bytes: int = 1_000_000_000  # with less free disk nothing new is taken; 0: off
    station: str = ""  # name of this counter or scanner, kept in the record

    # Limits on what a scan may be.
    max_file_bytes: int = 500_000_000  # a larger scan is refused
    max_pages: int = 2000  # a scan with more is refused
    max_page_pixels: int = 200_000_000  # of one page; A0 at 300 dpi is 139 million
    memory_limit_bytes: int = 4_000_000_000  # memory of the child that decodes a document
    page_timeout_s: float = 120.0  # wall time for one page, all steps

    # Page clean-up and recognition.
    default_dpi: int = 300  # to draw a PDF page that is not one image
    max_dpi: int = 400  # finer pages are reduced to it
    scan_profile: str = "floor"  # what a good scan is: floor: the decree's least; archive: 300 dpi
    max_skew_deg: float = 10.0  # largest angle that is straightened
    perspective: int = 1  # 1: photographs of a sheet on a table are flattened; 0: never
    turn_confidence: float = 2.0  # orientation score below which a page is not even tried turned
    ink_without: str = ""  # steps left out: background, show-through, seals, pens, leaders, specks
    ocr_profile: str = "balanced"  # fast, balanced, best; tesseract: its program, whole pages
    ocr_language: str = "auto"  # model for the profile tesseract; auto: the best one installed
    accept_confidence: float = 0.9  # a field below it goes to a person

    # Archive PDF.
    pdfa: str = "2u"  # PDF/A flavour: 2u; 1b for old readers; 2a with structure (and PDF/UA-1); 3u
    pdf_profile: str = "archive"  # archive: smallest; fine: nearest to the scan; nd30-min: plain
    jpeg_quality: int = 75  # the most that is tried for a page that is kept as one JPEG, 1–95
    verapdf: str = ""  # path of the veraPDF program; empty: our own checks only
    digitizer: str = ""  # person or agency that makes the copies, written into each archive PDF
    conversion_mark: str = ""  # corner of page 1 that says so: top-left, …; empty: no mark
    schemas: str = ""  # folder of the schemas; empty: those that came with the program

    # Signatures.
    sign_key: str = ""  # PKCS#12 file of the key that `sohoa sign` uses
    sign_token: str = ""  # or the maker's library (PKCS#11) of a token with the key
    sign_token_label: str = ""  # name of the token; empty: the first one
    sign_pin: str = ""  # PIN of key or token
    sign_pin_file: str = ""  # or a file with the PIN alone in it
    sign_level: str = "B-B"  # PAdES level: B-B, B-T or B-LT
    sign_tsa: str = ""  # address of a time stamp server (RFC 3161); needed for B-T and B-LT
    sign_profile: str = ""  # what page 1 shows: digitizer, copy, agency; empty: nothing
    sign_seal: str = ""  # PNG of the agency's seal, its dpi says how large it is; for agency
    trusted: str = ""  # folder with certificates of authorities; signatures of theirs are known

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def outbox(self) -> Path:
        return self.home / "outbox"

    @property
    def rejected(self) -> Path:
        return self.home / "rejected"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def ink_steps(self) -> tuple[str, ...]:
        """Return the steps of the ink copy that are done."""
        left_out = re.split(r"[,\s]+", self.ink_without)
        return tuple(step for step in INK_STEPS if step not in left_out)

    @property
    def fingerprinted(self) -> dict[str, Any]:
        """Return the settings that change what a record holds."""
        names = (
            "default_dpi",
            "max_dpi",
            "scan_profile",
            "max_skew_deg",
            "perspective",
            "turn_confidence",
            "ink_without",
            "ocr_profile",
            "ocr_language",
            "accept_confidence",
            "pdfa",
            "pdf_profile",
            "jpeg_quality",
            "digitizer",
            "conversion_mark",
        )
        return {name: getattr(self, name) for name in names}

    def as_environ(self) -> dict[str, str]:
        """Return the settings that differ from the defaults as environment variables."""
        return {
            PREFIX + f.name.upper(): str(getattr(self, f.name))
            for f in fields(self)
            if getattr(self, f.name) != f.default
        }


def from_environ(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the environment gives.

    Raises SetupError if a SOHOA_ name is unknown or a value does not fit.
    """
    environ = os.environ if environ is None else environ
    known = {PREFIX + f.name.upper(): f for f in fields(Settings)}
    values: dict[str, Any] = {}
    for name, text in environ.items():
        if not name.startswith(PREFIX):
            continue
        if name not in known:
            raise SetupError(name, f"unknown setting; known are {', '.join(sorted(known))}")
        spec = known[name]
        values[spec.name] = _cast(name, text, type(spec.default))
    settings = Settings(**values)
    _refuse_nonsense(settings)
    return settings


def _cast(name: str, text: str, kind: type) -> Any:
    try:
        return kind(text.strip())
    except ValueError:
        raise SetupError(name, f"'{text}' is not a valid {kind.__name__}") from None


def _refuse_nonsense(settings: Settings) -> None:
    for f in fields(settings):
        value = getattr(settings, f.name)
        if isinstance(value, int | float) and value < 0:
            raise SetupError(PREFIX + f.name.upper(), f"{value} is below zero")
    if settings.sign_level not in ("B-B", "B-T", "B-LT"):
        raise SetupError(PREFIX + "SIGN_LEVEL", f"'{settings.sign_level}' is no PAdES level")
    if settings.sign_level != "B-B" and not settings.sign_tsa:
        raise SetupError(PREFIX + "SIGN_LEVEL", f"{settings.sign_level} needs SOHOA_SIGN_TSA")
    if settings.sign_profile not in ("", "digitizer", "copy", "agency"):
        raise SetupError(PREFIX + "SIGN_PROFILE", f"'{settings.sign_profile}' is none of ours")
    if settings.conversion_mark not in ("", *_CORNERS):
        raise SetupError(PREFIX + "CONVERSION_MARK", f"is none of {', '.join(_CORNERS)}")
    if settings.conversion_mark and not settings.digitizer:
        raise SetupError(PREFIX + "CONVERSION_MARK", "needs SOHOA_DIGITIZER, whom it names")
    unknown = set(re.split(r"[,\s]+", settings.ink_without)) - {"", *INK_STEPS}
    if unknown:
        said = f"{', '.join(sorted(unknown))}: none of {', '.join(INK_STEPS)}"
        raise SetupError(PREFIX + "INK_WITHOUT", said)
    if settings.ocr_profile not in ("fast", "balanced", "best", "tesseract"):
        raise SetupError(PREFIX + "OCR_PROFILE", f"'{settings.ocr_profile}' is none of ours")
    if settings.scan_profile not in ("floor", "archive"):
        raise SetupError(PREFIX + "SCAN_PROFILE", f"'{settings.scan_profile}' is none of ours")
    if settings.pdfa not in ("2u", "1b", "2a", "3u"):
        raise SetupError(PREFIX + "PDFA", f"'{settings.pdfa}' is none of 2u, 1b, 2a, 3u")
    if settings.pdf_profile not in ("archive", "fine", "nd30-min"):
        raise SetupError(PREFIX + "PDF_PROFILE", f"'{settings.pdf_profile}' is none of ours")
    if not 1 <= settings.jpeg_quality <= 95:
        raise SetupError(PREFIX + "JPEG_QUALITY", "must lie between 1 and 95")
    if settings.language not in ("vi", "en"):
        raise SetupError(PREFIX + "LANGUAGE", f"'{settings.language}' is neither vi nor en")
    if not 0 <= settings.accept_confidence <= 1:
        raise SetupError(PREFIX + "ACCEPT_CONFIDENCE", "must lie between 0 and 1")
    if settings.http_host not in ("127.0.0.1", "localhost", "::1") and not settings.api_key:
        raise SetupError(
            PREFIX + "API_KEY",
            f"listening on {settings.http_host} lets other machines read records: set a key",
        )
    if settings.s3_endpoint and not (settings.s3_access_key and settings.s3_secret_key):
        raise SetupError(
            PREFIX + "S3_ENDPOINT", "also set SOHOA_S3_ACCESS_KEY and SOHOA_S3_SECRET_KEY"
        )
