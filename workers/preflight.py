"""Settings in, a start that is refused with its remedy, waits, or goes on out.

A server that is away is waited for: it comes back, and a part that ends would only be started
again. What does not mend itself refuses the start: keys that anybody could guess, a store on
which several workers would overwrite each other, a program that is missing.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from urllib.parse import unquote, urlsplit

from pipeline.errors import SetupError, StoreError, ToolMissing
from pipeline.messages import explain_error
from pipeline.settings import PREFIX, Settings
from pipeline.storage import ObjectStore
from workers.connections import open_broker, open_store
from workers.queues import broker_errors

POPPLER = ("pdftoppm", "pdfinfo")
PAUSE_S = 3.0  # between two looks for a server that is away
FEWEST_LETTERS = 12  # of a secret; `openssl rand -hex 24` gives 48
GUESSED_FIRST = ("minio", "admin", "password", "passw0rd", "changeme", "secret", "sohoa", "123456")


def refuse_weak_credentials(settings: Settings) -> None:
    """Raise SetupError for a secret that anybody could guess; embedded servers make their own."""
    for name, secret in _secrets(settings):
        if not secret:
            raise SetupError(name, f"holds no password: {_REMEDY}")
        if len(secret) < FEWEST_LETTERS:
            raise SetupError(name, f"has fewer than {FEWEST_LETTERS} letters: {_REMEDY}")
        if _is_guessed_first(secret):
            raise SetupError(name, f"is one that is guessed first: {_REMEDY}")


def ready_to_work(settings: Settings, say: Callable[[str], None]) -> None:
    """Return when a worker may take jobs; a server that is away is waited for, and said once.

    Raises SetupError or ToolMissing for what does not mend itself. `settings` are resolved.
    """
    refuse_weak_credentials(settings)
    for program in missing_programs():
        raise ToolMissing(program, "apt-get install poppler-utils")
    said = ""
    with open_store(settings) as store, open_broker(settings) as broker:
        while True:
            try:
                store.ensure_bucket()
                require_conditional_put(store, settings)
                with broker_errors(broker):
                    broker.ping()
            except StoreError as error:
                words = str(explain_error(error, settings.language))
                if words != said:
                    say(words)
                said = words
                time.sleep(PAUSE_S)
            else:
                return


def require_conditional_put(store: ObjectStore, settings: Settings) -> None:
    """Raise SetupError when several workers would overwrite each other, StoreError if away."""
    if settings.workers == 1 or store.probe().conditional_put:
        return
    raise SetupError(
        store.address,
        "ignores If-None-Match, so two workers could overwrite each other: use another store "
        "(docs/operating.md), or run exactly one worker in all and set SOHOA_WORKERS=1",
    )


def missing_programs() -> list[str]:
    """Return the programs of poppler that are not installed."""
    return [program for program in POPPLER if shutil.which(program) is None]


_REMEDY = "set a long random one, for example from: openssl rand -hex 24"


def _secrets(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield each secret that is set, or that must be, with the name of its setting."""
    if settings.redis_url:
        yield PREFIX + "REDIS_URL", _password(settings.redis_url)
    if settings.s3_endpoint:
        yield PREFIX + "S3_SECRET_KEY", settings.s3_secret_key
    if settings.database_url and _password(settings.database_url):
        yield PREFIX + "DATABASE_URL", _password(settings.database_url)
    if settings.api_key:
        yield PREFIX + "API_KEY", settings.api_key


def _password(url: str) -> str:
    try:
        return unquote(urlsplit(url).password or "")
    except ValueError:
        return ""


def _is_guessed_first(secret: str) -> bool:
    rest = secret.casefold()
    for word in GUESSED_FIRST:
        rest = rest.replace(word, "")
    return len(set(rest)) < 4
