"""Errors over HTTP, in both languages."""

from pipeline.errors import StoreError


def test_errors_are_problem_documents_in_both_languages(portal):
    """A caller gets RFC 9457, Vietnamese and English."""
    answer = portal().get("/v1/records/AAAAAAAAAAAAAAAAAAAAAAAAAA")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "Không tìm thấy"
    assert answer.json()["title_en"] == "Not found"


def test_a_silent_store_is_503(portal, store, monkeypatch):
    """When the store does not answer, the caller learns that it may try again."""

    def fail(*args, **kwargs):
        raise StoreError("store:9000", "does not answer")

    monkeypatch.setattr(store, "check", fail)

    answer = portal().get("/readyz")

    assert answer.status_code == 503
    assert "store:9000" in answer.json()["detail"]


def test_a_wrong_parameter_is_named(portal):
    """The caller learns which parameter is wrong."""
    answer = portal().get("/v1/records?limit=0")

    assert answer.status_code == 422
    assert "limit" in answer.json()["detail"]
