"""`python -m portal`: serve the HTTP application."""

from __future__ import annotations

import sys

import uvicorn

from pipeline.errors import DigitizationError
from pipeline.settings import from_environ
from portal.api.app import create_app
from workers.connections import resolve


def main() -> None:
    """Serve until stopped; a wrong setting ends it with its exit code."""
    try:
        settings = resolve(from_environ())
        app = create_app(settings)
    except DigitizationError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a program's last words
        sys.exit(error.exit_code)
    uvicorn.run(app, host=settings.http_host, port=settings.http_port, log_level="warning")


main()
