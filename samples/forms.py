"""Facts of an invented paper in, its printed sheets and exact truth out.

Texts are our own, in the layout of Decree 30/2020/NĐ-CP, Appendix I; every person, agency and
number is invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from samples.paper import Sheet

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


@dataclass
class Paper:
    """A printed paper and what is on it."""

    doc_type: str
    sheets: list[Sheet]
    fields: dict[str, Any]
    sign_at_mm: tuple[float, float] = (150.0, 215.0)  # on the last sheet
    seal_text: str = ""
    unreadable: list[str] = field(default_factory=list)  # hand-written by design


@dataclass(frozen=True)
class Office:
    """Who issues, as the head prints it."""

    parent: str
    name: tuple[str, ...]  # lines
    place: str

    @property
    def full_name(self) -> str:
        return " ".join(self.name)


def head(
    sheet: Sheet, office: Office, number: str, date: str, abstract: tuple[str, ...] = ()
) -> None:
    """Print boxes 1 to 4, and 5b for an official letter."""
    y = sheet.centred(66, 25, [office.parent] if office.parent else [], 12, "")
    y = sheet.centred(66, y, list(office.name), 12, "b")
    sheet.rule(66, y - 3.2, 22)
    sheet.put(66, 43, number, 13, "", "m")
    if abstract:
        sheet.centred(66, 49, list(abstract), 12, "")
    sheet.put(146, 25, MOTTO[0], 12, "b", "m")
    sheet.put(146, 31, MOTTO[1], 13, "b", "m")
    sheet.rule(146, 33, 54)
    sheet.put(146, 43, f"{office.place}, {date}", 13, "i", "m")


def foot(
    sheet: Sheet, y: float, receivers: tuple[str, ...], title: tuple[str, ...], name: str
) -> tuple[float, float]:
    """Print boxes 9b and 7; return where the signature stands, in mm."""
    sheet.put(30, y, "Nơi nhận:", 12, "bi")
    for row, receiver in enumerate(receivers, 1):
        sheet.put(30, y + 5 * row, receiver, 11)
    below = sheet.centred(150, y, list(title), 13, "b")
    sheet.put(150, below + 26, name, 13, "b", "m")
    return 150.0, below + 12


def admin_fields(
    office: Office, number: str, symbol: str, issued: str, abstract: str, signer: str, title: str
) -> dict[str, Any]:
    """Return the truth of an administrative document."""
    return {
        "number": number,
        "symbol": symbol,
        "issued_date": issued,
        "place": office.place,
        "issuer.name": office.full_name,
        "issuer.parent": office.parent or None,
        "abstract": abstract,
        "signer.name": signer,
        "signer.title": title,
        "urgency": None,
    }


def decision(
    dpi: int,
    office: Office,
    number: str,
    symbol: str,
    issued: tuple[str, str],
    abstract: tuple[str, ...],
    grounds: tuple[str, ...],
    articles: tuple[tuple[str, str], ...],
    signer: str,
    title: tuple[str, ...],
) -> Paper:
    """Return a decision (Quyết định), two sheets when it is long."""
    date, iso = issued
    sheet = Sheet(dpi)
    head(sheet, office, f"Số: {number}/{symbol}", date)
    y = sheet.centred(105, 60, ["QUYẾT ĐỊNH"], 14, "b")
    y = sheet.centred(105, y, list(abstract), 13, "b")
    sheet.rule(105, y - 2, 40)
    y = sheet.centred(105, y + 7, [title[-1] + " " + office.full_name], 13, "b") + 3
    for ground in grounds:
        y = sheet.paragraph(y, ground, 13, "i")
    y = sheet.centred(105, y + 4, ["QUYẾT ĐỊNH:"], 13, "b") + 2
    sheets = [sheet]
    for article, text in articles:
        if y > 172:
            sheet = Sheet(dpi)
            sheet.put(105, 14, str(len(sheets) + 1), 12, "", "m")
            sheets.append(sheet)
            y = 28.0
        y = sheet.paragraph(y, f"{article} {text}")
    at = foot(sheet, y + 8, ("- Như Điều 3;", "- Lưu: VT, NC."), title, signer)
    fields = admin_fields(office, number, symbol, iso, " ".join(abstract), signer, " ".join(title))
    return Paper("administrative-document", sheets, fields, at, office.full_name)


def letter(
    dpi: int,
    office: Office,
    number: str,
    symbol: str,
    issued: tuple[str, str],
    abstract: tuple[str, ...],
    to: str,
    body: tuple[str, ...],
    signer: str,
    title: tuple[str, ...],
    urgency: str | None = None,
    hand: bool = False,
) -> Paper:
    """Return an official letter (công văn); `hand` leaves number and day to the pen."""
    date, iso = issued
    sheet = Sheet(dpi)
    shown = f"Số:          /{symbol}" if hand else f"Số: {number}/{symbol}"
    head(sheet, office, shown, date, abstract)
    if urgency:
        sheet.pen.rectangle(
            [sheet.px(54), sheet.px(62), sheet.px(78), sheet.px(70)], outline="#c02030", width=3
        )
        sheet.ink = "#c02030"
        sheet.put(66, 67.8, urgency, 13, "b", "m")
        sheet.ink = "#1a1a1a"
    y = 82.0
    sheet.put(105, y, f"Kính gửi: {to}", 13, "", "m")
    y += 11
    for text in body:
        y = sheet.paragraph(y, text) + 1
    at = foot(sheet, y + 10, ("- Như trên;", "- Lưu: VT."), title, signer)
    fields = admin_fields(office, number, symbol, iso, " ".join(abstract), signer, " ".join(title))
    fields["urgency"] = urgency
    unreadable = ["number", "issued_date"] if hand else []
    return Paper("administrative-document", [sheet], fields, at, office.full_name, unreadable)


def birth_certificate(dpi: int, office: Office, facts: dict[str, str], signer: str) -> Paper:
    """Return a birth certificate (Giấy khai sinh): a form with dotted leaders."""
    sheet = Sheet(dpi)
    sheet.centred(66, 25, [office.parent, *office.name], 12, "b")
    sheet.put(146, 25, MOTTO[0], 12, "b", "m")
    sheet.put(146, 31, MOTTO[1], 13, "b", "m")
    sheet.rule(146, 33, 54)
    y = sheet.centred(105, 58, ["GIẤY KHAI SINH"], 20, "b")
    sheet.put(105, y - 1, f"Số: {facts['number']}", 13, "", "m")
    y += 12
    for label, key in (
        ("Họ, chữ đệm, tên:", "child.name"),
        ("Ngày, tháng, năm sinh:", "birth_date_text"),
        ("ghi bằng chữ:", "child.birth_date_words"),
        ("Giới tính:", "child.sex"),
        ("Dân tộc:", "child.ethnicity"),
        ("Quốc tịch:", "child.nationality"),
        ("Nơi sinh:", "child.birth_place"),
        ("Quê quán:", "child.home_town"),
        ("Số định danh cá nhân:", "owner.id"),
        ("Họ, chữ đệm, tên người mẹ:", "mother.name"),
        ("Năm sinh:", "mother.birth_year"),
        ("Nơi cư trú:", "mother.residence"),
        ("Họ, chữ đệm, tên người cha:", "father.name"),
        ("Năm sinh:", "father.birth_year"),
        ("Nơi cư trú:", "father.residence"),
        ("Nơi đăng ký khai sinh:", "registration_place"),
        ("Ngày, tháng, năm đăng ký:", "issued_date_text"),
    ):
        y = sheet.filled(y, label, facts[key], 13, left_mm=45 if label.startswith("ghi") else 30)
    title = ("NGƯỜI KÝ GIẤY KHAI SINH", "CHỦ TỊCH")
    below = sheet.centred(150, y + 6, list(title), 12, "b")
    sheet.put(150, below + 24, signer, 13, "b", "m")
    fields = {**_shown(facts), "signer.name": signer, "owner.name": facts["child.name"]}
    fields |= {
        f"{parent}.birth_year": int(facts[f"{parent}.birth_year"])
        for parent in ("mother", "father")
    }
    return Paper("birth-certificate", [sheet], fields, (150.0, below + 11), office.full_name)


def building_permit(
    dpi: int, office: Office, facts: dict[str, str], signer: str, date: str
) -> Paper:
    """Return a building permit (Giấy phép xây dựng), two sheets."""
    sheet = Sheet(dpi)
    head(sheet, office, f"Số: {facts['number']}/{facts['symbol']}", date)
    y = sheet.centred(105, 62, ["GIẤY PHÉP XÂY DỰNG"], 16, "b")
    sheet.put(105, y, "(Sử dụng cho nhà ở riêng lẻ)", 13, "i", "m")
    y += 11
    rows = (
        f"1. Cấp cho: {facts['owner.name']}.",
        f"Địa chỉ: {facts['owner.address']}.",
        f"2. Được phép xây dựng công trình: {facts['works.name']}.",
        f"Theo thiết kế do {facts['designer_text']} lập.",
        f"3. Vị trí xây dựng: thửa đất số {facts['parcel_text']}, "
        f"tờ bản đồ số {facts['sheet_text']}, "
        f"diện tích {facts['area_text']} m².",
        f"4. Mật độ xây dựng: {facts['works.density_percent']} %; "
        f"cốt nền công trình: {facts['works.ground_level']} m.",
        f"5. Diện tích xây dựng tầng 1: {facts['works.footprint_m2']} m²; tổng diện tích sàn: "
        f"{facts['works.floor_area_m2']} m²; chiều cao công trình: {facts['works.height_m']} m; "
        f"số tầng: {facts['works.storeys']}.",
        f"6. Giấy tờ về đất đai: {facts['land_papers']}.",
        "7. Giấy phép này có hiệu lực khởi công xây dựng trong thời hạn 12 tháng kể từ ngày ký; "
        "quá thời hạn trên thì phải đề nghị gia hạn giấy phép xây dựng.",
    )
    for row in rows:
        y = sheet.paragraph(y, row, indent_mm=0) + 1
    second = Sheet(dpi)
    second.put(105, 14, "2", 12, "", "m")
    y = second.centred(105, 30, ["CHỦ ĐẦU TƯ PHẢI THỰC HIỆN CÁC NỘI DUNG SAU:"], 13, "b") + 3
    for row in (
        "1. Phải hoàn toàn chịu trách nhiệm trước pháp luật nếu xâm phạm các quyền hợp pháp của "
        "các chủ sở hữu liền kề.",
        "2. Phải thực hiện đúng các quy định của pháp luật về đất đai, về đầu tư xây dựng và Giấy "
        "phép xây dựng này.",
        "3. Phải thông báo bằng văn bản về ngày khởi công cho cơ quan cấp phép xây dựng trước khi "
        "khởi công xây dựng công trình.",
    ):
        y = second.paragraph(y, row) + 1
    at = foot(
        second, y + 8, ("- Như trên;", "- Lưu: VT, HS."), ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), signer
    )
    fields = {
        **_shown(facts),
        "place": office.place,
        "issuer.name": office.full_name,
        "issuer.parent": office.parent,
    }
    fields |= {"signer.name": signer, "signer.title": "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"}
    for name in ("density_percent", "footprint_m2", "floor_area_m2", "height_m"):
        fields[f"works.{name}"] = float(facts[f"works.{name}"].replace(",", "."))
    return Paper("building-permit", [sheet, second], fields, at, office.full_name)


def receipt_slip(
    dpi: int,
    office: Office,
    facts: dict[str, str],
    parts: tuple[str, ...],
    qr: Image.Image,
    receiver: str,
) -> Paper:
    """Return a receipt slip (Giấy tiếp nhận hồ sơ và hẹn trả kết quả) with its QR at top left."""
    sheet = Sheet(dpi)
    side = round(sheet.px(24))
    sheet.image.paste(
        qr.resize((side, side), Image.Resampling.NEAREST),
        (round(sheet.px(16)), round(sheet.px(10))),
    )
    sheet.centred(76, 25, [office.parent, *office.name], 10, "b")
    sheet.put(155, 25, MOTTO[0], 10.5, "b", "m")
    sheet.put(155, 31, MOTTO[1], 12, "b", "m")
    y = sheet.centred(105, 56, ["GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"], 14, "b")
    sheet.put(105, y, f"Mã hồ sơ: {facts['dossier_code']}", 13, "", "m")
    y += 11
    for row in (
        f"{office.full_name} tiếp nhận hồ sơ của: {facts['applicant.name']}",
        f"Số điện thoại: {facts['applicant.phone']}",
        f"Nội dung yêu cầu giải quyết: {facts['procedure.name']}",
        "Thành phần hồ sơ nộp gồm:",
        *(f"{number}. {part}" for number, part in enumerate(parts, 1)),
        f"Thời gian giải quyết hồ sơ theo quy định: {facts['processing_days']} ngày làm việc",
        f"Thời gian nhận hồ sơ: {facts['received_at_text']}",
        f"Thời gian trả kết quả: {facts['due_at_text']}",
        f"Đăng ký nhận kết quả tại: {facts['collect_at']}",
    ):
        y = sheet.paragraph(y, row, indent_mm=0)
    sheet.put(65, y + 8, "NGƯỜI NỘP HỒ SƠ", 12, "b", "m")
    sheet.put(150, y + 8, "NGƯỜI TIẾP NHẬN HỒ SƠ", 12, "b", "m")
    sheet.put(65, y + 38, facts["applicant.name"], 13, "", "m")
    sheet.put(150, y + 38, receiver, 13, "", "m")
    fields = {**_shown(facts), "receiver.name": receiver}
    fields["processing_days"] = int(facts["processing_days"])
    return Paper("receipt-slip", [sheet], fields, (150.0, y + 24), "")


def _shown(facts: dict[str, str]) -> dict[str, Any]:
    """Return the facts that are truth, without the forms in which the paper words them."""
    return {name: value for name, value in facts.items() if not name.endswith("_text")}
