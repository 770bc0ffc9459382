"""Which type a paper is: pages and schemas in, a type with its evidence or none out."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extraction.anchors import find_title
from pipeline.extraction.labels import Labels
from pipeline.extraction.layout import Sheet, lay_out
from pipeline.extraction.phrases import begins
from pipeline.extraction.schemas import Evidence, Schema, Schemas
from pipeline.model import Classified, Page

_ENOUGH = 0.6  # below it the type is unknown, which is an answer
_AHEAD = 0.1  # by how much the best type must lead the next


def classify(pages: Sequence[Page], schemas: Schemas) -> Classified:
    """Return the type that the first page with text bears witness to, or None when in doubt."""
    first = next((page for page in pages if page.lines), None)
    if first is None:
        return Classified(None, 0.0)
    sheet = lay_out(first)
    scored = sorted(
        ((*_score(sheet, schema), schema.name) for schema in schemas.types.values()),
        key=lambda one: (-one[0], one[2]),
    )
    if not scored:
        return Classified(None, 0.0)
    score, evidence, name = scored[0]
    next_score = scored[1][0] if len(scored) > 1 else 0.0
    if score < _ENOUGH or score - next_score < _AHEAD:
        return Classified(None, round(score, 4), evidence)
    return Classified(name, round(score, 4), evidence)


def _score(sheet: Sheet, schema: Schema) -> tuple[float, tuple[str, ...]]:
    doubt, evidence = 1.0, list[str]()
    for one in schema.evidence:
        share, told = _found(sheet, schema, one)
        if share > 0:
            doubt *= 1.0 - share * one["weight"]
            evidence.append(told)
    return 1.0 - doubt, tuple(evidence)


def _found(sheet: Sheet, schema: Schema, one: Evidence) -> tuple[float, str]:
    """Return how far (0–1) a piece of evidence is there, and how to say it."""
    if "titles" in one:
        title = find_title(sheet, one["titles"])
        return (title[2], f"title: {title[0]}") if title else (0.0, "")
    if "phrases" in one:
        for passage in sheet.region(one.get("where", "anywhere")):
            hit = begins(passage.text, one["phrases"])
            if hit is not None:
                return 1.0 if hit.exact else 0.9, f"phrase: {hit.phrase}"
        return 0.0, ""
    labels = schema.labels()
    found = Labels(sheet, labels).found
    share = len(found) / len(labels) if labels else 0.0
    return share, f"labels: {len(found)} of {len(labels)}"
