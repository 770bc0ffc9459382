"""Two-column zones of a page."""

from __future__ import annotations

from pipeline.recognition.columns import find_zones
from pipeline.recognition.rows import rows_of

WIDTH, HEIGHT = 1000, 1400


def _kinds(lines):  # type: ignore[no-untyped-def]
    rows = rows_of(lines)
    return [(zone.kind, zone.first, zone.last) for zone in find_zones(rows, WIDTH, HEIGHT)]


def test_the_head_grows_from_the_motto(line) -> None:
    """It takes issuer, number and date, and leaves the title to the page."""
    lines = [
        line("UBND HUYỆN", 120, 100), line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 480, 100),
        line("PHÒNG NỘI VỤ", 110, 130), line("Độc lập - Tự do - Hạnh phúc", 520, 130),
        line("Số: 12/TB-PNV", 110, 170), line("An Bình, ngày 05 tháng 3 năm 2024", 490, 172),
        line("THÔNG BÁO", 450, 240),
        line("Về việc nghỉ lễ", 420, 270),
    ]  # fmt: skip

    assert _kinds(lines) == [("head", 0, 2)]


def test_a_stamp_above_the_motto_is_not_the_head(line) -> None:
    """Arrival stamps and signature marks at the top stay out of the columns."""
    lines = [
        line("TRUNG TÂM CÔNG BÁO", 500, 40),
        line("UBND TỈNH", 120, 100), line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 480, 100),
        line("Số: 12/TB", 120, 130), line("Độc lập - Tự do - Hạnh phúc", 520, 130),
    ]  # fmt: skip

    assert _kinds(lines) == [("head", 1, 2)]


def test_the_foot_starts_with_the_recipients(line) -> None:
    """The body's last short line above is not drawn into the left column."""
    lines = [
        line("Quyết định này có hiệu lực kể từ ngày ký và được thi hành bởi các cơ quan", 100, 900),
        line("có liên quan./.", 100, 930),
        line("Nơi nhận:", 100, 1000), line("KT. CHỦ TỊCH", 650, 998),
        line("- Như Điều 3;", 100, 1030), line("PHÓ CHỦ TỊCH", 650, 1028),
        line("- Lưu: VT.", 100, 1060),
        line("Nguyễn Văn An", 650, 1200),
    ]  # fmt: skip

    assert _kinds(lines) == [("foot", 2, 5)]


def test_two_signers_without_recipients(line) -> None:
    """Two titles beside each other are signature blocks, names below."""
    lines = [
        line("NGƯỜI THỰC HIỆN", 120, 900), line("NGƯỜI KÝ GIẤY KHAI SINH", 600, 900),
        line("CHỦ TỊCH", 680, 930),
        line("Phùng Thị Mỹ", 130, 1060), line("Đỗ Vũ", 690, 1080),
    ]  # fmt: skip

    assert _kinds(lines) == [("foot", 0, 3)]


def test_a_table_is_no_zone(line) -> None:
    """Its columns have gutters, but nothing of a head, a foot or running text."""
    lines = [
        cell
        for n in range(8)
        for cell in (
            line(f"{n} Thuế đất", 120, 500 + 40 * n),
            line(f"{n}26.350", 700, 500 + 40 * n),
        )
    ]

    assert _kinds(lines) == []


def test_a_table_of_wordy_cells_is_no_running_text(line) -> None:
    """Lists of members fill their columns, but with cells."""
    lines = [
        line(
            f"{n} Lê Hoàng Anh      bác sỹ chuyên khoa      giám đốc sở y tế      tổ",
            60,
            300 + 30 * n,
        )
        for n in range(8)
    ]

    assert _kinds(lines) == []


def test_running_text_in_two_columns(line) -> None:
    """A bilingual page is read one language after the other."""
    lines = [
        half
        for n in range(8)
        for half in (
            line("điều khoản của hợp đồng này là", 60, 300 + 30 * n),
            line("the terms of this contract are", 500, 302 + 30 * n),
        )
    ]

    assert _kinds(lines) == [("prose", 0, 7)]


def test_an_empty_page_has_no_zone() -> None:
    """No rows, no zones."""
    assert find_zones([], WIDTH, HEIGHT) == []
