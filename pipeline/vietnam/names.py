"""Names of persons: text in, how likely it is a name out, and family names respelt."""

from __future__ import annotations

import re

from pipeline.vietnam.letters import fold, is_syllable, nfc
from pipeline.vietnam.phrases import is_signer_title

# Family names of the Kinh and of minorities that are common in administration; the list says what
# is likely, never what is allowed.
FAMILY_NAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ",
    "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Đoàn", "Lâm", "Trịnh", "Mai", "Đào", "Cao", "Hà", "Lương",
    "Lưu", "Trương", "Tạ", "Tô", "Phùng", "Châu", "Thái", "Quách", "Tống", "Vương", "Kiều", "Tăng",
    "Thạch", "Sơn", "Kim", "Danh", "Triệu", "Nông", "Hứa", "Chu", "Khổng", "Nghiêm", "La", "Giang",
    "Ninh", "Từ", "Văn", "Viên", "Diệp", "Lục", "Lại", "Lò", "Quàng", "Cầm", "Bế", "Ma", "Giàng",
    "Vi", "Sầm", "Thân", "Đàm", "Đồng", "Uông", "Doãn", "Phí", "Bạch", "Cù", "Mạc", "Tiêu",
    "Âu", "Đường", "Hầu", "Khúc", "Mạch", "Nhan", "Ông", "Phó", "Tôn", "Trà", "Ưng", "Lường",
)  # fmt: skip
_RANK = re.compile(
    r"^(?:(?:PGS|GS|TS|ThS|BS|CK|CKI|CKII|KS|LS|DS)\.?\s*)+|"
    r"^(?:Thượng|Trung|Đại|Thiếu)\s+(?:tướng|tá|úy)\s+",
)  # titles of learning and rank stand before a signer's name though the rule forbids the former


def person_likeness(text: str) -> float:
    """Return how likely (0–1) the text is the name of a Vietnamese person, and nothing else."""
    words = without_rank(text).split()
    if not 2 <= len(words) <= 5 or not all(re.fullmatch(r"[^\W\d_]+", word) for word in words):
        return 0.0
    lower = all(word[:1].isupper() and (word[1:].islower() or len(word) == 1) for word in words)
    if not lower and not all(word.isupper() for word in words):
        return 0.0
    spelt = sum(is_syllable(word) for word in words) / len(words)
    known = fold(words[0]) in _BY_KEY
    if not lower and (words[0].title() not in FAMILY_NAMES or _is_office(text)):
        return 0.0  # titles are in capitals too: "QUYẾT ĐỊNH", "TỜ TRÌNH", "PHÓ CHỦ TỊCH"
    return (0.6 if known else 0.3) * spelt + (0.4 if lower else 0.2) * spelt


def _is_office(text: str) -> bool:
    """Tell an office from a name; Trương is a family name, trưởng (a head of something) none."""
    return is_signer_title(text) and not nfc(text).upper().startswith("TRƯƠNG ")


def without_rank(text: str) -> str:
    """Return the name without a title of learning or a military rank before it."""
    return _RANK.sub("", nfc(text).strip(" .,:;-'\"|"))


def mend_family_name(name: str) -> str:
    """Return the name with the marks of its family name restored: `Nguyên` gives `Nguyễn`.

    Only where one common family name has those letters; other words stay as printed.
    """
    first, _, rest = nfc(name).partition(" ")
    known = _BY_KEY.get(fold(first), ())
    if len(known) != 1 or nfc(first).title() in known or not rest:
        return nfc(name)
    spelling = known[0].upper() if first.isupper() and len(first) > 1 else known[0]
    return f"{spelling} {rest}"


def _by_key() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in dict.fromkeys(FAMILY_NAMES):
        found[fold(name)] = (*found.get(fold(name), ()), name)
    return found


_BY_KEY = _by_key()
