"""The administrative documents of the samples: texts of our own, invented people and agencies."""

# ruff: noqa: E501 - prose, a paragraph a line
from __future__ import annotations

from datetime import date

from samples.letterhead import Act, Office

PROVINCE = Office(
    "", ("ỦY BAN NHÂN DÂN", "TỈNH AN PHƯỚC"), "An Phước", ("ỦY BAN NHÂN DÂN", "TỈNH AN PHƯỚC")
)
INTERIOR = Office("UBND TỈNH AN PHƯỚC", ("SỞ NỘI VỤ",), "An Phước", ("SỞ NỘI VỤ", "TỈNH AN PHƯỚC"))
TOWN = Office(
    "UBND TỈNH AN PHƯỚC",
    ("ỦY BAN NHÂN DÂN", "THÀNH PHỐ BÌNH LÂM"),
    "Bình Lâm",
    ("ỦY BAN NHÂN DÂN THÀNH PHỐ", "BÌNH LÂM"),
)
WARD = Office(
    "UBND THÀNH PHỐ BÌNH LÂM",
    ("ỦY BAN NHÂN DÂN", "PHƯỜNG HÒA THẠNH"),
    "Hòa Thạnh",
    ("ỦY BAN NHÂN DÂN PHƯỜNG", "HÒA THẠNH"),
)
COMMUNE = Office(
    "UBND HUYỆN TÂN SƠN TÂY",
    ("ỦY BAN NHÂN DÂN", "XÃ LONG KHÊ"),
    "Long Khê",
    ("ỦY BAN NHÂN DÂN XÃ", "LONG KHÊ"),
)

PLAN = Act(
    PROVINCE,
    "2851",
    "QĐ-UBND",
    date(2023, 10, 16),
    (
        "Về việc phê duyệt kế hoạch số hóa hồ sơ,",
        "kết quả giải quyết thủ tục hành chính năm 2024",
    ),
    (
        "*Điều 1.* Phê duyệt kế hoạch số hóa hồ sơ, giấy tờ, kết quả giải quyết thủ tục hành chính còn hiệu lực của các cơ quan, đơn vị trên địa bàn tỉnh, thực hiện từ ngày 01 tháng 01 năm 2024 đến hết ngày 31 tháng 12 năm 2024, với các nội dung chủ yếu sau:",
        "1. Khối lượng: 386.500 hồ sơ, tương đương 4.120.000 trang A4, gồm lĩnh vực hộ tịch, đất đai, xây dựng và đăng ký kinh doanh.",
        "2. Yêu cầu: ảnh quét màu, độ phân giải từ 200 dpi trở lên, tỷ lệ 100 %; số trang ảnh bằng số trang giấy; kết quả nhận dạng phải được đối chiếu trước khi đưa vào kho dữ liệu.",
        "3. Phân công: Sở Nội vụ chủ trì, hướng dẫn nghiệp vụ; Sở Tài chính thẩm định kinh phí; các huyện, thành phố bố trí mặt bằng và nhân lực.",
        "4. Tiến độ: hoàn thành 40 % trong quý II, 70 % trong quý III và 100 % trong quý IV năm 2024; hằng tháng báo cáo số lượng, chất lượng và nguyên nhân chậm trễ (nếu có).",
        "*Điều 2.* Kinh phí thực hiện là 1.250.000.000 đồng (Bằng chữ: Một tỷ hai trăm năm mươi triệu đồng), trích từ nguồn ngân sách sự nghiệp năm 2024 đã giao cho các đơn vị.",
        "Việc thanh toán, quyết toán thực hiện theo quy định của pháp luật về ngân sách nhà nước; nghiêm cấm sử dụng sai mục đích.",
        "*Điều 3.* Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc Sở Nội vụ, Giám đốc Sở Tài chính, Chủ tịch Ủy ban nhân dân các huyện, thành phố và thủ trưởng các đơn vị liên quan chịu trách nhiệm thi hành Quyết định này.",
        "Quyết định này có hiệu lực kể từ ngày ký./.",
    ),
    ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    "Trần Quốc Khải",
    kind="QUYẾT ĐỊNH",
    authority="CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH AN PHƯỚC",
    grounds=(
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
        "Căn cứ Nghị định số 107/2021/NĐ-CP ngày 06 tháng 12 năm 2021 của Chính phủ về thực hiện cơ chế một cửa, một cửa liên thông trong giải quyết thủ tục hành chính;",
        "Theo đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 318/TTr-SNV ngày 02 tháng 10 năm 2023.",
    ),
    enacts="QUYẾT ĐỊNH:",
    receivers=("- Như Điều 3;", "- CT, các PCT UBND tỉnh;", "- Lưu: VT, NC (03b)."),
)

