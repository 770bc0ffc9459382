"""Settings in, the steps of the flow with their tools and versions out."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from importlib.metadata import version

from pipeline import imaging, recognition
from pipeline.model import Step
from pipeline.settings import Settings


def steps(settings: Settings, reader: recognition.Reader) -> tuple[Step, ...]:
    """Return what makes a record as it is: equal steps and scans give equal files."""
    ours = f"sohoa {version('sohoa')}"
    tesseract = recognition.engine_version()
    return (
        Step("read", "poppler", poppler_version(), {"dpi": settings.default_dpi}),
        Step("signatures", "pyhanko", version("pyhanko"), {}),
        Step("turn", "tesseract", tesseract, {"confidence": settings.turn_confidence}),
        Step("straighten", "opencv", version("opencv-python"), _straighten_settings(settings)),
        Step("ink", "opencv", version("opencv-python"), {"steps": " ".join(settings.ink_steps)}),
        Step("recognise", ours, reader.versions, {"profile": reader.profile}),
        Step("codes", "zxing-cpp", version("zxing-cpp"), {}),
        Step("encode", "pillow", version("pillow"), _encode_settings(settings)),
        Step("compose", "pikepdf", version("pikepdf"), {}),
        Step("verify", "pypdfium2", version("pypdfium2"), {}),
        Step("extract", ours, version("sohoa"), {"accept": settings.accept_confidence}),
    )


def _straighten_settings(settings: Settings) -> dict[str, float | bool]:
    return {"max_deg": settings.max_skew_deg, "perspective": bool(settings.perspective)}


def _encode_settings(settings: Settings) -> dict[str, str | int]:
    return {
        "profile": settings.pdf_profile,
        "jpeg_quality": settings.jpeg_quality,
        "bitonal": imaging.bitonal_filter(),
    }


@cache
def poppler_version() -> str:
    """Return poppler's version, or nothing when it is not installed."""
    program = shutil.which("pdftoppm")
    if program is None:
        return ""
    done = subprocess.run(  # noqa: S603 - a program found on our own path
        [program, "-v"], capture_output=True, text=True, check=False, timeout=10
    )
    found = re.search(r"version (\S+)", done.stderr)
    return found[1] if found else ""
