"""Provinces of both eras: 63 until 30 June 2025, 34 from 1 July 2025; names and codes.

Names and codes are official facts (General Statistics Office; Quyết định 19/2025/QĐ-TTg; place
codes of personal IDs: Thông tư 07/2016/TT-BCA appendix 1, "0" and the province code of 2025). A
paper keeps the place as printed; the successor is an addition, never a correction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from pipeline.vietnam.letters import fold, nfc

REFORM = date(2025, 7, 1)  # the first day of the 34 provinces

_CITIES = frozenset({"01", "31", "46", "48", "79", "92"})  # run by the central government
# code, name, code of the successor (its own when nothing changed)
_OLD = """
01 Hà Nội 01|02 Hà Giang 08|04 Cao Bằng 04|06 Bắc Kạn 19|08 Tuyên Quang 08|10 Lào Cai 15
11 Điện Biên 11|12 Lai Châu 12|14 Sơn La 14|15 Yên Bái 15|17 Hòa Bình 25|19 Thái Nguyên 19
20 Lạng Sơn 20|22 Quảng Ninh 22|24 Bắc Giang 24|25 Phú Thọ 25|26 Vĩnh Phúc 25|27 Bắc Ninh 24
30 Hải Dương 31|31 Hải Phòng 31|33 Hưng Yên 33|34 Thái Bình 33|35 Hà Nam 37|36 Nam Định 37
37 Ninh Bình 37|38 Thanh Hóa 38|40 Nghệ An 40|42 Hà Tĩnh 42|44 Quảng Bình 44|45 Quảng Trị 44
46 Thừa Thiên Huế 46|48 Đà Nẵng 48|49 Quảng Nam 48|51 Quảng Ngãi 51|52 Bình Định 52
54 Phú Yên 66|56 Khánh Hòa 56|58 Ninh Thuận 56|60 Bình Thuận 68|62 Kon Tum 51|64 Gia Lai 52
66 Đắk Lắk 66|67 Đắk Nông 68|68 Lâm Đồng 68|70 Bình Phước 75|72 Tây Ninh 80|74 Bình Dương 79
75 Đồng Nai 75|77 Bà Rịa - Vũng Tàu 79|79 Hồ Chí Minh 79|80 Long An 80|82 Tiền Giang 82
83 Bến Tre 86|84 Trà Vinh 86|86 Vĩnh Long 86|87 Đồng Tháp 82|89 An Giang 91|91 Kiên Giang 91
92 Cần Thơ 92|93 Hậu Giang 92|94 Sóc Trăng 92|95 Bạc Liêu 96|96 Cà Mau 96
"""
# The merged province took the name of one member and the code of one, not always the same.
_NEW_NAMES = {
    "15": "Lào Cai", "24": "Bắc Ninh", "44": "Quảng Trị", "46": "Huế", "52": "Gia Lai",
    "80": "Tây Ninh", "82": "Đồng Tháp", "91": "An Giang",
}  # fmt: skip
_ALIASES = {
    "hcm": "79", "tphcm": "79", "sai gon": "79", "ho chi minh": "79", "hn": "01", "brvt": "77",
    "ba ria vung tau": "77", "hue": "46", "thua thien hue": "46", "dac lac": "66", "daklak": "66",
    "dak lak": "66", "dac nong": "67", "daknong": "67", "bac can": "06", "kontum": "62",
}  # fmt: skip
_KIND = re.compile(r"^(?:tinh|thanh pho|t\.? ?p\.?(?=[ .]|hcm)|tp)\s*")

UNIT_KINDS = {
    "p": "phường", "q": "quận", "h": "huyện", "x": "xã", "tx": "thị xã", "tp": "thành phố",
    "tt": "thị trấn", "t": "tỉnh", "kp": "khu phố", "đ": "đường",
}  # fmt: skip
_SHORT_UNIT = re.compile(r"(?<!\w)(tp|tx|tt|kp|p|q|h|x|t|đ)\.\s*(?=[A-ZĐÀ-Ỹ0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Province:
    """A province or central city of one era."""

    code: str  # two digits
    name: str  # without its kind: "Bình Dương"
    era: int  # 63 or 34: how many provinces there were
    successor: str  # code of the province of 34 that holds it now

    @property
    def kind(self) -> str:
        # Huế became a city on 1 January 2025; the older name belongs to the province.
        city = self.code in _CITIES and self.name != "Thừa Thiên Huế"
        return "Thành phố" if city else "Tỉnh"

    @property
    def full_name(self) -> str:
        return f"{self.kind} {self.name}"


def provinces(on: date | None = None) -> tuple[Province, ...]:
    """Return the provinces of the day `on`, by code; without a day those of today's era."""
    return _PROVINCES_63 if on is not None and on < REFORM else _PROVINCES_34


def province_by_code(code: str, on: date | None = None) -> Province | None:
    """Return the province with that two-digit code on that day, or None."""
    return next((province for province in provinces(on) if province.code == code), None)


def find_province(text: str, on: date | None = None) -> Province | None:
    """Return the province that the text names (`Tỉnh Bình Dương`, `TP.HCM`), or None.

    Marks, case and kind do not matter. Without a day the 63 names are known too, the present
    ones first: Bình Dương is then found although it has a successor.
    """
    name = _name_key(text)
    if not name:
        return None
    eras = (provinces(on),) if on is not None else (_PROVINCES_34, _PROVINCES_63)
    for era in eras:
        for province in era:
            if _name_key(province.name) == name:
                return province
    alias = _ALIASES.get(name)
    if alias is None:
        return None
    return next((p for era in eras for p in era if p.code == alias), None)


def successor(province: Province) -> Province:
    """Return the province of today's 34 that holds it."""
    return next(new for new in _PROVINCES_34 if new.code == province.successor)


def cccd_place(code: str) -> str | None:
    """Return the province (of the 63) of the first three digits of a personal ID, or None."""
    return _CCCD_PLACES.get(code)


def expand_units(address: str) -> str:
    """Return an address with short unit names written out: `P. An Hòa` gives `phường An Hòa`."""
    return _SHORT_UNIT.sub(lambda short: f"{UNIT_KINDS[short[1].lower()]} ", nfc(address))


def _name_key(text: str) -> str:
    plain = _KIND.sub("", fold(text).strip(" .,;:"))
    return " ".join(re.sub(r"[^a-z]+", " ", plain).split()) or ""


def _read_old() -> tuple[Province, ...]:
    entries = (entry.split() for row in _OLD.split("\n") for entry in row.split("|") if entry)
    return tuple(Province(words[0], " ".join(words[1:-1]), 63, words[-1]) for words in entries)


_PROVINCES_63 = _read_old()
_PROVINCES_34 = tuple(
    Province(code, _NEW_NAMES.get(code, by_code.name), 34, code)
    for by_code in _PROVINCES_63
    for code in (by_code.code,)
    if code in {province.successor for province in _PROVINCES_63}
)
_CCCD_PLACES = {f"0{province.code}": province.name for province in _PROVINCES_63}
