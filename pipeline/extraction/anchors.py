"""Where a value stands: rules of a schema and pages in, candidate passages out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.extraction.labels import Labels
from pipeline.extraction.layout import Sheet, is_capitals, lay_out
from pipeline.extraction.passages import Passage, join, trim
from pipeline.extraction.phrases import begins, find_all, same
from pipeline.extraction.schemas import FieldSchema, Rule, Schema
from pipeline.model import Page
from pipeline.vietnam.names import person_likeness

_CENTRED_WITHIN = 0.09  # of the page width: how far the middle of a centred line may stray
_BLOCK_GAP = 0.95  # of the line height: a wider white strip ends a block
_UNBOUNDED = 0.9  # of the strength: the line of the number, which bounds the region, is missing
_PERSON_LIKENESS = 0.5  # of `person_likeness`: below it a line is no name


@dataclass(frozen=True, slots=True)
class Candidate:
    """Lines that may say a value."""

    lines: tuple[Passage, ...]
    rule: str  # for the record: "label:Họ tên"
    strength: float  # 0–1, how reliable the rule and how exact its anchor was
    value: str | None = None  # given by the rule itself

    @property
    def passage(self) -> Passage:
        return join(self.lines)

    @property
    def text(self) -> str:
        """Return the text, a line feed between lines; as long as `passage.text`."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Paper:
    """The pages of a document taken apart."""

    sheets: tuple[Sheet, ...]  # pages with text only
    labels: Mapping[int, Labels] = field(default_factory=dict)  # by page number

    def sheets_of(self, page: str) -> Sequence[Sheet]:
        """Return the first sheet, the one that is signed, or any."""
        if page == "first":
            return self.sheets[:1]
        if page == "any":
            return self.sheets
        # An annex may follow the signature; its own foot is then the later one.
        return [sheet for sheet in self.sheets if sheet.foot_top is not None][:1]


def read_paper(pages: Sequence[Page], schema: Schema) -> Paper:
    """Return the pages taken apart, with the labels of the schema found on them."""
    sheets = tuple(lay_out(page) for page in pages if page.lines)
    names = schema.labels()
    return Paper(sheets, {sheet.page.number: Labels(sheet, names) for sheet in sheets})


def candidates(paper: Paper, one: FieldSchema) -> Iterator[Candidate]:
    """Yield what the rules of a field find on the pages, best rule first."""
    for rule in one.rules:
        finder = _RULES.get(rule["rule"])
        if finder is None:
            continue  # codes are read apart from pages
        for sheet in paper.sheets_of(rule.get("page", _USUAL_PAGE.get(rule["rule"], "first"))):
            yield from finder(paper, sheet, rule, one)


def find_title(
    sheet: Sheet, titles: Sequence[str]
) -> tuple[str, tuple[Passage, ...], float] | None:
    """Return the title that a line (or two) of its own bears, those lines, and how exactly."""
    lines = [
        passage
        for passage in sheet.region("title")
        if is_capitals(passage.text) and _is_centred(passage, sheet, 2 * _CENTRED_WITHIN)
    ]
    best: tuple[str, tuple[Passage, ...], float] | None = None
    for place, line in enumerate(lines[:8]):
        for parts in ((line,), tuple(lines[place : place + 2])):
            text = " ".join(part.text for part in parts)
            for title in titles:
                exactness = same(text, title)
                if exactness and (
                    best is None or (exactness, len(title)) > (best[2], len(best[0]))
                ):
                    best = (title, parts, exactness)
    return best


def _label(paper: Paper, sheet: Sheet, rule: Rule, one: FieldSchema) -> Iterator[Candidate]:
    labels = paper.labels[sheet.page.number]
    for hit, lines in labels.values(
        rule["labels"],
        after=rule.get("after", ()),
        before=rule.get("before", ()),
        lines=rule.get("lines", 1),
        below=rule.get("below", False),
    ):
        cleaned = tuple(line for line in map(trim, lines) if line is not None)
        if cleaned and _inside(sheet, rule, cleaned[0]):
            strength = rule.get("strength", 1.0) * (1.0 if hit.exact else 0.9)
            yield Candidate(cleaned, f"label:{hit.phrase}", strength)


def _inside(sheet: Sheet, rule: Rule, passage: Passage) -> bool:
    where = rule.get("where")
    if where is None:
        return True
    words = {word for one in sheet.region(where) for word in one.words}
    return any(word in words for word in passage.words)


