"""Codes of dossiers, procedures, results and papers: text in, parsed codes out.

`parse_*` takes a whole string, `find_*` looks into running text. The printed value is kept in
`printed`; what had to be mended (a space, a dash, l for 1) is marked by `exact` being False.
Codes of persons and firms are in `owners`. Sources: QCVN 102:2016/BTTTT and its first amendment
(agency codes), Thông tư 01/2018/TT-VPCP Art. 19-20 (dossier, field), Nghị định 30/2020/NĐ-CP
appendix I (number and symbol).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from pipeline.vietnam.letters import fold, nfc, vietnamese_d
from pipeline.vietnam.owners import check_cccd, check_cmnd, check_mst, read_cccd

__all__ = [
    "DOCUMENT_KINDS",
    "ApCode",
    "DocumentNumber",
    "DossierCode",
    "check_cccd",
    "check_cmnd",
    "check_mst",
    "find_ap_codes",
    "find_document_numbers",
    "find_dossier_codes",
    "mend_symbol",
    "parse_ap_code",
    "parse_component_code",
    "parse_document_number",
    "parse_dossier_code",
    "parse_field_code",
    "parse_result_type",
    "read_cccd",
    "same_identifier",
]

_OLD_AGENCY = r"\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}"  # QCVN 102:2016
_NEW_AGENCY = r"[A-Z]\d{2}(?:\.\d{1,3}){0,5}"  # QĐ 20/2020/QĐ-TTg
_DOSSIER = re.compile(
    rf"(?<![\w.])(?P<agency>{_OLD_AGENCY}|{_NEW_AGENCY})"
    r"(?P<d1>\s?[-–—]\s?)(?P<date>\d{8}|\d{6})(?P<d2>\s?[-–—]\s?)(?P<seq>\d{4,7})(?!\w)"
)
_AP = re.compile(
    rf"(?<![\w.])(?P<code>[1-3]\.\d{{6}})(?:\.(?P<agency>{_OLD_AGENCY})(?:\.(?P<case>\d{{2}}))?)?(?!\w)"
)
_RESULT_TYPE = re.compile(r"(?<![\w.])KQ\.[A-Z]\d{2}\.\d{6}(?!\w)")
_COMPONENT = re.compile(rf"(?<![\w.]){_OLD_AGENCY}-KQ\d{{6}}(?!\w)")
_FIELD = re.compile(r"(?<![\w.])[A-Z]\d{2}-[A-Z]{2}\d{2}(?!\w)")

_FIGURE = "0-9OoQlIiSBZ"
_SYMBOL_PART = r"[A-ZĐ][A-Za-zĐđ0-9&.]{0,15}"
_NUMBER = re.compile(
    rf"""(?<![\w/.,\-])
    (?P<num>[0-9][{_FIGURE}]{{0,5}}[A-ZĐa-zđ]?|[lIO][0-9]{{1,5}})?
    (?:(?P<s1>\s?/\s?)(?P<year>(?:19|20)\d{{2}}))?
    (?P<s2>\s{{0,2}}/\s?)
    (?P<sym>(?!\d){_SYMBOL_PART}(?:\s?[-–—]\s?{_SYMBOL_PART}){{0,3}})(?![\w/])""",
    re.VERBOSE,
)
_NUMBER_SLIPS = str.maketrans("OoQlIiSBZ", "000111582")
# Marks that engines lose in symbols whose plain spelling means nothing else.
_SYMBOL_SLIPS = {
    "QD": "QĐ", "ND": "NĐ", "HDND": "HĐND", "HÐND": "HĐND", "CD": "CĐ", "LDTBXH": "LĐTBXH",
    "SLDTBXH": "SLĐTBXH", "GDDT": "GDĐT", "SGDDT": "SGDĐT", "BGDDT": "BGDĐT", "QLDT": "QLĐT",
    "UBNĐ": "UBND", "TTR": "TTr",
}  # fmt: skip

DOCUMENT_KINDS = {
    "NQ": "Nghị quyết", "QĐ": "Quyết định", "CT": "Chỉ thị", "QC": "Quy chế", "QyĐ": "Quy định",
    "TC": "Thông cáo", "TB": "Thông báo", "HD": "Hướng dẫn", "CTr": "Chương trình",
    "KH": "Kế hoạch", "PA": "Phương án", "ĐA": "Đề án", "DA": "Dự án", "BC": "Báo cáo",
    "BB": "Biên bản", "TTr": "Tờ trình", "HĐ": "Hợp đồng", "CĐ": "Công điện",
    "BGN": "Bản ghi nhớ", "BTT": "Bản thỏa thuận", "GUQ": "Giấy ủy quyền", "GM": "Giấy mời",
    "GGT": "Giấy giới thiệu", "GNP": "Giấy nghỉ phép", "PG": "Phiếu gửi", "PC": "Phiếu chuyển",
    "PB": "Phiếu báo", "GP": "Giấy phép", "GPXD": "Giấy phép xây dựng",
    "GCN": "Giấy chứng nhận", "GXN": "Giấy xác nhận", "NĐ": "Nghị định", "TT": "Thông tư",
}  # fmt: skip
"""First part of a symbol -> kind of paper (Nghị định 30/2020 Art. 7; the last six by custom)."""


@dataclass(frozen=True, slots=True)
class DossierCode:
    """A dossier code (mã hồ sơ): agency, day of reception, running number of that day."""

    printed: str
    agency: str
    received: date | None  # None: the figures are no date
    sequence: str  # with its leading zeros
    exact: bool

    @property
    def code(self) -> str:
        """Return the code without stray spaces, with plain hyphens."""
        return re.sub(r"\s?[-–—]\s?", "-", self.printed)


@dataclass(frozen=True, slots=True)
class ApCode:
    """The code of an administrative procedure (mã thủ tục hành chính)."""

    code: str  # "1.004203"
    agency: str | None  # "000.00.00.H09"
    case: str | None  # "02": a case for the public service portal


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """Number and symbol of a paper: number `123` and symbol `GP-UBND` of `123/GP-UBND`."""

    printed: str
    number: str | None  # with leading zeros; None: not readable or left for a pen
    year: int | None  # 2023 of 01/2023/TT-VPCP
    symbol: str
    exact: bool  # False: spaces, dashes, digits or a lost Đ were mended
    span: tuple[int, int]  # in the NFC text

    @property
    def text(self) -> str:
        """Return number, year and symbol as they should be printed."""
        year = f"/{self.year}" if self.year else ""
        return f"{self.number or ''}{year}/{self.symbol}"

    @property
    def kind(self) -> str | None:
        """Return the kind of paper that the symbol starts with, or None (an official letter)."""
        return DOCUMENT_KINDS.get(self.symbol.split("-")[0])


def parse_dossier_code(text: str) -> DossierCode | None:
    """Return the dossier code that the text consists of, or None."""
    match = _DOSSIER.fullmatch(nfc(text).strip())
    return _dossier_code(match) if match else None


def find_dossier_codes(text: str) -> list[DossierCode]:
    """Return the dossier codes in running text, in order."""
    return [_dossier_code(match) for match in _DOSSIER.finditer(nfc(text))]


def parse_ap_code(text: str) -> ApCode | None:
    """Return the AP code that the text consists of, or None."""
    match = _AP.fullmatch(nfc(text).strip())
    return _ap_code(match) if match else None


def find_ap_codes(text: str) -> list[ApCode]:
    """Return the AP codes in running text, in order; an amount like 1.500000 would look alike."""
    return [_ap_code(match) for match in _AP.finditer(nfc(text))]


def parse_result_type(text: str) -> str | None:
    """Return the result-type code `KQ.G07.000122` that the text consists of, or None."""
    return _whole(_RESULT_TYPE, text)


def parse_component_code(text: str) -> str | None:
    """Return the component code `000.00.00.G09-KQ002269` that the text consists of, or None."""
    return _whole(_COMPONENT, text)


def parse_field_code(text: str) -> str | None:
    """Return the field code (lĩnh vực) `G03-GD10` that the text consists of, or None."""
    return _whole(_FIELD, text)


def parse_document_number(text: str) -> DocumentNumber | None:
    """Return the number and symbol that the text consists of (`Số:` may stand before), or None."""
    bare = re.sub(r"^\s*s[oốôóồổỗộ0]\s*[:;.]?\s*", "", nfc(text), flags=re.IGNORECASE)
    match = _NUMBER.fullmatch(vietnamese_d(bare).strip(" .,;:_…"))
    return _document_number(match) if match else None


def find_document_numbers(text: str) -> list[DocumentNumber]:
    """Return the numbers with symbol in running text, in order.

    A symbol without a number counts (the number was written by hand and not read).
    """
    matches = _NUMBER.finditer(vietnamese_d(nfc(text)))
    found = [_document_number(match) for match in matches if _plausible(match)]
    return [number for number in found if number is not None]


def mend_symbol(symbol: str) -> str:
    """Return a symbol with plain hyphens, no spaces, and the Đ of well-known parts restored."""
    parts = re.split(r"\s?[-–—]\s?", vietnamese_d(nfc(symbol)).strip())
    return "-".join(_SYMBOL_SLIPS.get(part, part) for part in parts)


def same_identifier(one: str, other: str) -> bool:
    """Return whether two printed codes are the same but for spaces, dashes and lost marks."""
    return _bare(one) == _bare(other)


def _bare(code: str) -> str:
    return re.sub(r"[\s]", "", re.sub(r"[–—]", "-", fold(code)))


def _whole(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.fullmatch(nfc(text).strip())
    return match[0] if match else None


def _dossier_code(match: re.Match[str]) -> DossierCode:
    exact = match["d1"] == "-" and match["d2"] == "-"
    received = _reception(match["date"])
    return DossierCode(match[0], match["agency"], received, match["seq"], exact)


def _reception(figures: str) -> date | None:
    """Return the date of YYMMDD or YYYYMMDD, or None."""
    full = figures if len(figures) == 8 else "20" + figures
    try:
        return date(int(full[:4]), int(full[4:6]), int(full[6:]))
    except ValueError:
        return None


def _ap_code(match: re.Match[str]) -> ApCode:
    return ApCode(match["code"], match["agency"], match["case"])


def _plausible(match: re.Match[str]) -> bool:
    """Tell `/QĐ-UBND` from what only looks alike in prose (`và/hoặc`, `km/h`, `10/Đ`)."""
    symbol = match["sym"]
    first = re.split(r"\s?[-–—]\s?", symbol)[0]
    capitals = sum(letter.isupper() for letter in symbol)
    return capitals >= 2 and (match["num"] is not None or "-" in symbol or first in DOCUMENT_KINDS)


def _document_number(match: re.Match[str]) -> DocumentNumber | None:
    printed_number, printed_symbol = match["num"], match["sym"].rstrip(".")
    number = _mend_number(printed_number) if printed_number else None
    symbol = mend_symbol(printed_symbol)
    year = int(match["year"]) if match["year"] else None
    slashes = (match["s1"] or "/") + match["s2"]
    exact = number == printed_number and symbol == printed_symbol and slashes == "//"
    end = match.end() - (len(match["sym"]) - len(printed_symbol))
    printed = match.string[match.start() : end].lstrip()
    exact = exact or (number is None and printed == f"/{symbol}")
    return DocumentNumber(printed, number, year, symbol, exact, (end - len(printed), end))


def _mend_number(printed: str) -> str:
    """Return the figures of a number; a last letter stays (`3176B`, `12a`)."""
    figures, last = printed[:-1], printed[-1]
    if last.isdecimal() or last in "lIO":  # l and O in the last place are slips, B is a suffix
        return (figures + last).translate(_NUMBER_SLIPS)
    return figures.translate(_NUMBER_SLIPS) + last
