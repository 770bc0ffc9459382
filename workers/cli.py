"""The command `sohoa`: words typed in, work started, words for people out.

Commands only parse and call; the work is in the modules that they name.
"""

from __future__ import annotations

import sys
import traceback

import typer

from pipeline.errors import DigitizationError
from workers import cli_balance, cli_digitize, cli_quality, cli_records, cli_services, cli_sign
from workers.cli_words import err, say_error

app = typer.Typer(
    name="sohoa",
    help="Scanned dossiers of administrative procedures in, trustworthy electronic records out.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cli_digitize.add_to(app)
cli_quality.add_to(app)
cli_services.add_to(app)
cli_balance.add_to(app)
cli_records.add_to(app)
cli_sign.add_to(app)


def main() -> None:
    """Run the command line; expected errors become one message and their exit code."""
    try:
        app()
    except DigitizationError as error:
        say_error(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)  # the reader of our output has gone, as `head` does
    except Exception:  # noqa: BLE001 - a bug: shown whole, with the exit code that says so
        traceback.print_exc()
        err("[bold]This is a bug of ours.[/bold] Please report the text above.")
        sys.exit(70)
