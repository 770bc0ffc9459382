"""Errors in, problem+json (RFC 9457) in Vietnamese and English out."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from pipeline.errors import DigitizationError
from pipeline.messages import explain_error

TITLES = {
    400: ("Yêu cầu không hợp lệ", "The request is not valid"),
    401: ("Cần khoá truy cập", "An access key is needed"),
    404: ("Không tìm thấy", "Not found"),
    405: ("Không hỗ trợ thao tác này", "The method is not allowed"),
    422: ("Tham số không hợp lệ", "A parameter is not valid"),
    500: ("Lỗi phần mềm", "A fault of the program"),
    503: ("Kho lưu trữ tạm thời không trả lời", "The store does not answer at present"),
}


def problem(status: int, detail: str = "", detail_en: str = "") -> JSONResponse:
    """Return a problem document; `title` is Vietnamese, the `_en` members are English."""
    title, title_en = TITLES.get(status, TITLES[500])
    body = {"type": "about:blank", "status": status, "title": title, "title_en": title_en}
    if detail:
        body |= {"detail": detail, "detail_en": detail_en or detail}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Answer every error of the app as a problem document."""

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, "" if error.status_code == 404 else str(error.detail))

    @app.exception_handler(RequestValidationError)
    async def parameters(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return problem(422, f"{where}: {first['msg']}")

    @app.exception_handler(DigitizationError)
    async def ours(request: Request, error: DigitizationError) -> JSONResponse:
        return problem(503, str(explain_error(error, "vi")), str(explain_error(error, "en")))
