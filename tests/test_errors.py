"""Errors: grouped by who can mend them, and able to cross a process border."""

import json

import pytest

from pipeline.errors import (
    DigitizationError,
    DiskFull,
    ScanError,
    ScanLocked,
    SetupError,
    StoreError,
    ToolCrashed,
    ToolError,
)


def leaves(kind):
    return [kind, *(leaf for child in kind.__subclasses__() for leaf in leaves(child))]


@pytest.mark.parametrize("kind", leaves(DigitizationError))
def test_errors_cross_a_process_border(kind):
    """What a child raised is what its parent raises."""
    sent = json.loads(json.dumps(kind("tệp.pdf", "vì sao").to_json()))
    error = DigitizationError.from_json(sent)

    assert type(error) is kind
    assert (error.subject, error.detail) == ("tệp.pdf", "vì sao")


def test_codes_are_unique():
    """Each class has a code of its own, so that the message table can tell them apart."""
    kinds = leaves(DigitizationError)

    assert len({kind.code for kind in kinds}) == len(kinds)


@pytest.mark.parametrize(
    ("kind", "exit_code", "retry"),
    [
        (ScanError, 65, False),
        (ToolError, 69, True),
        (StoreError, 74, True),
        (SetupError, 78, False),
        (ScanLocked, 65, False),
        (DiskFull, 74, True),
    ],
)
def test_exit_code_tells_who_can_mend_it(kind, exit_code, retry):
    """Scripts and the queue act on the class, not on the text."""
    assert (kind.exit_code, kind.retry) == (exit_code, retry)


def test_unknown_code_is_a_crash_of_ours():
    """An answer that nobody understands is never taken for a bad scan."""
    assert type(DigitizationError.from_json({"code": "?"})) is ToolCrashed
