"""More administrative documents of the samples: letters, notices, a submission, an invitation."""

# ruff: noqa: E501 - prose, a paragraph a line
from __future__ import annotations

from datetime import date

from samples.acts import COMMUNE, INTERIOR, PROVINCE, TOWN, WARD
from samples.letterhead import Act

BIRTH_COPY = Act(
    WARD,
    "17",
    "UBND-TP",
    date(2022, 4, 19),
    ("V/v trả lời đơn đề nghị", "của bà Mai Hoàng Yến"),
    (
        "Ủy ban nhân dân phường Hòa Thạnh nhận được đơn của bà Mai Hoàng Yến về việc cấp bản sao trích lục khai sinh. Sau khi tra cứu Sổ đăng ký khai sinh năm 1994, Ủy ban nhân dân phường trả lời như sau:",
        "Hồ sơ đầy đủ, hợp lệ; thông tin trong sổ gốc khớp với giấy tờ đã nộp. Đề nghị bà đến Bộ phận một cửa để nhận kết quả vào giờ hành chính, từ thứ Hai đến thứ Sáu, khi đến mang theo Căn cước công dân.",
        "Lệ phí phải nộp là 8.000 đồng/bản sao./.",
    ),
    ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    "Nguyễn Thế Vỹ",
    to=("Bà Mai Hoàng Yến",),
    receivers=("- Như trên;", "- Lưu: VT, TP."),
)

NOTICE = Act(
    WARD,
    "21",
    "TB-UBND",
    date(2022, 4, 22),
    ("Về việc thay đổi thời gian tiếp nhận hồ sơ", "tại Bộ phận một cửa trong dịp nghỉ lễ"),
    (
        "Ủy ban nhân dân phường Hòa Thạnh thông báo đến các tổ chức, cá nhân về thời gian tiếp nhận hồ sơ và trả kết quả giải quyết thủ tục hành chính trong dịp nghỉ lễ 30 tháng 4 và 01 tháng 5 năm 2022 như sau:",
        "1. Từ thứ Bảy, ngày 30 tháng 4 đến hết thứ Ba, ngày 03 tháng 5 năm 2022: Bộ phận một cửa tạm ngừng tiếp nhận hồ sơ trực tiếp. Người dân nộp hồ sơ trực tuyến trên Cổng dịch vụ công; hồ sơ được xử lý từ sáng thứ Tư, ngày 04 tháng 5 năm 2022.",
        "2. Riêng đăng ký khai tử, công chức trực giải quyết tại trụ sở từ 8 giờ đến 10 giờ các ngày nghỉ, điện thoại 0274 3822 825.",
        "3. Hồ sơ có ngày hẹn trả trong thời gian nghỉ lễ được trả vào ngày làm việc đầu tiên sau kỳ nghỉ; diện tích khu chờ tạm là 42,5 m², đề nghị người dân giữ trật tự.",
        "Đề nghị các khu phố thông báo rộng rãi để người dân được biết./.",
    ),
    ("CHỦ TỊCH",),
    "Đặng Thị Thúy Quỳnh",
    kind="THÔNG BÁO",
    receivers=("- Các khu phố;", "- Niêm yết tại trụ sở;", "- Lưu: VT."),
)

LAND_CHECK = Act(
    TOWN,
    "1206",
    "UBND-TNMT",
    date(2023, 9, 27),
    ("V/v xác minh nguồn gốc đất", "của hộ ông Phan Văn Tấn"),
    (
        "Ủy ban nhân dân thành phố Bình Lâm nhận được đơn của ông Phan Văn Tấn đề nghị xác minh nguồn gốc thửa đất số 214, tờ bản đồ số 18, diện tích 125,5 m² tại khu phố 3, phường Hòa Thạnh.",
        "Đề nghị Ủy ban nhân dân phường kiểm tra hồ sơ địa chính, lấy ý kiến khu dân cư về nguồn gốc, thời điểm sử dụng đất và tình trạng tranh chấp; trả lời bằng văn bản trong thời hạn mười ngày làm việc kể từ ngày nhận được Công văn này./.",
    ),
    ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"),
    "Nguyễn Hữu Lộc",
    to=("Ủy ban nhân dân phường Hòa Thạnh",),
    receivers=("- Như trên;", "- Ông Phan Văn Tấn;", "- Lưu: VT, TNMT."),
    by_pen=True,
)

