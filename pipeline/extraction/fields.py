"""Fields of a document: pages and a schema in, values with their evidence out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.extraction.anchors import Candidate, candidates, read_paper
from pipeline.extraction.codes import code_readings
from pipeline.extraction.patterns import KINDS
from pipeline.extraction.readings import LISTED, Reading
from pipeline.extraction.schemas import FieldSchema, Schema
from pipeline.extraction.second_reading import weighed
from pipeline.extraction.trust import pen_confidence, reading_confidence
from pipeline.layout import HeadFigures
from pipeline.model import Field, FieldSource, Page, Word

# The most that a value is worth whose text had to be mended or does not hang together.
_DOUBTFUL = {
    "mended": 0.7, "torn": 0.4, "check-digit": 0.3, "serial": 0.3, "branch": 0.5,
    "money-words": 0.5, "place-unknown": 0.8, "birth-year": 0.5, "year-missing": 0.8,
}  # fmt: skip
_CODE_CONFIDENCE = 0.99  # a decoded QR code has passed its own error correction


def extract(pages: Sequence[Page], schema: Schema) -> tuple[Field, ...]:
    """Return the fields of the schema that the pages bear, in the schema's order.

    A field whose place was found but not read has value None. All are `in_review` until `check`
    has looked at them.
    """
    paper = read_paper(pages, schema)
    found: list[Field] = []
    for one in schema.fields.values():
        from_code = _from_codes(pages, one)
        if from_code is not None:
            found.append(from_code)
            continue
        from_page = _from_pages(candidates(paper, one), one)
        if from_page is not None:
            found.append(weighed(from_page, one, _figures_of(pages, from_page.page)))
    return tuple(found)


def _figures_of(pages: Sequence[Page], number: int) -> Sequence[HeadFigures]:
    return next((page.figures for page in pages if page.number == number), ())


def _from_codes(pages: Sequence[Page], one: FieldSchema) -> Field | None:
    for page, code, text, reading, strength in code_readings(pages, one):
        if reading.value is None or not one.fits(reading.value):
            continue
        return Field(
            name=one.name,
            raw=text[slice(*reading.span)],
            value=reading.value,
            confidence=_capped(_CODE_CONFIDENCE * strength, reading),
            page=page.number,
            box=code.box,
            rule="code",
            engine=code.kind,
            source="qr",
            status="in_review",
        )
    return None


def _from_pages(found: Iterator[Candidate], one: FieldSchema) -> Field | None:
    """Return the surest reading of the best rule that gives one, else what could not be read."""
    unread: Candidate | None = None
    best: Field | None = None
    for candidate in found:
        if best is not None and candidate.rule != best.rule:
            break
        reading = _read(candidate, one)
        if reading is None:
            unread = unread or (None if KINDS[one.kind].optional else candidate)
            continue
        field = _field(candidate, reading, one)
        if best is None or field.confidence > best.confidence:
            best = field
    if best is None and unread is not None:
        return _unreadable(unread, one)
    return best


def _read(candidate: Candidate, one: FieldSchema) -> Reading | None:
    if candidate.value is not None:
        return Reading(candidate.value, (0, len(candidate.text)), sure=LISTED)
    return KINDS[one.kind].read(candidate.text, one.options)


def _field(candidate: Candidate, reading: Reading, one: FieldSchema) -> Field:
    passage = candidate.passage
    part = passage.part(*reading.span) or passage
    figures = KINDS[one.kind].figures
    words = _telling(part.words) if figures else part.words
    sure = reading_confidence(words, figures=figures) * reading.strength
    if figures:
        sure = min(sure, pen_confidence(words, passage.words))
    if not one.fits(reading.value):
        sure = min(sure, 0.5)
    confidence = max(sure, reading.sure) * candidate.strength
    return Field(
        name=one.name,
        raw=candidate.text[slice(*_whole_words(candidate.text, reading.span))],
        value=reading.value,
        confidence=_capped(confidence, reading),
        page=part.page,
        box=part.box,
        rule=candidate.rule,
        engine=part.words[0].engine,
        source=_source(part.words),
        status="in_review",
    )


def _unreadable(candidate: Candidate, one: FieldSchema) -> Field:
    passage = candidate.passage
    return Field(
        name=one.name,
        raw=candidate.text,
        value=None,
        confidence=0.0,
        page=passage.page,
        box=passage.box,
        rule=candidate.rule,
        engine=passage.words[0].engine,
        source=_source(passage.words),
        status="in_review",
    )


def _telling(words: Sequence[Word]) -> Sequence[Word]:
    """Return the words that hold figures, of a value that is made of figures; all if none does."""
    telling = [word for word in words if any(letter.isdecimal() for letter in word.text)]
    return telling or words


def _whole_words(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return the span stretched to whole words: raw is what stands printed."""
    start, end = span
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def _capped(confidence: float, reading: Reading) -> float:
    return min([confidence, *(_DOUBTFUL.get(problem, 0.5) for problem in reading.problems)])


def _source(words: Sequence[Word]) -> FieldSource:
    return "text" if all(word.engine == "text-layer" for word in words) else "ocr"