REPORT_CALL = Act(
    INTERIOR,
    "0487",
    "SNV-CCHC",
    date(2023, 12, 5),
    ("V/v báo cáo kết quả số hóa", "hồ sơ quý IV năm 2023"),
    (
        "Thực hiện Quyết định số 2851/QĐ-UBND ngày 16 tháng 10 năm 2023 của Ủy ban nhân dân tỉnh, Sở Nội vụ đề nghị các đơn vị báo cáo kết quả số hóa hồ sơ, giấy tờ, kết quả giải quyết thủ tục hành chính trong quý IV năm 2023 theo các nội dung sau:",
        "1. Số hồ sơ đã tiếp nhận, số hồ sơ đã số hóa thành phần và số kết quả đã số hóa, chia theo từng lĩnh vực; nguyên nhân của những hồ sơ chưa số hóa.",
        "2. Những giấy tờ mờ, rách, viết tay hoặc sai lệch thông tin phải đối chiếu với bản chính; ghi rõ họ tên người kiểm tra.",
        "3. Khó khăn về máy quét, đường truyền, nhân lực và kiến nghị.",
        "Báo cáo gửi về Sở Nội vụ (qua Phòng Cải cách hành chính) trước 16 giờ 30 phút ngày 20 tháng 12 năm 2023 để tổng hợp, trình Ủy ban nhân dân tỉnh./.",
    ),
    ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    "Lê Thị Minh Hiền",
    to=("Ủy ban nhân dân các huyện, thành phố",),
    receivers=("- Như trên;", "- Giám đốc (để b/c);", "- Lưu: VT, CCHC."),
    urgency="KHẨN",
)

CORRECTION = Act(
    TOWN,
    "764",
    "QĐ-UBND",
    date(2023, 10, 24),
    ("Về việc cho phép cải chính hộ tịch",),
    (
        "*Điều 1.* Cho phép ông Phạm Văn Đức, sinh ngày 14 tháng 02 năm 1987, cư trú tại khu phố 5, phường Hòa Thạnh, thành phố Bình Lâm, tỉnh An Phước được cải chính chữ đệm trong Giấy khai sinh số 59/1987 do Ủy ban nhân dân phường Hòa Thạnh cấp.",
        "Nội dung cải chính: từ “Phạm Văn Đức” thành “Phạm Vân Đức”.",
        "*Điều 2.* Ủy ban nhân dân phường Hòa Thạnh ghi nội dung cải chính vào Sổ hộ tịch và cấp trích lục cho ông Phạm Vân Đức theo quy định.",
        "*Điều 3.* Chánh Văn phòng, Trưởng phòng Tư pháp, Chủ tịch Ủy ban nhân dân phường Hòa Thạnh và ông Phạm Vân Đức chịu trách nhiệm thi hành Quyết định này./.",
    ),
    ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    "Bùi Đình Phước",
    kind="QUYẾT ĐỊNH",
    authority="CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ BÌNH LÂM",
    grounds=(
        "Căn cứ Luật Hộ tịch ngày 20 tháng 11 năm 2014;",
        "Xét đề nghị của Trưởng phòng Tư pháp tại Tờ trình số 112/TTr-TP ngày 20 tháng 10 năm 2023,",
    ),
    enacts="QUYẾT ĐỊNH:",
    receivers=("- Như Điều 3;", "- Lưu: VT, TP."),
)

WARD_REPORT = Act(
    WARD,
    "07",
    "UBND-VP",
    date(2024, 1, 9),
    ("V/v báo cáo tình hình giải quyết", "hồ sơ trễ hạn năm 2023"),
    (
        "Năm 2023, Ủy ban nhân dân phường Hòa Thạnh tiếp nhận 7.290 hồ sơ, đã giải quyết 7.268 hồ sơ; trong đó đúng hạn và trước hạn 7.241 hồ sơ, trễ hạn 27 hồ sơ, đạt tỷ lệ 99,6 %.",
        "Nguyên nhân trễ hạn chủ yếu do phải xác minh nguồn gốc đất và chờ văn bản trả lời của cơ quan phối hợp. Phường đã có thư xin lỗi gửi đến từng công dân và hẹn lại ngày trả kết quả.",
        "Ủy ban nhân dân phường kính báo cáo Ủy ban nhân dân thành phố xem xét, chỉ đạo./.",
    ),
    ("CHỦ TỊCH",),
    "Đặng Thị Thúy Quỳnh",
    to=("Ủy ban nhân dân thành phố Bình Lâm", "Phòng Nội vụ thành phố Bình Lâm"),
    urgency="HỎA TỐC",
)

