"""Fixed phrases of official papers, recognised in spite of slips: text in, yes or no out.

The head of a paper bears the national motto on the right (Nghị định 30/2020/NĐ-CP appendix I,
box 1), its foot the recipients on the left (box 9b) and the signer on the right (box 7).
"""

from __future__ import annotations

import re

from pipeline.vietnam.letters import fold

# Two of these words name the motto's line; a scan seldom spoils more than half of a line.
_MOTTO = tuple(
    re.compile(rf"\b{words}\b")
    for words in (
        "cong hoa", "xa hoi", "chu nghia", "viet nam", "doc lap", "tu do", "hanh phuc",
        "dang cong san",
    )
)  # fmt: skip
_RECIPIENTS = re.compile(r"^\W*n[oa][il1]\s*nh[aăâ]n\b")
_DATELINE = tuple(re.compile(rf"\b{word}\b") for word in ("ngay", "thang", "nam"))
_ADDRESSEE = re.compile(r"\bk[il1]nh g[uo][il1]\b")
_SIGNER = re.compile(
    r"^\W*(?:t[mul]|t[il1]u?q|kt|q|tl)\s?\.\s?\w|"
    r"^\W*(?:pho |quyen )?(?:chu tich|giam doc|cuc truong|chi cuc truong|truong phong|truong ban|"
    r"bo truong|thu truong|chanh|vien truong|tong giam doc|hieu truong|thu tuong|truong doan|"
    r"truong |thay mat|dai dien|nguoi\b|ke toan|thu quy|tham phan|cong chung vien|thu ky|chu toa|"
    r"can bo|ben [ab]\b|xac nhan cua)"
)
_SIGN_HERE = re.compile(r"\bky,?\s*(?:va\s*)?(?:ghi ro|dong dau|ten)\b|\bghi ro ho\b")


def is_motto(text: str) -> bool:
    """Return whether the text holds a line of the national motto (or of the Party's)."""
    folded = fold(text)
    return sum(phrase.search(folded) is not None for phrase in _MOTTO) >= 2


def is_recipients_label(text: str) -> bool:
    """Return whether the text starts with `Nơi nhận`."""
    return _RECIPIENTS.search(fold(text)) is not None


def is_addressee_label(text: str) -> bool:
    """Return whether the text holds `Kính gửi`."""
    return _ADDRESSEE.search(fold(text)) is not None


def is_dateline(text: str) -> bool:
    """Return whether the text holds a date with its words: `ngày … tháng … năm …`."""
    folded, position = fold(text), 0
    # One after the other: as one pattern, a line that repeats the words takes for ever.
    for word in _DATELINE:
        found = word.search(folded, position)
        if found is None:
            return False
        position = found.end()
    return True


def is_signer_title(text: str) -> bool:
    """Return whether the text starts a signature block: `KT. CHỦ TỊCH`, `(Ký, ghi rõ họ tên)`."""
    folded = fold(text)
    return _SIGNER.search(folded) is not None or _SIGN_HERE.search(folded) is not None
