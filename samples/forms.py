"""Facts of a filled form in, its sheets and exact truth out: certificate, permit, slip, list."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from math import pi, sin
from typing import Any

from samples.faces import width_mm
from samples.letterhead import LEFT_X_MM, Office, Paper, day_in_words, foot, issuer, motto, stamp
from samples.marks import qr_code, sign
from samples.sheet import LANDSCAPE_MM, Sheet, Stroke, leading_mm, rows_of, segments_of
from samples.writer import LEFT_MM, RIGHT_MM, Writer

Cell = tuple[str, str]  # a label, its value
FORM_PT = 13.0
ROW_MM = 7.6


def filled_row(writer: Writer, cells: tuple[Cell, ...], starts_mm: tuple[float, ...]) -> None:
    """Print labels with values over dotted leaders, side by side; the last may need more rows."""
    sheet, told = writer.sheet, []
    ends = [*starts_mm[1:], RIGHT_MM]
    rest: list[str] = []
    for (label, value), start, end in zip(cells, starts_mm, ends, strict=True):
        begin = sheet.put(start, writer.y_mm, label, FORM_PT, tell=False) + 1.2
        sheet.leaders(begin, end - 1.5, writer.y_mm, FORM_PT)
        room = end - begin - 4.0
        rows = rows_of(segments_of(value), FORM_PT, room, RIGHT_MM - LEFT_MM - 4)
        shown = [" ".join(word for word, _ in row) for row in rows]
        sheet.put(begin + 2.0, writer.y_mm - 0.7, shown[0], FORM_PT, tell=False)
        told.append(f"{label} {shown[0]}")
        rest += shown[1:]
    sheet.lines.append(" ".join(told))
    for row_text in rest:
        writer.y_mm += ROW_MM
        sheet.leaders(LEFT_MM, RIGHT_MM - 1.5, writer.y_mm, FORM_PT)
        sheet.put(LEFT_MM + 2, writer.y_mm - 0.7, row_text, FORM_PT)
    writer.y_mm += ROW_MM


def security_paper(sheet: Sheet) -> None:
    """Print the pale waves and the border of certificate paper."""
    width, height = sheet.size_mm
    for row in range(46):
        base = 14 + row * (height - 28) / 45
        wave = tuple(
            (x, base + 2.4 * sin(2 * pi * x / 23 + row * 0.7)) for x in range(12, int(width) - 11)
        )
        sheet.items.append(Stroke(wave, 0.18, (208, 226, 218)))
    for inset, thick, colour in ((9.0, 1.1, (120, 160, 140)), (11.0, 0.3, (150, 90, 80))):
        sheet.frame(inset, inset, width - inset, height - inset, thick, colour)


def _parent_rows(parent: str, facts: dict[str, str]) -> tuple[tuple[Cell, ...], ...]:
    label = {"mother": "mẹ", "father": "cha"}[parent]
    return (
        ((f"Họ, chữ đệm, tên người {label}:", facts[f"{parent}.name"]),),
        (
            ("Năm sinh:", facts[f"{parent}.birth_year"]),
            ("Dân tộc:", facts[f"{parent}.ethnicity"]),
            ("Quốc tịch:", facts[f"{parent}.nationality"]),
        ),
        (("Nơi cư trú:", facts[f"{parent}.residence"]),),
    )


def _birth_rows(
    facts: dict[str, str], born: date, registered: date
) -> tuple[tuple[Cell, ...], ...]:
    return (
        (("Họ, chữ đệm, tên:", facts["child.name"]),),
        (("Ngày, tháng, năm sinh:", numeric(born)),),
        (("Ghi bằng chữ:", facts["child.birth_date_words"]),),
        (
            ("Giới tính:", facts["child.sex"]),
            ("Dân tộc:", facts["child.ethnicity"]),
            ("Quốc tịch:", facts["child.nationality"]),
        ),
        (("Nơi sinh:", facts["child.birth_place"]),),
        (("Quê quán:", facts["child.home_town"]),),
        (("Số định danh cá nhân:", facts["owner.id"]),),
        *_parent_rows("mother", facts),
        *_parent_rows("father", facts),
        (("Họ, chữ đệm, tên người đi khai sinh:", facts["declarant.name"]),),
        (("Giấy tờ tùy thân:", f"CCCD số {facts['declarant.id']}"),),
        (("Nơi đăng ký khai sinh:", facts["registration_place"]),),
        (("Ngày, tháng, năm đăng ký:", numeric(registered)),),
    )


def birth_certificate(
    office: Office, facts: dict[str, str], born: date, registered: date, signer: str, seed: int,
    *, patterned: bool,
) -> Paper:  # fmt: skip
    """Return a birth certificate (Giấy khai sinh): a form with dotted leaders."""
    writer = Writer(spacing=1.2)
    if patterned:
        security_paper(writer.sheet)
    issuer(writer.sheet, office)
    motto(writer.sheet)
    writer.y_mm = 54.0
    writer.centred(("GIẤY KHAI SINH",), 20)
    writer.centred((f"Số: {facts['number']}",), 13, "")
    writer.space(4)
    rows = _birth_rows(facts, born, registered)
    for cells in rows:
        filled_row(writer, cells, (LEFT_MM, 84.0, 136.0)[: len(cells)])
    sheet, y = writer.sheet, writer.y_mm + 3
    sheet.put(146, y, "NGƯỜI KÝ GIẤY KHAI SINH", 12.5, "b", "m")
    sheet.put(146, y + 5.5, "CHỦ TỊCH", 12.5, "b", "m")
    sheet.put(146, y + 35, signer, 13, "b", "m")
    sign(sheet, 146, y + 20, signer)
    stamp(sheet, 132, y + 24, office, seed)
    fields: dict[str, Any] = {
        **facts,
        "child.birth_date": born.isoformat(),
        "issued_date": registered.isoformat(),
        "owner.name": facts["child.name"],
        "issuer.name": office.full_name,
        "issuer.parent": office.parent,
        "signer.name": signer,
        "doc_kind": "Giấy khai sinh",
    }
    for parent in ("mother", "father"):
        fields[f"{parent}.birth_year"] = int(facts[f"{parent}.birth_year"])
    return Paper("birth-certificate", writer.sheets, fields)


def numeric(day: date) -> str:
    """Return a day as forms are filled: 02/03/2024."""
    return f"{day.day:02}/{day.month:02}/{day.year}"


def building_permit(
    office: Office, facts: dict[str, str], rows: tuple[str, ...], duties: tuple[str, ...],
    day: date, signer: str, payload: str, seed: int,
) -> Paper:  # fmt: skip
    """Return a building permit (Giấy phép xây dựng) with its QR at the top left, two sheets."""
    writer = Writer(size_pt=13.5, spacing=1.2)
    qr_code(writer.sheet, 8.0, 6.0, 17.0, payload)
    y = max(issuer(writer.sheet, office) + 6.5, 45.0)
    writer.sheet.put(LEFT_X_MM, y, f"Số: {facts['number']}/{facts['symbol']}", 13, anchor="m")
    motto(writer.sheet)
    writer.sheet.put(145, y, f"{office.place}, {day_in_words(day)}", 13.5, "i", "m")
    writer.y_mm = 64.0
    writer.centred(("GIẤY PHÉP XÂY DỰNG",), 16)
    writer.centred(("(Sử dụng cho nhà ở riêng lẻ)",), 13, "i")
    writer.space(4)
    for row in rows:
        writer.paragraph(row, indent_mm=0)
    title = ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    foot(writer, ("- Chủ đầu tư;", "- Lưu: VT, QLĐT."), title, signer, office, seed)
    writer.turn_over()
    writer.centred(("CHỦ ĐẦU TƯ PHẢI THỰC HIỆN CÁC NỘI DUNG SAU ĐÂY:",), 13)
    writer.space(2)
    for duty in duties:
        writer.paragraph(duty)
    numbers = ("density_percent", "footprint_m2", "floor_area_m2", "height_m", "land_use_ratio")
    fields: dict[str, Any] = {
        **facts,
        "doc_kind": "Giấy phép xây dựng",
        "issued_date": day.isoformat(),
        "place": office.place,
        "issuer.name": office.full_name,
        "issuer.parent": office.parent,
        "signer.name": signer,
        "signer.title": " ".join(title),
    }
    for name in numbers:
        fields[f"works.{name}"] = float(facts[f"works.{name}"].replace(",", "."))
    return Paper("building-permit", writer.sheets, fields, codes=[payload])


def receipt_slip(
    office: Office, facts: dict[str, str], parts: tuple[str, ...], times: tuple[str, str],
    days: tuple[date, date], receiver: str, payload: str,
) -> Paper:  # fmt: skip
    """Return a receipt slip (Giấy tiếp nhận hồ sơ và hẹn trả kết quả) with its QR at top left."""
    writer = Writer(size_pt=13.0, spacing=1.2)
    sheet = writer.sheet
    qr_code(sheet, 10.0, 8.0, 24.0, payload)
    issuer(sheet, office, 10.5, 70.0)
    motto(sheet, 11.0, 150.0)
    writer.y_mm = 56.0
    writer.centred(("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",), 14)
    writer.centred((f"Mã hồ sơ: {facts['dossier_code']}",), 13, "")
    writer.space(4)
    body = (
        f"Tiếp nhận hồ sơ của: {facts['applicant.name']}",
        f"Địa chỉ: {facts['applicant.address']}",
        f"Số điện thoại: {facts['applicant.phone']}",
        f"Nội dung yêu cầu giải quyết: {facts['procedure.name']}",
        "Thành phần hồ sơ nộp gồm:",
        *(f"{number}. {part}" for number, part in enumerate(parts, 1)),
        f"Số lượng hồ sơ: {facts['copies']} (bộ)",
        f"Thời gian giải quyết hồ sơ theo quy định là: {facts['processing_days']} ngày làm việc",
        f"Thời gian nhận hồ sơ: {times[0]}, {day_in_words(days[0])}",
        f"Thời gian trả kết quả giải quyết hồ sơ: {times[1]}, {day_in_words(days[1])}",
        f"Đăng ký nhận kết quả tại: {facts['collect_at']}",
    )
    for row in body:
        writer.paragraph(row, indent_mm=0)
    y = writer.y_mm + 8
    for x, title, name in (
        (66.0, "NGƯỜI NỘP HỒ SƠ", facts["applicant.name"]),
        (150.0, "NGƯỜI TIẾP NHẬN HỒ SƠ", receiver),
    ):
        sheet.put(x, y, title, 12.5, "b", "m")
        sheet.put(x, y + 5.2, "(Ký và ghi rõ họ tên)", 11, "i", "m")
        sheet.put(x, y + 32, name, 13, "", "m")
        sign(sheet, x, y + 18, name)
    fields: dict[str, Any] = {
        **facts,
        "doc_kind": "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        "received_date": days[0].isoformat(),
        "due_date": days[1].isoformat(),
        "receiver.name": receiver,
        "issuer.name": office.full_name,
        "issuer.parent": office.parent,
        "applicant.phone": facts["applicant.phone"].replace(" ", ""),
        "processing_days": int(facts["processing_days"]),
        "copies": int(facts["copies"]),
    }
    return Paper("receipt-slip", writer.sheets, fields, codes=[payload])


def annex(title: tuple[str, ...], heads: tuple[str, ...], widths_mm: tuple[float, ...],
          rows: tuple[tuple[str, ...], ...]) -> Sheet:  # fmt: skip
    """Return a list in a ruled table on a sheet that lies on its long side."""
    sheet = Sheet(LANDSCAPE_MM)
    y, left = 22.0, 18.0
    for number, line in enumerate(title):
        sheet.put(148.5, y, line, 13, "b" if number < 2 else "i", "m")
        y += leading_mm(13)
    edges = [left]
    for width in widths_mm:
        edges.append(edges[-1] + width)
    y += 4
    top = y
    for number, row in enumerate((heads, *rows)):
        style, height = ("b", 10.0) if number == 0 else ("", 8.2)
        sheet.rule((left + edges[-1]) / 2, y, edges[-1] - left)
        for column, (start, end) in enumerate(pairwise(edges)):
            text = row[column]
            centred = number == 0 or max(width_mm(cells[column], 12) for cells in rows) < 24
            x, anchor = ((start + end) / 2, "m") if centred else (start + 2, "l")
            sheet.put(x, y + height / 2 + 1.5, text, 12, style, anchor, tell=False)
        sheet.lines.append(" ".join(row))
        y += height
    sheet.rule((left + edges[-1]) / 2, y, edges[-1] - left)
    for edge in edges:
        sheet.items.append(Stroke(((edge, top), (edge, y)), 0.25))
    return sheet
