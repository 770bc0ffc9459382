"""How the command line speaks."""

import json

from pipeline.errors import ScanLocked
from workers import cli_words


def test_errors_are_said_in_both_languages(capsys, monkeypatch):
    """A clerk and an operator read the same message."""
    monkeypatch.setenv("SOHOA_LANGUAGE", "vi")
    cli_words.say_error(ScanLocked("[bold]a[/bold].pdf"))

    said = capsys.readouterr().err
    assert "có mật khẩu" in said and "password" in said
    assert "[bold]a[/bold].pdf" in said.replace("\n", "")


def test_json_is_one_line(capsys):
    """Machines read one object a line, Vietnamese as it is."""
    cli_words.out_json({"tên": "dòng\nhai"})

    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert json.loads(out) == {"tên": "dòng\nhai"}
