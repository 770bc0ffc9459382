"""`sohoa up`, `worker`, `watch`, `sweep`, `serve`: the parts that run until they are stopped."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pipeline.settings import Settings, from_environ
from workers.cli_words import out


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(epilog="[bold]Example[/bold]: mkdir counter && cd counter && sohoa up --workers 4")(
        up
    )
    app.command(epilog="[bold]Example[/bold]: sohoa worker --lane bulk")(worker)
    app.command(epilog="[bold]Example[/bold]: SOHOA_HOME=/mnt/drop sohoa watch")(watch)
    app.command(epilog="[bold]Example[/bold]: sohoa sweep --once")(sweep)
    app.command(epilog="[bold]Example[/bold]: sohoa serve --port 8380")(serve)


def say(text: str) -> None:
    """Print an event with the time of day."""
    out(f"[dim]{time.strftime('%H:%M:%S')}[/dim] {escape(text)}")


def up(
    workers: Annotated[
        int, typer.Option(min=0, help="Worker processes of each lane; 0: one per core.")
    ] = 0,
    home: Annotated[
        Path | None, typer.Option(help="Folder of the system; default: SOHOA_HOME or this one.")
    ] = None,
) -> None:
    """Run the whole system here until Ctrl-C: servers, workers, watcher, sweep and HTTP."""
    from workers.preflight import refuse_weak_credentials
    from workers.up import up as run

    settings = _settings(home)
    refuse_weak_credentials(settings)
    run(replace(settings, workers=workers or settings.workers), say)


def worker(
    lane: Annotated[str, typer.Option(help="The queue to serve: counter or bulk.")] = "counter",
) -> None:
    """Run one worker process on one queue."""
    from workers.connections import resolve
    from workers.preflight import ready_to_work
    from workers.queues import run_worker

    settings = resolve(from_environ())
    ready_to_work(settings, say)
    run_worker(lane, settings)


def watch() -> None:
    """Take in what is dropped into the inbox, and write tickets for what is done."""
    from workers.connections import resolve
    from workers.inbox import run_watch
    from workers.preflight import refuse_weak_credentials

    settings = resolve(from_environ())
    refuse_weak_credentials(settings)
    run_watch(settings, say)


def sweep(
    once: Annotated[bool, typer.Option(help="Sweep once, print the balance and end.")] = False,
) -> None:
    """Queue again every document that was received and has neither record nor failure."""
    from workers.connections import resolve
    from workers.preflight import refuse_weak_credentials
    from workers.sweep import run_sweep

    settings = resolve(from_environ())
    refuse_weak_credentials(settings)
    run_sweep(settings, say, once=once)


def serve(
    port: Annotated[int, typer.Option(help="Port; 0: SOHOA_HTTP_PORT.")] = 0,
) -> None:
    """Serve records over HTTP."""
    from workers.connections import resolve
    from workers.preflight import refuse_weak_credentials

    settings = from_environ()
    settings = resolve(replace(settings, http_port=port or settings.http_port))
    refuse_weak_credentials(settings)
    # The portal stands above the workers and may import them, never the other way round.
    environ = {**os.environ, **settings.as_environ()}
    os.execve(sys.executable, [sys.executable, "-m", "portal"], environ)  # noqa: S606


def _settings(home: Path | None) -> Settings:
    settings = from_environ()
    return settings if home is None else replace(settings, home=home)
