"""Fixed phrases of official papers."""

from __future__ import annotations

import pytest

from pipeline.vietnam import phrases


@pytest.mark.parametrize(
    "text",
    ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CONG HOÀ XÃ HỌI CHU NGHIA VIET NÁM",
     "Độc lập – Tự do – Hạnh phúc", "_Độc lập - Tự do— - Hạnh phúc"],
)  # fmt: skip
def test_the_motto_is_known_in_spite_of_slips(text: str) -> None:
    """Two of its phrases are enough."""
    assert phrases.is_motto(text)


@pytest.mark.parametrize("text", ["ỦY BAN NHÂN DÂN", "nước Cộng hòa Pháp", "Số: 12/QĐ-UBND", ""])
def test_other_lines_are_no_motto(text: str) -> None:
    """One phrase alone happens in any text."""
    assert not phrases.is_motto(text)


def test_labels_of_the_foot() -> None:
    """Recipients stand left, the signer's title right."""
    assert phrases.is_recipients_label("Nơi nhận:")
    assert phrases.is_recipients_label("* Noi nhân :")
    assert not phrases.is_recipients_label("Ủy ban là nơi nhận hồ sơ")
    assert phrases.is_addressee_label("KHẨN Kính gửi: - Các sở")
    for title in ("KT. CHỦ TỊCH", "GIÁM ĐỐC", "NGƯỜI KÝ GIẤY KHAI SINH", "(Ký, ghi rõ họ tên)"):
        assert phrases.is_signer_title(title)
    for other in ("- Như Điều 3;", "Tên thành viên", "4.179.238"):
        assert not phrases.is_signer_title(other)


def test_a_line_that_repeats_the_words_of_a_date_takes_no_time() -> None:
    """A hostile page, or a table of dates: the work grows with the line, not with its cube."""
    assert not phrases.is_dateline("ngày 1 tháng " * 20_000)
    assert phrases.is_dateline("ngày 1 tháng " * 20_000 + "2 năm 2023")