APPOINTMENT = Act(
    PROVINCE,
    "1093",
    "QĐ-UBND",
    date(2024, 10, 30),
    ("Về việc công nhận xã Long Khê", "hoàn thành chuyển đổi số cấp cơ sở năm 2024"),
    (
        "*Điều 1.* Công nhận xã Long Khê, huyện Tân Sơn Tây hoàn thành chuyển đổi số cấp cơ sở năm 2024.",
        "*Điều 2.* Ủy ban nhân dân huyện Tân Sơn Tây có trách nhiệm công bố, khen thưởng theo quy định và chỉ đạo xã Long Khê duy trì, nâng cao chất lượng các tiêu chí đã đạt.",
        "*Điều 3.* Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc Sở Nội vụ, Chủ tịch Ủy ban nhân dân huyện Tân Sơn Tây và Chủ tịch Ủy ban nhân dân xã Long Khê chịu trách nhiệm thi hành Quyết định này./.",
    ),
    ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    "Võ Ngọc Ánh Nguyệt",
    kind="QUYẾT ĐỊNH",
    authority="CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH AN PHƯỚC",
    grounds=(
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
        "Xét đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 402/TTr-SNV ngày 22 tháng 10 năm 2024.",
    ),
    enacts="QUYẾT ĐỊNH:",
    receivers=("- Như Điều 3;", "- Lưu: VT, KSTT."),
)

SUBMISSION = Act(
    COMMUNE,
    "52",
    "TTr-UBND",
    date(2022, 8, 2),
    ("Về việc đề nghị hỗ trợ sửa chữa nhà ở", "cho hộ có hoàn cảnh khó khăn"),
    (
        "Qua rà soát, xã Long Khê có 06 hộ có nhà ở bị hư hỏng nặng sau mưa lũ cuối tháng 7 năm 2022, không đủ khả năng tự sửa chữa. Ủy ban nhân dân xã đã họp xét công khai tại các ấp và niêm yết danh sách trong 07 ngày, không có khiếu nại.",
        "Ủy ban nhân dân xã kính trình Ủy ban nhân dân huyện xem xét, hỗ trợ kinh phí sửa chữa nhà ở cho 06 hộ với tổng số tiền 185.000.000 đồng (Bằng chữ: Một trăm tám mươi lăm triệu đồng).",
        "(Kèm theo danh sách các hộ đề nghị hỗ trợ)./.",
    ),
    ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    "Trịnh Công Đạt",
    kind="TỜ TRÌNH",
    to=("Ủy ban nhân dân huyện Tân Sơn Tây",),
    receivers=("- Như trên;", "- Lưu: VT, VHXH."),
)

INVITATION = Act(
    INTERIOR,
    "219",
    "GM-SNV",
    date(2024, 6, 18),
    ("Tập huấn nghiệp vụ số hóa hồ sơ, giấy tờ",),
    (
        "Sở Nội vụ trân trọng kính mời: đại diện lãnh đạo và công chức phụ trách Bộ phận một cửa các xã, phường, thị trấn.",
        "*1. Thời gian:* 7 giờ 30 phút, thứ Năm ngày 27 tháng 6 năm 2024 (01 ngày).",
        "*2. Địa điểm:* Hội trường A, số 2 đường Trần Phú, thành phố Bình Lâm.",
        "*3. Nội dung:* kỹ thuật quét tài liệu cũ; xử lý trang mờ, trang có dấu đỏ đè lên chữ; kiểm tra kết quả nhận dạng.",
        "Đề nghị quý đại biểu mang theo máy tính xách tay và đến dự đúng thành phần, thời gian nêu trên./.",
    ),
    ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    "Lê Thị Minh Hiền",
    kind="GIẤY MỜI",
    receivers=("- Như thành phần mời;", "- Lưu: VT, CCHC."),
)
