"""The filled forms of the samples: certificates, permit, slips, list; invented people."""

# ruff: noqa: E501 - prose, a paragraph a line
from __future__ import annotations

from datetime import date

from samples.acts import COMMUNE, TOWN, WARD
from samples.forms import annex, birth_certificate, building_permit, receipt_slip
from samples.letterhead import Office, Paper
from samples.sheet import Sheet

DESK = Office("UBND THÀNH PHỐ BÌNH LÂM", ("BỘ PHẬN MỘT CỬA",), "Bình Lâm", ("", ""))
PERMIT_DOSSIER, LAND_DOSSIER = "H09.20-20260609-0092637", "H09.4-20251103-0001204"
HOUSE_DOSSIER = "H09.20-20260714-0101188"


def girl(seed: int) -> Paper:
    """Return the birth certificate on plain paper."""
    home = "Khu phố 2, phường Hòa Thạnh, thành phố Bình Lâm, tỉnh An Phước"
    facts = {
        "number": "125/2024",
        "child.name": "HUỲNH NGỌC BẢO CHÂU",
        "child.birth_date_words": "Ngày hai tháng ba năm hai nghìn không trăm hai mươi bốn",
        "child.sex": "Nữ",
        "child.ethnicity": "Kinh",
        "child.nationality": "Việt Nam",
        "child.birth_place": "Bệnh viện Đa khoa thành phố Bình Lâm, phường Mỹ Tân, thành phố Bình Lâm, tỉnh An Phước",
        "child.home_town": "Phường Hòa Thạnh, thành phố Bình Lâm, tỉnh An Phước",
        "owner.id": "074324001257",
        "mother.name": "Võ Thị Kim Ngân",
        "mother.birth_year": "1996",
        "mother.ethnicity": "Kinh",
        "mother.nationality": "Việt Nam",
        "mother.residence": home,
        "father.name": "Huỳnh Quang Vinh",
        "father.birth_year": "1993",
        "father.ethnicity": "Kinh",
        "father.nationality": "Việt Nam",
        "father.residence": home,
        "declarant.name": "Huỳnh Quang Vinh",
        "declarant.id": "074093004418",
        "registration_place": "Ủy ban nhân dân phường Hòa Thạnh, thành phố Bình Lâm, tỉnh An Phước",
    }
    days = date(2024, 3, 2), date(2024, 3, 5)
    return birth_certificate(WARD, facts, *days, "Đặng Thị Thúy Quỳnh", seed, patterned=False)


def boy(seed: int) -> Paper:
    """Return the birth certificate on patterned paper."""
    home = "Ấp Suối Cát, xã Long Khê, huyện Tân Sơn Tây, tỉnh An Phước"
    facts = {
        "number": "38/2019",
        "child.name": "THẠCH MINH KHÔI",
        "child.birth_date_words": "Ngày mười chín tháng chín năm hai nghìn không trăm mười chín",
        "child.sex": "Nam",
        "child.ethnicity": "Khmer",
        "child.nationality": "Việt Nam",
        "child.birth_place": "Trung tâm Y tế huyện Tân Sơn Tây, tỉnh An Phước",
        "child.home_town": "Xã Long Khê, huyện Tân Sơn Tây, tỉnh An Phước",
        "owner.id": "074219003412",
        "mother.name": "Kim Thị Sô Phia",
        "mother.birth_year": "1991",
        "mother.ethnicity": "Khmer",
        "mother.nationality": "Việt Nam",
        "mother.residence": home,
        "father.name": "Thạch Chanh Đa",
        "father.birth_year": "1988",
        "father.ethnicity": "Khmer",
        "father.nationality": "Việt Nam",
        "father.residence": home,
        "declarant.name": "Thạch Thị Hồng Gấm",
        "declarant.id": "074163002090",
        "registration_place": "Ủy ban nhân dân xã Long Khê, huyện Tân Sơn Tây, tỉnh An Phước",
    }
    days = date(2019, 9, 19), date(2019, 10, 1)
    return birth_certificate(COMMUNE, facts, *days, "Lương Thanh Bách", seed, patterned=True)


