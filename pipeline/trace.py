"""Intermediate images and values of a run, numbered, in a folder for people who debug."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any

from pipeline.imaging import write_png
from pipeline.model import Pixels


@dataclass(slots=True)
class Trace:
    """Keeps what stages made as `NNN-page-PPPP-stage.png` and `.json`; None: keeps nothing."""

    folder: Path | None = None
    _count: int = 0

    def image(self, page: int, stage: str, pixels: Pixels) -> None:
        """Keep the pixels (uint8, H×W or H×W×3 RGB) that a stage made of a page."""
        if self.folder is not None:
            write_png(self._next(self.folder, f"page-{page:04}-{stage}.png"), pixels)

    def value(self, stage: str, value: Any) -> None:
        """Keep a value (a dataclass or anything JSON holds) as JSON."""
        if self.folder is not None:
            plain = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
            text = json.dumps(plain, ensure_ascii=False, indent=1, default=str)
            self._next(self.folder, f"{stage}.json").write_text(text, encoding="utf-8")

    def _next(self, folder: Path, name: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        self._count += 1
        return folder / f"{self._count:03}-{name}"


NO_TRACE = Trace()
