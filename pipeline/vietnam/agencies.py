"""Names of public agencies: lines of a head in, agencies with mended spelling out.

The head of a paper names one agency above another (Nghị định 30/2020/NĐ-CP appendix I, box 2),
each on one or more lines. Where one agency ends is told by the noun that the next begins with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from pipeline.vietnam.letters import fold, nfc
from pipeline.vietnam.places import REFORM, Province, provinces

# Nouns that begin the name of an agency, as printed in a head.
_NOUNS = (
    "CHÍNH PHỦ", "QUỐC HỘI", "THỦ TƯỚNG", "VĂN PHÒNG", "ỦY BAN", "UBND", "HỘI ĐỒNG", "HĐND",
    "BỘ", "TỔNG CỤC", "CỤC", "CHI CỤC", "VỤ", "SỞ", "THANH TRA", "BAN", "PHÒNG", "TRUNG TÂM",
    "VIỆN", "BỆNH VIỆN", "TRƯỜNG", "ĐẠI HỌC", "HỌC VIỆN", "CÔNG AN", "TÒA ÁN", "KHO BẠC",
    "BẢO HIỂM XÃ HỘI", "NGÂN HÀNG", "LIÊN ĐOÀN", "CÔNG ĐOÀN", "ĐOÀN", "HỘI", "MẶT TRẬN", "ĐỘI",
    "HẠT KIỂM LÂM", "TRẠM", "CÔNG TY", "TỔNG CÔNG TY", "TẬP ĐOÀN", "DOANH NGHIỆP", "CHI NHÁNH",
    "HỢP TÁC XÃ", "ĐẢNG", "TỈNH ỦY", "THÀNH ỦY", "HUYỆN ỦY", "QUẬN ỦY", "THỊ ỦY", "ĐẢNG ỦY",
    "BỘ TƯ LỆNH", "BỘ CHỈ HUY", "KIỂM TOÁN", "TỔ", "KHOA", "DỰ ÁN", "NHÀ XUẤT BẢN", "BÁO", "ĐÀI",
    "CƠ QUAN", "THƯ VIỆN", "BẢO TÀNG", "QUỸ", "XÍ NGHIỆP", "NHÀ MÁY",
)  # fmt: skip
# Whole names and parts that stand in heads everywhere; a reading of theirs without its marks is
# mended. Provinces of both eras are added below.
_WORDINGS = (
    "ỦY BAN NHÂN DÂN", "UBND", "HỘI ĐỒNG NHÂN DÂN", "VĂN PHÒNG", "THÀNH PHỐ", "THỊ TRẤN", "THỊ XÃ",
    "PHƯỜNG", "HUYỆN", "QUẬN", "TỈNH", "CHI CỤC THUẾ", "TỔNG CỤC", "CỤC THUẾ", "CỤC", "CHI CỤC",
    "TRUNG TÂM", "PHÒNG", "SỞ Y TẾ", "SỞ NỘI VỤ", "SỞ TƯ PHÁP", "SỞ TÀI CHÍNH", "SỞ CÔNG THƯƠNG",
    "SỞ XÂY DỰNG", "SỞ GIAO THÔNG VẬN TẢI", "SỞ KẾ HOẠCH VÀ ĐẦU TƯ", "SỞ GIÁO DỤC VÀ ĐÀO TẠO",
    "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
    "SỞ NÔNG NGHIỆP VÀ PHÁT TRIỂN NÔNG THÔN", "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "SỞ NGOẠI VỤ",
    "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI", "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH", "SỞ DU LỊCH",
    "SỞ VĂN HÓA VÀ THỂ THAO", "SỞ DÂN TỘC VÀ TÔN GIÁO", "BỘ Y TẾ", "BỘ NỘI VỤ", "BỘ TƯ PHÁP",
    "BỘ TÀI CHÍNH", "BỘ CÔNG AN", "BỘ QUỐC PHÒNG", "BỘ XÂY DỰNG", "BỘ CÔNG THƯƠNG",
    "BỘ NGOẠI GIAO", "BỘ GIÁO DỤC VÀ ĐÀO TẠO", "BỘ KẾ HOẠCH VÀ ĐẦU TƯ", "BẢO HIỂM XÃ HỘI",
    "BỘ GIAO THÔNG VẬN TẢI", "BỘ KHOA HỌC VÀ CÔNG NGHỆ", "BỘ TÀI NGUYÊN VÀ MÔI TRƯỜNG",
    "BỘ THÔNG TIN VÀ TRUYỀN THÔNG", "BỘ NÔNG NGHIỆP VÀ PHÁT TRIỂN NÔNG THÔN", "CÔNG AN",
    "BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "VĂN PHÒNG CHÍNH PHỦ", "VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI",
    "PHÒNG QUẢN LÝ ĐÔ THỊ", "PHÒNG ĐĂNG KÝ KINH DOANH", "BỆNH VIỆN ĐA KHOA", "BỆNH VIỆN",
    "TRUNG TÂM Y TẾ", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "TÒA ÁN NHÂN DÂN",
    "VIỆN KIỂM SÁT NHÂN DÂN", "KHO BẠC NHÀ NƯỚC", "THANH TRA", "BAN QUẢN LÝ",
)  # fmt: skip
# Powers and offices of those who sign (box 7); the short forms keep their point.
_POSITIONS = (
    "TM.", "KT.", "TL.", "TUQ.", "Q.", "CHỦ TỊCH", "PHÓ CHỦ TỊCH", "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC",
    "TỔNG GIÁM ĐỐC", "PHÓ TỔNG GIÁM ĐỐC", "BỘ TRƯỞNG", "THỨ TRƯỞNG", "CỤC TRƯỞNG",
    "PHÓ CỤC TRƯỞNG", "CHI CỤC TRƯỞNG", "PHÓ CHI CỤC TRƯỞNG", "VỤ TRƯỞNG", "PHÓ VỤ TRƯỞNG",
    "CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG", "TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG", "TRƯỞNG BAN",
    "PHÓ TRƯỞNG BAN", "CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA", "VIỆN TRƯỞNG", "HIỆU TRƯỞNG",
    "PHÓ HIỆU TRƯỞNG", "THỦ TƯỚNG", "PHÓ THỦ TƯỚNG", "THỦ TRƯỞNG", "TỔNG CỤC TRƯỞNG",
    "PHÓ TỔNG CỤC TRƯỞNG", "BÍ THƯ", "PHÓ BÍ THƯ", "CHÁNH ÁN", "TRƯỞNG CÔNG AN", "ĐỘI TRƯỞNG",
    "NGƯỜI KÝ GIẤY KHAI SINH", "CÔNG CHỨC TƯ PHÁP - HỘ TỊCH", "NGƯỜI THỰC HIỆN",
)  # fmt: skip
_BEFORE_REFORM = REFORM - timedelta(days=1)
_JUNCTION = re.compile(r"\s*[-–—]+\s*$")
_GAP = re.compile(r"[\W_]+")


def split_agencies(lines: Iterable[str]) -> list[str]:
    """Return the agencies that the lines of a head name, the highest first.

    A line that does not begin with an agency's noun goes on with the line above it; so does any
    line after a hyphen at the end.
    """
    found: list[str] = []
    for line in lines:
        text = " ".join(nfc(line).split())
        if not text:
            continue
        if found and (not begins_agency(text) or _JUNCTION.search(found[-1])):
            found[-1] = f"{found[-1]} {text}"
        else:
            found.append(text)
    return found


def begins_agency(text: str) -> bool:
    """Return whether the text begins with the noun of an agency (`SỞ`, `ỦY BAN`, `UBND`)."""
    key = f"{_key(text)} "
    return any(key.startswith(f"{noun} ") for noun in _NOUN_KEYS)


def mend_wording(name: str) -> tuple[str, float]:
    """Return words in capitals with well-known parts respelt, and how much of it they cover.

    `TÍNH QUANG NGAI` gives `TỈNH QUẢNG NGÃI`: equal but for marks, and the only name that is.
    The share (0–1) counts words; other parts stay as printed.
    """
    words = nfc(name).split()
    keys = [_key(word) for word in words]
    mended: list[str] = []
    known = place = 0
    while place < len(words):
        length, spelling = _longest_wording(keys, place)
        if length:
            tail = words[place + length - 1][len(words[place + length - 1].rstrip(",;:.")) :]
            mended.append(spelling + tail.strip(".;:"))
            known += length
        else:
            mended.append(words[place])
        place += max(1, length)
    return " ".join(mended), known / len(words) if words else 0.0


def symbol_names_agency(symbol: str, agencies: Sequence[str]) -> bool:
    """Return whether a part of the symbol is the short name of one of the agencies.

    `SYT` of `QĐ-SYT` is Sở Y tế; `UBND` is any people's committee; a place at the end of the name
    does not count.
    """
    parts = {_key(part).replace(" ", "") for part in re.split(r"[-–]", symbol)}
    for agency in agencies:
        folded = _key(agency)
        if "ubnd" in parts and (folded.startswith("uy ban nhan dan") or "ubnd" in folded.split()):
            return True
        if "hdnd" in parts and folded.startswith("hoi dong nhan dan"):
            return True
        if "ttg" in parts and folded.startswith("thu tuong"):
            return True
        if any(_abbreviates(part, folded.split()) for part in parts):
            return True
    return False


def _abbreviates(part: str, words: Sequence[str]) -> bool:
    """Return whether the part is made of initials; và and the first noun may be left out."""
    if len(part) < 2:
        return False
    bare = [word for word in words if word not in {"va", "cua"}]
    letters = ["".join(word[0] for word in those) for those in (words, bare)]
    return any(whole.startswith(part) or whole[1:].startswith(part) for whole in letters)


def _longest_wording(keys: Sequence[str], place: int) -> tuple[int, str]:
    for length in range(min(_LONGEST, len(keys) - place), 0, -1):
        window = keys[place : place + length]
        if not window[0] or not window[-1]:  # a hyphen alone belongs to no wording's edge
            continue
        spelling = _SPELLINGS.get(" ".join(" ".join(window).split()))
        if spelling is not None:
            return length, spelling
    return 0, ""


def _key(text: str) -> str:
    return _GAP.sub(" ", fold(text)).strip()


def _spellings() -> dict[str, str]:
    """Return folded wording -> spelling; a key that two wordings share is left out."""
    places: list[Province] = [*provinces(), *provinces(_BEFORE_REFORM)]
    names = [*_WORDINGS, *_POSITIONS, *(province.name.upper() for province in places)]
    found: dict[str, str] = {}
    clashes: set[str] = set()
    for name in names:
        key = _key(name)
        if found.setdefault(key, name) != name:
            clashes.add(key)
    return {key: name for key, name in found.items() if key not in clashes}


_NOUN_KEYS = tuple(sorted({_key(noun) for noun in _NOUNS}, key=len, reverse=True))
_SPELLINGS = _spellings()
_LONGEST = max(len(key.split()) for key in _SPELLINGS)
