"""The Tesseract program: is it there, which models, one thread, its failures as our errors.

The only module that calls `pytesseract`; `ocr` and `orientation` read what it returns.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytesseract

from pipeline.errors import ToolCrashed, ToolMissing, ToolTimeout
from pipeline.model import Pixels

# Best first; the same model has two names in the packages of Debian and Ubuntu. It reads numbers
# better than `vie` (88 against 84 % exact) for 0.2 s a page more (measured on synthetic pages).
MODELS = ("script/Vietnamese", "Vietnamese", "vie")
_PACKAGES = {
    "script/Vietnamese": "tesseract-ocr-script-viet",
    "Vietnamese": "tesseract-ocr-script-viet",
    "vie": "tesseract-ocr-vie",
    "osd": "tesseract-ocr-osd",
}
_PROBE_TIMEOUT_S = 20.0
_MIN_DPI, _MAX_DPI = 70, 2400  # outside it Tesseract ignores the value


@cache
def installed_models() -> tuple[str, ...]:
    """Return the names of the installed models, sorted.

    Raises ToolMissing when there is no Tesseract, ToolCrashed when it does not answer.
    """
    # pytesseract's own list drops names with capitals or a slash.
    lines = _ask("--list-langs").splitlines()
    return tuple(sorted(line.strip() for line in lines if line.strip() and ":" not in line))


@cache
def engine_version() -> str:
    """Return the version of the program, `5.3.0`; raises like `installed_models`."""
    first = _ask("--version").split("\n", 1)[0]
    return first.removeprefix("tesseract").strip()


def require_model(name: str) -> str:
    """Return `name`; raises ToolMissing, naming the package to install, if it is not there."""
    if name not in installed_models():
        package = _PACKAGES.get(name, "its .traineddata file")
        raise ToolMissing(f"tesseract model {name}", f"install {package}")
    return name


def hocr(gray: Pixels, dpi: float, *, model: str, psm: int, timeout_s: float) -> bytes:
    """Return the hOCR of a page, H×W uint8.

    Raises ToolMissing, ToolTimeout or ToolCrashed, naming the program.
    """
    config = f"--psm {psm} --dpi {_engine_dpi(dpi)}"
    with _as_file(gray) as path, _errors_as_ours(model, timeout_s):
        return bytes(
            pytesseract.image_to_pdf_or_hocr(
                str(path), lang=model, config=config, extension="hocr", timeout=timeout_s
            )
        )


def osd(gray: Pixels, dpi: float, *, timeout_s: float) -> dict[str, object]:
    """Return orientation and script as pytesseract names them (`rotate`, `orientation_conf`).

    Raises like `hocr`; a page with few letters is a ToolCrashed of Tesseract.
    """
    config = f"--dpi {_engine_dpi(dpi)}"
    with _as_file(gray) as path, _errors_as_ours("osd", timeout_s):
        return dict(
            pytesseract.image_to_osd(
                str(path), config=config, output_type=pytesseract.Output.DICT, timeout=timeout_s
            )
        )


def _engine_dpi(dpi: float) -> int:
    return min(_MAX_DPI, max(_MIN_DPI, round(dpi)))


def _ask(option: str) -> str:
    command = [pytesseract.pytesseract.tesseract_cmd, option]
    try:
        answer = subprocess.run(  # noqa: S603 - our own program with a constant option
            command,
            capture_output=True,
            timeout=_PROBE_TIMEOUT_S,
            check=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError as error:
        raise ToolMissing("tesseract", "install tesseract-ocr") from error
    except subprocess.TimeoutExpired as error:
        raise ToolTimeout("tesseract", f"{option}: {_PROBE_TIMEOUT_S:g} s") from error
    except (subprocess.CalledProcessError, OSError, UnicodeDecodeError) as error:
        raise ToolCrashed("tesseract", f"{option}: {error}") from error
    return answer.stdout or answer.stderr


@contextmanager
def _as_file(gray: Pixels) -> Iterator[Path]:
    """Yield the pixels as a PGM file: pytesseract's own PNG costs 0.4 s a page at 300 dpi."""
    height, width = gray.shape
    with tempfile.TemporaryDirectory(prefix="sohoa-ocr-") as folder:
        path = Path(folder) / "page.pgm"
        with path.open("wb") as file:
            file.write(b"P5 %d %d 255\n" % (width, height))
            file.write(gray.tobytes())
        yield path


@contextmanager
def _errors_as_ours(model: str, timeout_s: float) -> Iterator[None]:
    # More than one OpenMP thread a page burns the cores in spin-waits (9.1 s against 1.07 s a
    # page, measured); pytesseract hands our environment to the child.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    try:
        yield
    except pytesseract.TesseractNotFoundError as error:
        raise ToolMissing("tesseract", "install tesseract-ocr") from error
    except pytesseract.TesseractError as error:
        message = str(error.message)
        if "loading language" in message or "traineddata" in message:
            package = _PACKAGES.get(model, "its .traineddata file")
            raise ToolMissing(f"tesseract model {model}", f"install {package}") from error
        raise ToolCrashed("tesseract", f"status {error.status}: {message[:300]}") from error
    except RuntimeError as error:  # pytesseract's only sign of a timeout
        if "timeout" not in str(error):
            raise
        raise ToolTimeout("tesseract", f"no answer within {timeout_s:g} s") from error
    except OSError as error:
        raise ToolCrashed("tesseract", str(error)) from error
