"""The words for verifiers: what a person should look at, rows of the table in `pipeline.messages`.

Each row: what is to be looked at and what to do about it, in Vietnamese, then in English.
"""

from __future__ import annotations

# fmt: off
VERIFIER: dict[str, tuple[str, str, str, str]] = {
    "page.drawn": (
        "Trang có biểu mẫu hoặc chú thích không thể giữ dạng véc-tơ, nên được lưu dưới dạng ảnh.",
        "So trang với bản gốc; chữ trên trang được nhận dạng như bản quét.",
        "The page has form fields or notes that cannot be taken over; it is kept as an image.",
        "Compare it with the original; its text was recognised like that of a scan.",
    ),
    "page.pictured": (
        "Trang có nội dung mà PDF/A không cho phép, nên được lưu dưới dạng ảnh kèm chữ của trang.",
        "Không cần làm gì: chữ giữ nguyên, và tệp gốc được lưu bên cạnh.",
        "The page holds what PDF/A does not allow; it is kept as an image, with its own text.",
        "Nothing to do: the text is as it was, and the file itself is kept beside it.",
    ),
    "page.transcoded": (
        "Trang dùng phông chữ VNI; chữ đã được chuyển sang Unicode và đặt trên ảnh của trang.",
        "Đối chiếu vài dòng với bản gốc, nhất là tên riêng.",
        "The page is set in a VNI font; its text was made Unicode and laid over the page's image.",
        "Compare a few lines with the original, names above all.",
    ),
    "page.text-differs": (
        "Chữ trong tệp không khớp với những gì trang hiển thị; trang đã được nhận dạng lại từ ảnh.",
        "Đối chiếu các con số với bản gốc; đừng sao chép chữ từ tệp gốc.",
        "The text in the file is not what the page shows; it was recognised from its image.",
        "Compare its figures with the original; do not copy text from the file itself.",
    ),
    "page.blank": (
        "Trang trắng.", "Kiểm tra giấy có bị úp mặt không; trang vẫn được lưu.",
        "The page is blank.", "Check that the paper was not face down; the page is kept."),
    "page.blurred": (
        "Trang bị mờ.", "Lau mặt kính và quét lại nếu chữ khó đọc.",
        "The page is blurred.", "Clean the glass and scan again if it is hard to read.",
    ),
    "page.low-dpi": (
        "Độ phân giải thấp hơn yêu cầu.", "Quét lại ở 300 dpi để đạt chuẩn lưu trữ.",
        "The resolution is lower than asked for.", "Scan again at 300 dpi, as archives do.",
    ),
    "page.dark": (
        "Trang quá tối.", "Giảm độ đậm của máy quét rồi quét lại nếu khó đọc.",
        "The page is too dark.", "Lower the scanner's darkness and scan again if hard to read.",
    ),
    "page.skewed": (
        "Trang bị nghiêng nhiều; đã được nắn thẳng.", "Kiểm tra các mép có bị mất chữ không.",
        "The page was very crooked and has been straightened.",
        "Check that no text is lost at the edges.",
    ),
    "page.dpi-doubtful": (
        "Chữ to hoặc nhỏ khác thường so với độ phân giải ghi trong tệp.",
        "Kiểm tra cài đặt dpi của máy quét; nếu là ảnh chụp thì quét lại từ bản giấy.",
        "The letters are unusually large or small for the resolution that the file declares.",
        "Check the scanner's dpi setting; scan from paper if this is a photograph.",
    ),
    "page.faint": (
        "Chữ quá nhạt.", "Tăng độ đậm của máy quét rồi quét lại nếu khó đọc.",
        "The print is too faint.", "Raise the scanner's darkness and scan again if hard to read.",
    ),
    "page.cut": (
        "Chữ chạm mép trang: giấy có thể bị lệch khỏi vùng quét.",
        "Đặt lại giấy cho nằm trọn trên mặt kính rồi quét lại.",
        "Text touches the edge: the sheet may have lain beyond the glass.",
        "Lay the whole sheet on the glass and scan again.",
    ),
    "page.folded": (
        "Góc giấy bị gập.", "Mở góc gập ra rồi quét lại.",
        "A corner of the sheet is folded.", "Unfold the corner and scan again.",
    ),
    "page.finger": (
        "Có ngón tay che trên trang.", "Quét lại mà không giữ giấy bằng tay.",
        "A finger lies over the page.", "Scan again without holding the sheet.",
    ),
    "page.no-colour": (
        "Dấu trên trang không có màu.",
        "Nếu giấy gốc có dấu đỏ hoặc chữ ký xanh thì quét lại ở chế độ màu.",
        "The seal on the page has no colour.",
        "If the seal or the signature on the paper is coloured, scan it again in colour.",
    ),
    "page.bent": (
        "Dòng chữ bị cong.", "Ép phẳng giấy, hoặc tháo gáy, rồi quét lại.",
        "The lines are bent.", "Press the sheet flat or take it out of its binding; scan again.",
    ),
    "page.shaded": (
        "Một mép giấy bị tối.", "Ép phẳng phần gáy, tránh bóng che, rồi quét lại nếu khó đọc.",
        "The paper is dark along one edge.",
        "Press the binding flat, keep shadows off, and scan again if it is hard to read.",
    ),
    "page.turned": (
        "Trang nằm ngược hoặc nằm ngang khi quét; đã được xoay lại.",
        "Không cần quét lại; xem hình có đúng chiều không.",
        "The page lay upside down or on its side and has been turned.",
        "Nothing to scan again; see whether the picture stands upright.",
    ),
    "page.sideways": (
        "Trang có vẻ nằm ngang.", "Đặt giấy theo chiều đọc rồi quét lại, hoặc xoay trang.",
        "The page seems to lie on its side.", "Scan it the way it is read, or turn the page.",
    ),
    "page.no-text": (
        "Không đọc được chữ nào trên trang.", "Kiểm tra hình; nhập tay nếu cần.",
        "No text could be read on the page.", "Look at the picture; type it in if needed.",
    ),
    "field.missing": (
        "Không tìm thấy trường bắt buộc.", "Nhìn hình và nhập tay.",
        "A required field was not found.", "Look at the picture and type it in.",
    ),
    "field.unreadable": (
        "Có trường nhưng không đọc được.", "Nhìn hình và nhập tay.",
        "The field is there but could not be read.", "Look at the picture and type it in.",
    ),
    "field.pattern": (
        "Giá trị không đúng mẫu.", "So với hình và sửa.",
        "The value does not have the expected form.", "Compare it with the picture and correct it.",
    ),
    "field.check-digit": (
        "Số không qua được kiểm tra.", "So từng chữ số với hình.",
        "The number fails its check.", "Compare it digit by digit with the picture.",
    ),
    "field.date-implausible": (
        "Ngày không hợp lý.", "So với hình và sửa.",
        "The date is not plausible.", "Compare it with the picture and correct it.",
    ),
    "field.disagree": (
        "Hai chỗ trên giấy ghi khác nhau.", "So hai chỗ trên hình.",
        "Two places on the paper disagree.", "Compare the two places in the picture.",
    ),
    "type.unknown": (
        "Chưa nhận ra loại giấy tờ.", "Chọn loại giấy tờ khi kiểm tra.",
        "The type of paper is not recognised.", "Choose the type when you check it.",
    ),
    "dossier.unlinked": (
        "Chưa gắn với hồ sơ nào.", "Gắn mã hồ sơ, hoặc thả tệp vào thư mục mang mã hồ sơ.",
        "Not linked to a dossier.", "Give the dossier code, or drop it in a folder of that name.",
    ),
    "archive.other-pdfa": (
        "Bản lưu trữ là PDF/A nhưng không phải loại đã đặt, thường do có trang văn bản điện tử.",
        "Dùng bản này; nếu bắt buộc đúng loại thì in ra và quét lại.",
        "The archive PDF is PDF/A, but not of the asked kind: mostly for its text-born pages.",
        "Use it as it is; print and scan it where the other kind is a must.",
    ),
    "archive.not-pdfa": (
        "Tệp PDF chưa chứng minh được là PDF/A.", "Xem report.json để biết lý do.",
        "The PDF is not proved to be PDF/A.", "See report.json for the reasons.",
    ),
    "signature.invalid": (
        "Chữ ký số trong tệp không hợp lệ.", "Hỏi nơi gửi tệp; bản gốc vẫn được giữ nguyên.",
        "A digital signature in the file is not valid.",
        "Ask whoever sent the file; the original is kept as it is.",
    ),
    "pages.count": (
        "Số ảnh khác số trang giấy đã khai.", "Đếm lại giấy; quét bổ sung trang thiếu.",
        "The number of images differs from the declared pages.",
        "Count the paper again; scan what is missing.",
    ),
    "pages.gap": (
        "Số trang in trên giấy bị ngắt quãng: có thể thiếu trang.",
        "Tìm trang thiếu và quét bổ sung.",
        "The printed page numbers have a gap: a page may be missing.",
        "Look for the missing page and scan it.",
    ),
    "pages.alike": (
        "Hai ảnh của cùng một trang: quét hai lần, hoặc có giấy dán che.",
        "Kiểm tra hai ảnh; cả hai vẫn được lưu.",
        "Two images show the same page: it was scanned twice, or a note lay on it.",
        "Look at both; both are kept.",
    ),
    "pages.differ": (
        "Tệp bị hỏng: các chương trình đọc đếm số trang khác nhau.",
        "So với bản giấy; quét lại nếu thiếu trang.",
        "The file is damaged: programs that read it count its pages differently.",
        "Compare with the paper; scan again if a page is missing.",
    ),
    "mark.no-room": (
        "Trang 1 không còn chỗ trống cho dấu chuyển đổi; bản lưu không có dấu này.",
        "Thêm dấu chuyển đổi khi ký số, hoặc chọn góc khác bằng SOHOA_CONVERSION_MARK.",
        "Page 1 has no free place for the conversion mark; the archive copy is without it.",
        "Add it when the copy is signed, or choose another corner by SOHOA_CONVERSION_MARK.",
    ),
}
# fmt: on