def permit(seed: int) -> Paper:
    """Return the building permit."""
    facts = {
        "number": "312",
        "symbol": "GPXD",
        "owner.name": "Ông Lâm Chí Thiện và bà Đỗ Thị Ái Vân",
        "owner.id": "074085002468",
        "owner.address": "Số 45/7, đường Nguyễn Trãi, phường Hòa Thạnh, thành phố Bình Lâm",
        "works.name": "Nhà ở riêng lẻ",
        "works.location": "Thửa đất số 508, tờ bản đồ số 27, phường Hòa Thạnh",
        "works.ground_level": "+0,20 m so với mặt đường",
        "works.density_percent": "80",
        "works.land_use_ratio": "2,0",
        "works.footprint_m2": "94,7",
        "works.floor_area_m2": "236,8",
        "works.height_m": "10,6",
        "works.storeys": "03 tầng",
        "land_papers": "Giấy chứng nhận quyền sử dụng đất số CS 04512 ngày 11 tháng 5 năm 2020",
    }
    rows = (
        f"1. Cấp cho: {facts['owner.name']}.",
        f"Căn cước công dân số: {facts['owner.id']}.",
        f"Địa chỉ: {facts['owner.address']}.",
        f"2. Được phép xây dựng công trình: {facts['works.name']}.",
        "Theo thiết kế do Công ty TNHH Kiến trúc Phương Đông lập.",
        f"Vị trí xây dựng: {facts['works.location']}.",
        f"Cốt nền xây dựng công trình: {facts['works.ground_level']}.",
        f"Mật độ xây dựng: {facts['works.density_percent']} %. "
        f"Hệ số sử dụng đất: {facts['works.land_use_ratio']} lần.",
        f"Diện tích xây dựng tầng 1: {facts['works.footprint_m2']} m².",
        f"Tổng diện tích sàn: {facts['works.floor_area_m2']} m².",
        f"Chiều cao công trình: {facts['works.height_m']} m. Số tầng: {facts['works.storeys']}.",
        f"3. Giấy tờ về quyền sử dụng đất: {facts['land_papers']}.",
        "4. Giấy phép này có hiệu lực khởi công xây dựng trong thời hạn 12 tháng kể từ ngày cấp; quá thời hạn trên thì phải đề nghị gia hạn giấy phép xây dựng.",
    )
    duties = (
        "1. Phải hoàn toàn chịu trách nhiệm trước pháp luật nếu xâm phạm các quyền hợp pháp của các chủ sở hữu liền kề.",
        "2. Phải thực hiện đúng các quy định của pháp luật về đất đai, về đầu tư xây dựng và Giấy phép xây dựng này.",
        "3. Phải thông báo bằng văn bản về ngày khởi công cho cơ quan cấp phép xây dựng trước khi khởi công xây dựng công trình.",
        "4. Phải thông báo cho cơ quan cấp phép xây dựng đến kiểm tra khi định vị công trình, xây móng và công trình ngầm.",
        "5. Xuất trình Giấy phép xây dựng cho cơ quan có thẩm quyền khi được yêu cầu theo quy định của pháp luật và treo biển báo tại địa điểm xây dựng.",
        "6. Khi điều chỉnh thiết kế làm thay đổi nội dung Giấy phép xây dựng thì phải đề nghị điều chỉnh và chờ quyết định của cơ quan cấp phép xây dựng.",
    )
    payload = (
        f"{PERMIT_DOSSIER}|1.009994.000.00.00.H09|{facts['owner.id']}|Giấy phép xây dựng|"
        "Hệ thống một cửa tỉnh An Phước|24/06/2026"
    )
    day = date(2026, 6, 24)
    return building_permit(TOWN, facts, rows, duties, day, "Bùi Đình Phước", payload, seed)


