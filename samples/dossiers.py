"""What the sample dossiers hold: invented people, agencies, numbers and texts of our own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import zxingcpp
from PIL import Image

from samples import forms
from samples.forms import Office, Paper
from samples.physics import Scanner


@dataclass(frozen=True)
class Sample:
    """One document of a dossier and how it was scanned."""

    dossier: str | None  # folder in the inbox; None: a loose file
    name: str  # file, or folder of page images
    draw: Callable[[], Paper]
    scanner: Scanner
    quality: int = 55  # of JPEG
    sealed: bool = True
    worn: float = 0.5
    pen: dict[str, tuple[float, float]] = field(default_factory=dict)  # digits -> mm, by hand
    quarter_turns: int = 0  # how the sheet lay in the scanner, anticlockwise


D1, D2, D3 = "000.00.04.H09-231016-0001", "H09.20-20260609-0092637", "000.00.12.H09-240305-0007"
D4, D5, D6 = "000.00.04.H09-231016-0002", "000.00.21.H09-220412-0015", "H09.4-20251103-0001204"
D7, D8 = "000.00.04.H09-240618-0033", "000.00.12.H09-230927-0011"

PROVINCE = Office("", ("ỦY BAN NHÂN DÂN", "TỈNH AN PHƯỚC"), "An Phước")
INTERIOR = Office("UBND TỈNH AN PHƯỚC", ("SỞ NỘI VỤ",), "An Phước")
TOWN = Office("UBND TỈNH AN PHƯỚC", ("ỦY BAN NHÂN DÂN", "THÀNH PHỐ BÌNH LÂM"), "Bình Lâm")
WARD = Office("UBND THÀNH PHỐ BÌNH LÂM", ("ỦY BAN NHÂN DÂN", "PHƯỜNG HÒA THẠNH"), "Hòa Thạnh")
DESK = Office("UBND THÀNH PHỐ BÌNH LÂM", ("BỘ PHẬN MỘT CỬA",), "Bình Lâm")

FAIR = Scanner(skew_deg=0.6, noise=4, paper=(250, 249, 245), specks=15, blur=0.6)
CROOKED = Scanner(
    skew_deg=-2.4, noise=6, paper=(244, 242, 232), show_through=0.05, specks=40, blur=0.8
)
GREY = Scanner(skew_deg=1.3, noise=5, paper=(226, 226, 222), specks=30, blur=0.7)
BITONAL = Scanner(skew_deg=-0.8, noise=3, specks=60)
CLEAN = Scanner(skew_deg=0.3)


def _decision() -> Paper:
    return forms.decision(
        300,
        PROVINCE,
        "2851",
        "QĐ-UBND",
        ("ngày 16 tháng 10 năm 2023", "2023-10-16"),
        (
            "Về việc phê duyệt kế hoạch số hóa hồ sơ,",
            "kết quả giải quyết thủ tục hành chính năm 2024",
        ),
        (
            "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
            "Căn cứ Nghị định số 107/2021/NĐ-CP ngày 06 tháng 12 năm 2021 của Chính phủ về thực hiện "
            "cơ chế một cửa, một cửa liên thông trong giải quyết thủ tục hành chính;",
            "Theo đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 318/TTr-SNV ngày 02 tháng 10 năm 2023.",
        ),
        (
            (
                "Điều 1.",
                "Phê duyệt kế hoạch số hóa hồ sơ, giấy tờ, kết quả giải quyết thủ tục hành chính "
                "còn hiệu lực của các cơ quan, đơn vị trên địa bàn tỉnh, thực hiện từ ngày 01 tháng 01 năm "
                "2024 đến hết ngày 31 tháng 12 năm 2024.",
            ),
            (
                "Điều 2.",
                "Kinh phí thực hiện là 1.250.000.000 đồng (Bằng chữ: Một tỷ hai trăm năm mươi "
                "triệu đồng), trích từ nguồn ngân sách sự nghiệp năm 2024 đã giao cho các đơn vị.",
            ),
            (
                "Điều 3.",
                "Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc Sở Nội vụ, Chủ tịch Ủy ban nhân "
                "dân các huyện, thành phố chịu trách nhiệm thi hành Quyết định này kể từ ngày ký.",
            ),
        ),
        "Trần Quốc Khải",
        ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    )


def _letter() -> Paper:
    return forms.letter(
        200,
        INTERIOR,
        "0487",
        "SNV-CCHC",
        ("ngày 05 tháng 12 năm 2023", "2023-12-05"),
        ("V/v báo cáo kết quả số hóa", "hồ sơ quý IV năm 2023"),
        "Ủy ban nhân dân các huyện, thành phố",
        (
            "Thực hiện Quyết định số 2851/QĐ-UBND ngày 16 tháng 10 năm 2023 của Ủy ban nhân dân tỉnh, Sở "
            "Nội vụ đề nghị các đơn vị báo cáo kết quả số hóa hồ sơ, giấy tờ trong quý IV năm 2023.",
            "Báo cáo gửi về Sở Nội vụ trước ngày 20 tháng 12 năm 2023 để tổng hợp, trình Ủy ban nhân dân "
            "tỉnh theo quy định.",
        ),
        "Lê Thị Minh Hiền",
        ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        urgency="KHẨN",
    )


def _hand_letter() -> Paper:
    return forms.letter(
        200,
        TOWN,
        "1206",
        "UBND-TNMT",
        ("ngày      tháng 9 năm 2023", "2023-09-27"),
        ("V/v xác minh nguồn gốc đất", "của hộ ông Phan Văn Tấn"),
        "Ủy ban nhân dân phường Hòa Thạnh",
        (
            "Ủy ban nhân dân thành phố Bình Lâm nhận được đơn của ông Phan Văn Tấn đề nghị xác minh nguồn "
            "gốc thửa đất số 214, tờ bản đồ số 18, diện tích 125,5 m² tại khu phố 3, phường Hòa Thạnh.",
            "Đề nghị Ủy ban nhân dân phường kiểm tra, xác minh và trả lời bằng văn bản trong thời hạn "
            "mười ngày làm việc.",
        ),
        "Nguyễn Hữu Lộc",
        ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"),
        hand=True,
    )


def _notice(dpi: int, number: str, person: str) -> Paper:
    return forms.letter(
        dpi,
        WARD,
        number,
        "UBND-TP",
        ("ngày 18 tháng 6 năm 2024", "2024-06-18"),
        ("V/v trả lời đơn đề nghị", f"của {person}"),
        person,
        (
            f"Ủy ban nhân dân phường Hòa Thạnh nhận được đơn của {person} về việc cấp bản sao trích lục "
            "hộ tịch. Sau khi xem xét, Ủy ban nhân dân phường trả lời như sau:",
            "Hồ sơ đã đầy đủ, hợp lệ. Đề nghị công dân đến Bộ phận một cửa để nhận kết quả vào giờ hành "
            "chính, từ thứ Hai đến thứ Sáu.",
        ),
        "Đặng Thị Thúy Quỳnh",
        ("CHỦ TỊCH",),
    )


def _birth() -> Paper:
    facts = {
        "number": "125/2024",
        "child.name": "HUỲNH NGỌC BẢO CHÂU",
        "birth_date_text": "02/3/2024",
        "child.birth_date": "2024-03-02",
        "child.birth_date_words": "Ngày hai tháng ba năm hai nghìn không trăm hai mươi bốn",
        "child.sex": "Nữ",
        "child.ethnicity": "Kinh",
        "child.nationality": "Việt Nam",
        "child.birth_place": "Bệnh viện Đa khoa thành phố Bình Lâm",
        "child.home_town": "Phường Hòa Thạnh, thành phố Bình Lâm, tỉnh An Phước",
        "owner.id": "074324001257",
        "mother.name": "Võ Thị Kim Ngân",
        "mother.birth_year": "1996",
        "mother.residence": "Khu phố 2, phường Hòa Thạnh, thành phố Bình Lâm",
        "father.name": "Huỳnh Quang Vinh",
        "father.birth_year": "1993",
        "father.residence": "Khu phố 2, phường Hòa Thạnh, thành phố Bình Lâm",
        "registration_place": "Ủy ban nhân dân phường Hòa Thạnh",
        "issued_date_text": "05/3/2024",
        "issued_date": "2024-03-05",
    }
    return forms.birth_certificate(200, WARD, facts, "Đặng Thị Thúy Quỳnh")


def _permit() -> Paper:
    facts = {
        "number": "312",
        "symbol": "GPXD",
        "issued_date": "2026-06-09",
        "owner.name": "Ông Lâm Chí Thiện và bà Đỗ Thị Ái Vân",
        "owner.address": "Số 45/7, đường Nguyễn Trãi, phường Hòa Thạnh",
        "works.name": "Nhà ở riêng lẻ",
        "designer_text": "Công ty TNHH Kiến trúc Phương Đông",
        "parcel_text": "508",
        "sheet_text": "27",
        "area_text": "118,4",
        "works.density_percent": "80",
        "works.ground_level": "+0,20",
        "works.footprint_m2": "94,7",
        "works.floor_area_m2": "236,8",
        "works.height_m": "10,6",
        "works.storeys": "03 tầng",
        "land_papers": "Giấy chứng nhận quyền sử dụng đất số CS 04512",
    }
    return forms.building_permit(300, TOWN, facts, "Bùi Đình Phước", "ngày 09 tháng 6 năm 2026")


def _receipt() -> Paper:
    payload = f"{D6}|1.004203.000.00.00.H09|074190001234|Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
    code = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    qr = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=True))
    facts = {
        "dossier_code": D6,
        "ap_code": "1.004203.000.00.00.H09",
        "applicant.name": "Trương Mỹ Duyên",
        "applicant.phone": "0903123456",
        "procedure.name": "Đăng ký biến động quyền sử dụng đất",
        "processing_days": "10",
        "received_at_text": "09 giờ 15 phút, ngày 03 tháng 11 năm 2025",
        "received_date": "2025-11-03",
        "due_at_text": "16 giờ 00 phút, ngày 17 tháng 11 năm 2025",
        "due_date": "2025-11-17",
        "collect_at": "Bộ phận một cửa",
    }
    parts = ("Đơn đăng ký biến động (bản chính)", "Giấy chứng nhận quyền sử dụng đất (bản chính)")
    return forms.receipt_slip(200, DESK, facts, parts, qr, "Phạm Thanh Tùng")


SAMPLES = (
    Sample(D1, "quyết định.pdf", _decision, FAIR, 45),
    Sample(D1, "công văn báo cáo.jpg", _letter, GREY, 55),
    Sample(D2, "giấy phép xây dựng.tif", _permit, BITONAL, sealed=False),
    Sample(D3, "giấy khai sinh.png", _birth, CLEAN, worn=0.7),
    Sample(D4, "scan.pdf", lambda: _notice(200, "15", "bà Ngô Thị Tuyết"), CROOKED, 50),
    Sample(
        D7, "scan.pdf", lambda: _notice(200, "16", "ông Hà Văn Định"), FAIR, 50, quarter_turns=1
    ),
    Sample(
        D5,
        "trả lời công dân.webp",
        lambda: _notice(200, "17", "bà Mai Hoàng Yến"),
        GREY,
        45,
        worn=0.8,
    ),
    Sample(D6, "giấy tiếp nhận.heic", _receipt, FAIR, 45, sealed=False),
    Sample(D7, "quyết định", _decision, CROOKED, 35),
    Sample(
        D8,
        "công văn số viết tay.pdf",
        _hand_letter,
        FAIR,
        55,
        pen={"1206": (54.0, 43.4), "27": (136.0, 43.4)},
    ),
    Sample(None, "chưa rõ hồ sơ.jpg", lambda: _notice(200, "18", "ông Tạ Công Hậu"), FAIR, 50),
)

# dossier.json beside the papers, as a line-of-business system would write it.
MANIFESTS = {
    D2: {
        "procedure": "1.009994.000.00.00.H09",
        "result_number": "312/GPXD",
        "result_code": "KQ.G17.000058",
        "owner": {"id_type": "cccd", "id": "074085002468", "name": "Lâm Chí Thiện"},
        "components": [
            {
                "file": "giấy phép xây dựng.tif",
                "ordinal": 1,
                "doc_type": "building-permit",
                "component_code": "KQ.G17.000058",
                "paper_pages": 2,
            }
        ],
    },
    D3: {
        "procedure": "1.001193.000.00.00.H09",
        "owner": {"id_type": "cccd", "id": "074324001257", "name": "Huỳnh Ngọc Bảo Châu"},
    },
}
BORN_DIGITAL = (D5, "thông báo.pdf", lambda: _notice(200, "21", "ông Tạ Công Hậu"))
