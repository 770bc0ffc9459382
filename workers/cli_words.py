"""How the command line speaks: one console, one way to show an error."""

from __future__ import annotations

import json
import os
from typing import Any

from rich.console import Console
from rich.markup import escape

from pipeline.errors import DigitizationError
from pipeline.messages import explain_error

console = Console(highlight=False)
error_console = Console(stderr=True, highlight=False)


def language() -> str:
    """Return the language to speak: SOHOA_LANGUAGE, else Vietnamese."""
    return "en" if os.environ.get("SOHOA_LANGUAGE", "vi") == "en" else "vi"


def out(text: str) -> None:
    """Print text with Rich markup; escape what is not ours."""
    console.print(text, soft_wrap=True)


def err(text: str) -> None:
    """Print text with Rich markup to standard error."""
    error_console.print(text, soft_wrap=True)


def out_json(value: Any) -> None:
    """Print one JSON object on one line."""
    console.file.write(json.dumps(value, ensure_ascii=False) + "\n")
    console.file.flush()


def say_error(error: DigitizationError) -> None:
    """Print what is wrong and what to do, in both languages."""
    for tongue in dict.fromkeys((language(), "en")):
        words = explain_error(error, tongue)
        err(f"[red]{escape(words.what)}[/red] {escape(words.remedy)}")
