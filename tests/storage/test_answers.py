"""Whatever a store answers, the operator reads what is wrong and what to do."""

import pytest
import urllib3
from minio.error import InvalidResponseError, S3Error, ServerError
from urllib3.exceptions import (
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

from pipeline.errors import DiskFull, StoreError
from pipeline.storage.answers import NotFound, explain, is_passing, refusal, was_never_sent

PLACE = ("S3 store s3.example:9000", "sohoa", "record/X")


def reply(status, body=b""):
    return urllib3.HTTPResponse(body=body, status=status, preload_content=True)


def s3_error(code, status=400):
    xml = f"<Error><Code>{code}</Code><Message>words</Message></Error>"
    return refusal(reply(status, xml.encode()))


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (s3_error("NoSuchKey", 404), NotFound, "record/X"),
        (s3_error("NoSuchBucket", 404), StoreError, "SOHOA_S3_BUCKET"),
        (s3_error("InvalidAccessKeyId", 403), StoreError, "SOHOA_S3_ACCESS_KEY"),
        (s3_error("AccessDenied", 403), StoreError, "right to read, write"),
        (s3_error("RequestTimeTooSkewed", 403), StoreError, "set the clocks"),
        (s3_error("XMinioStorageFull", 507), DiskFull, "no space is left"),
        (s3_error("Anything", 507), DiskFull, "no space is left"),
        (ServerError("", 507), DiskFull, "no space is left"),
        (s3_error("InternalError", 500), StoreError, "free disk space"),
        (s3_error("InvalidRange", 416), ValueError, "behind the end"),
        (s3_error("Surprise", 418), StoreError, "Surprise"),
        (ServerError("", 502), StoreError, "502.*proxy"),
        (InvalidResponseError(200, "text/html", "<html>"), StoreError, "SOHOA_S3_ENDPOINT"),
        (NewConnectionError(None, "refused"), StoreError, "start the store"),
        (SSLError("certificate"), StoreError, "https://"),
        (ReadTimeoutError(None, "url", "slow"), StoreError, "too long"),
        (ProtocolError("reset"), StoreError, "try again"),
    ],
)
def test_each_fault_says_what_to_do(fault, kind, words):
    """The kind decides who is told; the words name place and remedy."""
    error = explain(fault, *PLACE)

    assert type(error) is kind
    with pytest.raises(kind, match=words):
        raise error
    if isinstance(error, StoreError):
        assert error.subject == PLACE[0]


def test_only_what_passes_is_tried_again():
    """A refused connection, a wrong key or a time-out will not be better in a moment."""
    passing = [
        s3_error("SlowDown", 503),
        s3_error("InternalError", 500),
        s3_error("ConditionalRequestConflict", 409),
        ServerError("", 502),
        ProtocolError("reset"),
    ]
    lasting = [
        s3_error("AccessDenied", 403),
        s3_error("NoSuchBucket", 404),
        ServerError("", 404),
        ReadTimeoutError(None, "url", "slow"),
        NewConnectionError(None, "refused"),
        SSLError("certificate"),
    ]

    assert [is_passing(fault) for fault in passing] == [True] * len(passing)
    assert [is_passing(fault) for fault in lasting] == [False] * len(lasting)


def test_only_a_request_that_cannot_have_arrived_is_harmless():
    """After anything else a conditional put may have been carried out."""
    assert was_never_sent(NewConnectionError(None, "refused"))
    assert not was_never_sent(ProtocolError("reset"))
    assert not was_never_sent(ReadTimeoutError(None, "url", "slow"))


@pytest.mark.parametrize("body", [b"", b"<html>no</html>", b"\xff\xfe", b"not xml"])
def test_a_reply_without_a_code_is_no_s3_error(body):
    """A proxy's error page counts by its status only."""
    fault = refusal(reply(502, body))

    assert isinstance(fault, ServerError)
    assert fault.status_code == 502
    assert isinstance(s3_error("SlowDown"), S3Error)
