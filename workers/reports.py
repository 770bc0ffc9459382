"""What happens in the inbox in, one line for the operator out; nothing is said twice on end."""

from __future__ import annotations

import errno
from collections.abc import Callable

from pipeline.errors import DigitizationError
from pipeline.messages import explain, explain_error
from workers.tickets import plain

Say = Callable[[str], None]

_EVENTS = {
    "received": {"vi": "đã nhận", "en": "received"},
    "known": {"vi": "đã có từ trước", "en": "known already"},
    "stored": {"vi": "xong", "en": "done"},
    "refused": {"vi": "trả lại", "en": "refused"},
}
MOST_REMEMBERED = 10_000


class Reports:
    """Says events at once and troubles once, until they change or end."""

    def __init__(self, say: Say, language: str) -> None:
        """`say` gets one line at a time, in `language`."""
        self._say, self._language = say, language
        self._said: dict[str, str] = {}

    def event(self, kind: str, subject: str, detail: str) -> None:
        """Say that something was received, known, stored or refused."""
        self._said.pop(subject, None)
        self._say(f"{_EVENTS[kind][self._language]}: {plain(subject)} ({detail})")

    def trouble(self, subject: str, code: str, detail: str = "") -> None:
        """Say what is wrong with a file or folder, and what to do."""
        text = str(explain(code, plain(subject), plain(detail), self._language))
        self._once(subject, text)

    def os_error(self, subject: str, error: OSError) -> None:
        """Say that a file or folder could not be read or written."""
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        code = "store.disk-full" if full else "inbox.unreadable"
        self.trouble(subject, code, error.strerror or str(error))

    def our_error(self, error: DigitizationError) -> None:
        """Say what a server or setting of ours lacks."""
        self._once(error.subject, str(explain_error(error, self._language)))

    def over(self, subject: str) -> None:
        """Forget a trouble, so that it is said when it comes again."""
        self._said.pop(subject, None)

    def _once(self, subject: str, text: str) -> None:
        if self._said.get(subject) == text:
            return
        if len(self._said) >= MOST_REMEMBERED:
            self._said.clear()
        self._said[subject] = text
        self._say(text)