def _block(paper: Paper, sheet: Sheet, rule: Rule, one: FieldSchema) -> Iterator[Candidate]:
    lines = [line for line in map(trim, sheet.region(rule["where"])) if line is not None]
    axis: float | None = None
    if "below" in rule:
        title = find_title(sheet, rule["below"])
        if title is None:
            return
        foot = max(part.box.bottom for part in title[1])
        axis = title[1][0].middle
        lines = [line for line in lines if line.box.top >= foot - 0.3 * sheet.line_px]
    if rule.get("take") == "last":
        fitting = [line for line in lines if _has_shape(line, rule)]
        if fitting:
            yield Candidate((fitting[-1],), f"block:{rule['where']}", rule.get("strength", 1.0))
        return
    block = _first_block(lines, rule, sheet, axis)
    if block:
        strength = rule.get("strength", 1.0)
        if rule["where"] in ("issuer", "subject") and sheet.number is None:
            strength *= _UNBOUNDED  # nothing tells an arrival stamp from a head
        yield Candidate(tuple(block), f"block:{rule['where']}", strength)


def _first_block(
    lines: Sequence[Passage], rule: Rule, sheet: Sheet, axis: float | None
) -> list[Passage]:
    block: list[Passage] = []
    for line in lines:
        if begins(line.text, rule.get("stops", ())):
            if block:
                break
            if axis is not None:
                return []
            continue
        if not block and "starts" in rule and not begins(line.text, rule["starts"]):
            continue
        if not _has_shape(line, rule) or _is_junk(line, sheet):
            continue
        if rule.get("align") == "centre" and not _on_axis(line, sheet, axis):
            if block:
                break
            continue
        if block and not _goes_on(block, line, sheet):
            break
        block.append(line)
        if len(block) == rule.get("lines", 20):
            break
    return block


def _goes_on(block: Sequence[Passage], line: Passage, sheet: Sheet) -> bool:
    """Tell whether a line belongs to the block above it: no white strip, the same type."""
    if line.box.top - block[-1].box.bottom > _BLOCK_GAP * sheet.line_px:
        return False
    long = len(line.words) > 2
    return not (long and is_capitals(line.text) and not is_capitals(block[0].text))


def _has_shape(line: Passage, rule: Rule) -> bool:
    shape = rule.get("shape", "any")
    if shape == "capitals":
        return is_capitals(line.text)
    if shape == "person":
        return person_likeness(line.text) >= _PERSON_LIKENESS
    return True


def _is_junk(line: Passage, sheet: Sheet) -> bool:
    """Tell a speck, a part of a seal or a stroke of a pen from a line of print."""
    letters = sum(letter.isalnum() for word in line.words for letter in word.text)
    poor = max(word.confidence for word in line.words) < 0.4
    low = line.box.height < 0.4 * sheet.line_px
    return letters < 3 or low or (poor and line.box.width < 0.2 * sheet.page.width_px)


def _is_centred(line: Passage, sheet: Sheet, within: float) -> bool:
    page = sheet.page.width_px
    return abs(line.middle - 0.53 * page) < within * page


def _on_axis(line: Passage, sheet: Sheet, axis: float | None) -> bool:
    page = sheet.page.width_px
    if axis is None:
        return _is_centred(line, sheet, _CENTRED_WITHIN)
    return abs(line.middle - axis) < _CENTRED_WITHIN * page


def _line(paper: Paper, sheet: Sheet, rule: Rule, one: FieldSchema) -> Iterator[Candidate]:
    for passage in sheet.region(rule["where"]):
        line = trim(passage)
        if line is None or not _has_shape(line, rule):
            continue
        if "has" in rule and not find_all(line.text, rule["has"]):
            continue
        yield Candidate((line,), f"line:{rule['where']}", rule.get("strength", 1.0))


def _title(paper: Paper, sheet: Sheet, rule: Rule, one: FieldSchema) -> Iterator[Candidate]:
    forms = {
        form: value
        for value in one.options["enum"]
        for form in (value, *one.options["variants"].get(value, ()))
    }
    found = find_title(sheet, tuple(forms))
    if found is not None:
        title, lines, exactness = found
        yield Candidate(lines, "title", rule.get("strength", 1.0) * exactness, forms[title])


def _phrase(paper: Paper, sheet: Sheet, rule: Rule, one: FieldSchema) -> Iterator[Candidate]:
    for passage in sheet.region(rule.get("where", "anywhere")):
        hit = begins(passage.text, rule["phrases"])
        if hit is not None:
            strength = rule.get("strength", 1.0) * (1.0 if hit.exact else 0.9)
            yield Candidate((passage,), f"phrase:{hit.phrase}", strength, rule["value"])
            return


_Finder = Callable[[Paper, Sheet, Rule, FieldSchema], Iterator[Candidate]]
_RULES: Mapping[str, _Finder] = {
    "label": _label,
    "block": _block,
    "line": _line,
    "title": _title,
    "phrase": _phrase,
}
_USUAL_PAGE: Mapping[str, Any] = {"label": "any"}
