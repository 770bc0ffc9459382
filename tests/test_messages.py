"""Every code that the program can show has words for it, in both languages."""

import re
from pathlib import Path

import pytest

import workers.sandbox  # noqa: F401 - defines an error of its own
from pipeline.errors import DigitizationError, ScanLocked
from pipeline.messages import TABLE, explain, explain_error

ROOT = Path(__file__).resolve().parent.parent
ISSUE_CODE = re.compile(r"""Issue\(\s*(?:code=)?["']([a-z]+\.[a-z-]+)["']""")


def error_codes(kind=DigitizationError):
    own = [] if kind is DigitizationError else [kind.code]
    return own + [code for child in kind.__subclasses__() for code in error_codes(child)]


def issue_codes():
    sources = [*(ROOT / "pipeline").rglob("*.py"), *(ROOT / "workers").rglob("*.py")]
    return sorted({c for p in sources for c in ISSUE_CODE.findall(p.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("code", [*error_codes(), *issue_codes()])
def test_code_has_words(code):
    """No clerk reads a bare code."""
    assert code in TABLE


@pytest.mark.parametrize("code", TABLE)
def test_words_are_complete(code):
    """Each message says what is wrong and what to do, in Vietnamese and English."""
    for language in ("vi", "en"):
        words = explain(code, "tệp.pdf", language=language)

        assert words.what.startswith("tệp.pdf: ")
        assert words.remedy


def test_error_names_the_file_first():
    """The clerk sees at once which file it is about."""
    words = explain_error(ScanLocked("giấy khai sinh.pdf"), "vi")

    assert str(words).startswith("giấy khai sinh.pdf: Tệp PDF có mật khẩu.")


def test_unknown_code_is_shown_not_hidden():
    """A code without words is a bug, but it still reaches the reader."""
    assert "strange.code" in str(explain("strange.code", "a.pdf"))