def land_slip(_seed: int) -> Paper:
    """Return the receipt slip whose QR separates its parts by bars."""
    facts = {
        "dossier_code": LAND_DOSSIER,
        "applicant.name": "Trương Mỹ Duyên",
        "applicant.address": "Khu phố 4, phường Mỹ Tân, thành phố Bình Lâm",
        "applicant.phone": "0903123456",
        "procedure.name": "Đăng ký biến động quyền sử dụng đất",
        "copies": "1",
        "processing_days": "10",
        "collect_at": "Bộ phận một cửa",
    }
    parts = ("Đơn đăng ký biến động (bản chính)", "Giấy chứng nhận quyền sử dụng đất (bản chính)")
    payload = (
        f"{LAND_DOSSIER}|1.004203.000.00.00.H09|074190001234|"
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả|Hệ thống một cửa tỉnh An Phước|03/11/2025 09:15"
    )
    times = "09 giờ 15 phút", "16 giờ 00 phút"
    days = date(2025, 11, 3), date(2025, 11, 17)
    paper = receipt_slip(DESK, facts, parts, times, days, "Phạm Thanh Tùng", payload)
    paper.fields |= {"ap_code": "1.004203.000.00.00.H09", "owner.id": "074190001234"}
    return paper


def house_slip(_seed: int) -> Paper:
    """Return the receipt slip whose QR is JSON, dropped loose: only the code links it."""
    facts = {
        "dossier_code": HOUSE_DOSSIER,
        "applicant.name": "Cao Bá Nghĩa",
        "applicant.address": "Số 9 đường Bạch Đằng, phường Hòa Thạnh, thành phố Bình Lâm",
        "applicant.phone": "0386 214 907",
        "procedure.name": "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
        "copies": "1",
        "processing_days": "15",
        "collect_at": "Bộ phận một cửa thành phố Bình Lâm",
    }
    parts = (
        "Đơn đề nghị cấp giấy phép xây dựng (bản chính)",
        "Bản vẽ thiết kế xây dựng (02 bộ, bản chính)",
        "Giấy chứng nhận quyền sử dụng đất (bản sao chứng thực)",
    )
    payload = (
        f'{{"MaHoSo":"{HOUSE_DOSSIER}","MaTTHC":"1.009994.000.00.00.H09",'
        '"SoGiayToChuHoSo":"074079003155","TenGiayTo":"Giấy tiếp nhận hồ sơ và hẹn trả kết quả",'
        '"NgayHenTra":"2026-08-04"}'
    )
    times = "14 giờ 05 phút", "16 giờ 30 phút"
    days = date(2026, 7, 14), date(2026, 8, 4)
    paper = receipt_slip(DESK, facts, parts, times, days, "Phạm Thanh Tùng", payload)
    paper.fields |= {"ap_code": "1.009994.000.00.00.H09", "owner.id": "074079003155"}
    return paper


def households() -> Sheet:
    """Return the list of households that goes with the submission."""
    rows = (
        ("1", "Danh Thị Út", "1957", "Ấp Suối Cát", "Tốc mái, nứt tường", "35.000.000"),
        ("2", "Phan Hữu Phúc", "1964", "Ấp Bàu Sen", "Sập bếp, hư cột", "25.000.000"),
        ("3", "Lý Thị Ngọc Huệ", "1972", "Ấp Bàu Sen", "Tốc mái toàn bộ", "30.000.000"),
        ("4", "Đoàn Văn Ngữ", "1949", "Ấp Gò Me", "Nghiêng, nguy cơ sập", "40.000.000"),
        ("5", "Thái Thị Xuân Mỹ", "1981", "Ấp Gò Me", "Sạt nền, nứt móng", "30.000.000"),
        ("6", "Quách Đình Giỏi", "1968", "Ấp Rạch Đùng", "Tốc mái, ngập nền", "25.000.000"),
    )
    return annex(
        (
            "DANH SÁCH",
            "Hộ đề nghị hỗ trợ sửa chữa nhà ở",
            "(Kèm theo Tờ trình số 52/TTr-UBND ngày 02 tháng 8 năm 2022)",
        ),
        ("TT", "Họ và tên chủ hộ", "Năm sinh", "Nơi cư trú", "Hiện trạng nhà ở", "Số tiền (đồng)"),
        (14.0, 60.0, 26.0, 48.0, 72.0, 40.0),
        rows,
    )
