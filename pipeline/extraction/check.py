"""Fields in, the same fields accepted or sent to a person out, with the reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Literal

from pipeline.extraction.schemas import Schema
from pipeline.model import Document, Field, Issue
from pipeline.vietnam.agencies import symbol_names_agency
from pipeline.vietnam.dates import find_dates
from pipeline.vietnam.identifiers import DOCUMENT_KINDS
from pipeline.vietnam.letters import fold, nfc
from pipeline.vietnam.owners import check_cccd, check_mst

_EARLIEST = date(1945, 9, 2)  # no paper of today's state is older
_DISAGREEING = 0.6  # the most that a value is worth when another speaks against it
_AGREEING = 0.5  # share of the doubt that stays when another value confirms it

Verdict = bool | None  # None: nothing to compare
Values = Mapping[str, Field]


def check(
    fields: tuple[Field, ...], schema: Schema, document: Document, *, accept_confidence: float = 0.9
) -> tuple[tuple[Field, ...], tuple[Issue, ...]]:
    """Return the fields with their status, a null for each required one missing, and the issues.

    `accepted` needs `accept_confidence` after all cross-checks, a value that fits its schema, and
    no check against it.
    """
    present = {one.name: one for one in fields}
    issues: list[Issue] = []
    for one in schema.checks:
        present, against = _cross_check(one["check"], one["fields"], present)
        issues += against
    checked: list[Field] = []
    for field in present.values():
        found = _problems(field, schema)
        issues += found
        fine = field.value is not None and not found and field.confidence >= accept_confidence
        checked.append(replace(field, status="accepted" if fine else "in_review"))
    for name in schema.fields:
        if name in schema.required and name not in present:
            checked.append(_missing(name))
            issues.append(Issue("field.missing", f"field {name}"))
    return tuple(_in_order(checked, schema)), tuple(issues)


def _in_order(fields: list[Field], schema: Schema) -> list[Field]:
    order = list(schema.fields)
    return sorted(fields, key=lambda field: order.index(field.name))


def _missing(name: str) -> Field:
    """Return the place of a value that a person must find."""
    return Field(name, "", None, 0.0, 1, None, "none", "none", "ocr", "in_review")


def _problems(field: Field, schema: Schema) -> list[Issue]:
    where = f"field {field.name}"
    if field.value is None:
        return [Issue("field.unreadable", where, field.raw)]
    one = schema.fields[field.name]
    found: list[Issue] = []
    if not one.fits(field.value):
        found.append(Issue("field.pattern", where, str(field.value)))
    if one.kind == "date" and not _plausible_date(field.value):
        found.append(Issue("field.date-implausible", where, str(field.value)))
    if one.kind == "mst":
        found += _number_issues(check_mst(str(field.value)).problems, where, field)
    if one.kind in {"cccd", "cmnd"}:
        found += _number_issues(check_cccd(str(field.value)).problems, where, field)
    return found


def _number_issues(problems: tuple[str, ...], where: str, field: Field) -> list[Issue]:
    # Births abroad have a country's code, old cards have nine digits: no reason to stop.
    if set(problems) & {"check-digit", "serial", "branch"}:
        return [Issue("field.check-digit", where, str(field.value))]
    return []


def _plausible_date(value: object) -> bool:
    try:
        return date.fromisoformat(str(value)) >= _EARLIEST
    except ValueError:
        return False


def _cross_check(
    name: str, names: list[str], present: dict[str, Field]
) -> tuple[dict[str, Field], list[Issue]]:
    """Return the fields with what the check says about their confidence, and the issue if any."""
    verdict = _CHECKS[name](present, names)
    if verdict is None:
        return present, []
    changed = dict(present)
    for one in names:
        field = changed.get(one)
        if field is None or field.value is None:
            continue
        if verdict and name in _CONFIRMING:
            sure = 1.0 - (1.0 - field.confidence) * _AGREEING
        elif verdict:
            sure = field.confidence
        else:
            sure = min(field.confidence, _DISAGREEING)
        changed[one] = replace(field, confidence=sure)
    if verdict:
        return changed, []
    detail = ", ".join(str(changed[one].value) for one in names if one in changed)
    return changed, [Issue("field.disagree", f"field {names[0]}", detail)]


def _value(present: Values, name: str) -> str | None:
    field = present.get(name)
    return None if field is None or field.value is None else str(field.value)


def _symbol_kind(present: Values, names: list[str]) -> Verdict:
    """Compare the kind of paper with the symbol's first part: QĐ is Quyết định."""
    symbol, kind = (_value(present, name) for name in names[:2])
    if symbol is None or kind is None:
        return None
    told = DOCUMENT_KINDS.get(symbol.split("-")[0])
    if told is None:
        return None
    # CT is Chỉ thị and Cục Thuế, TT Thông tư and many offices: without a title it tells nothing.
    if fold(kind) == "cong van":
        return None
    return fold(told) in fold(kind) or fold(kind) in fold(told)


def _symbol_agency(present: Values, names: list[str]) -> Verdict:
    """Compare the symbol with the agencies of the head: SYT is Sở Y tế."""
    symbol = _value(present, names[0])
    agencies = [agency for name in names[1:] if (agency := _value(present, name))]
    if symbol is None or not agencies:
        return None
    if all(part in DOCUMENT_KINDS for part in symbol.split("-")):  # 312/GPXD names no agency
        return None
    return symbol_names_agency(symbol, agencies)


def _same_date(present: Values, names: list[str]) -> Verdict:
    """Compare a date in figures with the same date in words."""
    figures, words = (_value(present, name) for name in names[:2])
    if figures is None or words is None:
        return None
    if figures == words:
        return True
    spelt = [parts for parts in find_dates(nfc(words)) if parts.value is not None]
    # A date that ends before the words do was cut short by a word misread.
    if not spelt or spelt[0].span[1] < len(words.rstrip(" .,;")):
        return None
    return str(spelt[0].value) == figures


def _cccd_birth(present: Values, names: list[str]) -> Verdict:
    """Compare a personal ID with the holder's date (or year) of birth and, if named, sex."""
    number, born = (_value(present, name) for name in names[:2])
    if number is None or born is None or not born[:4].isdecimal():
        return None
    printed_sex = _value(present, names[2]) if len(names) > 2 else None
    sexes: Mapping[str, Literal["male", "female"]] = {"nam": "male", "nu": "female"}
    found = check_cccd(
        number, birth_year=int(born[:4]), sex=sexes.get(fold(printed_sex)) if printed_sex else None
    )
    return not set(found.problems) & {"birth-year", "sex"}


def _not_before(present: Values, names: list[str]) -> Verdict:
    """Check that the first date is not before the second."""
    later, earlier = (_value(present, name) for name in names[:2])
    return None if later is None or earlier is None else later >= earlier


def _not_equal(present: Values, names: list[str]) -> Verdict:
    one, other = (_value(present, name) for name in names[:2])
    return None if one is None or other is None else fold(one) != fold(other)


_CHECKS: Mapping[str, Callable[[Values, list[str]], Verdict]] = {
    "symbol-kind": _symbol_kind,
    "symbol-agency": _symbol_agency,
    "same-date": _same_date,
    "cccd-birth": _cccd_birth,
    "not-before": _not_before,
    "not-equal": _not_equal,
}
# Agreement that chance seldom brings about makes the values surer; an order of dates does not.
_CONFIRMING = frozenset({"symbol-kind", "symbol-agency", "same-date"})