REFUSAL = Act(
    WARD,
    "16",
    "UBND-TP",
    date(2024, 6, 21),
    ("V/v trả lời đơn đề nghị", "của ông Hà Văn Định"),
    (
        "Ủy ban nhân dân phường Hòa Thạnh nhận được đơn của ông Hà Văn Định, cư trú tại số 12/4 đường Lê Lợi, khu phố 1, đề nghị xác nhận tình trạng hôn nhân để mua bán nhà ở.",
        "Qua xem xét, hồ sơ còn thiếu trích lục ly hôn. Căn cứ quy định về đăng ký hộ tịch, Ủy ban nhân dân phường chưa đủ cơ sở để xác nhận.",
        "Đề nghị ông bổ sung giấy tờ nêu trên trước ngày 05 tháng 7 năm 2024; quá thời hạn này hồ sơ sẽ được trả lại. Ủy ban nhân dân phường trả lời để ông được biết./.",
    ),
    ("CHỦ TỊCH",),
    "Đặng Thị Thúy Quỳnh",
    to=("Ông Hà Văn Định",),
    receivers=("- Như trên;", "- Lưu: VT, TP."),
)

REGULATION = Act(
    COMMUNE,
    "138",
    "QĐ-UBND",
    date(2024, 6, 27),
    (
        "Ban hành Quy chế tiếp nhận, số hóa và luân chuyển hồ sơ",
        "tại Bộ phận Tiếp nhận và Trả kết quả",
    ),
    (
        "*Điều 1.* Ban hành kèm theo Quyết định này Quy chế tiếp nhận, số hóa và luân chuyển hồ sơ tại Bộ phận Tiếp nhận và Trả kết quả xã Long Khê, gồm những nội dung chính sau đây:",
        "a) Công chức tiếp nhận kiểm tra thành phần hồ sơ, đối chiếu bản chính, quét từng loại giấy tờ thành một tệp riêng; không gộp nhiều giấy tờ vào một tệp;",
        "b) Trang có ghi chú dán kèm thì quét hai lần, một lần có và một lần không có tờ ghi chú;",
        "c) Ảnh quét bị nghiêng, mờ, mất góc phải quét lại ngay, trong khi người nộp còn ở quầy;",
        "d) Thông tin nhận dạng tự động chưa chắc chắn phải được người thứ hai kiểm tra.",
        "*Điều 2.* Trách nhiệm của các bộ phận:",
        "1. Bộ phận Tiếp nhận và Trả kết quả chịu trách nhiệm về tính đầy đủ, đúng thứ tự của các trang; ký số vào bản sao điện tử trước khi chuyển bước tiếp theo.",
        "2. Công chức chuyên môn sử dụng bản điện tử, không yêu cầu người dân nộp lại giấy tờ đã được số hóa và còn giá trị sử dụng.",
        "3. Văn phòng - Thống kê lưu hồ sơ giấy theo thời hạn bảo quản, lập danh mục hằng quý và bàn giao lưu trữ hiện hành trước ngày 15 tháng đầu quý sau.",
        "*Điều 3.* Chế độ kiểm tra: mỗi tuần, lãnh đạo Ủy ban nhân dân xã chọn ngẫu nhiên 10 % số hồ sơ đã số hóa để kiểm tra; tỷ lệ sai quá 1 % thì kiểm tra lại toàn bộ hồ sơ của tuần đó.",
        "*Điều 4.* Quyết định này có hiệu lực kể từ ngày 01 tháng 7 năm 2024 và thay thế Quyết định số 45/QĐ-UBND ngày 12 tháng 3 năm 2019.",
        "*Điều 5.* Công chức Văn phòng - Thống kê, Bộ phận Tiếp nhận và Trả kết quả, các ban, ngành, đoàn thể xã và các tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này./.",
    ),
    ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    "Lương Thanh Bách",
    kind="QUYẾT ĐỊNH",
    authority="ỦY BAN NHÂN DÂN XÃ LONG KHÊ",
    grounds=(
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015; Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và Luật Tổ chức chính quyền địa phương ngày 22 tháng 11 năm 2019;",
        "Căn cứ Thông tư số 01/2023/TT-VPCP ngày 05 tháng 4 năm 2023 của Văn phòng Chính phủ;",
        "Theo đề nghị của công chức Văn phòng - Thống kê xã.",
    ),
    enacts="QUYẾT ĐỊNH:",
    receivers=("- Như Điều 5;", "- TT Đảng ủy, HĐND xã;", "- Lưu: VT."),
)
