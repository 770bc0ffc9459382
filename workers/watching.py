"""Settings in, an inbox that is looked at in time until the end is asked for."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from threading import Event

from pipeline.errors import StoreError
from pipeline.extraction import load_schemas, schemas_folder
from pipeline.settings import Settings
from pipeline.storage import ObjectStore
from workers.bell import Bell
from workers.connections import open_broker, open_store
from workers.inbox import Watch
from workers.reports import Reports, Say

LEAST_S = 0.1  # from one look to the next
SHARE = 2.0  # so many times as long as a look took nothing is looked at, whatever happens


def run_watch(settings: Settings, say: Say) -> None:
    """Watch the inbox until SIGTERM or SIGINT; `settings` are resolved.

    Raises SetupError when the schemas are wrong.
    """
    folder = schemas_folder(Path(settings.schemas) if settings.schemas else None)
    titles = {name: schema.title for name, schema in load_schemas(folder).types.items()}
    store, broker = open_store(settings), open_broker(settings)
    watch = Watch(settings, store, broker, say, titles=titles, schemas=folder)
    stop, prepared = Event(), False
    with Bell(settings.inbox) as bell:

        def end(*_: object) -> None:
            stop.set()
            bell.ring()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        while not stop.is_set():
            prepared = prepared or _prepare(settings, store, watch.reports)
            began, next_s = time.monotonic(), settings.scan_every_s
            if prepared:
                next_s = watch.look(stop.is_set)
            least_s, most_s = pause_s(time.monotonic() - began, next_s, settings.scan_every_s)
            bell.wait(least_s, most_s, stop.is_set)


def pause_s(look_s: float, next_s: float, scan_every_s: float) -> tuple[float, float]:
    """Return the least and the most time until the next look.

    The last one took `look_s`, the next one has work in `next_s`. A burst of events on a large
    inbox must not make us look at it all the time; where work was left, there is no pause.
    """
    if next_s <= 0:
        return 0.0, 0.0
    least_s = min(max(LEAST_S, SHARE * look_s), scan_every_s)
    return least_s, min(max(next_s, least_s), scan_every_s)


def _prepare(settings: Settings, store: ObjectStore, reports: Reports) -> bool:
    """Make the folders and the bucket where they are missing; return whether all are there."""
    try:
        for home in (settings.inbox, settings.outbox, settings.rejected):
            home.mkdir(parents=True, exist_ok=True)
        store.ensure_bucket()
    except StoreError as error:
        reports.our_error(error)
        return False
    except OSError as error:
        reports.os_error(str(error.filename or settings.home), error)
        return False
    return True
